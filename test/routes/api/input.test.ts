// Validation of bodies and headers: invalid input is refused with a problem document and has no effect.
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { InjectOptions } from 'fastify';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import type { ErrorCode } from '#platform/errors/catalogue.js';
import { sharedApps, type TestApp } from '../../support/app.js';
import { matchAll } from '../../support/match.js';
import { isProblem } from '../../support/problem.js';

const apps = sharedApps(t);

const JSON_TYPE = 'application/json';
const UUID = '6f1c3e70-0b5c-4d0e-9d43-3a1f1a7b2c55';
const LIMIT = 16 * 1024;

/** A lone surrogate cannot be encoded in UTF-8, but a JSON escape can contain one. */
const LONE = '\ud800';

interface Operation {
  readonly name: string;
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly required: readonly string[];
  /** A body that passes validation. */
  readonly good: Readonly<Record<string, unknown>>;
}

const register: Operation = {
  name: 'register',
  method: 'POST',
  url: '/api/register/',
  required: ['email', 'password'],
  good: { email: 'new@example.com', password: 'password' },
};
const login: Operation = {
  name: 'login',
  method: 'POST',
  url: '/api/login/',
  required: ['email', 'password'],
  good: { email: 'nobody@example.com', password: 'password' },
};
const refresh: Operation = {
  name: 'refresh',
  method: 'POST',
  url: '/api/refresh/',
  required: ['refresh_token'],
  good: { refresh_token: UUID },
};
const logout: Operation = { ...refresh, name: 'logout', url: '/api/logout/' };
const update: Operation = {
  name: 'update me',
  method: 'PUT',
  url: '/api/me/',
  required: [],
  good: { email: 'new@example.com', password: 'password', username: 'New', current_password: 'password' },
};
const remove: Operation = {
  name: 'delete me',
  method: 'DELETE',
  url: '/api/me/',
  required: ['current_password'],
  good: { current_password: 'not the password' },
};
const OPERATIONS = [register, login, refresh, logout, update, remove];

/** Wrong types for any string. */
const WRONG_TYPES: readonly unknown[] = [null, 0, 1, true, false, [], ['password'], {}, { length: 8 }];

/** What a field can be told. Front ends show it behind the name of the field. */
const READABLE =
  /^(is required|has an invalid format|must not be empty|must be an? [a-z]+|must have at (least|most) \d+ characters)$/;

const long = (length: number) => 'x'.repeat(length);

/** Invalid strings by field. */
const WRONG_TEXTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  email: {
    empty: '',
    'no @': 'user.example.com',
    'two @': 'user@example@example.com',
    'nothing before the @': '@example.com',
    'nothing behind the @': 'user@',
    'too long': `${long(989)}@example.com`,
    NUL: 'us\u0000er@example.com',
    'lone surrogate': `us${LONE}er@example.com`,
  },
  password: {
    empty: '',
    'too long': long(1025),
    NUL: 'pass\u0000word',
    'lone high surrogate': `password${LONE}`,
    'lone low surrogate': 'password\udc00',
    'surrogates in the wrong order': 'password\udc00\ud800',
  },
  username: {
    'too long': long(151),
    NUL: 'a\u0000b',
    'lone surrogate': `a${LONE}`,
    newline: 'a\nb',
    'carriage return': 'a\rb',
    tab: 'a\tb',
    escape: '\u001b[31ma',
    delete: 'a\u007f',
  },
  refresh_token: {
    empty: '',
    'no UUID': 'refresh',
    'without its hyphens': UUID.replaceAll('-', ''),
    'in braces': `{${UUID}}`,
    'as a URN': `urn:uuid:${UUID}`,
    'with space before it': ` ${UUID}`,
    'with a newline behind it': `${UUID}\n`,
    'with NUL behind it': `${UUID}\u0000`,
    'lone surrogate': `${UUID.slice(1)}${LONE}`,
    'too long': `${UUID}${UUID}`,
    'digits of another script': UUID.replace('6', '\u0666'),
  },
};
const TEXT_RULES: Readonly<Record<string, string>> = { current_password: 'password' };

