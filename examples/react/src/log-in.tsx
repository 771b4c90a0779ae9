// Registers and logs in, with a password or with a passkey. An account with a second factor is asked for it after the password.
import { LatchkeyError, type SecondFactorChallenge, textOf } from 'latchkey-client';
import { type FormEvent, useEffect, useState } from 'react';
import { useLatchkey } from './latchkey.js';
import { PasswordField } from './password-field.js';
import { SecondFactor } from './second-factor.js';

export function LogIn() {
  const { client } = useLatchkey();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [secondFactor, setSecondFactor] = useState<SecondFactorChallenge>();
  const [error, setError] = useState<unknown>();
  const hasPasskeys = usePasskeys(setError);

  async function attempt(action: () => Promise<unknown>) {
    setError(undefined);
    try {
      await action();
    } catch (caught) {
      const required = caught instanceof LatchkeyError ? caught.secondFactor : undefined;
      if (required === undefined) setError(caught);
      else setSecondFactor(required);
    }
  }

  const logIn = () => client.login({ email, password });
  const register = async () => {
    await client.register({ email, password });
    await logIn();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(logIn);
  };

  if (secondFactor !== undefined) {
    return <SecondFactor required={secondFactor} onCancel={() => setSecondFactor(undefined)} />;
  }
  return (
    <form onSubmit={submit}>
      <label>
        E-mail address
        <input type="email" autoComplete="username webauthn" value={email} onChange={(e) => setEmail(e.target.value)} />
      </label>
      <PasswordField label="Password" value={password} onChange={setPassword} />
      <button type="submit">Log in</button>
      <button type="button" onClick={() => void attempt(register)}>
        Register
      </button>
      {hasPasskeys && (
        <button type="button" onClick={() => void attempt(() => client.logInWithPasskey())}>
          Use a passkey
        </button>
      )}
      {error !== undefined && <p role="alert">{textOf(error)}</p>}
    </form>
  );
}

/** Whether passkeys can be used. While the component is shown, the browser also offers them in the autofill of the address. */
function usePasskeys(onError: (error: unknown) => void): boolean {
  const { client } = useLatchkey();
  const [areAvailable, setAvailable] = useState(false);
  useEffect(() => {
    const shown = new AbortController();
    const offer = async () => {
      setAvailable(await client.passkeysAvailable());
      if (await client.passkeysAvailable({ conditional: true }))
        await client.logInWithPasskey({ conditional: true, signal: shown.signal });
    };
    offer().catch((error) => {
      if (!(error instanceof LatchkeyError && error.code === 'passkey_cancelled')) onError(error);
    });
    return () => shown.abort();
  }, [client, onError]);
  return areAvailable;
}
