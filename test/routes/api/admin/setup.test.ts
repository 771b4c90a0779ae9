// POST /api/admin/setup/ creates the first administrator, with a token that works once and only while there is none.
import { randomBytes } from 'node:crypto';
import t, { type Test } from 'tap';
import { exampleFirstAdmin } from '#schemas/admin/user.js';
import { makeSetupToken } from '#setup/token.js';
import { makeAdmin } from '../../../support/admin.js';
import { type TestApp, testApp, testAppOn } from '../../../support/app.js';
import { mailsOf } from '../../../support/mail.js';
import { matchAll } from '../../../support/match.js';
import { isProblem } from '../../../support/problem.js';
import { rowsOf, untilBlocked } from '../../../support/rows.js';
import { resetSetting, setSetting } from '../../../support/settings.js';

const PASSWORD = 'a-password-of-the-test';
const EMAIL = 'first@example.com';

/** A service without an administrator that was started with a setup token. */
async function fresh(t: Test) {
  const { token } = makeSetupToken();
  const service = await testApp(t, { setupToken: token });
  return { ...service, token, rows: rowsOf(t, service.databaseUrl), setUp: setUpOn(service, token) };
}

function setUpOn({ post }: Pick<TestApp, 'post'>, token: string) {
  return (changes: object = {}) => post('/api/admin/setup/', { token, email: EMAIL, password: PASSWORD, ...changes });
}

t.test('setup creates an admin who can log in, and records it without a secret', async (t) => {
  const { setUp, login, inject, rows, token, logLines } = await fresh(t);
  const answer = await setUp({ email: ' First@Example.com' });
  t.equal(answer.statusCode, 201);
  const { created_at, updated_at } = answer.json();
  t.strictSame(answer.json(), { ...exampleFirstAdmin, id: 1, email: EMAIL, created_at, updated_at });

  const { access_token: accessToken } = await login(EMAIL, PASSWORD);
  const headers = { authorization: `Bearer ${accessToken}` };
  t.equal((await inject({ method: 'GET', url: '/api/admin/users/', headers })).statusCode, 200);

  const [event, ...others] = await rows`select * from audit_events where event not like 'login%' order by id`;
  t.strictSame(others, []);
  matchAll(t, event, {
    event: 'user.created',
    actor_type: 'anonymous',
    target_type: 'user',
    target_id: '1',
    details: { roles: ['admin'], setup: true },
    ip: '127.0.0.1',
    request_id: answer.headers['x-request-id'],
  });
  const kept = JSON.stringify([logLines(), await rows`select * from audit_events`, await rows`select * from users`]);
  for (const secret of [token, PASSWORD]) t.notOk(kept.includes(secret), 'neither the log nor the database has it');
  t.ok(JSON.stringify(logLines()).includes('first_admin_created'));
});

t.test('while the service sends mail, the admin gets the e-mail that verifies their address', async (t) => {
  const { token } = makeSetupToken();
  const service = await testApp(t, { setupToken: token, catchesMail: true });
  t.equal((await setUpOn(service, token)()).statusCode, 201);
  matchAll(t, await mailsOf(rowsOf(t, service.databaseUrl)), [{ kind: 'verify_email', to: EMAIL }]);
});

t.test('a setup token works once', async (t) => {
  const { setUp, rows } = await fresh(t);
  t.equal((await setUp()).statusCode, 201);
  isProblem(t, await setUp({ email: 'second@example.com' }), 'setup_closed', 'again');
  isProblem(t, await setUp(), 'setup_closed', 'a taken address gets the same answer');
  // No operation can remove the last admin, but an operator with psql can.
  await rows`update users set roles = '{}'`;
  isProblem(t, await setUp({ email: 'second@example.com' }), 'setup_closed', 'the token stays used');
  t.equal((await rows`select 1 from users`).length, 1);
});

