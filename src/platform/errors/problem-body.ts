// The body of an error response: application/problem+json (RFC 9457).
import { STATUS_CODES } from 'node:http';
import { type Static, Type } from '@sinclair/typebox';
import { type CatalogueEntry, catalogue, type ErrorCode } from './catalogue.js';

export const ProblemBody = Type.Object(
  {
    type: Type.String({ description: 'The problem type: `urn:latchkey:problem:<code>`.' }),
    title: Type.String({ description: 'The reason phrase of the HTTP status.' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'What happened and what to do next, for people. The text may change.' }),
    code: Type.String({ description: 'The error code, for programs. Stable.' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String({
            description:
              'A JSON Pointer to the invalid field in the body; `/headers/<name>` for a header, `/query/<name>` for a query parameter.',
          }),
          message: Type.String(),
        }),
        { description: 'The invalid fields, at most ten. Present with `validation_failed` only.' },
      ),
    ),
    challenge: Type.Optional(
      Type.String({
        description:
          'With `second_factor_required` only: what `POST /api/login/second-factor/` needs besides a proof. Works once.',
      }),
    ),
    expires_in: Type.Optional(Type.Integer({ description: 'Seconds for which `challenge` is valid.' })),
    factors: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'With `challenge` and `max_age`: what can be sent as a proof: `password`, `totp`, `recovery_code`, `passkey`.',
      }),
    ),
    max_age: Type.Optional(
      Type.Integer({
        description: 'With `insufficient_user_authentication` only: how many seconds old a proof may be.',
      }),
    ),
    reason: Type.Optional(
      Type.String({
        examples: ['database'],
        description: 'What is wrong with this instance, in one word. Present in the responses of probes only.',
      }),
    ),
    request_id: Type.String({
      description: 'Identifies this request in the log of the service; the same as `X-Request-Id`.',
    }),
  },
  { $id: 'Problem', title: 'Problem', description: 'An error response (RFC 9457).' },
);
export type ProblemBody = Static<typeof ProblemBody>;

/** The members that only some errors have (RFC 9457 section 3.2). */
export type ProblemExtension = Pick<ProblemBody, 'challenge' | 'expires_in' | 'factors' | 'max_age' | 'reason'>;

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Builds the body of one error response. */
export function problemBody(
  code: ErrorCode,
  requestId: string,
  errors?: readonly { path: string; message: string }[],
  { reason, ...extension }: ProblemExtension = {},
): ProblemBody {
  const { status, detail }: CatalogueEntry = catalogue[code];
  return {
    type: `urn:latchkey:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    ...(errors !== undefined && { errors: [...errors] }),
    ...(reason !== undefined && { reason }),
    ...extension,
    request_id: requestId,
  };
}
