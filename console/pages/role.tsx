// One role, or a new one: its permissions of Latchkey to tick, those of applications to write.
import { useState } from 'preact/hooks';
import type { Role, Roles } from '../api.js';
import { Confirm } from '../components/dialog.js';
import { Trouble } from '../components/error-banner.js';
import { Checks, Field, TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { go } from '../router.js';
import { useConsole } from '../session.js';
import { useAct, useLoad } from '../use-load.js';

/** `name` undefined: a new one. */
export function RolePage({ name }: { readonly name: string | undefined }) {
  const { data, error, isLoading, reload } = useLoad<Roles>('/api/admin/roles/');
  const role = data?.roles.find((each) => each.name === name);
  return (
    <Page title={name === undefined ? 'New role' : `Role ${name}`} up={['#/roles', 'Roles']}>
      <Trouble error={error} onRetry={reload} />
      {data === undefined && isLoading && <p class="quiet">Loading…</p>}
      {data && name !== undefined && role === undefined && <p>There is no role with this name.</p>}
      {data && (name === undefined || role) && <RoleForm role={role} own={data.own_permissions} />}
    </Page>
  );
}

interface RoleFormProps {
  readonly role: Role | undefined;
  readonly own: Roles['own_permissions'];
}

function RoleForm({ role, own }: RoleFormProps) {
  const { call, may, say } = useConsole();
  const { act, error, isBusy } = useAct();
  const [name, setName] = useState(role?.name ?? '');
  const [description, setDescription] = useState(role?.description ?? '');
  const [ours, setOurs] = useState<readonly string[]>(role?.permissions.filter((each) => each in own) ?? []);
  const [theirs, setTheirs] = useState(role?.permissions.filter((each) => !(each in own)).join('\n') ?? '');
  const [isAsking, setAsking] = useState(false);
  const isFixed = role?.built_in === true || !may('roles:write');
  const permissions = [...ours, ...theirs.split(/\s+/).filter(Boolean)];

  return (
    <>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void act(async () => {
            const saved = role
              ? await call<Role>('PUT', `/api/admin/roles/${role.name}/`, { description, permissions })
              : await call<Role>('POST', '/api/admin/roles/', { name, description, permissions });
            go('/roles');
            say(`The role ${saved.name} has been saved.`);
          });
        }}
      >
        {role?.built_in && <p class="quiet">This role is built in: it may do everything, and cannot be changed.</p>}
        <Trouble error={error} />
        {role === undefined && (
          <TextField
            label="Name"
            required
            autocomplete="off"
            hint="Lower-case letters, digits, and . _ -"
            value={name}
            onValue={setName}
          />
        )}
        <TextField
          label="What it is for"
          autocomplete="off"
          disabled={isFixed}
          value={description}
          onValue={setDescription}
        />
        <Checks
          legend="Permissions of Latchkey"
          options={Object.entries(own)}
          chosen={ours}
          onChosen={setOurs}
          disabled={isFixed}
        />
        <Field label="Permissions of applications" hint="One a line, such as orders:read.">
          {(ties) => (
            <textarea
              {...ties}
              rows={4}
              spellcheck={false}
              disabled={isFixed}
              value={theirs}
              onInput={(event) => setTheirs(event.currentTarget.value)}
            />
          )}
        </Field>
        {!isFixed && (
          <div class="buttons">
            <button type="submit" class="primary" disabled={isBusy}>
              {role ? 'Save' : 'Create'}
            </button>
            {role && (
              <button type="button" class="danger" onClick={() => setAsking(true)}>
                Delete…
              </button>
            )}
          </div>
        )}
      </form>
      {role && isAsking && (
        <Confirm
          title={`Delete the role ${role.name}?`}
          deed="Delete"
          isDangerous
          isBusy={isBusy}
          onClose={() => setAsking(false)}
          onConfirm={() =>
            void act(async () => {
              setAsking(false);
              await call('DELETE', `/api/admin/roles/${role.name}/`);
              go('/roles');
              say(`The role ${role.name} is deleted.`);
            })
          }
        >
          <p>Whoever has it can no longer do what it allows.</p>
        </Confirm>
      )}
    </>
  );
}
