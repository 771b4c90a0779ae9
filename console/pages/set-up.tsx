// The first administrator: an account for whoever has come by the link that the start of the service has printed.
import { useEffect, useRef, useState } from 'preact/hooks';
import { fieldError, Trouble } from '../components/error-banner.js';
import { TextField } from '../components/field.js';
import { useAct } from '../use-load.js';

interface SetUpProps {
  readonly setUp: (email: string, password: string) => Promise<void>;
  readonly onLogIn: () => void;
}

export function SetUpPage({ setUp, onLogIn }: SetUpProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [differs, setDiffers] = useState(false);
  const { act, error, isBusy } = useAct();
  const form = useRef<HTMLFormElement>(null);
  const second = useRef<HTMLDivElement>(null);
  useEffect(() => {
    document.title = 'Create the first admin · Latchkey console';
    form.current?.querySelector('input')?.focus();
  }, []);
  return (
    <form
      ref={form}
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        setDiffers(password !== again);
        if (password === again) void act(() => setUp(email, password));
        // Where it says what is wrong, for those who do not see it.
        else second.current?.querySelector('input')?.focus();
      }}
    >
      <h1>Create the first admin</h1>
      <p>
        Nobody administers this <span class="brand">Latchkey</span> yet. The account that you make here may do
        everything.
      </p>
      <Trouble error={error} />
      <TextField
        label="E-mail address"
        type="email"
        autocomplete="username"
        required
        value={email}
        onValue={setEmail}
        wrong={fieldError(error, '/email')}
      />
      <TextField
        label="Password"
        type="password"
        autocomplete="new-password"
        required
        value={password}
        onValue={setPassword}
        wrong={fieldError(error, '/password')}
      />
      <div ref={second}>
        <TextField
          label="The same again"
          type="password"
          autocomplete="new-password"
          required
          value={again}
          onValue={setAgain}
          wrong={differs && password !== again ? 'is not the same password' : undefined}
        />
      </div>
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? 'Creating…' : 'Create and log in'}
        </button>
        <button type="button" onClick={onLogIn}>
          Log in instead
        </button>
      </div>
    </form>
  );
}
