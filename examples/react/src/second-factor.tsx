// Completes the login of an account with a second factor: with a code, a recovery code or a passkey.
import { type SecondFactorChallenge, textOf } from 'latchkey-client';
import { type FormEvent, useState } from 'react';
import { useLatchkey } from './latchkey.js';

interface Props {
  readonly required: SecondFactorChallenge;
  readonly onCancel: () => void;
}

export function SecondFactor({ required: { challenge, factors }, onCancel }: Props) {
  const { client } = useLatchkey();
  const [text, setText] = useState('');
  const [error, setError] = useState<unknown>();
  const hasPasskey = factors.includes('passkey');
  const canType = factors.some((each) => each !== 'passkey');

  const complete = (proof: { code: string } | { recovery_code: string } | { passkey: true }) => {
    setError(undefined);
    client.completeLogin({ challenge, ...proof }).catch(setError);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Apps show the six digits of a code in two groups. A recovery code is longer.
    const code = text.replaceAll(' ', '');
    complete(/^\d{6}$/.test(code) ? { code } : { recovery_code: text });
  };

  return (
    <form onSubmit={submit}>
      {canType && (
        <>
          <label>
            Code of your authenticator app, or a recovery code
            <input autoComplete="one-time-code" value={text} onChange={(e) => setText(e.target.value)} />
          </label>
          <button type="submit">Continue</button>
        </>
      )}
      {hasPasskey && (
        <button type="button" onClick={() => complete({ passkey: true })}>
          Use a passkey
        </button>
      )}
      <button type="button" onClick={onCancel}>
        Back
      </button>
      {error !== undefined && <p role="alert">{textOf(error)}</p>}
    </form>
  );
}
