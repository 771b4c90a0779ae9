// One account: its properties, roles and sessions, and the actions on it.
import { useState } from 'preact/hooks';
import { LatchkeyError } from '../../client/index.js';
import type { ResetPassword, Roles, User } from '../api.js';
import { ConfirmDialog, TemporaryPasswordDialog } from '../components/dialog.js';
import { ErrorBanner } from '../components/error-banner.js';
import { CheckboxGroup, TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { Timestamp } from '../components/timestamp.js';
import { navigate } from '../router.js';
import { useConsole } from '../session.js';
import { useAction } from '../use-action.js';
import { useLoad } from '../use-load.js';
import { UserLogin } from './user-login.js';

export function UserPage({ id }: { readonly id: string }) {
  const { hasPermission } = useConsole();
  const path = `/api/admin/users/${encodeURIComponent(id)}/`;
  const { data: user, error, isLoading, reload, replace } = useLoad<User>(path);
  const canWrite = hasPermission('users:write');
  return (
    <Page title={user?.email ?? `User ${id}`} parent={['#/users', 'Users']}>
      <ErrorBanner error={error} onRetry={reload} />
      {user === undefined && isLoading && <p class="muted">Loading…</p>}
      {user && (
        <>
          <UserProperties user={user} />
          <UserLogin key={`login ${user.updated_at}`} user={user} path={path} />
          <p class="links">
            <a href={`#/users/${user.id}/sessions`}>Sessions</a>
            {hasPermission('audit:read') && (
              <>
                <a href={`#/audit?target_type=user&target_id=${user.id}`}>Events on this user</a>
                <a href={`#/audit?user_id=${user.id}`}>Events by this user</a>
              </>
            )}
          </p>
          {canWrite && (
            <AccountForm key={`account ${user.updated_at}`} user={user} path={path} onUserChange={replace} />
          )}
          {canWrite && hasPermission('roles:write') && hasPermission('roles:read') && (
            <RolesForm key={`roles ${user.roles}`} user={user} path={path} onUserChange={replace} />
          )}
          {canWrite && <DangerZone user={user} path={path} onUserChange={replace} />}
        </>
      )}
    </Page>
  );
}

function UserProperties({ user }: { readonly user: User }) {
  return (
    <dl class="properties">
      <dt>ID</dt>
      <dd>{user.id}</dd>
      <dt>State</dt>
      <dd>
        {user.disabled_at ? (
          <>
            <span class="badge warn">Disabled</span> <Timestamp at={user.disabled_at} />
            {user.disabled_reason && `: ${user.disabled_reason}`}
          </>
        ) : (
          <span class="badge good">Enabled</span>
        )}
        {user.deletion_due_at && (
          <>
            {' '}
            <span class="badge warn">Leaving</span> Its owner has deleted it; it will be gone{' '}
            <Timestamp at={user.deletion_due_at} />
          </>
        )}
      </dd>
      <dt>E-mail address</dt>
      <dd>
        {user.email_verified ? <span class="badge good">Verified</span> : <span class="badge warn">Not verified</span>}
        {user.pending_email && ` Changes to ${user.pending_email} when its owner confirms it`}
      </dd>
      <dt>Username</dt>
      <dd>{user.username || 'None'}</dd>
      <dt>Roles</dt>
      <dd>{user.roles.join(', ') || 'None'}</dd>
      <dt>Has a password</dt>
      <dd>{user.has_password ? 'Yes' : 'No'}</dd>
      <dt>Has a second factor</dt>
      <dd>{user.has_second_factor ? 'Yes' : 'No'}</dd>
      <dt>Created</dt>
      <dd>
        <Timestamp at={user.created_at} />
      </dd>
      <dt>Updated</dt>
      <dd>
        <Timestamp at={user.updated_at} />
      </dd>
    </dl>
  );
}

interface SectionProps {
  readonly user: User;
  /** The path of the user in the API. */
  readonly path: string;
  readonly onUserChange: (user: User) => void;
}

function AccountForm({ user, path, onUserChange }: SectionProps) {
  const { call, notify } = useConsole();
  const { run, error, isBusy } = useAction();
  const [email, setEmail] = useState(user.email);
  const [username, setUsername] = useState(user.username);
  const isChanged = email !== user.email || username !== user.username;
  return (
    <form
      class="card"
      aria-label="Account"
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          // Only the changed fields are sent, so that a concurrent change of another field is not overwritten.
          onUserChange(
            await call<User>('PUT', path, {
              ...(email !== user.email && { email }),
              ...(username !== user.username && { username }),
            }),
          );
          notify('The account was saved.');
        });
      }}
    >
      <h2>Account</h2>
      <ErrorBanner error={error} />
      <TextField
        label="E-mail address"
        type="email"
        autocomplete="off"
        required
        hint="Changing the address ends all sessions of the account."
        value={email}
        onValueChange={setEmail}
      />
      <TextField label="Username" autocomplete="off" value={username} onValueChange={setUsername} />
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy || !isChanged}>
          Save account
        </button>
      </div>
    </form>
  );
}

