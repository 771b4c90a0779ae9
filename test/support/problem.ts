// What every error answer must look like, whoever gave it.
import { STATUS_CODES } from 'node:http';
import type { Test } from 'tap';
import { type CatalogueEntry, catalogue, type ErrorCode } from '#platform/errors/catalogue.js';

/** As much of an answer as is judged: Fastify's inject and the raw client of the tests both give it. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** What would tell a stranger how the service is built: stacks, statements, files, codes of libraries. */
const INSIDE =
  /\bat .+:\d+:\d+|node_modules|\.[jt]s\b|FST_|ERR_|HPE_|ajv|postgres|drizzle|\b(select|insert|update|delete)\b.+\b(from|into|set|where)\b/i;

/** What every answer of the API carries, word for word. */
export const POLICIES = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
};

const MEMBERS = ['type', 'title', 'status', 'detail', 'code', 'request_id'];

/** Holds an answer against the catalogue: status, headers, and a problem+json body of exactly its members. */
export function isProblem(t: Test, answer: Answer, code: ErrorCode, what: string): boolean {
  const { status, detail, challenge, retryAfter }: CatalogueEntry = catalogue[code];
  const { headers } = answer;
  const body = parse(answer.body);
  const { errors, ...rest } = body;
  return t.strictSame(
    {
      ...rest,
      members: Object.keys(body).filter((name) => name !== 'errors'),
      fields: Array.isArray(errors) && errors.every(isFieldError),
      answered: answer.statusCode,
      inside: INSIDE.exec(answer.body)?.[0],
      contentType: headers['content-type'],
      policies: Object.fromEntries(Object.keys(POLICIES).map((name) => [name, headers[name]])),
      requestId: headers['x-request-id'],
      challenge: headers['www-authenticate'],
      // Of a limit: as long as it takes, a second at least.
      retryAfter: status === 429 ? /^[1-9]\d*$/.test(String(headers['retry-after'])) : headers['retry-after'],
    },
    {
      type: `urn:latchkey:problem:${code}`,
      title: STATUS_CODES[status],
      status,
      detail,
      code,
      request_id: body.request_id || 'a request id',
      members: MEMBERS,
      fields: code === 'validation_failed',
      answered: status,
      inside: undefined,
      contentType: 'application/problem+json; charset=utf-8',
      policies: POLICIES,
      requestId: body.request_id,
      challenge:
        challenge === undefined
          ? undefined
          : `Bearer realm="latchkey"${challenge === null ? '' : `, error="${challenge}"`}`,
      retryAfter: status === 429 || (retryAfter === undefined ? undefined : String(retryAfter)),
    },
    what,
  );
}

function parse(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body);
  } catch {
    return { unparsed: body };
  }
}

function isFieldError(value: unknown): boolean {
  const { path, message, ...others } = value as { path: unknown; message: unknown };
  return typeof path === 'string' && typeof message === 'string' && message !== '' && Object.keys(others).length === 0;
}
