// The outbox of e-mails, newest first, with a filter by state; dead and waiting ones can be sent again.
import { useState } from 'preact/hooks';
import { type Mail, type Mails, queryString } from '../api.js';
import { ErrorBanner } from '../components/error-banner.js';
import { SelectField } from '../components/field.js';
import { Page } from '../components/page.js';
import { Pagination } from '../components/pagination.js';
import { SearchForm } from '../components/search-form.js';
import { Table } from '../components/table.js';
import { Timestamp } from '../components/timestamp.js';
import { capitalize } from '../format.js';
import { useConsole } from '../session.js';
import { useAction } from '../use-action.js';
import { useLoad } from '../use-load.js';

const BADGES: Readonly<Record<string, string>> = { sent: 'badge good', dead: 'badge warn' };

export function MailsPage({ query }: { readonly query: URLSearchParams }) {
  const { call, hasPermission, notify } = useConsole();
  const cursor = query.get('cursor');
  const filters = { state: query.get('state') ?? '' };
  const { data, error, isLoading, reload } = useLoad<Mails>(`/api/admin/mails/${queryString({ ...filters, cursor })}`);
  const [draft, setDraft] = useState(filters);
  const action = useAction();

  const resend = (id: number) => () =>
    void action.run(async () => {
      try {
        await call<Mail>('POST', `/api/admin/mails/${id}/resend/`);
        notify(`E-mail ${id} will be sent again.`);
      } finally {
        reload();
      }
    });

  return (
    <Page title="Mail">
      <p class="lead">E-mails to users: those that wait, and those that were sent or given up recently.</p>
      <SearchForm route="mails" filters={draft} onReload={reload}>
        <SelectField
          label="State"
          value={draft.state}
          onValueChange={(state) => setDraft({ state })}
          options={[
            ['', 'All'],
            ['waiting', 'Waiting'],
            ['sent', 'Sent'],
            ['dead', 'Dead'],
          ]}
        />
      </SearchForm>
      <ErrorBanner error={error} onRetry={reload} />
      <ErrorBanner error={action.error} />
      {data === undefined && isLoading && <p class="muted">Loading…</p>}
      {data && (
        <>
          <Table
            caption="E-mails, newest first"
            emptyText="No e-mails match."
            rows={data.mails}
            keyOf={({ id }) => id}
            columns={[
              { title: 'ID', cell: ({ id }) => id },
              { title: 'Kind', cell: ({ kind }) => <code class="long-text">{kind}</code> },
              { title: 'Recipient', cell: (mail) => <Recipient {...mail} /> },
              {
                title: 'State',
                cell: ({ state }) => <span class={BADGES[state] ?? 'badge'}>{capitalize(state)}</span>,
              },
              { title: 'Created', cell: ({ created_at }) => <Timestamp at={created_at} /> },
              { title: 'Attempts', cell: ({ attempts }) => attempts },
              { title: 'Next attempt', cell: ({ next_attempt_at: at }) => at && <Timestamp at={at} /> },
              { title: 'Last error', cell: ({ last_error }) => <span class="long-text">{last_error}</span> },
              ...(hasPermission('mails:write')
                ? [
                    {
                      title: 'Action',
                      cell: ({ id, state }: Mail) =>
                        state !== 'sent' && (
                          <button type="button" disabled={action.isBusy} onClick={resend(id)}>
                            Send again<span class="visually-hidden"> e-mail {id}</span>
                          </button>
                        ),
                    },
                  ]
                : []),
            ]}
          />
          <Pagination route="mails" filters={filters} cursor={cursor} nextCursor={data.next_cursor} />
        </>
      )}
    </Page>
  );
}

/** A link to the account, which may have been deleted since. */
function Recipient({ to, user_id }: Mail) {
  if (user_id === null) return <span class="long-text">{to}</span>;
  return (
    <a class="long-text" href={`#/users/${user_id}`}>
      {to}
    </a>
  );
}
