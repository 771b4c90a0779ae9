// How and when the owner of a session has proved their identity: the claims of access tokens, operations that need a recent proof, and the
// policy that requires a second factor.
import { sql } from 'drizzle-orm';
import t, { type Test } from 'tap';
import type { TokenPair } from '#schemas/token-pair.js';
import { type TestApp, testApp } from '../../support/app.js';
import { addAuthenticator, challengeOf, enrol, verifyAddress, withToken } from '../../support/second-factors.js';
import { claimsOf } from '../../support/service.js';
import { resetSetting, setSetting } from '../../support/settings.js';

const ENV = { SETTING_ACCESS_TOKEN_LIFETIME: '3600', SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '0' };
const MAX_AGE = 300;

/** A service, on which each test has accounts of its own. */
const shared = testApp(t, { env: ENV, catchesMail: true });
let accounts = 0;

async function user(service: TestApp) {
  accounts += 1;
  const email = `user-${accounts}@example.com`;
  const { id } = (await service.register(email)).json();
  await verifyAddress(service, email);
  const pair = await service.login(email);
  return { email, id: Number(id), pair, token: pair.access_token };
}

const headers = (token: string) => ({ authorization: `Bearer ${token}` });

const stepUp = (service: TestApp, token: string, payload: object) =>
  service.inject({ method: 'POST', url: '/api/me/step-up/', payload, headers: headers(token) });

const authentication = (token: string) => {
  const { auth_time, amr, acr } = claimsOf({ access_token: token }) as Record<string, unknown>;
  return { auth_time, amr, acr };
};

/** Moves the login of all sessions of an account an hour back, and refreshes. */
async function grownOld(service: TestApp, { id, pair }: { id: number; pair: TokenPair }): Promise<TokenPair> {
  await service.app.db.execute(
    sql`update sessions set created_at = (created_at at time zone 'UTC' - interval '1 hour') at time zone 'UTC' where user_id = ${id}`,
  );
  return (await service.refresh(pair.refresh_token)).json();
}

/** Runs a test while a setting has a value. */
async function whileSet(service: TestApp, name: string, value: unknown, run: () => Promise<void>): Promise<void> {
  await setSetting(service.app, name, value);
  try {
    await run();
  } finally {
    await resetSetting(service.app, name);
  }
}

t.test('an access token says when and how its owner logged in, and a refresh keeps that', async (t) => {
  const service = await shared;
  const account = await user(service);
  const first = authentication(account.token);
  t.strictSame(first, { auth_time: first.auth_time, amr: ['pwd'], acr: 'urn:latchkey:acr:1' });
  const older = await grownOld(service, account);
  t.strictSame(authentication(older.access_token), { ...first, auth_time: Number(first.auth_time) - 3600 });
  const both = await Promise.all(
    [older, await service.login(account.email)].map((pair) => service.refresh(pair.refresh_token)),
  );
  t.strictSame(
    both.map((response) => authentication(response.json().access_token).amr),
    [['pwd'], ['pwd']],
    'refreshes in one batch too',
  );
});

t.test('a session that began before this was recorded has the time of its login, and no methods', async (t) => {
  const service = await shared;
  const { id, pair, token } = await user(service);
  await service.app.db.execute(sql`update sessions set amr = null where user_id = ${id}`);
  const next = (await service.refresh(pair.refresh_token)).json();
  t.strictSame(authentication(next.access_token), {
    auth_time: authentication(token).auth_time,
    amr: undefined,
    acr: undefined,
  });
});

t.test('a second factor is in the token: after the login, and in the session that has added it', async (t) => {
  const service = await shared;
  const { email, pair, token } = await user(service);
  const app = await addAuthenticator(service, token);
  const refreshed = (await service.refresh(pair.refresh_token)).json();
  const expected = { amr: ['pwd', 'otp', 'mfa'], acr: 'urn:latchkey:acr:2' };
  t.match(authentication(refreshed.access_token), expected);
  const challenge = await challengeOf(service, email);
  const session = (await service.post('/api/login/second-factor/', { challenge, code: app.code() })).json();
  t.match(authentication(session.access_token), expected);
  const [stored] = await service.app.db.execute<{ amr: string }>(
    sql`select amr from sessions where id = ${Number(claimsOf(session).sid)}`,
  );
  t.equal(stored?.amr, 'pwd otp mfa');
});

