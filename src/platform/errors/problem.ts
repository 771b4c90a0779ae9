// Errors that the API returns to its caller.
import { type CatalogueEntry, catalogue, type ErrorCode } from './catalogue.js';
import { type ProblemBody, type ProblemExtension, problemBody } from './problem-body.js';

/** An invalid field: its location, as a JSON Pointer into the request part, and the reason. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

interface ProblemOptions {
  /** The invalid fields, for `validation_failed`. */
  readonly errors?: readonly FieldError[];
  /** Additional response headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of the body that only this error has, such as what is wrong with this instance. */
  readonly extension?: ProblemExtension;
  /** The internal error: logged, never sent. */
  readonly cause?: unknown;
}

/** Can be thrown from any depth: the error handler responds with the status and text that the catalogue has for `code`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[] | undefined;
  /** Members of the body that only this error has. */
  readonly extension: ProblemExtension;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, options: ProblemOptions = {}) {
    super(catalogue[code].detail, { cause: options.cause });
    this.code = code;
    this.errors = options.errors;
    this.extension = options.extension ?? {};
    this.#headers = options.headers ?? {};
  }

  get status(): number {
    return catalogue[this.code].status;
  }

  /** The response headers that accompany the status, such as `WWW-Authenticate` and `Retry-After`. */
  get headers(): Record<string, string> {
    const { challenge, retryAfter }: CatalogueEntry = catalogue[this.code];
    return {
      ...(challenge !== undefined && { 'www-authenticate': challengeHeader(challenge) }),
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      ...this.#headers,
    };
  }

  toBody(requestId: string): ProblemBody {
    return problemBody(this.code, requestId, this.errors, this.extension);
  }
}

/** A `validation_failed` for one field, for checks that a schema cannot express. */
export function invalidField(path: string, message: string): Problem {
  return new Problem('validation_failed', { errors: [{ path, message }] });
}

function challengeHeader(error: string | null): string {
  return error === null ? 'Bearer realm="latchkey"' : `Bearer realm="latchkey", error="${error}"`;
}
