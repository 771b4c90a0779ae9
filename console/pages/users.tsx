// Lists accounts, filtered by a part of the e-mail address or the username, by role and by state.
import { useState } from 'preact/hooks';
import { queryString, type Users } from '../api.js';
import { ErrorBanner } from '../components/error-banner.js';
import { SelectField, TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { Pagination } from '../components/pagination.js';
import { SearchForm } from '../components/search-form.js';
import { Table } from '../components/table.js';
import { Timestamp } from '../components/timestamp.js';
import { useConsole } from '../session.js';
import { useLoad } from '../use-load.js';

export function UsersPage({ query }: { readonly query: URLSearchParams }) {
  const { hasPermission } = useConsole();
  const cursor = query.get('cursor');
  const filters = {
    search: query.get('search') ?? '',
    role: query.get('role') ?? '',
    disabled: query.get('disabled') ?? '',
  };
  const { data, error, isLoading, reload } = useLoad<Users>(`/api/admin/users/${queryString({ ...filters, cursor })}`);
  const [draft, setDraft] = useState(filters);
  return (
    <Page
      title="Users"
      actions={
        hasPermission('users:write') && (
          <a class="button" href="#/new-user">
            New user
          </a>
        )
      }
    >
      <SearchForm route="users" filters={draft} onReload={reload}>
        <TextField
          label="Part of the address or username"
          type="search"
          value={draft.search}
          onValueChange={(search) => setDraft({ ...draft, search })}
        />
        <TextField label="Role" value={draft.role} onValueChange={(role) => setDraft({ ...draft, role })} />
        <SelectField
          label="State"
          value={draft.disabled}
          onValueChange={(disabled) => setDraft({ ...draft, disabled })}
          options={[
            ['', 'All'],
            ['false', 'Enabled'],
            ['true', 'Disabled'],
          ]}
        />
      </SearchForm>
      <ErrorBanner error={error} onRetry={reload} />
      {data === undefined && isLoading && <p class="muted">Loading…</p>}
      {data && (
        <>
          <Table
            caption="Accounts"
            emptyText="No accounts match."
            rows={data.users}
            keyOf={({ id }) => id}
            columns={[
              { title: 'ID', cell: ({ id }) => id },
              {
                title: 'E-mail address',
                cell: ({ id, email }) => (
                  <a class="long-text" href={`#/users/${id}`}>
                    {email}
                  </a>
                ),
              },
              { title: 'Username', cell: ({ username }) => <span class="long-text">{username}</span> },
              { title: 'Roles', cell: ({ roles }) => roles.join(', ') },
              {
                title: 'State',
                cell: ({ disabled_at, disabled_reason, deletion_due_at }) => (
                  <span class={disabled_at ? 'badge warn' : 'badge good'}>
                    {disabled_at ? (deletion_due_at && disabled_reason === null ? 'Leaving' : 'Disabled') : 'Enabled'}
                  </span>
                ),
              },
              { title: 'Created', cell: ({ created_at }) => <Timestamp at={created_at} /> },
            ]}
          />
          <Pagination route="users" filters={filters} cursor={cursor} nextCursor={data.next_cursor} />
        </>
      )}
    </Page>
  );
}
