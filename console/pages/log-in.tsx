// The door: e-mail address and password. What one may do is seen after it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Trouble } from '../components/error-banner.js';
import { TextField } from '../components/field.js';
import { useAct } from '../use-load.js';

interface LogInProps {
  readonly logIn: (email: string, password: string) => Promise<void>;
}

export function LogInPage({ logIn }: LogInProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { act, error, isBusy } = useAct();
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
        void act(() => logIn(email, password));
      }}
    >
      <h1>
        <span class="brand">Latchkey</span> console
      </h1>
      <Trouble error={error} />
      <TextField
        label="E-mail address"
        type="email"
        autocomplete="username"
        required
        value={email}
        onValue={setEmail}
      />
      <TextField
        label="Password"
        type="password"
        autocomplete="current-password"
        required
        value={password}
        onValue={setPassword}
      />
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? 'Logging in…' : 'Log in'}
        </button>
      </div>
      <p class="quiet">Reloading the page logs you out: nothing is kept in the browser.</p>
    </form>
  );
}