/** Strings that match the schema but violate a rule beyond it. A login answers them like an unknown account. */
const REFUSED_BY_RULE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  email: {
    'control character': 'us\u0001er@example.com',
    'newline in the domain': 'user@exam\nple.com',
    'tab in the domain': 'user@exam\tple.com',
    'newline in the local part': 'us\ner@example.com',
    'percent-encoding in the domain': 'user@%65xample.com',
    'path behind the domain': 'user@example.com/path',
    'query behind the domain': 'user@example.com?query',
    'fragment behind the domain': 'user@example.com#fragment',
    'backslash behind the domain': 'user@example.com\\path',
    'port behind the domain': 'user@example.com:25',
    'a domain of one label': 'user@localhost',
    'an address of IPv4': 'user@127.0.0.1',
    'an address of IPv4 in hexadecimal': 'user@0x7f.1',
    'over 254 characters': `user@${`${long(60)}.`.repeat(4)}example.com`,
    'local part over 64 characters': `${long(65)}@example.com`,
    'letter outside ASCII before the @': 'üser@example.com',
  },
  password: {
    'too short': 'passwor',
    'over 256 characters': long(257),
    'over 256 characters beyond the first plane': '\u{1F511}'.repeat(257),
    'seven characters of two code units': '\u{1F511}'.repeat(7),
  },
};

t.test('a field of the wrong type or form is named in the error, never coerced, and nothing is stored', async (t) => {
  const { send, unchanged } = await fixture(t);
  for (const operation of OPERATIONS) {
    for (const field of Object.keys(operation.good)) {
      const texts = WRONG_TEXTS[TEXT_RULES[field] ?? field] ?? {};
      const wrong: [string, unknown][] = [
        ...WRONG_TYPES.map((value): [string, unknown] => [JSON.stringify(value), value]),
        ...Object.entries(texts),
      ];
      if (operation.required.includes(field)) wrong.push(['missing', undefined]);
      for (const [what, value] of wrong) {
        const name = `${operation.name}: ${field} ${what}`;
        const answer = await send(operation, JSON.stringify({ ...operation.good, [field]: value }));
        isProblem(t, answer, 'validation_failed', name);
        const errors: { path: string; message: string }[] = answer.json().errors ?? [];
        t.strictSame(
          errors.map(({ path }) => path),
          [`/${field}`],
          `${name}: the error names the field once`,
        );
        t.match(errors[0]?.message, READABLE, `${name}: in words for users`);
      }
    }
    await unchanged(t, operation.name);
  }
});

t.test('a value that violates a rule beyond the schema is named in the error too', async (t) => {
  const { send, unchanged } = await fixture(t);
  for (const operation of [register, update]) {
    for (const [field, values] of Object.entries(REFUSED_BY_RULE)) {
      for (const [what, value] of Object.entries(values)) {
        const answer = await send(operation, JSON.stringify({ [field]: value, ...without(operation.good, field) }));
        isProblem(t, answer, 'validation_failed', `${operation.name}: ${field}, ${what}`);
        t.equal(answer.json().errors?.[0].path, `/${field}`);
      }
    }
    await unchanged(t, operation.name);
  }
});

t.test('a login with an invalid address is answered like one with an unknown address', async (t) => {
  const { send, unchanged } = await fixture(t);
  for (const [what, email] of Object.entries(REFUSED_BY_RULE.email ?? {})) {
    isProblem(t, await send(login, JSON.stringify({ ...login.good, email })), 'invalid_credentials', what);
  }
  await unchanged(t);
});

t.test('an error names all invalid fields', async (t) => {
  const { send } = await fixture(t);
  const both = await send(register, '{}');
  isProblem(t, both, 'validation_failed', 'an empty object');
  t.strictSame(both.json().errors, [
    { path: '/email', message: 'is required' },
    { path: '/password', message: 'is required' },
  ]);
  const all = await send(update, JSON.stringify({ email: '', password: 1, username: [], current_password: null }));
  t.strictSame(
    new Set(all.json().errors.map(({ path }: { path: string }) => path)),
    new Set(['/email', '/password', '/username', '/current_password']),
  );
});

