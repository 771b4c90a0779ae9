// The format of the log, and what it never contains.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { DrizzleQueryError } from 'drizzle-orm';
import { pino } from 'pino';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { logOptions } from '#platform/log/log.js';
import { packageRoot } from '#platform/process/package-info.js';
import { TEST_SECRET, type TestApp, testApp } from '../../../support/app.js';
import { claimsOf } from '../../../support/service.js';

/** A logger with the service's options, and its lines. */
function logger(level = 'trace') {
  const written: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      written.push(String(chunk));
      done();
    },
  });
  return { log: pino(logOptions(level), stream), written };
}

const SECRET = 'marker-of-a-secret';

t.test('every event is one line of JSON, whatever it contains', async (t) => {
  const { log, written } = logger();
  const hostile = 'a\r\n{"level":"info","msg":"forged"}\u2028\u0000\u001b[31m"\\';
  log.info({ userAgent: hostile, [hostile]: hostile }, hostile);
  log.error({ err: new Error(hostile) }, 'x');
  log.child({ request_id: hostile }).warn({}, 'x');
  t.equal(written.length, 3);
  for (const line of written) {
    const raw = ['\r', '\n', '\u0000', '\u001b'].filter((character) => line.slice(0, -1).includes(character));
    t.strictSame(raw, [], 'no raw control characters');
    t.ok(line.endsWith('}\n'));
    t.match(JSON.parse(line), { level: /^(info|error|warn)$/, time: /^\d{4}-\d\d-\d\dT.*Z$/, msg: String });
  }
  t.equal(JSON.parse(written[0] ?? '').userAgent, hostile, 'the text is complete');
});

for (const [what, end, code] of [
  ['exits', 'process.exit(0);', 0],
  ['ends with an error that nothing catches', "throw new Error('unexpected');", 1],
] as const) {
  t.test(`a process that ${what} has written all lines of its last turn`, async (t) => {
    const module = pathToFileURL(join(packageRoot, 'dist', 'src', 'platform', 'log', 'log.js'));
    const script = `
      import { pino } from 'pino';
      import { logDestination, logOptions } from '${module}';
      const log = pino(logOptions('info'), logDestination({ logFormat: 'json', isLogLevelSet: true }));
      for (let number = 1; number <= 300; number += 1) log.info({ number }, 'a line');
      ${end}`;
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: packageRoot,
      encoding: 'utf8',
    });
    t.equal(status, code);
    const numbers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).number);
    t.strictSame(
      numbers,
      Array.from({ length: 300 }, (_, index) => index + 1),
    );
  });
}

