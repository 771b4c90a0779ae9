// How a route declares which errors it can answer with.
import { STATUS_CODES } from 'node:http';
import { Type } from '@sinclair/typebox';
import { catalogue, type ErrorCode } from '#platform/errors/catalogue.js';
import { PROBLEM_MEDIA_TYPE, problemBody } from '#platform/errors/problem-body.js';

/** A request id, for examples. */
export const EXAMPLE_REQUEST_ID = 'k3v9x2c1q-1a';

/** What every operation can answer, whatever the request. */
const requestErrors = ['malformed_request', 'request_timeout', 'headers_too_large'] as const;

/** What every operation that takes a body answers before it acts; the `refusal`s of its fields go with them. */
const bodyErrors = ['malformed_json', 'body_too_large', 'unsupported_media_type'] as const;

/** What every operation that needs an access token answers. */
const tokenErrors = ['missing_token', 'invalid_token'] as const;

/** Errors of every operation that uses the database. */
export const databaseErrors = ['internal_error', 'database_unavailable'] as const;

/** Errors of every operation that hashes a password. All others end well before the handler's deadline. */
export const passwordErrors = ['overloaded', 'handler_timeout'] as const;

/** One way to fail with `validation_failed`, for the documentation: the field at fault and what is said about it. */
export interface Refusal {
  readonly name: string;
  readonly path: string;
  readonly message: string;
}

/** `name` is the example's, and says what is wrong with the request. */
export function refusal(name: string, path: string, message: string): Refusal {
  return { name, path, message };
}

/** What of an operation decides which errors it can answer beside its own. */
export interface OperationKind {
  readonly takesBody: boolean;
  readonly needsToken: boolean;
  readonly needsPermission: boolean;
  /** Whether REQUESTS_PER_MINUTE or a limit of its own applies. */
  readonly isLimited: boolean;
}

/**
 * The `response` entries for an operation's errors, one per status, each with an example per error: `own` and those of its kind. What a
 * route answers and what its documentation says cannot differ.
 */
export function problems(
  own: readonly (ErrorCode | Refusal)[],
  { takesBody, needsToken, needsPermission, isLimited }: OperationKind,
): Record<number, ReturnType<typeof problemResponse>> {
  const isRefusal = (error: ErrorCode | Refusal) => typeof error !== 'string';
  const errors: readonly (ErrorCode | Refusal)[] = [
    ...own.filter(isRefusal),
    ...(takesBody ? bodyErrors : []),
    ...(needsToken ? tokenErrors : []),
    ...(needsPermission ? (['forbidden'] as const) : []),
    ...own.filter((error) => !isRefusal(error)),
    ...requestErrors,
    ...(isLimited ? (['rate_limited'] as const) : []),
  ];
  const examples = errors.map(exampleOf);
  const statuses = new Set(examples.map(({ status }) => status));
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      problemResponse(
        status,
        examples.filter((example) => example.status === status),
      ),
    ]),
  );
}

type Example = ReturnType<typeof exampleOf>;

function exampleOf(error: ErrorCode | Refusal) {
  const [name, code, fields] =
    typeof error === 'string'
      ? [error, error]
      : [error.name, 'validation_failed' as const, [{ path: error.path, message: error.message }]];
  return { name, code, status: catalogue[code].status, value: problemBody(code, EXAMPLE_REQUEST_ID, fields) };
}

function problemResponse(status: number, examples: readonly Example[]) {
  const codes = [...new Set(examples.map(({ code }) => code))];
  return {
    description: [`${STATUS_CODES[status]}.`, ...codes.map((code) => `- \`${code}\`: ${catalogue[code].detail}`)].join(
      '\n',
    ),
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: Type.Ref('Problem'),
        examples: Object.fromEntries(examples.map(({ name, value }) => [name, { value }])),
      },
    },
  };
}
