// Whatever was thrown, as the problem that the caller is told.

import type { ErrorCode } from './catalogue.js';
import { isDatabaseUnavailable } from './database-errors.js';
import { type FieldError, Problem } from './problem.js';

/** Fastify's own errors, by their code. */
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

/** Errors of node's HTTP parser, before there is a request. */
const PARSER_ERRORS: ReadonlyMap<unknown, ErrorCode> = new Map([
  ['HPE_HEADER_OVERFLOW', 'headers_too_large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request_timeout'],
  // Its connection sent too far ahead (src/platform/http/pipelining.ts).
  ['HPE_PAUSED', 'rate_limited'],
]);

/** As much of a thrown value as tells what it is. */
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

/** Never throws. What is not known is `internal_error`, with the original as its cause. */
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
  // Before the database: a client that leaves in the middle of its body is an ECONNRESET too, with Fastify's 400 on it.
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new Problem('malformed_request', { cause: error });
  }
  if (isDatabaseUnavailable(error)) return new Problem('database_unavailable', { cause: error });
  return new Problem('internal_error', { cause: error });
}

/** For an error of node's HTTP parser. */
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
  // The pattern itself helps nobody.
  const text = keyword === 'pattern' ? 'does not have the expected form' : (message ?? 'is not valid');
  return { path: `${prefix}${instancePath}`, message: text };
}
