// The shape of every error answer, and how a route declares which of them it can give.
import { STATUS_CODES } from 'node:http';
import { type Static, Type } from '@sinclair/typebox';
import { type CatalogueEntry, catalogue, type ErrorCode } from '../errors/catalogue.js';

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
          path: Type.String({ description: 'JSON Pointer to the field at fault.' }),
          message: Type.String({ description: 'What is wrong with it.' }),
        }),
        { description: 'The fields at fault, with `validation_failed`.' },
      ),
    ),
    request_id: Type.String({ description: 'Names this request in our log.' }),
  },
  { $id: 'Problem', title: 'Problem', description: 'An error, as RFC 9457 defines it.' },
);
export type ProblemBody = Static<typeof ProblemBody>;

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Errors that every operation with a JSON body can answer before it acts. */
export const bodyErrors = ['validation_failed', 'malformed_json', 'body_too_large', 'unsupported_media_type'] as const;

/** Errors of every operation that asks the database. */
export const databaseErrors = ['database_unavailable', 'handler_timeout'] as const;

/** Errors of every operation that needs an access token. */
export const tokenErrors = ['missing_token', 'invalid_token'] as const;

/**
 * The `response` entries for the given error codes, one per status, each with an example per code: what a route answers
 * and what its documentation says cannot differ.
 */
export function problems(...codes: readonly ErrorCode[]): Record<number, ReturnType<typeof problemResponse>> {
  const statuses = new Set(codes.map((code) => catalogue[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const group = codes.filter((code) => catalogue[code].status === status);
      return [status, problemResponse(status, group)];
    }),
  );
}

function problemResponse(status: number, codes: readonly ErrorCode[]) {
  return {
    description: [`${STATUS_CODES[status]}.`, ...codes.map((code) => `- \`${code}\`: ${catalogue[code].detail}`)].join(
      '\n',
    ),
    ...(codes.some((code) => 'retryAfter' in catalogue[code]) && {
      headers: { 'Retry-After': { type: 'integer', description: 'Seconds to wait before trying again.' } },
    }),
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: Type.Ref('Problem'),
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

function exampleOf(code: ErrorCode): ProblemBody {
  const errors = code === 'validation_failed' ? [{ path: '/email', message: 'is required' }] : undefined;
  return problemBody(code, 'k3v9x2-1a', errors);
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
