// The client's only error class; a caller branches on its `code`.

/** A field that the service rejected, and why. */
export interface FieldError {
  /** JSON Pointer into the body; `/headers/<name>` for a header. */
  readonly path: string;
  readonly message: string;
}

/** What a login that needs a second factor got instead of a session. */
export interface SecondFactorChallenge {
  /** For `completeLogin`. Works once; it is of no use without a code. */
  readonly challenge: string;
  /** How long the challenge is valid. */
  readonly expiresInSeconds: number;
  /** What the account can answer with: `totp`, `passkey`, and `recovery_code` if it has any left. */
  readonly factors: readonly string[];
}

/** What an operation that needs a recent proof of identity got instead of its answer. */
export interface StepUpRequest {
  /** What the user can prove it with: `password`, or `totp`, `passkey` and `recovery_code`. Empty: only with a new login. */
  readonly factors: readonly string[];
  /** How old the proof may be; undefined if the service does not say. */
  readonly maxAgeSeconds: number | undefined;
}

interface Details {
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly secondFactor?: SecondFactorChallenge | undefined;
  readonly stepUp?: StepUpRequest | undefined;
  readonly cause?: unknown;
}

/**
 * The only error that this client throws. `code` is one of the service's codes (docs/errors.md), a `PasskeyErrorCode`, or one of these
 * three:
 * - `signed_out`: there is no session. It ended, here or in another tab, or no login has happened yet.
 * - `unavailable`: the service did not answer, or its answer could not be read. It is not known whether the operation took effect. The
 *   session stays alive.
 * - `unexpected_answer`: the answer does not come from the service. It is not known whether the operation took effect.
 *
 * Neither the message nor any property contains a token or a password, except `secondFactor`, which has the challenge.
 */
export class LatchkeyError extends Error {
  override readonly name = 'LatchkeyError';
  readonly code: string;
  /** The HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** Identifies the request in the service's log. */
  readonly requestId: string | undefined;
  /** The invalid fields, when the code is `validation_failed`; otherwise empty. */
  readonly errors: readonly FieldError[];
  /** How long to wait before the next attempt, as the service asks (`Retry-After`). */
  readonly retryAfterSeconds: number | undefined;
  /** Present if the code is `second_factor_required`: pass its `challenge` to `completeLogin`, with a code of the user. */
  readonly secondFactor: SecondFactorChallenge | undefined;
  /** Present if the code is `insufficient_user_authentication`: call `stepUp`, and then the operation again. */
  readonly stepUp: StepUpRequest | undefined;

  constructor(code: string, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.requestId = details.requestId;
    this.errors = details.errors ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.secondFactor = details.secondFactor;
    this.stepUp = details.stepUp;
  }
}

/** The error of a call that needs a session when there is none. */
export function signedOut(): LatchkeyError {
  return new LatchkeyError('signed_out', 'You are not logged in. Log in and try again.');
}

/** Whether the same request may succeed later. Such an error never ends a session. */
export function isTemporary(error: unknown): error is LatchkeyError {
  if (!(error instanceof LatchkeyError)) return false;
  const { code, status } = error;
  if (code === 'unavailable' || code === 'unexpected_answer' || code === 'refresh_token_used') return true;
  return status === 408 || status === 429 || (status !== undefined && status >= 500);
}
