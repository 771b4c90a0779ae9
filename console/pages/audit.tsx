// What was done, when and by whom, the newest first.
import { useState } from 'preact/hooks';
import { auditEvents, targetTypes } from '../../src/audit/events.js';
import { type AuditEvent, type AuditEvents, query } from '../api.js';
import { Trouble } from '../components/error-banner.js';
import { ChoiceField, TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { Pages, Table } from '../components/table.js';
import { Moment } from '../components/timestamp.js';
import { go } from '../router.js';
import { useLoad } from '../use-load.js';

const FILTERS = ['event', 'user_id', 'target_type', 'target_id', 'from', 'to'] as const;
type Filters = Record<(typeof FILTERS)[number], string>;

export function AuditPage({ query: asked }: { readonly query: URLSearchParams }) {
  const cursor = asked.get('cursor');
  const filters = Object.fromEntries(FILTERS.map((each) => [each, asked.get(each) ?? ''])) as Filters;
  const { data, error, isLoading, reload } = useLoad<AuditEvents>(`/api/admin/audit/${query({ ...filters, cursor })}`);
  const [draft, setDraft] = useState<Filters>({ ...filters, from: local(filters.from), to: local(filters.to) });
  const set = (name: keyof Filters) => (value: string) => setDraft({ ...draft, [name]: value });
  const choices = (values: readonly string[]) =>
    [['', 'all'] as const, ...values.map((each) => [each, each] as const)] as const;
  return (
    <Page title="Audit">
      <search>
        <form
          class="filters"
          onSubmit={(event) => {
            event.preventDefault();
            const place = `/audit${query({ ...draft, from: instant(draft.from), to: instant(draft.to) })}`;
            if (location.hash === `#${place}`) reload();
            else go(place);
          }}
        >
          <ChoiceField label="Event" value={draft.event} onValue={set('event')} options={choices(auditEvents)} />
          <TextField label="Done by user" inputMode="numeric" value={draft.user_id} onValue={set('user_id')} />
          <ChoiceField
            label="Done to"
            value={draft.target_type}
            onValue={set('target_type')}
            options={choices(targetTypes)}
          />
          <TextField label="with id or name" value={draft.target_id} onValue={set('target_id')} />
          <TextField label="From" type="datetime-local" step={1} value={draft.from} onValue={set('from')} />
          <TextField label="To" type="datetime-local" step={1} value={draft.to} onValue={set('to')} />
          <button type="submit" class="primary">
            Search
          </button>
        </form>
      </search>
      <Trouble error={error} onRetry={reload} />
      {data === undefined && isLoading && <p class="quiet">Loading…</p>}
      {data && (
        <>
          <Table
            caption="Events, the newest first"
            empty="Nothing of this kind was done."
            rows={data.events}
            keyOf={({ id }) => id}
            columns={[
              { title: 'When', cell: ({ at }) => <Moment at={at} /> },
              { title: 'Event', cell: ({ event }) => <code>{event}</code> },
              { title: 'By', cell: ({ actor }) => <Actor {...actor} /> },
              { title: 'To', cell: ({ target }) => target && <Target {...target} /> },
              { title: 'From', cell: ({ ip }) => ip },
              { title: 'Details', cell: (event) => <Details event={event} /> },
            ]}
          />
          <Pages here="audit" parameters={filters} cursor={cursor} next={data.next_cursor} />
        </>
      )}
    </Page>
  );
}

function Actor({ type, user_id, name }: AuditEvent['actor']) {
  return user_id === null ? (
    <span>{name === null ? type : `${type} ${name}`}</span>
  ) : (
    <a href={`#/users/${user_id}`}>user {user_id}</a>
  );
}

function Target({ type, id }: NonNullable<AuditEvent['target']>) {
  return type === 'user' ? <a href={`#/users/${id}`}>user {id}</a> : <span class="agent">{`${type} ${id}`}</span>;
}

function Details({ event }: { readonly event: AuditEvent }) {
  const { details, session_id, user_agent, request_id } = event;
  const facts = Object.entries({ ...details, session: session_id, request: request_id, with: user_agent }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  if (facts.length === 0) return null;
  return (
    <details>
      <summary>
        Show<span class="unseen"> details of {event.event}</span>
      </summary>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </>
        ))}
      </dl>
    </details>
  );
}

/** From the input, which knows no time zone, to the API. */
function instant(text: string): string {
  return text === '' ? '' : new Date(text).toISOString();
}

/** And back. An address is typed by anybody: what is no time is none. */
function local(text: string): string {
  const time = new Date(text);
  if (text === '' || Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