const SENSITIVE: readonly (readonly [method: 'PUT' | 'POST' | 'DELETE' | 'GET', path: string, payload?: object])[] = [
  ['PUT', '/api/me/', { password: 'a new password' }],
  ['PUT', '/api/me/', { email: 'another@example.com' }],
  ['DELETE', '/api/me/', { current_password: 'password' }],
  ['GET', '/api/me/export/'],
  ['POST', '/api/me/factors/totp/', { current_password: 'password' }],
  ['POST', '/api/me/factors/recovery-codes/', { current_password: 'password' }],
  ['DELETE', '/api/me/factors/1/', { current_password: 'password' }],
];

t.test('sensitive operations need a proof that is not older than STEP_UP_MAX_AGE', async (t) => {
  const service = await shared;
  const account = await user(service);
  const { access_token: old, refresh_token: refreshToken } = await grownOld(service, account);
  const send = (token: string, [method, url, payload]: (typeof SENSITIVE)[number]) =>
    service.inject({ method, url, headers: headers(token), ...(payload && { payload }) });
  t.equal((await send(old, ['GET', '/api/me/export/'])).statusCode, 200, 'the default asks for nothing');

  await whileSet(service, 'STEP_UP_MAX_AGE', MAX_AGE, async () => {
    for (const operation of SENSITIVE) {
      const refused = await send(old, operation);
      t.equal(refused.statusCode, 401, operation.slice(0, 2).join(' '));
      t.match(refused.json(), { code: 'insufficient_user_authentication', factors: ['password'], max_age: MAX_AGE });
      t.equal(
        refused.headers['www-authenticate'],
        `Bearer realm="latchkey", error="insufficient_user_authentication", max_age="${MAX_AGE}"`,
      );
    }
    t.equal((await service.updateMe(old, { username: 'Any' })).statusCode, 200, 'a new username is not sensitive');
    t.equal((await service.me(old)).statusCode, 200);

    t.equal((await stepUp(service, old, { current_password: 'wrong' })).json().code, 'current_password_wrong');
    t.equal((await stepUp(service, old, {})).json().code, 'validation_failed');
    const raised = (await stepUp(service, old, { current_password: 'password' })).json();
    t.strictSame(Object.keys(raised), ['access_token']);
    t.match(authentication(raised.access_token), { amr: ['pwd'], acr: 'urn:latchkey:acr:1' });
    t.equal((await send(raised.access_token, ['GET', '/api/me/export/'])).statusCode, 200);
    t.equal((await service.updateMe(raised.access_token, { password: 'password' })).statusCode, 200);

    const next = (await service.refresh(refreshToken)).json();
    t.strictSame(authentication(next.access_token), authentication(raised.access_token), 'a refresh keeps it');
  });
});

t.test('an account with a second factor steps up with it, and its codes are throttled', async (t) => {
  const service = await shared;
  const account = await user(service);
  const app = await addAuthenticator(service, account.token);
  const { access_token: token } = await service.refresh(account.pair.refresh_token).then((r) => r.json());
  await whileSet(service, 'STEP_UP_MAX_AGE', MAX_AGE, async () => {
    const refused = await stepUp(service, token, { current_password: 'password' });
    t.match(refused.json(), { code: 'insufficient_user_authentication', factors: ['totp'] });
    t.match(refused.headers['www-authenticate'], 'acr_values="urn:latchkey:acr:2"');
    const code = app.code();
    t.equal(
      (await stepUp(service, token, { code, current_password: 'wrong' })).json().code,
      'current_password_wrong',
      'a password that is sent must be right, and the code is not used up',
    );
    t.equal((await stepUp(service, token, { code, recovery_code: 'x' })).json().code, 'validation_failed');
    t.equal((await stepUp(service, token, { code })).statusCode, 200);
    t.equal((await stepUp(service, token, { code })).json().code, 'factor_code_wrong', 'a code works once');
    const guesses = await Promise.all(
      Array.from({ length: 8 }, () => stepUp(service, token, { recovery_code: 'nonsense' })),
    );
    t.equal(new Set(guesses.map((each) => each.json().code)).has('too_many_attempts'), true);
  });
});

t.test('a session that is over cannot step up', async (t) => {
  const service = await shared;
  const { pair, token } = await user(service);
  await service.logout(pair.refresh_token);
  t.equal((await stepUp(service, token, { current_password: 'password' })).json().code, 'invalid_token');
});

