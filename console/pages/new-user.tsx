// Makes an account, with a temporary password.
import { useState } from 'preact/hooks';
import type { NewUser } from '../api.js';
import { TemporaryPassword } from '../components/dialog.js';
import { Trouble } from '../components/error-banner.js';
import { TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { go } from '../router.js';
import { useConsole } from '../session.js';
import { useAct } from '../use-load.js';

export function NewUserPage() {
  const { call, say } = useConsole();
  const { act, error, isBusy } = useAct();
  const [email, setEmail] = useState('');
  const [username, setUsername] = useState('');
  const [created, setCreated] = useState<NewUser>();
  return (
    <Page title="New user" up={['#/users', 'Users']}>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void act(async () => setCreated(await call<NewUser>('POST', '/api/admin/users/', { email, username })));
        }}
      >
        <Trouble error={error} />
        <TextField label="E-mail address" type="email" autocomplete="off" required value={email} onValue={setEmail} />
        <TextField label="Username" hint="May be empty." autocomplete="off" value={username} onValue={setUsername} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={isBusy}>
            Create
          </button>
        </div>
        <p class="quiet">The account gets a temporary password, shown once. Roles are given on its page.</p>
      </form>
      {created && (
        <TemporaryPassword
          password={created.temporary_password}
          onClose={() => {
            go(`/users/${created.user.id}`);
            say(`${created.user.email} has been created.`);
          }}
        />
      )}
    </Page>
  );
}