t.test('valid values at the limits are stored exactly as they are sent', async (t) => {
  const { send, rows, updateMe } = await fixture(t);
  const passwords = {
    '8 characters': 'eight ch',
    '256 characters': long(256),
    '8 characters beyond the first plane': '\u{1F511}'.repeat(8),
    'control characters': 'pass\r\n\t\u0001\u007fword',
    'white space alone': '        ',
    'white space around': '  password  ',
    'what looks like JSON': '{"$ne":null}',
  };
  for (const [i, [what, password]] of Object.entries(passwords).entries()) {
    const body = JSON.stringify({ email: `edge${i}@example.com`, password });
    t.equal((await send(register, body)).statusCode, 201, `password of ${what}`);
    t.equal((await send(login, body)).statusCode, 200, `password of ${what} logs in`);
    const trimmed = JSON.stringify({ email: `edge${i}@example.com`, password: password.trim() || 'x' });
    if (password.trim() !== password) t.equal((await send(login, trimmed)).statusCode, 401, `${what}: never trimmed`);
  }
  for (const username of ['', 'x'.repeat(150), '\u{1F511}'.repeat(150), ' a ', '<b>', "';--", '$1', '\u200f']) {
    const answer = await send(update, JSON.stringify({ username }));
    t.equal(answer.statusCode, 200, JSON.stringify(username));
    t.equal(answer.json().username, username);
  }
  t.equal((await updateMe({})).statusCode, 200, 'an update without changes is valid');
  const [stored] = await rows`select username from users where email = 'user@example.com'`;
  t.equal(stored?.username, '\u200f');
});

