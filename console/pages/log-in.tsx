// The login form.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ErrorBanner } from '../components/error-banner.js';
import { TextField } from '../components/field.js';
import { useAction } from '../use-action.js';

interface LogInPageProps {
  readonly logIn: (email: string, password: string) => Promise<void>;
}

export function LogInPage({ logIn }: LogInPageProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { run, error, isBusy } = useAction();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    document.title = 'Log in · Latchkey console';
    form.current?.querySelector('input')?.focus();
  }, []);
  return (
    <form
      ref={form}
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => logIn(email, password));
      }}
    >
      <h1>
        <span class="brand">Latchkey</span> console
      </h1>
      <ErrorBanner error={error} />
      <TextField
        label="E-mail address"
        type="email"
        autocomplete="username"
        required
        value={email}
        onValueChange={setEmail}
      />
      <TextField
        label="Password"
        type="password"
        autocomplete="current-password"
        required
        value={password}
        onValueChange={setPassword}
      />
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? 'Logging in…' : 'Log in'}
        </button>
      </div>
      <p class="muted">Reloading the page logs you out, unless the service keeps refresh tokens in cookies.</p>
    </form>
  );
}
