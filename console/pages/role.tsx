// Creates, changes or deletes a role. Latchkey's own permissions are checkboxes; those of applications are free text.
import { useState } from 'preact/hooks';
import type { Role, Roles } from '../api.js';
import { ConfirmDialog } from '../components/dialog.js';
import { ErrorBanner } from '../components/error-banner.js';
import { CheckboxGroup, Field, TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { navigate } from '../router.js';
import { useConsole } from '../session.js';
import { useAction } from '../use-action.js';
import { useLoad } from '../use-load.js';

/** `name`: undefined for a new role. */
export function RolePage({ name }: { readonly name: string | undefined }) {
  const { data, error, isLoading, reload } = useLoad<Roles>('/api/admin/roles/');
  const role = data?.roles.find((each) => each.name === name);
  return (
    <Page title={name === undefined ? 'New role' : `Role ${name}`} parent={['#/roles', 'Roles']}>
      <ErrorBanner error={error} onRetry={reload} />
      {data === undefined && isLoading && <p class="muted">Loading…</p>}
      {data && name !== undefined && role === undefined && <p>There is no role “{name}”.</p>}
      {data && (name === undefined || role) && <RoleForm role={role} ownPermissions={data.own_permissions} />}
    </Page>
  );
}

interface RoleFormProps {
  readonly role: Role | undefined;
  /** Latchkey's permissions with their descriptions. */
  readonly ownPermissions: Roles['own_permissions'];
}

function RoleForm({ role, ownPermissions }: RoleFormProps) {
  const { call, hasPermission, notify } = useConsole();
  const { run, error, isBusy } = useAction();
  const [name, setName] = useState(role?.name ?? '');
  const [description, setDescription] = useState(role?.description ?? '');
  const [selected, setSelected] = useState<readonly string[]>(
    role?.permissions.filter((each) => each in ownPermissions) ?? [],
  );
  const [applicationPermissions, setApplicationPermissions] = useState(
    role?.permissions.filter((each) => !(each in ownPermissions)).join('\n') ?? '',
  );
  const [isConfirmingDelete, setConfirmingDelete] = useState(false);
  const isReadOnly = role?.built_in === true || !hasPermission('roles:write');
  const permissions = [...selected, ...applicationPermissions.split(/\s+/).filter(Boolean)];

  return (
    <>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void run(async () => {
            const saved = role
              ? await call<Role>('PUT', `/api/admin/roles/${role.name}/`, { description, permissions })
              : await call<Role>('POST', '/api/admin/roles/', { name: name.trim(), description, permissions });
            navigate('/roles');
            notify(`The role ${saved.name} was ${role ? 'saved' : 'created'}.`);
          });
        }}
      >
        {role?.built_in && (
          <p class="muted">This role is built in. It has every permission and cannot be changed or deleted.</p>
        )}
        <ErrorBanner error={error} />
        {role === undefined && (
          <TextField
            label="Name"
            required
            autocomplete="off"
            hint="Starts with a lowercase letter. Digits and the characters . _ - may follow."
            value={name}
            onValueChange={setName}
          />
        )}
        <TextField
          label="Description"
          autocomplete="off"
          disabled={isReadOnly}
          value={description}
          onValueChange={setDescription}
        />
        <CheckboxGroup
          legend="Latchkey permissions"
          options={Object.entries(ownPermissions)}
          selected={selected}
          onSelectedChange={setSelected}
          disabled={isReadOnly}
        />
        <Field label="Application permissions" hint="One per line, for example orders:read.">
          {(attributes) => (
            <textarea
              {...attributes}
              rows={4}
              spellcheck={false}
              disabled={isReadOnly}
              value={applicationPermissions}
              onInput={(event) => setApplicationPermissions(event.currentTarget.value)}
            />
          )}
        </Field>
        {!isReadOnly && (
          <div class="buttons">
            <button type="submit" class="primary" disabled={isBusy}>
              {role ? 'Save role' : 'Create role'}
            </button>
            {role && (
              <button type="button" class="danger" onClick={() => setConfirmingDelete(true)}>
                Delete role…
              </button>
            )}
          </div>
        )}
      </form>
      {role && isConfirmingDelete && (
        <ConfirmDialog
          title={`Delete the role ${role.name}?`}
          confirmLabel="Delete role"
          isDangerous
          isBusy={isBusy}
          onClose={() => setConfirmingDelete(false)}
          onConfirm={() =>
            void run(async () => {
              setConfirmingDelete(false);
              await call('DELETE', `/api/admin/roles/${role.name}/`);
              navigate('/roles');
              notify(`The role ${role.name} was deleted.`);
            })
          }
        >
          <p>Users with this role lose its permissions.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
