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
  readonly params: {
    readonly missingProperty?: unknown;
    readonly limit?: unknown;
    readonly type?: unknown;
    readonly format?: unknown;
    readonly allowedValues?: readonly unknown[];
  };
}

/** Never throws. An unknown error becomes `internal_error`, with the original as its cause. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code, statusCode, validation, validationContext }: Thrown =
    typeof error === 'object' && error !== null ? error : {};
  if (validation !== undefined) {
    return new Problem('validation_failed', { errors: fieldErrors(validation, validationContext) });
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

/** At most ten fields, each with the first thing that is wrong with it. */
function fieldErrors(validation: readonly AjvError[], context?: string): FieldError[] {
  const fields = new Map<string, FieldError>();
  for (const each of validation) {
    const error = fieldError(each, context);
    if (!fields.has(error.path)) fields.set(error.path, error);
    if (fields.size === 10) break;
  }
  return [...fields.values()];
}

function fieldError(error: AjvError, context = 'body'): FieldError {
  const { keyword, instancePath, params } = error;
  const prefix = context === 'body' ? '' : `/${context === 'querystring' ? 'query' : context}`;
  if (keyword === 'required')
    return { path: `${prefix}${instancePath}/${params.missingProperty}`, message: 'is required' };
  if (keyword === 'type' && instancePath === '' && context === 'body') {
    return { path: '', message: 'must be a JSON object' };
  }
  // Only a repeated parameter is not a string.
  if (keyword === 'type' && context === 'querystring') {
    return { path: `${prefix}${instancePath}`, message: 'must be sent only once' };
  }
  return { path: `${prefix}${instancePath}`, message: messageOf(error) };
}

/** About a text that is no RFC 3339 timestamp. */
export const NO_TIMESTAMP = 'must be a date and time such as 2026-11-30T12:00:00Z';

/** Front ends show these texts to users. Those of Ajv are written for developers, as in "must NOT have fewer than 1 characters". */
function messageOf({ keyword, message, params: { limit, type, format, allowedValues = [] } }: AjvError): string {
  switch (keyword) {
    case 'pattern':
      // The regular expression would not help the reader.
      return 'has an invalid format';
    case 'format':
      return format === 'date-time' ? NO_TIMESTAMP : 'has an invalid format';
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'maxItems':
      return `must have at most ${limit} items`;
    case 'enum':
      return `must be ${allowedValues.length > 1 ? 'one of ' : ''}${allowedValues.join(', ')}`;
    case 'type':
      return typeof type === 'string' ? `must be ${/^[aio]/.test(type) ? 'an' : 'a'} ${type}` : 'has the wrong type';
    default:
      return message ?? 'is not valid';
  }
}
