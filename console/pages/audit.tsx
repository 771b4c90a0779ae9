// The audit log, newest events first, with filters, counts, links in both directions, and an export.
import { useState } from 'preact/hooks';
import { auditEvents, targetTypes } from '../../src/audit/events.js';
import { type AuditEvent, type AuditEvents, queryString } from '../api.js';
import { ErrorBanner } from '../components/error-banner.js';
import { CheckboxGroup, SelectField, TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { Pagination } from '../components/pagination.js';
import { SearchForm } from '../components/search-form.js';
import { Table } from '../components/table.js';
import { Timestamp } from '../components/timestamp.js';
import { capitalize, formatCount } from '../format.js';
import { useConsole } from '../session.js';
import { useAction } from '../use-action.js';
import { useLoad } from '../use-load.js';

/** The API's query parameters. */
const FILTERS = ['event', 'changes', 'user_id', 'target_type', 'target_id', 'ip', 'from', 'to'] as const;
type Filters = Record<(typeof FILTERS)[number], string>;

/** The largest page that the API returns. */
const PAGE_SIZE = '100';
/** An export of more events than this is one for `latchkey audit export`, which needs no browser to hold them. */
const MAX_EXPORTED = 10_000;

export function AuditPage({ query }: { readonly query: URLSearchParams }) {
  const cursor = query.get('cursor');
  const filters = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ''])) as Filters;
  const { data, error, isLoading, reload } = useLoad<AuditEvents>(
    `/api/admin/audit/${queryString({ ...filters, cursor, limit: PAGE_SIZE })}`,
  );
  const [draft, setDraft] = useState<Filters>({
    ...filters,
    from: toLocalTime(filters.from),
    to: toLocalTime(filters.to),
  });
  const set = (name: keyof Filters) => (value: string) => setDraft({ ...draft, [name]: value });
  const selected = draft.event === '' ? [] : draft.event.split(',');
  return (
    <Page title={filters.changes ? 'Changes' : 'Audit log'}>
      <Shortcuts />
      <SearchForm route="audit" filters={{ ...draft, from: toUtc(draft.from), to: toUtc(draft.to) }} onReload={reload}>
        <SelectField
          label="Kind of event"
          value={draft.changes}
          onValueChange={set('changes')}
          options={[
            ['', 'All'],
            ['true', 'Changes by operators'],
          ]}
        />
        <TextField
          label="Actor or target (user ID)"
          inputMode="numeric"
          value={draft.user_id}
          onValueChange={set('user_id')}
        />
        <SelectField
          label="Target type"
          value={draft.target_type}
          onValueChange={set('target_type')}
          options={[['', 'All'], ...targetTypes.map((type) => [type, type] as const)]}
        />
        <TextField label="Target ID or name" value={draft.target_id} onValueChange={set('target_id')} />
        <TextField label="IP address" value={draft.ip} onValueChange={set('ip')} />
        <TextField label="Since" type="datetime-local" step={1} value={draft.from} onValueChange={set('from')} />
        <TextField label="Until" type="datetime-local" step={1} value={draft.to} onValueChange={set('to')} />
        <details class="event-filter">
          <summary>{selected.length === 0 ? 'All events' : `Only ${selected.join(', ')}`}</summary>
          <CheckboxGroup
            legend="Events"
            options={auditEvents.map((name) => [name, undefined] as const)}
            selected={selected}
            onSelectedChange={(names) => set('event')(names.join(','))}
          />
        </details>
      </SearchForm>
      <ErrorBanner error={error} onRetry={reload} />
      {data === undefined && isLoading && <p class="muted">Loading…</p>}
      {data && (
        <>
          {data.events.length > 0 && <Counts events={data.events} filters={filters} />}
          <Table
            caption="Events, newest first"
            emptyText="No events match."
            rows={data.events}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Time', cell: ({ at }) => <Timestamp at={at} /> },
              { title: 'Event', cell: ({ event }) => <code class="long-text">{event}</code> },
              { title: 'Actor', cell: ({ actor }) => <Actor {...actor} /> },
              { title: 'Target', cell: ({ target }) => target && <Target {...target} /> },
              {
                title: 'IP address',
                cell: ({ ip }) => ip && <a href={`#/audit${queryString({ ip })}`}>{ip}</a>,
              },
              { title: 'Details', cell: (event) => <Details event={event} /> },
            ]}
          />
          <Pagination route="audit" filters={filters} cursor={cursor} nextCursor={data.next_cursor} />
          {data.events.length > 0 && <ExportButton filters={filters} />}
        </>
      )}
    </Page>
  );
}

