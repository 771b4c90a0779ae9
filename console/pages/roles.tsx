// Roles, and what each lets its bearers do.
import type { Roles } from '../api.js';
import { Trouble } from '../components/error-banner.js';
import { Page } from '../components/page.js';
import { Table } from '../components/table.js';
import { useConsole } from '../session.js';
import { useLoad } from '../use-load.js';

export function RolesPage() {
  const { may } = useConsole();
  const { data, error, isLoading, reload } = useLoad<Roles>('/api/admin/roles/');
  return (
    <Page
      title="Roles"
      actions={
        may('roles:write') && (
          <a class="button" href="#/new-role">
            New role
          </a>
        )
      }
    >
      <p class="lead">A role is a name for permissions: those of Latchkey, and any that your applications ask for.</p>
      <Trouble error={error} onRetry={reload} />
      {data === undefined && isLoading && <p class="quiet">Loading…</p>}
      {data && (
        <Table
          caption="Roles"
          empty="There is none."
          rows={data.roles}
          keyOf={({ name }) => name}
          columns={[
            {
              title: 'Role',
              cell: ({ name, built_in }) => (
                <>
                  <a href={`#/roles/${name}`}>{name}</a>
                  {built_in && <span class="badge">built in</span>}
                </>
              ),
            },
            { title: 'What for', cell: ({ description }) => description },
            { title: 'Permissions', cell: ({ permissions }) => <span class="codes">{permissions.join(', ')}</span> },
          ]}
        />
      )}
    </Page>
  );
}