function RolesForm({ user, path, onUserChange }: SectionProps) {
  const { call, notify } = useConsole();
  const { run, error, isBusy } = useAction();
  const available = useLoad<Roles>('/api/admin/roles/');
  const [roles, setRoles] = useState<readonly string[]>(user.roles);
  const isChanged = [...roles].sort().join() !== [...user.roles].sort().join();
  const descriptions = new Map([
    // An account can still have a role that has been deleted since; it can be removed here.
    ...user.roles.map((name) => [name, 'This role no longer exists.'] as const),
    ...(available.data?.roles ?? []).map(({ name, description }) => [name, description] as const),
  ]);
  return (
    <form
      class="card"
      aria-label="Roles"
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          onUserChange(await call<User>('PUT', path, { roles }));
          notify('The roles were saved. New access tokens contain them.');
        });
      }}
    >
      <h2>Roles</h2>
      <ErrorBanner error={available.error} onRetry={available.reload} />
      <ErrorBanner error={error} />
      {available.data && (
        <CheckboxGroup
          legend="Roles of this account"
          options={[...descriptions]}
          selected={roles}
          onSelectedChange={setRoles}
        />
      )}
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy || !isChanged}>
          Save roles
        </button>
      </div>
    </form>
  );
}

/** The action that the open dialog asks to confirm. */
type PendingAction = 'disable' | 'enable' | 'send-reset-link' | 'reset-password' | 'reset-factors' | 'delete';

