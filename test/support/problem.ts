// Checks the form of error answers.
import { STATUS_CODES } from 'node:http';
import type { Test } from 'tap';
import { type CatalogueEntry, catalogue, type ErrorCode } from '#platform/errors/catalogue.js';

/** The part of an answer that is checked, from Fastify's inject or the raw client of the tests. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Internal details: stack traces, SQL, file names, codes of libraries. */
const INSIDE =
  /\bat .+:\d+:\d+|node_modules|\.[jt]s\b|FST_|ERR_|HPE_|ajv|postgres|drizzle|\b(select|insert|update|delete)\b.+\b(from|into|set|where)\b/i;

/** The headers of every answer of the API. */
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
/** What `/readyz` adds to its problems; test/routes/probes.test.ts causes each. */
const REASONS = [undefined, 'database', 'read-only', 'keys', 'draining'];

/** Asserts that an answer matches its entry of the catalogue: status, headers, and a problem document with exactly its members. */
export function isProblem(t: Test, answer: Answer, code: ErrorCode, what: string): boolean {
  const { status, detail, challenge, retryAfter }: CatalogueEntry = catalogue[code];
  const { headers } = answer;
  const body = parse(answer.body);
  const { errors, reason, ...rest } = body;
  return t.strictSame(
    {
      ...rest,
      members: Object.keys(body).filter((name) => name !== 'errors' && name !== 'reason'),
      isReasonKnown: REASONS.includes(reason as string | undefined),
      fields: Array.isArray(errors) && errors.every(isFieldError),
      answered: answer.statusCode,
      inside: INSIDE.exec(answer.body)?.[0],
      contentType: headers['content-type'],
      policies: Object.fromEntries(Object.keys(POLICIES).map((name) => [name, headers[name]])),
      requestId: headers['x-request-id'],
      challenge: headers['www-authenticate'],
      // For a limit, the remaining time, at least a second.
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
      isReasonKnown: true,
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
