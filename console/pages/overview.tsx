// The state of the service at a glance: activity by the hour, sizes, instances, keys, mails, and what the checks have found.
import type { Instances, Overview, SigningKeys } from '../api.js';
import { BarChart } from '../components/bar-chart.js';
import { ErrorBanner } from '../components/error-banner.js';
import { Page } from '../components/page.js';
import { Table } from '../components/table.js';
import { Timestamp } from '../components/timestamp.js';
import { capitalize, formatCount } from '../format.js';
import { useConsole } from '../session.js';
import { useLoad } from '../use-load.js';

type Hour = Overview['hours'][number];
type Measure = Exclude<keyof Hour, 'hour'>;

/** The charts, with the event of the audit log that tells more. */
const MEASURES: readonly { readonly name: Measure; readonly title: string; readonly event?: string }[] = [
  { name: 'logins', title: 'Logins', event: 'login.succeeded' },
  { name: 'failed_logins', title: 'Failed logins', event: 'login.failed' },
  { name: 'delayed_logins', title: 'Logins that had to wait' },
  { name: 'registrations', title: 'Registrations', event: 'user.registered' },
  { name: 'refreshes', title: 'Refreshes' },
  { name: 'reused_tokens', title: 'Reused refresh tokens', event: 'session.refresh_token_reused' },
];

const DAY = 24;
const hourFormat = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const labelOf = ({ hour }: Hour) => hourFormat.format(new Date(hour));

export function OverviewPage() {
  const { hasPermission } = useConsole();
  const { data, error, isLoading, reload } = useLoad<Overview>('/api/admin/overview/');
  return (
    <Page
      title="Overview"
      actions={
        <button type="button" onClick={reload}>
          Refresh
        </button>
      }
    >
      <ErrorBanner error={error} onRetry={reload} />
      {data === undefined && isLoading && <p class="muted">Loading…</p>}
      {data && (
        <>
          <p class="lead">
            The last 24 hours until <Timestamp at={data.at} />.
          </p>
          <Findings overview={data} />
          <Sizes overview={data} />
          <Charts hours={data.hours} />
          <Numbers hours={data.hours} />
        </>
      )}
      {hasPermission('settings:read') && <RunningInstances />}
      {hasPermission('keys:read') && <KeyAges />}
    </Page>
  );
}

/** Problems first and open; what is in order is folded. */
function Findings({ overview: { findings } }: { readonly overview: Overview }) {
  const problems = findings.filter(({ status }) => status !== 'ok');
  const inOrder = findings.filter(({ status }) => status === 'ok');
  const list = (shown: Overview['findings']) => (
    <ul class="findings">
      {shown.map(({ check, status, message }) => (
        <li key={check}>
          <span class={status === 'ok' ? 'badge good' : status === 'warn' ? 'badge warn' : 'badge bad'}>
            {status === 'ok' ? 'OK' : status === 'warn' ? 'Warning' : 'Failure'}
          </span>{' '}
          <strong>{capitalize(check)}</strong>: {message}
        </li>
      ))}
    </ul>
  );
  return (
    <section class="card" aria-labelledby="findings">
      <h2 id="findings">
        {problems.length === 0 ? 'No problems found' : `${formatCount(problems.length, 'problems')} found`}
      </h2>
      {problems.length > 0 && list(problems)}
      <details>
        <summary>{formatCount(inOrder.length, 'checks')} passed</summary>
        {list(inOrder)}
      </details>
      <p class="muted">
        <code>latchkey doctor</code> also contacts the mail server, and checks the rights of the database user.
      </p>
    </section>
  );
}

