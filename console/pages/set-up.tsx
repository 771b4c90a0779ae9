// Creates the first administrator. Opened by the one-time link that the service prints at startup.
import { useRef, useState } from 'preact/hooks';
import { ErrorBanner, fieldError } from '../components/error-banner.js';
import { TextField } from '../components/field.js';
import { useAction } from '../use-action.js';
import { useEntryForm } from '../use-entry-form.js';

interface SetUpPageProps {
  readonly setUp: (email: string, password: string) => Promise<void>;
  /** Called when the operator chooses to log in with an existing account. */
  readonly onLogIn: () => void;
}

export function SetUpPage({ setUp, onLogIn }: SetUpPageProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [confirmation, setConfirmation] = useState('');
  const [isMismatch, setMismatch] = useState(false);
  const { run, error, isBusy } = useAction();
  const form = useEntryForm('Create the first administrator');
  const confirmationField = useRef<HTMLDivElement>(null);
  return (
    <form
      ref={form}
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        setMismatch(password !== confirmation);
        if (password === confirmation) void run(() => setUp(email, password));
        // Moves the focus to the error, so that screen readers read it.
        else confirmationField.current?.querySelector('input')?.focus();
      }}
    >
      <h1>Create the first administrator</h1>
      <p>
        This <span class="brand">Latchkey</span> has no administrator yet. The account that you create here will have
        every permission.
      </p>
      <ErrorBanner error={error} />
      <TextField
        label="E-mail address"
        type="email"
        autocomplete="username"
        required
        value={email}
        onValueChange={setEmail}
        error={fieldError(error, '/email')}
      />
      <TextField
        label="Password"
        type="password"
        autocomplete="new-password"
        required
        value={password}
        onValueChange={setPassword}
        error={fieldError(error, '/password')}
      />
      <div ref={confirmationField}>
        <TextField
          label="Confirm password"
          type="password"
          autocomplete="new-password"
          required
          value={confirmation}
          onValueChange={setConfirmation}
          error={isMismatch && password !== confirmation ? 'The passwords do not match.' : undefined}
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