t.test('a query error is logged without its statement and values, however deeply nested', async (t) => {
  const driver = Object.assign(new Error('duplicate key value violates unique constraint "users_email_key"'), {
    name: 'PostgresError',
    code: '23505',
    constraint_name: 'users_email_key',
    detail: `Key (email)=(${SECRET}) already exists.`,
    query: SECRET,
    parameters: [SECRET],
    args: [SECRET],
  });
  const query = new DrizzleQueryError(`insert into users values ('${SECRET}')`, [SECRET], driver);
  const errors: Record<string, unknown> = {
    'of Drizzle': query,
    'of the driver': driver,
    'as a cause': new Error('outer', { cause: query }),
    'as the cause of a cause': new Error('outer', { cause: new Error('inner', { cause: driver }) }),
  };
  for (const [what, err] of Object.entries(errors)) {
    const { log, written } = logger();
    log.error({ err }, 'request failed');
    t.notMatch(written[0], SECRET, what);
    t.match(written[0], /"code":"23505","message":"duplicate key value[^}]*"constraint":"users_email_key"/, what);
    t.match(written[0], /log\.test\.[jt]s:\d+/, `${what}: the stack is logged`);
  }
});

t.test('thrown values that are not errors are logged too', async (t) => {
  for (const err of ['text', 7, null, undefined, {}, Object.create(null)]) {
    const { log, written } = logger();
    log.error({ err }, 'request failed');
    t.equal(JSON.parse(written[0] ?? '').msg, 'request failed');
  }
});

t.test('secrets in known fields are redacted if they are logged by mistake', async (t) => {
  const { log, written } = logger();
  const names = [
    'password',
    'temporary_password',
    'temporaryPassword',
    'refresh_token',
    'access_token',
    'authorization',
    'cookie',
  ];
  const held = Object.fromEntries(names.map((name) => [name, SECRET]));
  const redacted = Object.fromEntries(names.map((name) => [name, '[redacted]']));
  log.info({ ...held, body: held, headers: held }, 'x');
  t.match(JSON.parse(written[0] ?? ''), { ...redacted, body: redacted, headers: redacted, msg: 'x' });
  t.notMatch(written[0], SECRET);
});

t.test('no operation leaves a secret or an address in the log', async (t) => {
  const service = await testApp(t, { env: { LOG_LEVEL: 'trace' } });
  const { inject, post, login, refresh, logout, me, updateMe, databaseUrl } = service;
  const rows = postgres(databaseUrl, { max: 2, onnotice: () => {} });
  t.teardown(() => rows.end());
  const secrets = new Map<string, string>();
  /** Registers a text that must not be in the log. */
  const hide = (what: string, text: string) => {
    secrets.set(what, text);
    return text;
  };

  hide('AUTH_SECRET', TEST_SECRET);
  hide('DATABASE_URL', databaseUrl);
  hide("the database's password", `:${new URL(databaseUrl).password}@`);
  const email = hide('an address', 'marker-mail@example.com');
  const password = hide('a password', 'marker-password-1');
  const other = hide('another address', 'marker-other@example.com');
  const query = `?x=${hide('a query string', 'marker-query')}&email=${email}`;
  const userAgent = hide('a user agent', 'marker-agent');

  t.equal((await post('/api/register/', { email, password })).statusCode, 201);
  t.equal((await post('/api/register/', { email: other, password })).statusCode, 201);
  t.equal((await post('/api/register/', { email, password })).statusCode, 409);
  const pair = await login(email, password);
  const keep = (what: string, { access_token: access, refresh_token: token }: typeof pair) => {
    for (const [i, part] of access.split('.').entries()) hide(`${what}: part ${i} of the access token`, part);
    hide(`${what}: the refresh token`, token);
  };
  keep('login', pair);
  const wrong = { email, password: hide('a wrong password', 'marker-wrong-password') };
  t.equal((await post(`/api/login/${query}`, wrong, { 'user-agent': userAgent })).statusCode, 401);
  const unknown = { email: hide('an unknown address', 'marker-unknown@example.com'), password };
  t.equal((await post('/api/login/', unknown)).statusCode, 401);

  const key = hide('an Idempotency-Key', 'marker-idempotency-key');
  const refreshed = (await refresh(pair.refresh_token, key)).json();
  keep('refresh', refreshed);
  t.equal((await refresh(pair.refresh_token, key)).statusCode, 200, 'repeated');
  t.equal((await refresh(pair.refresh_token)).statusCode, 401, 'used');
  t.equal((await refresh(pair.refresh_token, 'marker idempotency key')).statusCode, 400);
  t.equal((await me(refreshed.access_token)).statusCode, 200);
  t.equal((await me(hide('a bad token', 'marker.bad.token'))).statusCode, 401);
  t.equal((await me(`${refreshed.access_token.slice(0, -3)}abc`)).statusCode, 401);
  const token = refreshed.access_token;
  const username = hide('a username', 'marker-username');
  t.equal((await updateMe(token, { username })).statusCode, 200);
  const newPassword = hide('a new password', 'marker-password-2');
  t.equal((await updateMe(token, { password: newPassword, current_password: password })).statusCode, 200);
  t.equal((await updateMe(token, { password, current_password: wrong.password })).statusCode, 403);
  t.equal((await updateMe(token, { email: other })).statusCode, 409);

  const headers = { 'content-type': 'application/json', cookie: hide('a cookie', 'marker-cookie') };
  const bodies: [payload: string, status: number, more?: object][] = [
    [`{"email": "${email}", "password": "${password}"`, 400],
    [`{"__proto__": {"password": "${password}"}}`, 400],
    [`{"email": ["${email}"], "password": {"x": "${password}"}}`, 400],
    [`{"email": "${email}", "password": "${password}\\u0000"}`, 400],
    [`email=${email}&password=${password}`, 415, { 'content-type': 'application/x-www-form-urlencoded' }],
    [`{"email": "${email}", "x": "${'x'.repeat(20_000)}"}`, 413],
  ];
  for (const [payload, status, more] of bodies) {
    const answer = await inject({
      method: 'POST',
      url: `/api/login/${query}`,
      payload,
      headers: { ...headers, ...more },
    });
    t.equal(answer.statusCode, status, payload.slice(0, 30));
  }
  for (const url of [`/marker-path/${email}${query}`, `/%ZZ${query}`, `/api/me/${query}`]) {
    t.ok((await inject({ method: 'GET', url, headers })).statusCode >= 400, url);
    t.ok((await inject({ method: 'DELETE', url, headers })).statusCode >= 400, url);
  }
  hide('a path', 'marker-path');

  await databaseFails(t, rows, service, { email, other, password, newPassword, username, token });
  const others = [await login(email, newPassword), await login(email, newPassword), await login(email, newPassword)];
  for (const [i, other] of others.entries()) keep(`login ${i}`, other);
  const [a, b, c] = others as [typeof pair, typeof pair, typeof pair];
  t.equal((await service.sessions(a.access_token)).length, 4);
  t.equal((await service.endSession(a.access_token, String(claimsOf(refreshed).sid))).statusCode, 204);
  t.equal((await service.endOtherSessions(b.access_token)).statusCode, 204);
  t.equal((await service.endOtherSessions(c.access_token)).statusCode, 401);
  t.equal((await service.logoutEverywhere(b.access_token)).statusCode, 200);
  t.equal((await logout((await login(email, newPassword)).refresh_token)).statusCode, 200);
  const leaver = await login(other, password);
  t.equal((await service.deleteMe(leaver.access_token, newPassword)).statusCode, 403);
  t.equal((await service.deleteMe(leaver.access_token, password)).statusCode, 204);
  t.equal((await refresh(refreshed.refresh_token)).statusCode, 401);

  const stored =
    await rows`select password_hash, encode(refresh_token_hash, 'hex') as hex from users join sessions on user_id = users.id`;
  for (const { password_hash: hash, hex } of stored) {
    hide('a password hash', hash);
    hide('a token hash', hex);
  }
  hide('any password hash', '$argon2');
  hide('any marker', 'marker');
  hide('a statement', 'select ');

  const lines = service.logLines();
  t.ok(lines.length > 25, `${lines.length} lines`);
  for (const line of lines) {
    const text = JSON.stringify(line);
    const found = [...secrets].filter(([, secret]) => text.includes(secret)).map(([what]) => what);
    t.strictSame(found, [], `${line.msg}`);
  }
  for (const event of [
    'registered',
    'logged_in',
    'refreshed',
    'account_changed',
    'session_ended',
    'other_sessions_ended',
    'logged_out_everywhere',
    'logged_out',
    'account_deleted',
  ]) {
    t.match(
      lines.find((line) => line.event === event),
      { userId: event === 'account_deleted' ? 2 : 1, ip: '127.0.0.1', request_id: String },
      event,
    );
  }
  for (const code of ['invalid_credentials', 'invalid_token', 'refresh_token_used', 'invalid_refresh_token']) {
    t.match(
      lines.find((line) => line.code === code),
      { status: 401, ip: '127.0.0.1', request_id: String },
      code,
    );
  }
});

/** Provokes database errors whose message or detail contains what was sent. */
async function databaseFails(
  t: Test,
  rows: postgres.Sql,
  { post, updateMe }: TestApp,
  sent: Record<'email' | 'other' | 'password' | 'newPassword' | 'username' | 'token', string>,
): Promise<void> {
  const { email, other, password, newPassword, username, token } = sent;
  const login = () => post('/api/login/', { email, password: newPassword });

  await rows`create unique index one_name on users (username) where username <> ''`;
  await rows`update users set username = 'taken' where email = ${other}`;
  t.equal((await updateMe(token, { username: 'taken' })).statusCode, 500, 'an unexpected unique violation');
  await rows.unsafe(`alter table users add constraint no_name check (username <> '${username}') not valid`);
  await rows`update users set username = ''`;
  t.equal((await updateMe(token, { username })).statusCode, 500, 'a failed check, with the row in its detail');
  await rows`alter table users drop constraint no_name`;

  await rows`alter table users rename column email to mail`;
  t.equal((await login()).statusCode, 500, 'a missing column');
  t.equal((await post('/api/register/', { email: 'marker-third@example.com', password })).statusCode, 500);
  await rows`alter table users rename column mail to email`;

  await rows.begin(async (sql) => {
    await sql`lock table users in access exclusive mode`;
    t.equal((await login()).statusCode, 503, 'a query timeout');
  });
}
