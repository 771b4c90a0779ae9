// What goes wrong, by a code to branch on.

/** A field that the service refused. */
export interface FieldError {
  /** JSON Pointer into the body; `/headers/<name>` for a header. */
  readonly path: string;
  readonly message: string;
}

interface Answered {
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/**
 * The one error of this client. `code` is the service's (docs/errors.md), or one of three of ours:
 * - `signed_out`: there is no session here: it was ended, here or in another tab, or none was begun.
 * - `unavailable`: no answer, or none that the service gives. Whether the operation took effect is not known. A session
 *   goes on.
 * - `unexpected_answer`: something that is not the service answered. Whether the operation took effect is not known.
 *
 * Neither message nor members hold a token or a password.
 */
export class LatchkeyError extends Error {
  override readonly name = 'LatchkeyError';
  readonly code: string;
  /** The HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** Names the request in the service's log. */
  readonly requestId: string | undefined;
  /** The fields at fault, with `validation_failed`. */
  readonly errors: readonly FieldError[];
  /** How long the service asks to wait. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, message: string, answered: Answered = {}) {
    super(message, answered.cause === undefined ? undefined : { cause: answered.cause });
    this.code = code;
    this.status = answered.status;
    this.requestId = answered.requestId;
    this.errors = answered.errors ?? [];
    this.retryAfterSeconds = answered.retryAfterSeconds;
  }
}

/** What a call rejects with that needs a session when there is none. */
export function signedOut(): LatchkeyError {
  return new LatchkeyError('signed_out', 'Nobody is logged in here.');
}

/** Whether the same request may succeed later; a session is never ended for one of these. */
export function isTemporary(error: unknown): error is LatchkeyError {
  if (!(error instanceof LatchkeyError)) return false;
  const { code, status } = error;
  if (code === 'unavailable' || code === 'unexpected_answer' || code === 'refresh_token_used') return true;
  return status === 408 || status === 429 || (status !== undefined && status >= 500);
}
