// Creates an account with a temporary password.
import { useState } from 'preact/hooks';
import type { NewUser } from '../api.js';
import { TemporaryPasswordDialog } from '../components/dialog.js';
import { ErrorBanner } from '../components/error-banner.js';
import { TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { navigate } from '../router.js';
import { useConsole } from '../session.js';
import { useAction } from '../use-action.js';

export function NewUserPage() {
  const { call, notify } = useConsole();
  const { run, error, isBusy } = useAction();
  const [email, setEmail] = useState('');
  const [username, setUsername] = useState('');
  const [created, setCreated] = useState<NewUser>();
  return (
    <Page title="New user" parent={['#/users', 'Users']}>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void run(async () => setCreated(await call<NewUser>('POST', '/api/admin/users/', { email, username })));
        }}
      >
        <ErrorBanner error={error} />
        <TextField
          label="E-mail address"
          type="email"
          autocomplete="off"
          required
          value={email}
          onValueChange={setEmail}
        />
        <TextField label="Username" hint="Optional." autocomplete="off" value={username} onValueChange={setUsername} />
        <p class="muted">
          The account gets a temporary password, which is shown once. You can assign roles after it has been created.
        </p>
        <div class="buttons">
          <button type="submit" class="primary" disabled={isBusy}>
            Create user
          </button>
        </div>
      </form>
      {created && (
        <TemporaryPasswordDialog
          password={created.temporary_password}
          onClose={() => {
            navigate(`/users/${created.user.id}`);
            notify(`${created.user.email} was created.`);
          }}
        />
      )}
    </Page>
  );
}
