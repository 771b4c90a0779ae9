// Builders for the errors that a route can return.
import { STATUS_CODES } from 'node:http';
import { Type } from '@sinclair/typebox';
import { catalogue, type ErrorCode } from '#platform/errors/catalogue.js';
import { PROBLEM_MEDIA_TYPE, type ProblemExtension, problemBody } from '#platform/errors/problem-body.js';

/** The request id in examples. */
export const EXAMPLE_REQUEST_ID = 'k3v9x2c1q-1a';

/** The challenge in examples. */
export const EXAMPLE_CHALLENGE = 'kT3vB9xQ2mZcYw0r8uJd6sLgWnPa1eRf7iO4hXtUyH5';

/** Errors of every operation. */
const requestErrors = ['malformed_request', 'request_timeout', 'headers_too_large'] as const;

/** Errors of every operation with a request body, besides the `refusal`s of its fields. */
const bodyErrors = ['malformed_json', 'body_too_large', 'unsupported_media_type'] as const;

/** Errors of every operation that needs an access token. */
const tokenErrors = ['missing_token', 'invalid_token'] as const;

/** Errors of every operation that uses the database. */
export const databaseErrors = ['internal_error', 'database_unavailable'] as const;

/** Errors of every operation that hashes a password. Only these can take long enough to reach the handler's timeout. */
export const passwordErrors = ['overloaded', 'handler_timeout'] as const;

/** Errors of operations with an access token that depend on how its owner has proved their identity. */
const assuranceErrors = ['insufficient_user_authentication', 'second_factor_enrolment_required'] as const;

/** Errors of operations that need more configuration than the service has. */
const configurationErrors = ['passkeys_unavailable', 'mail_unavailable'] as const;

/** Errors that the OpenAPI document describes once, for all operations. */
export const commonErrors: readonly ErrorCode[] = [
  'validation_failed',
  ...requestErrors,
  ...bodyErrors,
  ...assuranceErrors,
  'rate_limited',
  ...databaseErrors,
  ...passwordErrors,
  ...configurationErrors,
];

/** The same for the operations that need an access token. */
export const userErrors: readonly ErrorCode[] = [...tokenErrors, ...commonErrors];

/** The same for the operations of operators. */
export const operatorErrors: readonly ErrorCode[] = [...tokenErrors, 'forbidden', ...commonErrors];

/** The common errors that the operations of every client list nevertheless, with examples. */
export const errorsOfEveryClient: readonly ErrorCode[] = [...tokenErrors, 'validation_failed'];

/** A documented way to fail with `validation_failed`: the invalid field and the message about it. */
export interface Refusal {
  readonly name: string;
  readonly path: string;
  readonly message: string;
}

/** `name` is the name of the example. */
export function refusal(name: string, path: string, message: string): Refusal {
  return { name, path, message };
}

/** A documented way in which a probe fails. */
export interface ProbeFailure {
  readonly code: ErrorCode;
  readonly reason: string;
}

/** What an operation can answer besides what its kind implies. */
export type DocumentedError = ErrorCode | Refusal | ProbeFailure;

/** The refusal of a new password that is too common. */
export const commonPasswordRefusal = refusal(
  'common_password',
  '/password',
  'is one of the most common passwords; choose several unrelated words, or let a password manager generate one',
);

/** The properties of an operation that imply errors besides its own. */
export interface OperationKind {
  readonly takesBody: boolean;
  readonly needsToken: boolean;
  readonly needsPermission: boolean;
  /** Whether REQUESTS_PER_MINUTE or another rate limit applies. */
  readonly isLimited: boolean;
}

/**
 * The `response` entries for an operation's errors: one per status, with an example per error. The errors are the operation's `own` and
 * those implied by its kind.
 */
export function problems(
  own: readonly DocumentedError[],
  { takesBody, needsToken, needsPermission, isLimited }: OperationKind,
): Record<number, ReturnType<typeof problemResponse>> {
  const isRefusal = (error: DocumentedError) => typeof error !== 'string' && 'path' in error;
  const errors: readonly DocumentedError[] = [
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
        `${STATUS_CODES[status]}.`,
        examples.filter((example) => example.status === status),
      ),
    ]),
  );
}

/**
 * A response that describes `codes`, for the components of the OpenAPI document, with examples of `shown`, if any. `introduction` comes
 * before.
 */
export function sharedErrorResponse(codes: readonly ErrorCode[], shown: readonly ErrorCode[], introduction: string) {
  const list = codes.map((code) => `${catalogue[code].status} \`${code}\``).join(', ');
  return problemResponse(`${introduction} ${list}.`, shown.map(exampleOf), '#/components/schemas/Problem');
}

/** The example of invalid fields: the answer to a registration with `{"email": "user.example.com"}`. */
export const validationExample = {
  value: problemBody('validation_failed', EXAMPLE_REQUEST_ID, [
    { path: '/password', message: 'is required' },
    { path: '/email', message: 'has an invalid format' },
  ]),
};

type Example = ReturnType<typeof exampleOf>;

function exampleOf(error: DocumentedError) {
  if (typeof error !== 'string' && 'reason' in error) {
    const { code, reason } = error;
    const value = problemBody(code, EXAMPLE_REQUEST_ID, undefined, { reason });
    return { name: code, code, status: catalogue[code].status, value };
  }
  const [name, code, fields] =
    typeof error === 'string'
      ? [error, error]
      : [error.name, 'validation_failed' as const, [{ path: error.path, message: error.message }]];
  return {
    name,
    code,
    status: catalogue[code].status,
    value: problemBody(code, EXAMPLE_REQUEST_ID, fields, extensionOf(code)),
  };
}

/** The members that only some errors have. */
function extensionOf(code: ErrorCode): ProblemExtension {
  if (code === 'insufficient_user_authentication') return { factors: ['password'], max_age: 300 };
  return code === 'second_factor_required'
    ? { challenge: EXAMPLE_CHALLENGE, expires_in: 300, factors: ['totp', 'recovery_code'] }
    : {};
}

function problemResponse(description: string, examples: readonly Example[], schema = 'Problem') {
  return {
    description,
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: Type.Ref(schema),
        ...(examples.length > 0 && {
          examples: Object.fromEntries(examples.map(({ name, value }) => [name, { value }])),
        }),
      },
    },
  };
}