t.test('changes of operators need a recent proof while STEP_UP_FOR_OPERATORS is on', async (t) => {
  const service = await shared;
  const account = await user(service);
  await service.app.db.execute(sql`update users set roles = '{admin}' where id = ${account.id}`);
  const { access_token: old } = await grownOld(service, account);
  const create = (token: string, name: string) =>
    service.post('/api/admin/roles/', { name, permissions: [] }, headers(token));
  await whileSet(service, 'STEP_UP_MAX_AGE', MAX_AGE, async () => {
    t.equal((await create(old, 'first')).statusCode, 201);
    await whileSet(service, 'STEP_UP_FOR_OPERATORS', true, async () => {
      t.equal((await create(old, 'second')).json().code, 'insufficient_user_authentication');
      const read = await service.inject({ method: 'GET', url: '/api/admin/roles/', headers: headers(old) });
      t.equal(read.statusCode, 200);
      const raised = (await stepUp(service, old, { current_password: 'password' })).json();
      t.equal((await create(raised.access_token, 'second')).statusCode, 201);
    });
  });
});

t.test('an account without a password adds a factor soon after it has signed in', async (t) => {
  const service = await shared;
  const account = await user(service);
  await service.app.db.execute(sql`update users set password_hash = null where id = ${account.id}`);
  const begin = (token: string) => withToken(service, token)('POST', 'totp/', {});
  t.equal((await begin(account.token)).statusCode, 201);
  const { access_token: old } = await grownOld(service, account);
  const refused = (await begin(old)).json();
  t.match(refused, { code: 'insufficient_user_authentication', max_age: 600 });
  t.strictSame(refused.factors, []);
});

async function enrolOnly(t: Test, service: TestApp, token: string): Promise<void> {
  const refused = await service.updateMe(token, { username: 'Any' });
  t.equal(refused.json().code, 'second_factor_enrolment_required');
  t.equal((await service.me(token)).statusCode, 200);
  const verified = await service.inject({ method: 'GET', url: '/api/verify/', headers: headers(token) });
  t.equal(verified.statusCode, 403, 'it proves nothing to other services');
  const { aud, roles, permissions } = claimsOf({ access_token: token }) as Record<string, unknown>;
  t.strictSame(
    { aud, roles, permissions },
    { aud: 'latchkey#second-factor-enrolment', roles: undefined, permissions: undefined },
  );
}

t.test('with SECOND_FACTOR_REQUIRED an account without a factor can only add one', async (t) => {
  const service = await shared;
  const account = await user(service);
  await setSetting(service.app, 'SECOND_FACTOR_GRACE_DAYS', 7);
  await whileSet(service, 'SECOND_FACTOR_REQUIRED', true, async () => {
    const first = (await service.refresh(account.pair.refresh_token)).json();
    t.equal((await service.updateMe(first.access_token, { username: 'Any' })).statusCode, 200, 'in the time of grace');
    const { required_from: from } = (await withToken(service, first.access_token)('GET', '')).json();
    t.ok(Date.parse(from) > Date.now(), 'which the owner can see');

    await service.app.db.execute(
      sql`update users set second_factor_asked_at = now() - interval '8 days' where id = ${account.id}`,
    );
    const pair = (await service.refresh(first.refresh_token)).json();
    await enrolOnly(t, service, pair.access_token);
    const login = await service.login(account.email);
    await enrolOnly(t, service, login.access_token);

    const app = await enrol(service, pair.access_token);
    const confirmed = await withToken(service, pair.access_token)('POST', `totp/${app.id}/confirm/`, {
      code: app.code(),
    });
    t.equal(confirmed.statusCode, 200);
    const complete = (await service.refresh(pair.refresh_token)).json();
    t.equal((await service.updateMe(complete.access_token, { username: 'Any' })).statusCode, 200);
    t.equal((await withToken(service, complete.access_token)('GET', '')).json().required_from, null);
  });
  await resetSetting(service.app, 'SECOND_FACTOR_GRACE_DAYS');
});

t.test('SECOND_FACTOR_REQUIRED_FOR_OPERATORS concerns accounts with a permission of this service', async (t) => {
  const service = await shared;
  const [operator, other] = [await user(service), await user(service)];
  await service.app.db.execute(sql`update users set roles = '{admin}' where id = ${operator.id}`);
  await setSetting(service.app, 'SECOND_FACTOR_GRACE_DAYS', 0);
  await whileSet(service, 'SECOND_FACTOR_REQUIRED_FOR_OPERATORS', true, async () => {
    await enrolOnly(t, service, (await service.login(operator.email)).access_token);
    const { access_token: token } = await service.login(other.email);
    t.equal((await service.updateMe(token, { username: 'Any' })).statusCode, 200);
  });
  await resetSetting(service.app, 'SECOND_FACTOR_GRACE_DAYS');
  t.equal(
    (await service.updateMe((await service.login(operator.email)).access_token, { username: 'A' })).statusCode,
    200,
  );
});
