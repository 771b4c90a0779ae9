// The active sessions of one account.
import type { Sessions } from '../api.js';
import { ErrorBanner } from '../components/error-banner.js';
import { Page } from '../components/page.js';
import { Table } from '../components/table.js';
import { Timestamp } from '../components/timestamp.js';
import { useConsole } from '../session.js';
import { useAction } from '../use-action.js';
import { useLoad } from '../use-load.js';

export function SessionsPage({ userId }: { readonly userId: string }) {
  const { call, hasPermission, notify } = useConsole();
  const path = `/api/admin/users/${encodeURIComponent(userId)}/sessions/`;
  const { data, error, isLoading, reload } = useLoad<Sessions>(path);
  const action = useAction();
  const canEnd = hasPermission('users:write');
  /** `pathToDelete`: of one session, or of all. */
  const end = (pathToDelete: string, message: string) =>
    void action.run(async () => {
      await call('DELETE', pathToDelete);
      notify(message);
      reload();
    });
  return (
    <Page
      title={`Sessions of user ${userId}`}
      parent={[`#/users/${userId}`, `User ${userId}`]}
      actions={
        canEnd &&
        data &&
        data.sessions.length > 0 && (
          <button
            type="button"
            class="danger"
            disabled={action.isBusy}
            onClick={() => end(path, 'All sessions were ended.')}
          >
            End all sessions
          </button>
        )
      }
    >
      <p class="lead">
        An ended session cannot be refreshed. Until it expires, its last access token can read data, but not change any.
      </p>
      <ErrorBanner error={error} onRetry={reload} />
      <ErrorBanner error={action.error} />
      {data === undefined && isLoading && <p class="muted">Loading…</p>}
      {data && (
        <Table
          caption="Active sessions"
          emptyText="This account has no active sessions."
          rows={data.sessions}
          keyOf={({ id }) => id}
          columns={[
            { title: 'Device', cell: ({ user_agent }) => <span class="long-text">{user_agent ?? 'Unknown'}</span> },
            { title: 'IP address', cell: ({ ip }) => ip ?? 'Unknown' },
            { title: 'Started', cell: ({ created_at }) => <Timestamp at={created_at} /> },
            { title: 'Refreshed', cell: ({ refreshed_at }) => <Timestamp at={refreshed_at} /> },
            { title: 'Expires', cell: ({ expires_at }) => <Timestamp at={expires_at} /> },
            canEnd
              ? {
                  title: 'Action',
                  cell: ({ id }) => (
                    <button
                      type="button"
                      disabled={action.isBusy}
                      onClick={() => end(`${path}${id}/`, 'The session was ended.')}
                    >
                      End<span class="visually-hidden"> session {id}</span>
                    </button>
                  ),
                }
              : { title: 'Session ID', cell: ({ id }) => <code>{id}</code> },
          ]}
        />
      )}
    </Page>
  );
}
