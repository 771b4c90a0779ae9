// The audit log, newest events first, with filters.
import { useState } from 'preact/hooks';
import { auditEvents, targetTypes } from '../../src/audit/events.js';
import { type AuditEvent, type AuditEvents, queryString } from '../api.js';
import { ErrorBanner } from '../components/error-banner.js';
import { SelectField, TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { Pagination } from '../components/pagination.js';
import { SearchForm } from '../components/search-form.js';
import { Table } from '../components/table.js';
import { Timestamp } from '../components/timestamp.js';
import { capitalize } from '../format.js';
import { useLoad } from '../use-load.js';

/** The API's query parameters. */
const FILTERS = ['event', 'user_id', 'target_type', 'target_id', 'from', 'to'] as const;
type Filters = Record<(typeof FILTERS)[number], string>;

export function AuditPage({ query }: { readonly query: URLSearchParams }) {
  const cursor = query.get('cursor');
  const filters = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ''])) as Filters;
  const { data, error, isLoading, reload } = useLoad<AuditEvents>(
    `/api/admin/audit/${queryString({ ...filters, cursor })}`,
  );
  const [draft, setDraft] = useState<Filters>({
    ...filters,
    from: toLocalTime(filters.from),
    to: toLocalTime(filters.to),
  });
  const set = (name: keyof Filters) => (value: string) => setDraft({ ...draft, [name]: value });
  const withAll = (values: readonly string[]) =>
    [['', 'All'] as const, ...values.map((value) => [value, value] as const)] as const;
  return (
    <Page title="Audit log">
      <SearchForm route="audit" filters={{ ...draft, from: toUtc(draft.from), to: toUtc(draft.to) }} onReload={reload}>
        <SelectField label="Event" value={draft.event} onValueChange={set('event')} options={withAll(auditEvents)} />
        <TextField label="Actor (user ID)" inputMode="numeric" value={draft.user_id} onValueChange={set('user_id')} />
        <SelectField
          label="Target type"
          value={draft.target_type}
          onValueChange={set('target_type')}
          options={withAll(targetTypes)}
        />
        <TextField label="Target ID or name" value={draft.target_id} onValueChange={set('target_id')} />
        <TextField label="Since" type="datetime-local" step={1} value={draft.from} onValueChange={set('from')} />
        <TextField label="Until" type="datetime-local" step={1} value={draft.to} onValueChange={set('to')} />
      </SearchForm>
      <ErrorBanner error={error} onRetry={reload} />
      {data === undefined && isLoading && <p class="muted">Loading…</p>}
      {data && (
        <>
          <Table
            caption="Events, newest first"
            emptyText="No events match."
            rows={data.events}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Time', cell: ({ at }) => <Timestamp at={at} /> },
              { title: 'Event', cell: ({ event }) => <code>{event}</code> },
              { title: 'Actor', cell: ({ actor }) => <Actor {...actor} /> },
              { title: 'Target', cell: ({ target }) => target && <Target {...target} /> },
              { title: 'IP address', cell: ({ ip }) => ip },
              { title: 'Details', cell: (event) => <Details event={event} /> },
            ]}
          />
          <Pagination route="audit" filters={filters} cursor={cursor} nextCursor={data.next_cursor} />
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
  if (type === 'user') return <a href={`#/users/${id}`}>user {id}</a>;
  return <span class="long-text">{`${type.replaceAll('_', ' ')} ${id}`}</span>;
}

function Details({ event }: { readonly event: AuditEvent }) {
  const { details, session_id, request_id, user_agent } = event;
  const entries = Object.entries({ ...details, session_id, request_id, user_agent }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  if (entries.length === 0) return null;
  return (
    <details>
      <summary>
        Show<span class="visually-hidden"> details of {event.event}</span>
      </summary>
      <dl class="properties">
        {entries.map(([name, value]) => (
          <>
            <dt>{labelOf(name)}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </>
        ))}
      </dl>
    </details>
  );
}

/** `session_id` becomes "Session ID". */
function labelOf(name: string): string {
  return capitalize(name.replaceAll('_', ' ').replace(/\bid$/, 'ID'));
}

/** Converts the value of a `datetime-local` input, which is in the browser's time zone, for the API. */
function toUtc(localTime: string): string {
  return localTime === '' ? '' : new Date(localTime).toISOString();
}

/** The reverse of `toUtc`. A URL can be typed by hand: an invalid time is dropped. */
function toLocalTime(text: string): string {
  const time = new Date(text);
  if (text === '' || Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
