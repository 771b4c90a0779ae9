// Adds passkeys, with which the account can log in from then on, and removes second factors.
import { type Factor, textOf } from 'latchkey-client';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { useLatchkey } from './latchkey.js';
import { PasswordField } from './password-field.js';

export function Passkeys() {
  const { client } = useLatchkey();
  const [areAvailable, setAvailable] = useState(false);
  const [factors, setFactors] = useState<readonly Factor[]>([]);
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>();

  const attempt = useCallback(
    async (action?: () => Promise<unknown>) => {
      try {
        await action?.();
        setFactors((await client.factors()).factors);
        setError(undefined);
      } catch (caught) {
        setError(caught);
      }
    },
    [client],
  );
  useEffect(() => {
    void client.passkeysAvailable().then(setAvailable);
    void attempt();
  }, [client, attempt]);

  const add = (event: FormEvent) => {
    event.preventDefault();
    void attempt(() => client.addPasskey({ current_password: password, name: 'Added by the example' }));
  };
  return (
    <section aria-label="Second factors">
      <ul>
        {factors.map(({ id, type, name }) => (
          <li key={id}>
            {type === 'passkey' ? 'Passkey' : 'Authenticator app'} {name}{' '}
            <button type="button" onClick={() => void attempt(() => client.removeFactor(id, password))}>
              Remove
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={add}>
        <PasswordField label="Your password" value={password} onChange={setPassword} />
        {areAvailable && <button type="submit">Add a passkey</button>}
      </form>
      {error !== undefined && <p role="alert">{textOf(error)}</p>}
    </section>
  );
}