t.test('a wrong token is refused before a password is hashed or the database is queried', async (t) => {
  const { setUp, rows, token, app } = await fresh(t);
  const wrong = [
    '',
    ' ',
    `${token} `,
    `${token}=`,
    token.slice(1),
    token.slice(0, -1),
    token.toLowerCase(),
    token.toUpperCase(),
    'null',
    '\u0000',
    app.config.setupTokenHash,
    randomBytes(32).toString('base64url'),
    'x'.repeat(256),
  ];
  for (const each of wrong) isProblem(t, await setUp({ token: each }), 'setup_closed', JSON.stringify(each));
  for (const each of [undefined, null, 5, [token], {}, true]) {
    isProblem(t, await setUp({ token: each }), 'validation_failed', JSON.stringify(each));
  }
  await rows`drop table users cascade`;
  isProblem(t, await setUp({ token: wrong[0] }), 'setup_closed', 'no query is made');
});

t.test('when setup is closed, the answer is the same for every reason', async (t) => {
  const { setUp, databaseUrl, token } = await fresh(t);
  const elsewhere = await testAppOn(t, databaseUrl);
  t.equal(elsewhere.app.config.setupTokenHash, undefined, 'as on every external database');
  const without = await setUpOn(elsewhere, token)();
  const wrong = await setUp({ token: 'wrong' });
  await setUp();
  const spent = await setUp();
  isProblem(t, without, 'setup_closed', 'there is no token');
  const answers = [without, wrong, spent].map((answer) => ({ ...answer.json(), request_id: '' }));
  t.strictSame(answers, [answers[0], answers[0], answers[0]]);
});

t.test('the usual rules for addresses and passwords apply, and a refusal does not use up the token', async (t) => {
  const { setUp, app, register } = await fresh(t);
  isProblem(t, await setUp({ email: 'first@localhost' }), 'validation_failed', 'no address');
  isProblem(t, await setUp({ password: 'seven77' }), 'validation_failed', 'too short');
  await setSetting(app, 'PASSWORD_MIN_LENGTH', PASSWORD.length + 1);
  const short = await setUp();
  t.strictSame(short.json().errors, [
    { path: '/password', message: `must have at least ${PASSWORD.length + 1} characters` },
  ]);
  await resetSetting(app, 'PASSWORD_MIN_LENGTH');
  await register(EMAIL);
  isProblem(t, await setUp(), 'email_taken', 'an account of somebody without a role');
  await setSetting(app, 'REGISTRATION_OPEN', false);
  t.equal((await setUp({ email: 'other@example.com' })).statusCode, 201, 'also where nobody can register');
});

t.test('setup is closed while there is an admin who is not disabled', async (t) => {
  const { setUp, rows, ...service } = await fresh(t);
  const { userId } = await makeAdmin(t, service);
  isProblem(t, await setUp(), 'setup_closed', 'an admin created in another way');
  t.equal((await rows`select 1 from users`).length, 1);
  await rows`update users set disabled_at = now() where id = ${userId}`;
  t.equal((await setUp()).statusCode, 201);
});

t.test('of 12 concurrent setups on two instances exactly one creates an admin', async (t) => {
  const { token, databaseUrl, rows, ...service } = await fresh(t);
  const instances = [service, await testAppOn(t, databaseUrl, { setupToken: token })];
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      // Some have the same address. Few enough that none waits longer for the lock than the database timeout.
      setUpOn(instances[i % 2] ?? service, token)({ email: `admin-${i % 4}@example.com` }),
    ),
  );
  const [made, ...others] = [...answers].sort((a, b) => a.statusCode - b.statusCode);
  t.equal(made?.statusCode, 201);
  for (const answer of others) isProblem(t, answer, 'setup_closed', 'all others');
  const admins = await rows`select email, roles from users`;
  t.strictSame([...admins], [{ email: made?.json().email, roles: ['admin'] }]);
});

t.test('a second setup waits for the first one and is refused after its commit', async (t) => {
  const { setUp, rows, databaseUrl, ...service } = await fresh(t);
  const { id } = (await service.register('other@example.com')).json();
  const other = rowsOf(t, databaseUrl);
  let second: ReturnType<typeof setUp> | undefined;
  await rows.begin(async (tx) => {
    // Takes the same lock as a setup until its commit.
    await tx`select pg_advisory_xact_lock(hashtextextended('latchkey_admins', 0))`;
    second = setUp();
    second.catch(() => {});
    await untilBlocked(other);
    await tx`update users set roles = '{admin}' where id = ${id}`;
  });
  if (second === undefined) throw new Error('no request was sent');
  isProblem(t, await second, 'setup_closed', 'the second');
});