/** Links to the questions that are asked most. */
function Shortcuts() {
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  const daysAgo = (days: number) => {
    const day = new Date(midnight);
    day.setDate(day.getDate() - days);
    return day.toISOString();
  };
  const dayAgo = new Date(Date.now() - 86_400_000).toISOString();
  return (
    <nav class="links" aria-label="Shortcuts">
      <a href={`#/audit${queryString({ changes: 'true', from: daysAgo(0) })}`}>Changes today</a>
      <a href={`#/audit${queryString({ changes: 'true', from: daysAgo(1), to: daysAgo(0) })}`}>Changes yesterday</a>
      <a href={`#/audit${queryString({ changes: 'true', from: daysAgo(7) })}`}>Changes of the last 7 days</a>
      <a href={`#/audit${queryString({ event: SUSPICIOUS.join(','), from: dayAgo })}`}>
        Suspicious in the last 24 hours
      </a>
    </nav>
  );
}

const SUSPICIOUS = [
  'login.failed',
  'session.refresh_token_reused',
  'user.recovery_code_used',
  'user.email_change_undone',
  'user.email_disowned',
];

interface CountsProps {
  readonly events: readonly AuditEvent[];
  readonly filters: Filters;
}

/** How often each event and each address occurs on this page. A link filters by it. */
function Counts({ events, filters }: CountsProps) {
  const list = (name: 'event' | 'ip', values: readonly (string | null)[]) => {
    const counts = new Map<string, number>();
    for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
    return (
      <ul class="links">
        {[...counts]
          .sort(([, one], [, other]) => other - one)
          .map(([value, count]) => (
            <li key={value}>
              <a href={`#/audit${queryString({ ...filters, [name]: value })}`}>{value}</a> {formatCount(count, null)}
            </li>
          ))}
      </ul>
    );
  };
  return (
    <details class="card">
      <summary>Counts of the {formatCount(events.length, 'events')} on this page</summary>
      <h2>By event</h2>
      {list(
        'event',
        events.map(({ event }) => event),
      )}
      <h2>By IP address</h2>
      {list(
        'ip',
        events.map(({ ip }) => ip),
      )}
    </details>
  );
}

/** Saves all events that match the filters as JSON lines, the format of `latchkey audit export`. */
function ExportButton({ filters }: { readonly filters: Filters }) {
  const { call, notify } = useConsole();
  const { run, error, isBusy } = useAction();
  const exportAll = () =>
    void run(async () => {
      const lines: string[] = [];
      let cursor: string | null = null;
      do {
        const query: string = queryString({ ...filters, cursor, limit: PAGE_SIZE });
        const page = await call<AuditEvents>('GET', `/api/admin/audit/${query}`);
        lines.push(...page.events.map((event) => `${JSON.stringify(event)}\n`));
        cursor = page.next_cursor;
      } while (cursor !== null && lines.length < MAX_EXPORTED);
      save(lines, 'audit.jsonl');
      const count = formatCount(lines.length, 'events');
      notify(
        cursor === null
          ? `${count} exported.`
          : `The newest ${count} were exported. For all of them, run latchkey audit export.`,
      );
    });
  return (
    <>
      <ErrorBanner error={error} />
      <p>
        <button type="button" disabled={isBusy} onClick={exportAll}>
          Export these events
        </button>
      </p>
    </>
  );
}

/** Lets the browser save a file. */
function save(lines: readonly string[], name: string): void {
  const url = URL.createObjectURL(new Blob([...lines], { type: 'application/x-ndjson' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Not at once: the browser may still be reading.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function Actor({ type, user_id, name }: AuditEvent['actor']) {
  return user_id === null ? (
    <span>{name === null ? type : `${type} ${name}`}</span>
  ) : (
    <a href={`#/users/${user_id}`}>user {user_id}</a>
  );
}

function Target({ type, id }: NonNullable<AuditEvent['target']>) {
  const path = pathOf(type, id);
  const text = `${type === 'mail' ? 'e-mail' : type.replaceAll('_', ' ')} ${id}`;
  return path === undefined ? (
    <span class="long-text">{text}</span>
  ) : (
    <a class="long-text" href={`#${path}`}>
      {text}
    </a>
  );
}

/** The page of a target, or the other events of one that has no page. */
function pathOf(type: string, id: string): string | undefined {
  switch (type) {
    case 'user':
      return `/users/${id}`;
    case 'role':
      return `/roles/${encodeURIComponent(id)}`;
    case 'setting':
      return `/settings${queryString({ q: id })}`;
    case 'signing_key':
      return '/keys';
    case 'mail':
      return '/mails';
    case 'session':
      return `/audit${queryString({ target_type: 'session', target_id: id })}`;
    default:
      return undefined;
  }
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
