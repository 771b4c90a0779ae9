// The body of an error response on the wire: application/problem+json (RFC 9457).
import { STATUS_CODES } from 'node:http';
import { type Static, Type } from '@sinclair/typebox';
import { type CatalogueEntry, catalogue, type ErrorCode } from './catalogue.js';

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