/** The actions that are confirmed first. */
function DangerZone({ user, path, onUserChange }: SectionProps) {
  const { call, notify, operator } = useConsole();
  const { run, error, isBusy } = useAction();
  const [pending, setPending] = useState<PendingAction>();
  /** What was entered in the dialog: a reason, or the address of the account to delete. */
  const [input, setInput] = useState('');
  const [temporaryPassword, setTemporaryPassword] = useState<string>();

  function open(action: PendingAction) {
    setInput('');
    setPending(action);
  }

  /** Runs the action and closes the dialog in any case: the outcome is shown on the page, an error too. */
  const confirm = (action: () => Promise<void>) => () =>
    void run(async () => {
      try {
        await action();
      } finally {
        setPending(undefined);
      }
    });
  const dialogProps = { isBusy, onClose: () => setPending(undefined) };
  const reasonField = (
    <TextField
      label="Reason"
      hint="Recorded in the audit log."
      required
      autocomplete="off"
      value={input}
      onValueChange={setInput}
    />
  );

  return (
    <section class="card" aria-label="Danger zone">
      <h2>Danger zone</h2>
      <ErrorBanner error={error} />
      <div class="buttons">
        {user.disabled_at === null ? (
          <button type="button" onClick={() => open('disable')}>
            Disable…
          </button>
        ) : (
          <button type="button" onClick={() => open('enable')}>
            Enable…
          </button>
        )}
        <button type="button" onClick={() => open('send-reset-link')}>
          Reset password…
        </button>
        {user.has_second_factor && user.id !== operator.userId && (
          <button type="button" onClick={() => open('reset-factors')}>
            Reset second factors…
          </button>
        )}
        <button type="button" class="danger" onClick={() => open('delete')}>
          Delete…
        </button>
      </div>
      {pending === 'disable' && (
        <ConfirmDialog
          {...dialogProps}
          title={`Disable ${user.email}?`}
          confirmLabel="Disable"
          isDangerous
          onConfirm={confirm(async () => {
            onUserChange(await call<User>('POST', `${path}disable/`, { reason: input }));
            notify(`${user.email} was disabled, and all its sessions were ended.`);
          })}
        >
          <p>All sessions of the account end. It cannot be used to log in until it is enabled again.</p>
          {reasonField}
        </ConfirmDialog>
      )}
      {pending === 'enable' && (
        <ConfirmDialog
          {...dialogProps}
          title={`Enable ${user.email}?`}
          confirmLabel="Enable"
          onConfirm={confirm(async () => {
            onUserChange(await call<User>('POST', `${path}enable/`, { reason: input }));
            notify(`${user.email} was enabled.`);
          })}
        >
          <p>The account can be used to log in again.</p>
          {reasonField}
        </ConfirmDialog>
      )}
      {pending === 'send-reset-link' && (
        <ConfirmDialog
          {...dialogProps}
          title={`Send a reset link to ${user.email}?`}
          confirmLabel="Send reset link"
          onConfirm={() =>
            void run(async () => {
              setPending(undefined);
              try {
                await call('POST', `${path}send-reset-link/`);
              } catch (error) {
                // Without mail, the operator passes a temporary password on.
                if (!(error instanceof LatchkeyError && error.code === 'mail_unavailable')) throw error;
                setPending('reset-password');
                return;
              }
              notify(`A link to set a new password was sent to ${user.email}.`);
            })
          }
        >
          <p>
            The owner gets an e-mail with a link to set a new password. Until they use it, the account stays as it is.
            To lock out a person who knows the password, disable the account.
          </p>
        </ConfirmDialog>
      )}
      {pending === 'reset-password' && (
        <ConfirmDialog
          {...dialogProps}
          title={`Reset the password of ${user.email}?`}
          confirmLabel="Reset password"
          isDangerous
          onConfirm={confirm(async () => {
            const reset = await call<ResetPassword>('POST', `${path}reset-password/`);
            setTemporaryPassword(reset.temporary_password);
          })}
        >
          <p>
            This service sends no mail. The current password stops working, and all sessions of the account end. A
            temporary password is shown once.
          </p>
        </ConfirmDialog>
      )}
      {pending === 'reset-factors' && (
        <ConfirmDialog
          {...dialogProps}
          title={`Reset the second factors of ${user.email}?`}
          confirmLabel="Reset second factors"
          isDangerous
          onConfirm={confirm(async () => {
            await call('DELETE', `${path}factors/`);
            onUserChange(await call<User>('GET', path));
            notify(`The second factors of ${user.email} were removed, and all its sessions were ended.`);
          })}
        >
          <p>
            First make sure that the request comes from the owner. Their authenticator apps, passkeys and recovery codes
            are removed, and the password alone is enough to log in. The owner is notified by e-mail.
          </p>
        </ConfirmDialog>
      )}
      {pending === 'delete' && (
        <ConfirmDialog
          {...dialogProps}
          title={`Delete ${user.email}?`}
          confirmLabel="Delete permanently"
          isDangerous
          isBusy={isBusy || input.trim() !== user.email}
          onConfirm={confirm(async () => {
            await call('DELETE', path);
            navigate('/users');
            notify(`${user.email} was deleted.`);
          })}
        >
          <p>
            The account and its sessions are deleted permanently. If you only want to prevent its use, disable it
            instead.
          </p>
          <TextField
            label={`Enter ${user.email} to confirm`}
            autocomplete="off"
            value={input}
            onValueChange={setInput}
          />
        </ConfirmDialog>
      )}
      {temporaryPassword !== undefined && (
        <TemporaryPasswordDialog
          password={temporaryPassword}
          onClose={() => {
            setTemporaryPassword(undefined);
            notify(`The password of ${user.email} was reset.`);
          }}
        />
      )}
    </section>
  );
}
