// The way on for an operator who was refused because their address is not verified: the e-mail with the link, again.
import { useState } from 'preact/hooks';
import { LatchkeyError } from '../../client/index.js';
import type { Service } from '../session.js';
import { useAction } from '../use-action.js';
import { ErrorBanner } from './error-banner.js';

interface Props {
  /** Shown after `email_not_verified` only. */
  readonly error: unknown;
  readonly email: string;
  readonly resendVerification: Service['resendVerification'];
}

export function ResendVerification({ error, email, resendVerification }: Props) {
  const { run, error: failure, isBusy } = useAction();
  const [isSent, setSent] = useState(false);
  if (!(error instanceof LatchkeyError && error.code === 'email_not_verified')) return null;
  const send = () =>
    void run(async () => {
      await resendVerification(email);
      setSent(true);
    });
  return (
    <>
      <ErrorBanner error={failure} />
      <p>
        <button type="button" disabled={isBusy} onClick={send}>
          Send the e-mail again
        </button>{' '}
        <span role="status">{isSent && `An e-mail with a link is on its way to ${email}.`}</span>
      </p>
    </>
  );
}
