// The error catalogue matches docs/errors.md, and everything that can be thrown maps to one of its entries.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DrizzleQueryError } from 'drizzle-orm';
import { errorCodes } from 'fastify';
import t from 'tap';
import { DatabaseTimeout } from '#platform/database/deadline.js';
import { type CatalogueEntry, catalogue, type ErrorCode } from '#platform/errors/catalogue.js';
import { invalidField, Problem } from '#platform/errors/problem.js';
import { problemBody } from '#platform/errors/problem-body.js';
import { parserProblem, toProblem } from '#platform/errors/translate.js';
import { packageRoot } from '#platform/process/package-info.js';

const codes = Object.keys(catalogue) as ErrorCode[];
const page = readFileSync(join(packageRoot, 'docs', 'errors.md'), 'utf8');

t.test('docs/errors.md lists every code with its status, and no other', async (t) => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \| (.+) \| (.+) \|$/gm)];
  t.strictSame(
    rows.map(([, code, status]) => [code, Number(status)]),
    codes.map((code) => [code, catalogue[code].status]),
    'the same rows, in the same order',
  );
  for (const [, code, , when, advice] of rows) {
    t.match(when, /^\S.+\.$/, `${code}: when`);
    t.match(advice, /^\S.+\.$/, `${code}: what to do`);
  }
});

t.test('the example in docs/errors.md is a real answer of the service', async (t) => {
  const [, example = ''] = /```json\n([\s\S]+?)```/.exec(page) ?? [];
  const body = JSON.parse(example);
  t.strictSame(body, problemBody(body.code, body.request_id, body.errors));
});

t.test('every code is used', async (t) => {
  const sources = ['src', 'plugins', 'routes'].flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('catalogue.ts'))
      .map((path) => readFileSync(join(packageRoot, folder, path), 'utf8')),
  );
  for (const code of codes) {
    t.ok(
      sources.some((text) => text.includes(`'${code}'`)),
      code,
    );
  }
});

