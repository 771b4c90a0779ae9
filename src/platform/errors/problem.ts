// An error on its way to the caller, and its form on the wire: application/problem+json (RFC 9457).
import { type CatalogueEntry, catalogue, type ErrorCode } from './catalogue.js';
import { type ProblemBody, problemBody } from './problem-body.js';

/** One field that was refused: where (a JSON Pointer into the request part) and why. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

interface ProblemOptions {
  /** The fields at fault, for `validation_failed`. */
  readonly errors?: readonly FieldError[];
  /** Further response headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What went wrong inside: logged, never sent. */
  readonly cause?: unknown;
}

/** Throw it from any depth: the error handler answers with the catalogue's status and words for `code`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[] | undefined;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, options: ProblemOptions = {}) {
    super(catalogue[code].detail, { cause: options.cause });
    this.code = code;
    this.errors = options.errors;
    this.#headers = options.headers ?? {};
  }

  get status(): number {
    return catalogue[this.code].status;
  }

  /** The response headers that go with the status: the challenge of a 401, the wait of a 503. */
  get headers(): Record<string, string> {
    const { challenge, retryAfter }: CatalogueEntry = catalogue[this.code];
    return {
      ...(challenge !== undefined && { 'www-authenticate': challengeHeader(challenge) }),
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      ...this.#headers,
    };
  }

  toBody(requestId: string): ProblemBody {
    return problemBody(this.code, requestId, this.errors);
  }
}

/** A `validation_failed` for one field that no schema can judge. */
export function invalidField(path: string, message: string): Problem {
  return new Problem('validation_failed', { errors: [{ path, message }] });
}

function challengeHeader(error: string | null): string {
  return error === null ? 'Bearer realm="latchkey"' : `Bearer realm="latchkey", error="${error}"`;
}
