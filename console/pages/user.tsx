// One account: what it is, and everything that can be done to it.
import { useState } from 'preact/hooks';
import type { ResetPassword, Roles, User } from '../api.js';
import { Confirm, TemporaryPassword } from '../components/dialog.js';
import { Trouble } from '../components/error-banner.js';
import { Checks, TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { Moment } from '../components/timestamp.js';
import { go } from '../router.js';
import { useConsole } from '../session.js';
import { useAct, useLoad } from '../use-load.js';

export function UserPage({ id }: { readonly id: string }) {
  const { may } = useConsole();
  const path = `/api/admin/users/${encodeURIComponent(id)}/`;
  const { data: user, error, isLoading, reload, replace } = useLoad<User>(path);
  return (
    <Page title={user?.email ?? `User ${id}`} up={['#/users', 'Users']}>
      <Trouble error={error} onRetry={reload} />
      {user === undefined && isLoading && <p class="quiet">Loading…</p>}
      {user && (
        <>
          <Facts user={user} />
          <p class="links">
            <a href={`#/users/${user.id}/sessions`}>Sessions</a>
            {may('audit:read') && <a href={`#/audit?target_type=user&target_id=${user.id}`}>What was done to it</a>}
            {may('audit:read') && <a href={`#/audit?user_id=${user.id}`}>What it has done</a>}
          </p>
          {may('users:write') && <Edit key={`edit ${user.updated_at}`} user={user} path={path} onChanged={replace} />}
          {may('users:write') && may('roles:write') && may('roles:read') && (
            <EditRoles key={`roles ${user.roles}`} user={user} path={path} onChanged={replace} />
          )}
          {may('users:write') && <Deeds user={user} path={path} onChanged={replace} />}
        </>
      )}
    </Page>
  );
}

function Facts({ user }: { readonly user: User }) {
  return (
    <dl class="facts">
      <dt>Id</dt>
      <dd>{user.id}</dd>
      <dt>State</dt>
      <dd>
        {user.disabled_at ? (
          <>
            <span class="badge warn">disabled</span> <Moment at={user.disabled_at} />
            {user.disabled_reason && `: ${user.disabled_reason}`}
          </>
        ) : (
          <span class="badge good">enabled</span>
        )}
      </dd>
      <dt>Username</dt>
      <dd>{user.username || 'none'}</dd>
      <dt>Roles</dt>
      <dd>{user.roles.join(', ') || 'none'}</dd>
      <dt>Password</dt>
      <dd>{user.has_password ? 'set' : 'none'}</dd>
      <dt>Created</dt>
      <dd>
        <Moment at={user.created_at} />
      </dd>
      <dt>Changed</dt>
      <dd>
        <Moment at={user.updated_at} />
      </dd>
    </dl>
  );
}

interface PartProps {
  readonly user: User;
  readonly path: string;
  readonly onChanged: (user: User) => void;
}

function Edit({ user, path, onChanged }: PartProps) {
  const { call, say } = useConsole();
  const { act, error, isBusy } = useAct();
  const [email, setEmail] = useState(user.email);
  const [username, setUsername] = useState(user.username);
  const isChanged = email !== user.email || username !== user.username;
  return (
    <form
      class="card"
      aria-label="Account"
      onSubmit={(event) => {
        event.preventDefault();
        void act(async () => {
          // What is left out stays: somebody else may have changed it meanwhile.
          onChanged(
            await call<User>('PUT', path, {
              ...(email !== user.email && { email }),
              ...(username !== user.username && { username }),
            }),
          );
          say('Saved.');
        });
      }}
    >
      <h2>Account</h2>
      <Trouble error={error} />
      <TextField
        label="E-mail address"
        type="email"
        autocomplete="off"
        required
        hint="A new address ends all sessions of the account."
        value={email}
        onValue={setEmail}
      />
      <TextField label="Username" autocomplete="off" value={username} onValue={setUsername} />
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy || !isChanged}>
          Save
        </button>
      </div>
    </form>
  );
}

