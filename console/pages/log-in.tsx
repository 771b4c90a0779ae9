// The login form, and the form for the second factor of accounts that have one.
import { useEffect, useState } from 'preact/hooks';
import { LatchkeyError, type SecondFactorChallenge } from '../../client/index.js';
import { CodeField, hasCodes } from '../components/code-field.js';
import { ErrorBanner } from '../components/error-banner.js';
import { TextField } from '../components/field.js';
import { ResendVerification } from '../components/resend-verification.js';
import type { Proof, Service } from '../session.js';
import { useAction } from '../use-action.js';
import { useEntryForm } from '../use-entry-form.js';

interface PasswordFormProps {
  readonly resendVerification: Service['resendVerification'];
  readonly logIn: (email: string, password: string) => Promise<void>;
  readonly passkeysAvailable: Service['passkeysAvailable'];
  readonly logInWithPasskey: (...options: Parameters<Service['logInWithPasskey']>) => Promise<void>;
}

interface LogInPageProps extends PasswordFormProps {
  readonly completeLogIn: (challenge: string, proof: Proof) => Promise<void>;
}

export function LogInPage({ logIn, completeLogIn, ...passkeys }: LogInPageProps) {
  const [required, setRequired] = useState<SecondFactorChallenge>();
  const [error, setError] = useState<unknown>();
  if (required === undefined) {
    return (
      <PasswordForm
        {...passkeys}
        earlierError={error}
        logIn={async (email, password) => {
          setError(undefined);
          try {
            await logIn(email, password);
          } catch (caught) {
            const secondFactor = caught instanceof LatchkeyError ? caught.secondFactor : undefined;
            if (secondFactor === undefined) throw caught;
            setRequired(secondFactor);
          }
        }}
      />
    );
  }
  return (
    <SecondFactorForm
      factors={required.factors}
      onCancel={() => setRequired(undefined)}
      completeLogIn={async (proof) => {
        try {
          await completeLogIn(required.challenge, proof);
        } catch (caught) {
          // The challenge cannot be used any more: the login begins again.
          if (!(caught instanceof LatchkeyError && caught.code === 'invalid_challenge')) throw caught;
          setError(caught);
          setRequired(undefined);
        }
      }}
    />
  );
}

/**
 * Whether passkeys can be used. Until the form is left, the browser offers them in the autofill of its first field, too; `onError` gets what
 * prevents such a login.
 */
function usePasskeys(
  { passkeysAvailable, logInWithPasskey }: Pick<PasswordFormProps, 'passkeysAvailable' | 'logInWithPasskey'>,
  onError: (error: unknown) => void,
): boolean {
  const [areAvailable, setAvailable] = useState(false);
  useEffect(() => {
    const form = new AbortController();
    const offer = async () => {
      setAvailable(await passkeysAvailable());
      if (await passkeysAvailable({ conditional: true }))
        await logInWithPasskey({ conditional: true, signal: form.signal });
    };
    offer().catch((error) => {
      if (!(error instanceof LatchkeyError && error.code === 'passkey_cancelled')) onError(error);
    });
    return () => form.abort();
  }, []);
  return areAvailable;
}

function PasswordForm({
  logIn,
  resendVerification,
  earlierError,
  ...passkeys
}: PasswordFormProps & {
  /** Why an earlier login failed after its password had been accepted. */
  readonly earlierError: unknown;
}) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [autofillError, setAutofillError] = useState<unknown>();
  const { run, error, isBusy } = useAction();
  const hasPasskeys = usePasskeys(passkeys, setAutofillError);
  const form = useEntryForm('Log in');
  return (
    <form
      ref={form}
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        setAutofillError(undefined);
        void run(() => logIn(email, password));
      }}
    >
      <h1>
        <span class="brand">Latchkey</span> console
      </h1>
      <ErrorBanner error={error ?? autofillError ?? earlierError} isHarmless />
      <ResendVerification error={error} email={email} resendVerification={resendVerification} />
      <TextField
        label="E-mail address"
        type="email"
        autocomplete="username webauthn"
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
        {hasPasskeys && (
          <button type="button" disabled={isBusy} onClick={() => void run(() => passkeys.logInWithPasskey())}>
            Use a passkey
          </button>
        )}
      </div>
      {!isSecureContext && <p class="muted">Reloading the page logs you out, because it is not served over https.</p>}
    </form>
  );
}

interface SecondFactorFormProps {
  /** What the account has, as the API names it. */
  readonly factors: readonly string[];
  readonly completeLogIn: (proof: Proof) => Promise<void>;
  readonly onCancel: () => void;
}

function SecondFactorForm({ factors, completeLogIn, onCancel }: SecondFactorFormProps) {
  const [code, setCode] = useState('');
  const { run, error, isBusy } = useAction();
  const hasPasskey = factors.includes('passkey');
  const canType = hasCodes(factors);
  const title = hasPasskey ? 'Use your passkey' : 'Enter the code';
  const form = useEntryForm(title);
  const backButton = (
    <button type="button" onClick={onCancel}>
      Back
    </button>
  );
  return (
    <form
      ref={form}
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => completeLogIn({ type: 'code', text: code }));
      }}
    >
      <h1>{title}</h1>
      <ErrorBanner error={error} isHarmless />
      {hasPasskey && (
        <>
          <div class="buttons">
            <button
              type="button"
              class="primary"
              disabled={isBusy}
              onClick={() => void run(() => completeLogIn({ type: 'passkey' }))}
            >
              Use a passkey
            </button>
            {!canType && backButton}
          </div>
          {canType && <p>Or enter a code:</p>}
        </>
      )}
      {canType && (
        <>
          <CodeField factors={factors} value={code} onValueChange={setCode} />
          <div class="buttons">
            <button type="submit" class={hasPasskey ? '' : 'primary'} disabled={isBusy}>
              {isBusy ? 'Logging in…' : 'Log in'}
            </button>
            {backButton}
          </div>
        </>
      )}
    </form>
  );
}