/** Bodies that are not a JSON object in UTF-8. */
const BODIES: readonly [what: string, code: ErrorCode, body: string | Buffer | undefined, headers?: Headers][] = [
  ['no body and no content type', 'validation_failed', undefined, {}],
  ['an empty body', 'validation_failed', ''],
  ['white space', 'malformed_json', ' \n '],
  ['an array', 'validation_failed', '[]'],
  ['a string', 'validation_failed', '"{}"'],
  ['null', 'validation_failed', 'null'],
  ['a number', 'validation_failed', '1'],
  ['true', 'validation_failed', 'true'],
  ['arrays 5,000 deep', 'validation_failed', `${'['.repeat(5000)}${']'.repeat(5000)}`],
  ['arrays that never end', 'malformed_json', '['.repeat(5000)],
  ['a truncated object', 'malformed_json', '{"email": "user@exa'],
  ['something behind the object', 'malformed_json', '{}{}'],
  ['a comma too many', 'malformed_json', '{"email": "user@example.com",}'],
  ['single quotes', 'malformed_json', "{'email': 'user@example.com'}"],
  ['a comment', 'malformed_json', '{} // body'],
  ['NaN', 'malformed_json', '{"email": NaN}'],
  ['a raw newline in a string', 'malformed_json', '{"email": "a\nb"}'],
  ['a raw NUL', 'malformed_json', '{"email": "a\u0000b"}'],
  ['a half escape', 'malformed_json', '{"email": "\\ud8"}'],
  ['form fields called JSON', 'malformed_json', 'email=user%40example.com&password=password'],
  ['__proto__', 'malformed_json', '{"__proto__": {"email": "user@example.com"}}'],
  ['__proto__ in escapes', 'malformed_json', '{"\\u005f_proto__": {"roles": ["admin"]}}'],
  ['__proto__ further down', 'malformed_json', '{"other": [{"__proto__": null}]}'],
  ['constructor.prototype', 'malformed_json', '{"constructor": {"prototype": {"email": "user@example.com"}}}'],
  ['a byte that is no UTF-8', 'malformed_json', bytes('{"email": "', [0xff], '"}')],
  ['an overlong NUL', 'malformed_json', bytes('{"email": "', [0xc0, 0x80], '"}')],
  ['a surrogate in UTF-8', 'malformed_json', bytes('{"email": "', [0xed, 0xa0, 0x80], '"}')],
  ['a truncated character', 'malformed_json', bytes('{"email": "', [0xe2, 0x82], '"}')],
  ['Latin-1', 'malformed_json', Buffer.from('{"email": "ü@example.com"}', 'latin1')],
  ['UTF-16', 'malformed_json', Buffer.from('{}', 'utf16le')],
  ['UTF-16 with a byte order mark', 'malformed_json', Buffer.from('\ufeff{}', 'utf16le')],
  ['two byte order marks', 'malformed_json', '\ufeff\ufeff{}'],
  ['one byte over 16 KiB', 'body_too_large', long(LIMIT + 1)],
  ['text', 'unsupported_media_type', '{}', { 'content-type': 'text/plain' }],
  ['text named JSON', 'unsupported_media_type', '{}', { 'content-type': 'text/json' }],
  ['a form', 'unsupported_media_type', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a multipart form', 'unsupported_media_type', '--a--', { 'content-type': 'multipart/form-data; boundary=a' }],
  ['XML', 'unsupported_media_type', '<a/>', { 'content-type': 'application/xml' }],
  ['bytes', 'unsupported_media_type', '{}', { 'content-type': 'application/octet-stream' }],
  ['a type that begins with ours', 'unsupported_media_type', '{}', { 'content-type': 'application/json5' }],
  ['a type built on ours', 'unsupported_media_type', '{}', { 'content-type': 'application/problem+json' }],
  ['no type', 'unsupported_media_type', '{}', {}],
  ['an empty type', 'unsupported_media_type', '{}', { 'content-type': '' }],
  ['half a type', 'unsupported_media_type', '{}', { 'content-type': 'application' }],
  ['a type with a slash too many', 'unsupported_media_type', '{}', { 'content-type': 'application/json/x' }],
  ['two types', 'unsupported_media_type', '{}', { 'content-type': 'text/plain, application/json' }],
  ['our type as a parameter', 'unsupported_media_type', '{}', { 'content-type': 'text/plain; application/json' }],
  ...['iso-8859-1', 'us-ascii', 'utf-16', 'utf-16le', 'utf-32', 'utf-7', '', '"', 'utf-8x', "'utf-8'"].map(
    (charset): [string, ErrorCode, string, Headers] => [
      `charset ${charset}`,
      'unsupported_media_type',
      '{}',
      { 'content-type': `application/json; charset=${charset}` },
    ],
  ),
  ['gzip', 'unsupported_media_type', gzipSync('{}'), { 'content-type': JSON_TYPE, 'content-encoding': 'gzip' }],
  ...['gzip', 'deflate', 'br', 'zstd', 'identity, gzip', 'GZIP', 'x-gzip', 'utf-8', ''].map(
    (encoding): [string, ErrorCode, string, Headers] => [
      `an object that claims to be ${encoding || 'encoded'}`,
      'unsupported_media_type',
      '{}',
      { 'content-type': JSON_TYPE, 'content-encoding': encoding },
    ],
  ),
];

t.test('a body that is not a JSON object in UTF-8 is refused on every path, and nothing is stored', async (t) => {
  const { send, unchanged } = await fixture(t);
  for (const operation of OPERATIONS) {
    for (const [what, code, body, headers] of BODIES) {
      isProblem(t, await send(operation, body, headers), code, `${operation.name}: ${what}`);
    }
    await unchanged(t, operation.name);
  }
});

t.test('a JSON body in UTF-8 is accepted with every spelling of its media type', async (t) => {
  const { send } = await fixture(t);
  const types = [
    'application/json',
    'APPLICATION/JSON',
    'application/json;',
    'application/json;charset=utf-8',
    'application/json; charset=UTF-8',
    'application/json ; charset="utf-8"',
    'application/json; charset=utf8',
    'application/json; profile=x; Charset=utf-8',
    'application/json; odata.metadata=minimal',
  ];
  for (const [i, type] of types.entries()) {
    const body = JSON.stringify({ email: `type${i}@example.com`, password: 'password' });
    t.equal((await send(register, body, { 'content-type': type })).statusCode, 201, type);
  }
  const identity = { 'content-type': JSON_TYPE, 'content-encoding': 'identity' };
  const body = (email: string) => JSON.stringify({ email, password: 'password' });
  t.equal((await send(register, body('identity@example.com'), identity)).statusCode, 201, 'encoding identity');
  t.equal((await send(register, `\ufeff${body('bom@example.com')}`)).statusCode, 201, 'a byte order mark is ignored');
  t.equal((await send(register, `\r\n\t ${body('space@example.com')}\n`)).statusCode, 201, 'white space around');
});

t.test('a body of exactly 16 KiB is accepted and one byte more is not, with and without Content-Length', async (t) => {
  const { send, unchanged } = await fixture(t);
  const body = (email: string, length: number) => {
    const start = `{"email": "${email}", "password": "password", "padding": "`;
    return `${start}${long(length - start.length - 2)}"}`;
  };
  const streamed = (text: string) =>
    Readable.from([text.slice(0, 10_000), text.slice(10_000)].map((s) => Buffer.from(s)));

  const tooLarge = body('large@example.com', LIMIT + 1);
  t.equal(Buffer.byteLength(tooLarge), LIMIT + 1);
  isProblem(t, await send(register, tooLarge), 'body_too_large', 'with its length');
  isProblem(t, await send(register, streamed(tooLarge)), 'body_too_large', 'without its length');
  await unchanged(t);
  t.equal((await send(register, body('a@example.com', LIMIT))).statusCode, 201);
  t.equal((await send(register, streamed(body('b@example.com', LIMIT)))).statusCode, 201);
});

t.test('of a duplicate member the last value counts', async (t) => {
  const { send } = await fixture(t);
  const body = '{"email": "first@example.com", "email": "last@example.com", "password": 1, "password": "password"}';
  const answer = await send(register, body);
  t.equal(answer.statusCode, 201);
  t.equal(answer.json().email, 'last@example.com');
  const wrong = await send(register, '{"email": "x@example.com", "password": "password", "password": 1}');
  isProblem(t, wrong, 'validation_failed', 'a valid value before an invalid one does not count');
});

t.test('unknown members, also nested ones, are ignored and never stored', async (t) => {
  const { send, rows, updateMe } = await fixture(t);
  const extras = {
    id: 4711,
    user_id: 4711,
    username: 'chosen',
    roles: ['admin'],
    password_hash: 'x',
    email_verified_at: '2000-01-01T00:00:00Z',
    disabled_at: '2000-01-01T00:00:00Z',
    created_at: '2000-01-01T00:00:00Z',
    constructor: 1,
    toString: 'x',
    hasOwnProperty: null,
    '': 1,
  };
  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
  const text = JSON.stringify({ email: 'extra@example.com', password: 'password', ...extras });
  const answer = await send(register, `${text.slice(0, -1)}, "deep": ${deep}}`);
  t.equal(answer.statusCode, 201);
  t.strictSame(Object.keys(answer.json()), ['id', 'email']);
  const [row] = await rows`select * from users where email = 'extra@example.com'`;
  matchAll(t, row, { username: '', roles: [], email_verified_at: null, disabled_at: null });
  t.match(row?.password_hash, /^\$argon2id\$/);
  t.not(row?.id, 4711);
  t.ok(Date.now() - row?.created_at.getTime() < 3_600_000, 'created now');

  const changed = await updateMe({ ...extras, username: 'Me' });
  t.strictSame(changed.json(), { id: 1, username: 'Me', email: 'user@example.com' });
  const [me] = await rows`select * from users where id = 1`;
  matchAll(t, me, { roles: [], email_verified_at: null, disabled_at: null });
});

t.test('only the token decides which account is read and changed', async (t) => {
  const { headers, rows, inject } = await fixture(t);
  await rows`insert into users (email, password_hash) values ('other@example.com', 'x')`;
  const url = '/api/me/?id=2&user_id=2&access_token=x';
  const sent = { ...headers, 'x-user-id': '2', cookie: 'user_id=2' };
  t.equal((await inject({ method: 'GET', url, headers: sent })).json().id, 1);
  const payload = { id: 2, user_id: 2, sub: '2', username: 'Mine' };
  t.equal((await inject({ method: 'PUT', url, headers: sent, payload })).json().id, 1);
  const [other] = await rows`select username from users where id = 2`;
  t.equal(other?.username, '');
});

t.test('credentials in the query string are ignored', async (t) => {
  const { inject, post, unchanged } = await fixture(t);
  const login = await post('/api/login/?email=user@example.com&password=password', {});
  isProblem(t, login, 'validation_failed', 'login');
  const me = await inject({ method: 'GET', url: '/api/me/?access_token=x&authorization=Bearer%20x' });
  isProblem(t, me, 'missing_token', 'me');
  await unchanged(t);
});

t.test('without a token the answer says nothing about the body', async (t) => {
  const { inject, unchanged } = await fixture(t);
  for (const [what, , body, headers = { 'content-type': JSON_TYPE }] of BODIES) {
    const answer = await inject({
      method: 'PUT',
      url: '/api/me/',
      headers,
      ...(body !== undefined && { payload: body }),
    });
    isProblem(t, answer, 'missing_token', what);
  }
  await unchanged(t);
});

t.test('an Idempotency-Key is 1 to 255 printable ASCII characters', async (t) => {
  const service = await fixture(t);
  const { refresh_token: token } = await service.login();
  const wrong = {
    empty: '',
    'too long': long(256),
    'a space': 'a b',
    'two of them, joined': 'a, b',
    'a tab': 'a\tb',
    'a control character': 'a\u0001b',
    delete: 'a\u007f',
    'beyond ASCII': 'schl\u00fcssel',
  };
  for (const [what, key] of Object.entries(wrong)) {
    const answer = await service.refresh(token, key);
    isProblem(t, answer, 'validation_failed', what);
    t.equal(answer.json().errors?.[0].path, '/headers/idempotency-key', what);
  }
  let current = token;
  for (const key of ['!', '~', long(255), '"quoted"', "';drop/**/table/**/sessions;--", '%00', UUID]) {
    const answer = await service.refresh(current, key);
    t.equal(answer.statusCode, 200, `the token still works, and ${key.slice(0, 20)} is a key`);
    current = answer.json().refresh_token;
  }
});

type Headers = Record<string, string>;

/** A service with one account and its token, and a check that nothing was stored. */
async function fixture(t: Test) {
  const service: TestApp = await apps({ env: { SETTING_ACCESS_TOKEN_LIFETIME: '3600' } });
  const rows = postgres(service.databaseUrl, { max: 1, onnotice: () => {} });
  t.teardown(() => rows.end());
  await service.register();
  const { access_token: token } = await service.login();
  const headers = { authorization: `Bearer ${token}` };
  const stored = async () => {
    const [row] = await rows`select
      (select json_agg(users order by id) from users) as users,
      (select json_agg(sessions order by user_id, id) from sessions) as sessions,
      (select json_agg(settings) from settings) as settings,
      (select json_agg(settings_history) from settings_history) as history`;
    return row;
  };
  let before = await stored();

  return {
    ...service,
    headers,
    rows,
    updateMe: (payload: object) => service.updateMe(token, payload),
    /** Sends a body unchanged, as JSON unless `extra` says otherwise. */
    send: (
      { method, url }: Operation,
      body: string | Buffer | Readable | undefined,
      extra: Headers = { 'content-type': JSON_TYPE },
    ) => {
      const options: InjectOptions = { method, url, headers: { ...(url === '/api/me/' && headers), ...extra } };
      return service.inject({ ...options, ...(body !== undefined && { payload: body }) });
    },
    /** Asserts that nothing was stored since the fixture was created or since the last call. */
    unchanged: async (t: Test, what = '') => {
      const after = await stored();
      t.strictSame(after, before, `${what} nothing is written`.trim());
      before = after;
    },
  };
}

function without(body: Readonly<Record<string, unknown>>, field: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== field));
}

function bytes(before: string, middle: readonly number[], after: string): Buffer {
  return Buffer.concat([Buffer.from(before), Buffer.from(middle), Buffer.from(after)]);
}
