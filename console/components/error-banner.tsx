// Shows an error with its code and request ID, and announces it to screen readers.
import { LatchkeyError } from '../../client/index.js';
import { capitalize, formatWait } from '../format.js';

/** `{effect}` stands for one of these. */
const UNKNOWN_EFFECT =
  'If you were making a change, it may or may not have taken effect. Reload the page and check before you try again.';
const NO_EFFECT = 'Try again in a moment.';

const PASSKEY_REFUSED = [
  'This passkey was not accepted',
  'It may have been removed from the account, or you took too long. Try again, or use another way.',
] as const;

/** Texts for operators, by error code. For other codes, and where there is no text here, the service's own detail is shown. */
const MESSAGES: Readonly<Record<string, readonly [title: string, text?: string]>> = {
  validation_failed: ['The input is invalid', 'Correct these values and try again:'],
  invalid_credentials: ['Wrong e-mail address or password', 'If both are correct, the account may be disabled.'],
  current_password_wrong: ['Wrong password', 'It is not the password of your account. Nothing was changed. Try again.'],
  too_many_attempts: ['Too many wrong passwords or codes', 'Try again in {wait}.'],
  rate_limited: ['Too many requests', 'Try again in {wait}.'],
  second_factor_wrong: [
    'Wrong code',
    'It may have been used already or be out of date. Wait for the next code, and check that the clock of your device is right.',
  ],
  invalid_challenge: ['The login has expired', 'Enter your e-mail address and password again.'],
  passkey_refused: PASSKEY_REFUSED,
  factor_passkey_refused: PASSKEY_REFUSED,
  passkey_cancelled: [
    'No passkey was used',
    'You cancelled, it took too long, or this device has no passkey for this page.',
  ],
  passkey_exists: [
    'This device already has a passkey for your account',
    'Choose another device, or use the one that you have.',
  ],
  passkey_unsupported: [
    'This browser cannot use passkeys here',
    'Passkeys need a current browser and a page with https.',
  ],
  passkey_no_authenticator: [
    'This device cannot create a passkey',
    'Use another device, such as your phone or a security key.',
  ],
  passkey_origin_not_allowed: [
    'Passkeys cannot be used on this page',
    'They belong to another host name. Open the console under that name, or change PASSKEY_RP_ID.',
  ],
  passkey_failed: ['Your device could not use the passkey', 'Try again, or use another device.'],
  insufficient_user_authentication: [
    'Your login is too old for this change',
    'Nothing was changed. Confirm that it is you, or log out and log in again.',
  ],
  email_not_verified: [
    'The address of your account is not verified',
    'Follow the link in the e-mail that the service has sent to it, and try again.',
  ],
  second_factor_enrolment_required: ['Your account has to have a second factor', 'Add one under your own account.'],
  forbidden: ['Permission denied', 'Your roles do not allow this.'],
  // The outcome of the next five is unknown (docs/errors.md): a commit may have succeeded although its response was lost.
  database_unavailable: ['The database is unavailable', '{effect}'],
  handler_timeout: ['The request timed out', '{effect}'],
  internal_error: ['Internal error', '{effect}'],
  unavailable: ['The service does not respond', '{effect}'],
  unexpected_answer: [
    'Unexpected response',
    'It did not come from Latchkey, but possibly from a proxy in front of it. {effect}',
  ],
  overloaded: ['The service is busy', 'Nothing was changed. Try again in a moment.'],
  last_admin: [
    'This is the last administrator',
    'The account must keep the role admin and stay enabled. Give another account the role first.',
  ],
  email_taken: ['This e-mail address is already in use', 'Enter a different address.'],
  setup_closed: [
    'This link no longer works',
    'Either an administrator exists, or the service has restarted and printed a new link.',
  ],
  key_too_young: [
    'Too early to rotate',
    'The next key was published only recently, and verifiers may not know it yet. Try again later.',
  ],
};

interface ErrorBannerProps {
  /** Undefined shows nothing. */
  readonly error: unknown;
  /** Repeats what failed, which can change nothing. */
  readonly onRetry?: (() => void) | undefined;
  /** Whether what failed can be repeated without harm, such as a login. */
  readonly isHarmless?: boolean;
}

export function ErrorBanner({ error, onRetry, isHarmless = onRetry !== undefined }: ErrorBannerProps) {
  if (error === undefined) return null;
  const { code, message, requestId, errors, status, retryAfterSeconds } =
    error instanceof LatchkeyError ? error : new LatchkeyError('console_failed', String(error));
  const [title, text = message] = MESSAGES[code] ?? [defaultTitle(status)];
  return (
    <div class="error-banner" role="alert">
      <p>
        <strong>{title}.</strong>{' '}
        {text
          .replace('{effect}', isHarmless ? NO_EFFECT : UNKNOWN_EFFECT)
          .replace('{wait}', formatWait(retryAfterSeconds ?? 60))}
      </p>
      {errors.length > 0 && (
        <ul>
          {errors.map(({ path, message }) => (
            <li key={path}>
              <code>{path.replace(/^\/(query\/)?/, '')}</code> {message}
            </li>
          ))}
        </ul>
      )}
      {requestId !== undefined && (
        <p class="muted">
          Error code <code>{code}</code> · Request ID <code>{requestId}</code>
        </p>
      )}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

function defaultTitle(status: number | undefined): string {
  if (status === 503) return 'Temporarily unavailable';
  return status === 403 ? 'Permission denied' : 'The request failed';
}

/** The service's message for one field of a form, as a sentence. `path`: a JSON Pointer into the body. */
export function fieldError(error: unknown, path: string): string | undefined {
  if (!(error instanceof LatchkeyError)) return undefined;
  const message = error.errors.find((each) => each.path === path)?.message;
  return message && capitalize(message).replace(/[^.]$/, '$&.');
}