function EditRoles({ user, path, onChanged }: PartProps) {
  const { call, say } = useConsole();
  const { act, error, isBusy } = useAct();
  const known = useLoad<Roles>('/api/admin/roles/');
  const [roles, setRoles] = useState<readonly string[]>(user.roles);
  const isChanged = [...roles].sort().join() !== [...user.roles].sort().join();
  const names = new Map([
    // A role that has been deleted can still be taken away.
    ...user.roles.map((name) => [name, 'no such role any more'] as const),
    ...(known.data?.roles ?? []).map(({ name, description }) => [name, description] as const),
  ]);
  return (
    <form
      class="card"
      aria-label="Roles"
      onSubmit={(event) => {
        event.preventDefault();
        void act(async () => {
          onChanged(await call<User>('PUT', path, { roles }));
          say('The roles have been changed. They are in the next access token.');
        });
      }}
    >
      <h2>Roles</h2>
      <Trouble error={known.error} onRetry={known.reload} />
      <Trouble error={error} />
      {known.data && (
        <Checks legend="What the account may do" options={[...names]} chosen={roles} onChosen={setRoles} />
      )}
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy || !isChanged}>
          Save roles
        </button>
      </div>
    </form>
  );
}

type Question = 'disable' | 'enable' | 'reset' | 'delete';

/** What is asked about first. */
function Deeds({ user, path, onChanged }: PartProps) {
  const { call, say } = useConsole();
  const { act, error, isBusy } = useAct();
  const [question, setQuestion] = useState<Question>();
  const [text, setText] = useState('');
  const [password, setPassword] = useState<string>();

  function ask(next: Question) {
    setText('');
    setQuestion(next);
  }

  /** Closes the question in any case: what went wrong is told on the page, as is what was done. */
  const answer = (deed: () => Promise<void>) => () =>
    void act(async () => {
      try {
        await deed();
      } finally {
        setQuestion(undefined);
      }
    });
  const common = { isBusy, onClose: () => setQuestion(undefined) };

  return (
    <section class="card" aria-label="More">
      <h2>More</h2>
      <Trouble error={error} />
      <div class="buttons">
        {user.disabled_at === null ? (
          <button type="button" onClick={() => ask('disable')}>
            Disable…
          </button>
        ) : (
          <button type="button" onClick={() => ask('enable')}>
            Enable…
          </button>
        )}
        <button type="button" onClick={() => ask('reset')}>
          Reset the password…
        </button>
        <button type="button" class="danger" onClick={() => ask('delete')}>
          Delete…
        </button>
      </div>
      {question === 'disable' && (
        <Confirm
          {...common}
          title={`Disable ${user.email}?`}
          deed="Disable"
          isDangerous
          onConfirm={answer(async () => {
            onChanged(await call<User>('POST', `${path}disable/`, { reason: text }));
            say(`${user.email} is disabled, and all its sessions have ended.`);
          })}
        >
          <p>Nobody can log in with it any more, and all its sessions end.</p>
          <TextField label="Reason" required autocomplete="off" value={text} onValue={setText} />
        </Confirm>
      )}
      {question === 'enable' && (
        <Confirm
          {...common}
          title={`Enable ${user.email}?`}
          deed="Enable"
          onConfirm={answer(async () => {
            onChanged(await call<User>('POST', `${path}enable/`, { reason: text }));
            say(`${user.email} is enabled.`);
          })}
        >
          <TextField label="Reason" required autocomplete="off" value={text} onValue={setText} />
        </Confirm>
      )}
      {question === 'reset' && (
        <Confirm
          {...common}
          title={`Reset the password of ${user.email}?`}
          deed="Reset"
          isDangerous
          onConfirm={answer(async () => {
            const reset = await call<ResetPassword>('POST', `${path}reset-password/`);
            setPassword(reset.temporary_password);
          })}
        >
          <p>The present password stops working, all sessions end, and a temporary password is shown once.</p>
        </Confirm>
      )}
      {question === 'delete' && (
        <Confirm
          {...common}
          title={`Delete ${user.email}?`}
          deed="Delete for good"
          isDangerous
          isBusy={isBusy || text !== user.email}
          onConfirm={answer(async () => {
            await call('DELETE', path);
            go('/users');
            say(`${user.email} is deleted.`);
          })}
        >
          <p>The account and its sessions are gone for good. To keep it from being used, disable it instead.</p>
          <TextField label={`Enter ${user.email} to go on`} autocomplete="off" value={text} onValue={setText} />
        </Confirm>
      )}
      {password !== undefined && (
        <TemporaryPassword
          password={password}
          onClose={() => {
            setPassword(undefined);
            say(`${user.email} has a temporary password.`);
          }}
        />
      )}
    </section>
  );
}
