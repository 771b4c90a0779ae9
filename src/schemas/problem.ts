// The shape of every error answer, and how a route declares which of them it can give.
import { STATUS_CODES } from 'node:http';
import { type Static, Type } from '@sinclair/typebox';
import { type CatalogueEntry, catalogue, type ErrorCode } from '#platform/errors/catalogue.js';

export const ProblemBody = Type.Object(
  {
    type: Type.String({ description: 'URN of the kind of problem: `urn:latchkey:problem:<code>`.' }),
    title: Type.String({ description: 'The words of the HTTP status.' }),
    status: Type.Integer({ description: 'The HTTP status.' }),
    detail: Type.String({ description: 'What went wrong, for a person.' }),
    code: Type.String({ description: 'What went wrong, for a program. Stable.' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String({
            description:
              'JSON Pointer to the field at fault in the body; `/headers/<name>` for a header, `/query/<name>` for a parameter of the query.',
          }),
          message: Type.String({ description: 'What is wrong with it.' }),
        }),
        { description: 'The fields at fault, with `validation_failed`.' },
      ),
    ),
    request_id: Type.String({ description: 'Names this request in our log; the same as `X-Request-Id`.' }),
  },
  { $id: 'Problem', title: 'Problem', description: 'An error, as RFC 9457 defines it.' },
);
export type ProblemBody = Static<typeof ProblemBody>;

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** A request id, for examples. */
export const EXAMPLE_REQUEST_ID = 'k3v9x2c1q-1a';

/**
 * Errors of every operation: the request never becomes one, or is one too many. `problems` adds them by itself; plugins/api/rate-limits.ts
 * takes the last one away where requests are not counted.
 */
const requestErrors = ['malformed_request', 'request_timeout', 'headers_too_large', 'rate_limited'] as const;

/** Errors of every operation with a JSON body, before it acts; its `refusal`s go with them. */
export const bodyErrors = ['malformed_json', 'body_too_large', 'unsupported_media_type'] as const;

/** Errors of every operation that asks the database. */
export const databaseErrors = ['internal_error', 'database_unavailable'] as const;

/** Errors of every operation that hashes a password. All others end well before the handler's deadline. */
export const passwordErrors = ['overloaded', 'handler_timeout'] as const;

/** Errors of every operation that needs an access token. */
export const tokenErrors = ['missing_token', 'invalid_token'] as const;

/** Errors of every operation that needs a permission, beside those of the token. */
export const permissionErrors = ['forbidden'] as const;

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

/**
 * The `response` entries for the given errors, one per status, each with an example per error: what a route answers and
 * what its documentation says cannot differ.
 */
export function problems(
  ...errors: readonly (ErrorCode | Refusal)[]
): Record<number, ReturnType<typeof problemResponse>> {
  const examples = [...errors, ...requestErrors].map(exampleOf);
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

/** The body of one error answer. */
export function problemBody(
  code: ErrorCode,
  requestId: string,
  errors?: readonly { path: string; message: string }[],
): ProblemBody {
  const { status, detail }: CatalogueEntry = catalogue[code];
  return {
    type: `urn:latchkey:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    ...(errors !== undefined && { errors: [...errors] }),
    request_id: requestId,
  };
}
