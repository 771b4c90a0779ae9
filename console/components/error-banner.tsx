// What went wrong, in words: read out at once, and with what finds the request in the service's log.
import { LatchkeyError } from '../../client/index.js';

const UNKNOWN_EFFECT =
  'If this was a change, it may have taken effect or not: reload the page and look before you repeat it.';

/** Words of the console for what the service says to programs; everything else is said in the words of the service. */
const WORDS: Readonly<Record<string, readonly [title: string, text?: string]>> = {
  invalid_credentials: ['Wrong e-mail address or password', 'Or the account is disabled.'],
  forbidden: ['Not allowed', 'The roles of your account do not let you do this.'],
  // Of these the effect is not known (docs/errors.md): a commit may have been done although its answer was lost.
  database_unavailable: ['The database is away', UNKNOWN_EFFECT],
  handler_timeout: ['The service took too long', UNKNOWN_EFFECT],
  internal_error: ['Something went wrong in the service', UNKNOWN_EFFECT],
  unavailable: ['The service does not answer', UNKNOWN_EFFECT],
  unexpected_answer: [
    'Something else answered',
    `It was not the service: perhaps a proxy in front of it. ${UNKNOWN_EFFECT}`,
  ],
  overloaded: ['The service is busy', 'Nothing was changed. Try again in a moment.'],
  last_admin: [
    'The last administrator',
    'Nobody else has the role admin: this account must keep it, and stay enabled.',
  ],
  email_taken: ['This e-mail address is taken', 'Another account has it.'],
  setup_closed: [
    'This link does not work any more',
    'There is an admin, or the service has been started anew: then its last start has printed another link.',
  ],
  key_too_young: ['Too early', 'The next key has not been published for long enough: others would not know it yet.'],
};

interface TroubleProps {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
}

export function Trouble({ error, onRetry }: TroubleProps) {
  if (error === undefined) return null;
  const { code, message, requestId, errors, status } =
    error instanceof LatchkeyError ? error : new LatchkeyError('console_failed', String(error));
  const [title, text = message] =
    WORDS[code] ?? (status === 503 ? ['Not now', message] : status === 403 ? ['Not allowed'] : ['That did not work']);
  return (
    <div class="trouble" role="alert">
      <p>
        <strong>{title}.</strong> {text}
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
        <p class="quiet">
          {code} · request <code>{requestId}</code>
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

/** What is wrong with one field of a form, if the service said so. */
export function fieldError(error: unknown, path: string): string | undefined {
  return error instanceof LatchkeyError ? error.errors.find((each) => each.path === path)?.message : undefined;
}
