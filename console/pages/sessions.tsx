// The living sessions of one account, and their end.
import type { Sessions } from '../api.js';
import { Trouble } from '../components/error-banner.js';
import { Page } from '../components/page.js';
import { Table } from '../components/table.js';
import { Moment } from '../components/timestamp.js';
import { useConsole } from '../session.js';
import { useAct, useLoad } from '../use-load.js';

export function SessionsPage({ userId }: { readonly userId: string }) {
  const { call, may, say } = useConsole();
  const path = `/api/admin/users/${encodeURIComponent(userId)}/sessions/`;
  const { data, error, isLoading, reload } = useLoad<Sessions>(path);
  const deed = useAct();
  const end = (what: string, said: string) =>
    void deed.act(async () => {
      await call('DELETE', what);
      say(said);
      reload();
    });
  return (
    <Page
      title={`Sessions of user ${userId}`}
      up={[`#/users/${userId}`, `User ${userId}`]}
      actions={
        may('users:write') &&
        data &&
        data.sessions.length > 0 && (
          <button
            type="button"
            class="danger"
            disabled={deed.isBusy}
            onClick={() => end(path, 'All sessions have ended.')}
          >
            End all
          </button>
        )
      }
    >
      <p class="lead">An access token of an ended session still reads until it expires; it changes nothing.</p>
      <Trouble error={error} onRetry={reload} />
      <Trouble error={deed.error} />
      {data === undefined && isLoading && <p class="quiet">Loading…</p>}
      {data && (
        <Table
          caption="Living sessions"
          empty="The account is logged in nowhere."
          rows={data.sessions}
          keyOf={({ id }) => id}
          columns={[
            { title: 'With', cell: ({ user_agent }) => <span class="agent">{user_agent ?? 'unknown'}</span> },
            { title: 'From', cell: ({ ip }) => ip ?? 'unknown' },
            { title: 'Begun', cell: ({ created_at }) => <Moment at={created_at} /> },
            { title: 'Refreshed', cell: ({ refreshed_at }) => <Moment at={refreshed_at} /> },
            { title: 'Ends', cell: ({ expires_at }) => <Moment at={expires_at} /> },
            {
              title: 'Session',
              cell: ({ id }) =>
                may('users:write') ? (
                  <button
                    type="button"
                    disabled={deed.isBusy}
                    onClick={() => end(`${path}${id}/`, 'The session has ended.')}
                  >
                    End<span class="unseen"> session {id}</span>
                  </button>
                ) : (
                  <code>{id}</code>
                ),
            },
          ]}
        />
      )}
    </Page>
  );
}
