// Translates anything that was thrown into the problem that the API returns.
import type { ErrorCode } from './catalogue.js';
import { isDatabaseUnavailable } from './database-errors.js';
import { type FieldError, Problem } from './problem.js';

/** Fastify's own errors, by code. */
const FRAMEWORK_ERRORS: ReadonlyMap<unknown, ErrorCode> = new Map([
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'unsupported_media_type'],
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'body_too_large'],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', 'malformed_json'],
  ['FST_ERR_CTP_INVALID_JSON_BODY', 'malformed_json'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'malformed_request'],
  ['FST_ERR_BAD_URL', 'malformed_request'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'not_found'],
  ['FST_ERR_HANDLER_TIMEOUT', 'handler_timeout'],
]);

/** Errors of Node's HTTP parser, which occur before a request exists. */
const PARSER_ERRORS: ReadonlyMap<unknown, ErrorCode> = new Map([
  ['HPE_HEADER_OVERFLOW', 'headers_too_large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request_timeout'],
  // The client pipelined too many requests (src/platform/http/pipelining.ts).
  ['HPE_PAUSED', 'rate_limited'],
]);

/** The properties of a thrown value that identify the error. */
interface Thrown {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly validation?: readonly AjvError[];
  readonly validationContext?: string;
}

interface AjvError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message?: string;
  readonly params: { readonly missingProperty?: unknown };
}

/** Never throws. An unknown error becomes `internal_error`, with the original as its cause. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code, statusCode, validation, validationContext }: Thrown =
    typeof error === 'object' && error !== null ? error : {};
  if (validation !== undefined) {
    return new Problem('validation_failed', {
      errors: validation.slice(0, 10).map((each) => fieldError(each, validationContext)),
    });
  }
  const known = FRAMEWORK_ERRORS.get(code);
  if (known !== undefined) return new Problem(known, { cause: error });
  if (statusCode === 404) return new Problem('not_found', { cause: error });
  // Before the database check: a client that disconnects while sending its body causes an ECONNRESET too, with Fastify's status 400.
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new Problem('malformed_request', { cause: error });
  }
  if (isDatabaseUnavailable(error)) return new Problem('database_unavailable', { cause: error });
  return new Problem('internal_error', { cause: error });
}

/** The problem for an error of Node's HTTP parser. */
export function parserProblem(code: string | undefined): Problem {
  return new Problem(PARSER_ERRORS.get(code) ?? 'malformed_request');
}

function fieldError({ keyword, instancePath, message, params }: AjvError, context = 'body'): FieldError {
  const prefix = context === 'body' ? '' : `/${context === 'querystring' ? 'query' : context}`;
  if (keyword === 'required')
    return { path: `${prefix}${instancePath}/${params.missingProperty}`, message: 'is required' };
  if (keyword === 'type' && instancePath === '' && context === 'body') {
    return { path: '', message: 'must be a JSON object' };
  }
  // A message with the regular expression would not help the reader.
  const text = keyword === 'pattern' ? 'has an invalid format' : (message ?? 'is not valid');
  return { path: `${prefix}${instancePath}`, message: text };
}