function Sizes({ overview: { accounts, sessions, mails } }: { readonly overview: Overview }) {
  const { hasPermission } = useConsole();
  const about = ({ count, estimated }: Overview['accounts']) =>
    `${estimated ? 'About ' : ''}${formatCount(count, null)}`;
  return (
    <dl class="sizes">
      <div class="card">
        <dt>Accounts</dt>
        <dd>{about(accounts)}</dd>
      </div>
      <div class="card">
        <dt>Active sessions</dt>
        <dd>{about(sessions)}</dd>
      </div>
      <div class="card">
        <dt>E-mails waiting</dt>
        <dd>{formatCount(mails.waiting, null)}</dd>
      </div>
      <div class="card">
        <dt>E-mails given up</dt>
        <dd>
          {mails.dead > 0 && hasPermission('mails:read') ? (
            <a href="#/mails?state=dead">{formatCount(mails.dead, null)}</a>
          ) : (
            formatCount(mails.dead, null)
          )}
        </dd>
      </div>
    </dl>
  );
}

function Charts({ hours }: { readonly hours: readonly Hour[] }) {
  const [before, today] = [hours.slice(0, -DAY), hours.slice(-DAY)];
  const sum = (list: readonly Hour[], name: Measure) => list.reduce((total, hour) => total + hour[name], 0);
  return (
    <div class="charts">
      {MEASURES.map(({ name, title }) => (
        <BarChart
          key={name}
          title={title}
          summary={`${formatCount(sum(today, name), null)}; ${formatCount(sum(before, name), null)} the day before`}
          bars={today.map((hour) => ({ id: hour.hour, label: labelOf(hour), value: hour[name] }))}
        />
      ))}
    </div>
  );
}

/** The charts as numbers. */
function Numbers({ hours }: { readonly hours: readonly Hour[] }) {
  const { hasPermission } = useConsole();
  return (
    <details class="card">
      <summary>The charts as numbers</summary>
      <Table
        caption="By the hour, newest first"
        emptyText=""
        rows={hours.slice(-DAY).reverse()}
        keyOf={({ hour }) => hour}
        columns={[
          { title: 'Hour', cell: labelOf },
          ...MEASURES.map(({ name, title, event }) => ({
            title,
            cell: (hour: Hour) =>
              hour[name] > 0 && event !== undefined && hasPermission('audit:read') ? (
                <a href={auditOf(event, hour.hour)}>{formatCount(hour[name], null)}</a>
              ) : (
                formatCount(hour[name], null)
              ),
          })),
        ]}
      />
    </details>
  );
}

/** The events of an hour in the audit log. */
function auditOf(event: string, hour: string): string {
  const to = new Date(Date.parse(hour) + 3_600_000).toISOString();
  return `#/audit?${new URLSearchParams({ event, from: hour, to })}`;
}

function RunningInstances() {
  const { data, error, reload } = useLoad<Instances>('/api/admin/instances/');
  return (
    <>
      <ErrorBanner error={error} onRetry={reload} />
      {data && (
        <Table
          caption="Instances"
          emptyText="No instance has reported within the last 30 seconds."
          rows={data.instances}
          keyOf={({ id }) => id}
          columns={[
            { title: 'Host', cell: ({ host }) => <span class="long-text">{host}</span> },
            { title: 'Version', cell: ({ version }) => version },
            { title: 'Started', cell: ({ started_at }) => <Timestamp at={started_at} /> },
            {
              title: 'Settings',
              cell: ({ current }) => (
                <span class={current ? 'badge good' : 'badge warn'}>{current ? 'Current' : 'Outdated'}</span>
              ),
            },
          ]}
        />
      )}
    </>
  );
}

function KeyAges() {
  const { data, error, reload } = useLoad<SigningKeys>('/api/admin/keys/');
  return (
    <>
      <ErrorBanner error={error} onRetry={reload} />
      {data && (
        <Table
          caption="Signing keys"
          emptyText="There are no signing keys."
          rows={data.keys}
          keyOf={({ kid }) => kid}
          columns={[
            { title: 'Key ID', cell: ({ kid }) => <code class="long-text">{kid}</code> },
            { title: 'State', cell: ({ state }) => capitalize(state) },
            { title: 'Created', cell: ({ created_at }) => <Timestamp at={created_at} /> },
            { title: 'Signs since', cell: ({ activated_at }) => activated_at && <Timestamp at={activated_at} /> },
          ]}
        />
      )}
    </>
  );
}
