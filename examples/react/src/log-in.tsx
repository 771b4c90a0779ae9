// Registers and logs in. An account with a second factor is asked for a code after the password.
import { LatchkeyError, textOf } from 'latchkey-client';
import { type FormEvent, useState } from 'react';
import { useLatchkey } from './latchkey.js';

export function LogIn() {
  const { client } = useLatchkey();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [challenge, setChallenge] = useState<string>();
  const [code, setCode] = useState('');
  const [error, setError] = useState<unknown>();

  async function attempt(action: () => Promise<unknown>) {
    setError(undefined);
    try {
      await action();
    } catch (caught) {
      const secondFactor = caught instanceof LatchkeyError ? caught.secondFactor : undefined;
      if (secondFactor === undefined) setError(caught);
      else setChallenge(secondFactor.challenge);
    }
  }

  const logIn = () => client.login({ email, password });
  const register = async () => {
    await client.register({ email, password });
    await logIn();
  };
  const submit = (action: () => Promise<unknown>) => (event: FormEvent) => {
    event.preventDefault();
    void attempt(action);
  };

  if (challenge !== undefined) {
    return (
      <form onSubmit={submit(() => client.completeLogin({ challenge, code }))}>
        <label>
          Code of your authenticator app
          <input
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            onChange={(e) => setCode(e.target.value)}
          />
        </label>
        <button type="submit">Continue</button>
        {error !== undefined && <p role="alert">{textOf(error)}</p>}
      </form>
    );
  }
  return (
    <form onSubmit={submit(logIn)}>
      <label>
        E-mail address
        <input type="email" autoComplete="username" value={email} onChange={(e) => setEmail(e.target.value)} />
      </label>
      <label>
        Password
        <input
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(e) => setPassword(e.target.value)}
        />
      </label>
      <button type="submit">Log in</button>
      <button type="button" onClick={() => void attempt(register)}>
        Register
      </button>
      {error !== undefined && <p role="alert">{textOf(error)}</p>}
    </form>
  );
}
