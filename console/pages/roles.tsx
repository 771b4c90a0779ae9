// The list of roles and their permissions.
import type { Roles } from '../api.js';
import { ErrorBanner } from '../components/error-banner.js';
import { Page } from '../components/page.js';
import { Table } from '../components/table.js';
import { useConsole } from '../session.js';
import { useLoad } from '../use-load.js';

export function RolesPage() {
  const { hasPermission } = useConsole();
  const { data, error, isLoading, reload } = useLoad<Roles>('/api/admin/roles/');
  return (
    <Page
      title="Roles"
      actions={
        hasPermission('roles:write') && (
          <a class="button" href="#/new-role">
            New role
          </a>
        )
      }
    >
      <p class="lead">A role is a named set of permissions: Latchkey's own, and those that your applications define.</p>
      <ErrorBanner error={error} onRetry={reload} />
      {data === undefined && isLoading && <p class="muted">Loading…</p>}
      {data && (
        <Table
          caption="Roles"
          emptyText="There are no roles."
          rows={data.roles}
          keyOf={({ name }) => name}
          columns={[
            {
              title: 'Role',
              cell: ({ name, built_in }) => (
                <>
                  <a href={`#/roles/${name}`}>{name}</a>
                  {built_in && <span class="badge">Built in</span>}
                </>
              ),
            },
            { title: 'Description', cell: ({ description }) => description },
            {
              title: 'Permissions',
              cell: ({ permissions }) => <span class="permissions">{permissions.join(', ')}</span>,
            },
          ]}
        />
      )}
    </Page>
  );
}
