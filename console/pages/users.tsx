// Accounts: found by the beginning of their e-mail address, by role, by whether they are disabled.
import { useState } from 'preact/hooks';
import { query, type Users } from '../api.js';
import { Trouble } from '../components/error-banner.js';
import { ChoiceField, TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { Pages, Table } from '../components/table.js';
import { Moment } from '../components/timestamp.js';
import { go } from '../router.js';
import { useConsole } from '../session.js';
import { useLoad } from '../use-load.js';

export function UsersPage({ query: asked }: { readonly query: URLSearchParams }) {
  const { may } = useConsole();
  const cursor = asked.get('cursor');
  const filters = {
    email: asked.get('email') ?? '',
    role: asked.get('role') ?? '',
    disabled: asked.get('disabled') ?? '',
  };
  const { data, error, isLoading, reload } = useLoad<Users>(`/api/admin/users/${query({ ...filters, cursor })}`);
  const [draft, setDraft] = useState(filters);
  return (
    <Page
      title="Users"
      actions={
        may('users:write') && (
          <a class="button" href="#/new-user">
            New user
          </a>
        )
      }
    >
      <search>
        <form
          class="filters"
          onSubmit={(event) => {
            event.preventDefault();
            const place = `/users${query(draft)}`;
            if (location.hash === `#${place}`) reload();
            else go(place);
          }}
        >
          <TextField
            label="E-mail begins with"
            type="search"
            value={draft.email}
            onValue={(email) => setDraft({ ...draft, email })}
          />
          <TextField label="Role" value={draft.role} onValue={(role) => setDraft({ ...draft, role })} />
          <ChoiceField
            label="State"
            value={draft.disabled}
            onValue={(disabled) => setDraft({ ...draft, disabled })}
            options={[
              ['', 'all'],
              ['false', 'enabled'],
              ['true', 'disabled'],
            ]}
          />
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
            caption="Accounts"
            empty="No account is like this."
            rows={data.users}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Id', cell: ({ id }) => id },
              {
                title: 'E-mail',
                cell: ({ id, email }) => (
                  <a class="agent" href={`#/users/${id}`}>
                    {email}
                  </a>
                ),
              },
              { title: 'Username', cell: ({ username }) => username },
              { title: 'Roles', cell: ({ roles }) => roles.join(', ') },
              {
                title: 'State',
                cell: ({ disabled_at }) => (
                  <span class={disabled_at ? 'badge warn' : 'badge good'}>{disabled_at ? 'disabled' : 'enabled'}</span>
                ),
              },
              { title: 'Created', cell: ({ created_at }) => <Moment at={created_at} /> },
            ]}
          />
          <Pages here="users" parameters={filters} cursor={cursor} next={data.next_cursor} />
        </>
      )}
    </Page>
  );
}
