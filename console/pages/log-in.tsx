// The login form, and the form for the code of accounts with a second factor.
import { useState } from 'preact/hooks';
import { LatchkeyError } from '../../client/index.js';
import { ErrorBanner } from '../components/error-banner.js';
import { TextField } from '../components/field.js';
import { useAction } from '../use-action.js';
import { useEntryForm } from '../use-entry-form.js';

interface LogInPageProps {
  readonly logIn: (email: string, password: string) => Promise<void>;
  readonly completeLogIn: (challenge: string, code: string) => Promise<void>;
}

export function LogInPage({ logIn, completeLogIn }: LogInPageProps) {
  const [challenge, setChallenge] = useState<string>();
  const [error, setError] = useState<unknown>();
  if (challenge === undefined) {
    return (
      <PasswordForm
        earlierError={error}
        logIn={async (email, password) => {
          setError(undefined);
          try {
            await logIn(email, password);
          } catch (caught) {
            const required = caught instanceof LatchkeyError ? caught.secondFactor : undefined;
            if (required === undefined) throw caught;
            setChallenge(required.challenge);
          }
        }}
      />
    );
  }
  return (
    <CodeForm
      onCancel={() => setChallenge(undefined)}
      completeLogIn={async (code) => {
        try {
          await completeLogIn(challenge, code);
        } catch (caught) {
          // The challenge cannot be used any more: the login begins again.
          if (!(caught instanceof LatchkeyError && caught.code === 'invalid_challenge')) throw caught;
          setError(caught);
          setChallenge(undefined);
        }
      }}
    />
  );
}

interface PasswordFormProps {
  readonly logIn: (email: string, password: string) => Promise<void>;
  /** Why an earlier login came to nothing after its password. */
  readonly earlierError: unknown;
}

function PasswordForm({ logIn, earlierError }: PasswordFormProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { run, error, isBusy } = useAction();
  const form = useEntryForm('Log in');
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
      <ErrorBanner error={error ?? earlierError} />
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

interface CodeFormProps {
  readonly completeLogIn: (code: string) => Promise<void>;
  readonly onCancel: () => void;
}

function CodeForm({ completeLogIn, onCancel }: CodeFormProps) {
  const [code, setCode] = useState('');
  const { run, error, isBusy } = useAction();
  const form = useEntryForm('Enter the code');
  return (
    <form
      ref={form}
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => completeLogIn(code));
      }}
    >
      <h1>Enter the code</h1>
      <ErrorBanner error={error} />
      <TextField
        label="Code"
        hint="The code that your authenticator app shows, or a recovery code."
        autocomplete="one-time-code"
        required
        value={code}
        onValueChange={setCode}
      />
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? 'Logging in…' : 'Log in'}
        </button>
        <button type="button" onClick={onCancel}>
          Back
        </button>
      </div>
    </form>
  );
}