t.test(
  'every entry is a sentence, and has a challenge or Retry-After exactly when its status requires it',
  async (t) => {
    for (const code of codes) {
      const { status, detail, challenge, retryAfter }: CatalogueEntry = catalogue[code];
      t.match(code, /^[a-z]+(_[a-z]+)*$/);
      t.match(detail, /^[A-Z`].*\.$/, `${code}: a sentence`);
      const lacksScope = ['forbidden', 'second_factor_enrolment_required'].includes(code);
      t.equal(challenge !== undefined, status === 401 || lacksScope, `${code}: a challenge with every 401`);
      t.equal(challenge === 'insufficient_scope', lacksScope, `${code}: RFC 6750 section 3.1`);
      t.equal(retryAfter !== undefined, [429, 503].includes(status), `${code}: Retry-After with every 429 and 503`);
      const { type, title, request_id: id } = problemBody(code, 'x-1');
      t.strictSame([type, id], [`urn:latchkey:problem:${code}`, 'x-1']);
      t.not(title, 'Error', `${code}: a status with a reason phrase`);
    }
  },
);

const SECRET = 'postgres://user:hunter2@db/latchkey select * from users at /srv/app/src/x.ts:1:2';

/** A query error as Drizzle throws it, with the statement and parameters in its message. */
const queryError = (cause: Error | object) => new DrizzleQueryError(SECRET, [SECRET], cause as Error);
const coded = (code: string, more: object = {}) => Object.assign(new Error(SECRET), { code, ...more });

const THROWN: readonly [what: string, thrown: unknown, code: ErrorCode][] = [
  ['a problem', new Problem('email_taken'), 'email_taken'],
  ['an error', new Error(SECRET), 'internal_error'],
  ['a bug', new TypeError(SECRET), 'internal_error'],
  ['a string', SECRET, 'internal_error'],
  ['nothing', undefined, 'internal_error'],
  ['null', null, 'internal_error'],
  ['a number', 404, 'internal_error'],
  ['a function', () => SECRET, 'internal_error'],
  ['an object without a prototype', Object.create(null), 'internal_error'],
  ['an object with a code of the catalogue', { code: 'email_taken' }, 'internal_error'],
  ['an error with the code `constructor`', coded('constructor'), 'internal_error'],
  ['an error with a status of its own', coded('X', { statusCode: 500 }), 'internal_error'],
  ['an invalid status', coded('X', { statusCode: 200 }), 'internal_error'],
  ['a status that is a string', coded('X', { statusCode: '400' }), 'internal_error'],
  ['a status of 404', coded('X', { statusCode: 404 }), 'not_found'],
  ['a status of 4xx', coded('X', { statusCode: 418 }), 'malformed_request'],
  ['a client that disconnected', coded('ECONNRESET', { statusCode: 400 }), 'malformed_request'],
  ['an unexpected unique violation', queryError(coded('23505')), 'internal_error'],
  ['a missing table', queryError(coded('42P01')), 'internal_error'],
  ['a missing privilege', queryError(coded('42501')), 'internal_error'],
  ['a query error without its cause', queryError(undefined as never), 'internal_error'],
  ['a query that took too long', queryError(new DatabaseTimeout(900)), 'database_unavailable'],
  ['a query that took too long, bare', new DatabaseTimeout(900), 'database_unavailable'],
];

t.test('everything that is thrown becomes a problem without any detail of it', async (t) => {
  for (const [what, thrown, code] of THROWN) {
    const problem = toProblem(thrown);
    t.equal(problem.code, code, what);
    if (!(thrown instanceof Problem)) t.equal(problem.cause, thrown, `${what}: the cause is kept for the log`);
    const sent = JSON.stringify([problem.toBody('x-1'), problem.headers, problem.message]);
    t.notMatch(sent, /hunter2|select|x\.ts|postgres/, `${what}: no detail is sent`);
  }
});

t.test('every error of a database outage is a 503', async (t) => {
  const driver = 'CONNECT_TIMEOUT CONNECTION_CLOSED CONNECTION_DESTROYED CONNECTION_ENDED DATABASE_TIMEOUT'.split(' ');
  const system = 'ECONNREFUSED ECONNRESET EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN EPIPE ETIMEDOUT'.split(' ');
  const sqlstate = '08000 08006 08P01 53100 53300 57014 57P01 57P02 57P03 40001 40P01 55P03 25006'.split(' ');
  for (const code of [...driver, ...system, ...sqlstate]) {
    for (const error of [coded(code), queryError(coded(code))]) {
      const problem = toProblem(error);
      t.equal(problem.code, 'database_unavailable', code);
      t.match(problem.headers, { 'retry-after': /^\d+$/ });
    }
  }
});

t.test("Fastify's own errors map to codes of the catalogue", async (t) => {
  const expected: Partial<Record<keyof typeof errorCodes, ErrorCode>> = {
    FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
    FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
    FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
    FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
    FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
    FST_ERR_BAD_URL: 'malformed_request',
    FST_ERR_NOT_FOUND: 'not_found',
    FST_ERR_REP_ALREADY_SENT: 'internal_error',
    FST_ERR_FAILED_ERROR_SERIALIZATION: 'internal_error',
    FST_ERR_HANDLER_TIMEOUT: 'handler_timeout',
  };
  for (const [name, code] of Object.entries(expected)) {
    const FastifyError = errorCodes[name as keyof typeof errorCodes];
    const problem = toProblem(new FastifyError('/path'));
    t.equal(problem.code, code, name);
    t.notMatch(JSON.stringify(problem.toBody('x-1')), /FST_|fastify|\/path/i);
  }
});

t.test('a validation error names at most ten fields and no pattern', async (t) => {
  const ajvError = (keyword: string, instancePath: string, params = {}) => ({
    keyword,
    instancePath,
    message: SECRET,
    params,
  });
  const thrown = (validation: object[], validationContext = 'body') =>
    toProblem(
      Object.assign(new Error(SECRET), { statusCode: 400, code: 'FST_ERR_VALIDATION', validation, validationContext }),
    );

  t.strictSame(thrown([ajvError('required', '', { missingProperty: 'email' })]).errors, [
    { path: '/email', message: 'is required' },
  ]);
  t.strictSame(thrown([ajvError('pattern', '/email')]).errors, [{ path: '/email', message: 'has an invalid format' }]);
  t.strictSame(thrown([ajvError('pattern', '/idempotency-key')], 'headers').errors, [
    { path: '/headers/idempotency-key', message: 'has an invalid format' },
  ]);
  t.strictSame(thrown([ajvError('type', '/limit', { type: 'string' })], 'querystring').errors, [
    { path: '/query/limit', message: 'must be sent only once' },
  ]);
  const many = thrown(Array.from({ length: 20 }, (_, i) => ajvError('pattern', `/${i}`)));
  t.equal(many.code, 'validation_failed');
  t.equal(many.errors?.length, 10);
  const both = [ajvError('minLength', '/email', { limit: 3 }), ajvError('pattern', '/email')];
  t.strictSame(
    thrown(both).errors,
    [{ path: '/email', message: 'must have at least 3 characters' }],
    'each field once',
  );
  const messages: [keyword: string, params: object, message: string][] = [
    ['minLength', { limit: 1 }, 'must not be empty'],
    ['maxLength', { limit: 150 }, 'must have at most 150 characters'],
    ['minimum', { comparison: '>=', limit: 1 }, 'must be at least 1'],
    ['maximum', { comparison: '<=', limit: 100 }, 'must be at most 100'],
    ['maxItems', { limit: 20 }, 'must have at most 20 items'],
    ['enum', { allowedValues: ['waiting', 'dead'] }, 'must be one of waiting, dead'],
    ['enum', { allowedValues: ['true'] }, 'must be true'],
    ['type', { type: 'string' }, 'must be a string'],
    ['type', { type: 'array' }, 'must be an array'],
    ['type', { type: ['string', 'null'] }, 'has the wrong type'],
    ['format', { format: 'date-time' }, 'must be a date and time such as 2026-11-30T12:00:00Z'],
    ['format', { format: 'uuid' }, 'has an invalid format'],
  ];
  for (const [keyword, params, message] of messages) {
    t.strictSame(thrown([ajvError(keyword, '/x', params)]).errors, [{ path: '/x', message }]);
  }
  t.strictSame(invalidField('/email', 'must be x').toBody('x-1').errors, [{ path: '/email', message: 'must be x' }]);
});

t.test("errors of Node's HTTP parser map to codes by what the client can do about them", async (t) => {
  t.equal(parserProblem('HPE_HEADER_OVERFLOW').code, 'headers_too_large');
  t.equal(parserProblem('ERR_HTTP_REQUEST_TIMEOUT').code, 'request_timeout');
  for (const code of [
    'HPE_INVALID_METHOD',
    'HPE_UNEXPECTED_CONTENT_LENGTH',
    'constructor',
    '__proto__',
    '',
    undefined,
  ]) {
    t.equal(parserProblem(code).code, 'malformed_request', String(code));
  }
});

t.test('a problem has the headers of its entry and any additional ones', async (t) => {
  t.strictSame(new Problem('missing_token').headers, { 'www-authenticate': 'Bearer realm="latchkey"' });
  t.strictSame(new Problem('invalid_token').headers, {
    'www-authenticate': 'Bearer realm="latchkey", error="invalid_token"',
  });
  t.strictSame(new Problem('overloaded').headers, { 'retry-after': '1' });
  t.strictSame(new Problem('method_not_allowed', { headers: { allow: 'GET' } }).headers, { allow: 'GET' });
});
