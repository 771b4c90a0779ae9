// Mails that tell the owners of accounts what was done with them.
import t from 'tap';
import { TEST_SECRET, type TestApp, testApp, testAppOn } from '../../support/app.js';
import { mailsOf } from '../../support/mail.js';
import { matchAll } from '../../support/match.js';
import { operatorsOf } from '../../support/operator.js';
import { isProblem } from '../../support/problem.js';
import { setSetting } from '../../support/settings.js';

const env = {
  SETTING_ACCESS_TOKEN_LIFETIME: '3600',
  SETTING_NOTIFY_NEW_SIGN_IN: 'true',
  TRUST_PROXY: '127.0.0.1',
};
const service = await testApp(t, { env, catchesMail: true });
const { rows, allowed, as } = operatorsOf(t, service);

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const NEWER_FIREFOX = FIREFOX.replaceAll('145.0', '146.0.1');
const SAFARI = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1';

async function register(on: TestApp = service) {
  const email = `user-${crypto.randomUUID()}@example.com`;
  return { id: (await on.register(email)).json().id as number, email };
}

async function logIn(email: string, userAgent = FIREFOX, ip = '203.0.113.7', on: TestApp = service) {
  const headers = { 'user-agent': userAgent, 'x-forwarded-for': ip };
  const answer = await on.inject({
    method: 'POST',
    url: '/api/login/',
    payload: { email, password: 'password' },
    headers,
  });
  t.equal(answer.statusCode, 200, answer.body);
  return answer.json();
}

/** The mails to an address, except those with links, which are tested elsewhere. */
const mailsTo = async (email: string) => (await mailsOf(rows, email)).filter(({ data }) => !('url' in data));
const kindsTo = async (email: string) => (await mailsTo(email)).map(({ kind }) => kind);

t.test('a login from a new device is told, with where it came from; the first one is not', async (t) => {
  const { id, email } = await register();
  await logIn(email);
  t.strictSame(await kindsTo(email), [], 'the first login after the registration');
  await logIn(email, SAFARI);
  matchAll(t, await mailsTo(email), [
    { kind: 'new_sign_in', userId: id, data: { at: /Z$/, ip: '203.0.113.7', userAgent: SAFARI } },
  ]);
  await logIn(email, SAFARI);
  await logIn(email);
  t.strictSame(await kindsTo(email), ['new_sign_in'], 'both devices are known now');
});

t.test(
  'an update of the browser or another address of the provider is no new device; another network is',
  async (t) => {
    const { email } = await register();
    await logIn(email);
    await logIn(email, NEWER_FIREFOX, '203.0.200.200');
    t.strictSame(await kindsTo(email), []);
    await logIn(email, FIREFOX, '198.51.100.1');
    t.strictSame(await kindsTo(email), ['new_sign_in']);
    await logIn(email, FIREFOX, '2001:db8:1:2::3');
    await logIn(email, FIREFOX, '2001:db8:ffff:2::3');
    t.strictSame(await kindsTo(email), ['new_sign_in', 'new_sign_in']);
  },
);

t.test(
  'what is stored about a device is neither its address nor its browser, and differs between accounts',
  async (t) => {
    const [one, other] = [await register(), await register()];
    for (const { email } of [one, other]) await logIn(email);
    const devices = await rows`select * from known_devices where user_id = any(${[one.id, other.id]})`;
    t.equal(devices.length, 2);
    t.equal(new Set(devices.map(({ fingerprint }) => fingerprint.toString('hex'))).size, 2);
    for (const { fingerprint } of devices) t.equal(fingerprint.length, 16);
  },
);

t.test('fifty logins at once from one new device are told once', async (t) => {
  const { email } = await register();
  await logIn(email);
  await Promise.all(Array.from({ length: 20 }, () => logIn(email, SAFARI)));
  t.strictSame(await kindsTo(email), ['new_sign_in']);
});

t.test('a failed login, and a login to an unknown account, tell nobody', async (t) => {
  const { email } = await register();
  await logIn(email);
  for (const address of [email, `nobody-${email}`]) {
    const answer = await service.post('/api/login/', { email: address, password: 'wrong' }, { 'user-agent': SAFARI });
    isProblem(t, answer, 'invalid_credentials', address);
    t.strictSame(await kindsTo(address), []);
  }
});

t.test('an account remembers a hundred devices, and forgets those not used for 180 days', async (t) => {
  const { id, email } = await register();
  await logIn(email);
  await rows`
    insert into known_devices (user_id, fingerprint, seen_at)
    select ${id}, sha256(i::text::bytea), now() - i * interval '2 days' from generate_series(1, 120) i`;
  await logIn(email, SAFARI);
  const [{ count, oldest } = {}] = await rows`
    select count(*)::int, min(seen_at) as oldest from known_devices where user_id = ${id}`;
  t.ok(count > 80 && count <= 100);
  t.ok(oldest.getTime() > Date.now() - 180 * 86_400_000);
});

t.test('while the setting is off nothing is remembered', async (t) => {
  const off = await testAppOn(t, service.databaseUrl, {
    env: { ...env, SETTING_NOTIFY_NEW_SIGN_IN: 'false' },
    catchesMail: true,
  });
  const { id, email } = await register();
  await logIn(email, FIREFOX, '203.0.113.7', off);
  await logIn(email, SAFARI, '203.0.113.7', off);
  t.equal((await rows`select 1 from known_devices where user_id = ${id}`).length, 0);
  t.strictSame(await kindsTo(email), []);
});

t.test('while the secret is being changed, known devices stay known', async (t) => {
  const before = await testApp(t, { env, catchesMail: true });
  const { rows: theirs } = operatorsOf(t, before);
  const { email } = await register(before);
  await logIn(email, FIREFOX, '203.0.113.7', before);
  const after = await testAppOn(t, before.databaseUrl, {
    env: { ...env, AUTH_SECRET: `new-Wq3uZb8kPd5tXs1vHn6jRc0yLf9mGe4a,${TEST_SECRET}` },
    catchesMail: true,
  });
  await logIn(email, FIREFOX, '203.0.113.7', after);
  t.equal((await theirs`select 1 from mails where kind = 'new_sign_in'`).length, 0);
});

t.test('a session that is ended because a used token returns is told once', async (t) => {
  const { email } = await register();
  const { refresh_token: token } = await logIn(email);
  await service.refresh((await service.refresh(token)).json().refresh_token);
  const answers = await Promise.all(Array.from({ length: 10 }, () => service.refresh(token)));
  t.ok(answers.every(({ statusCode }) => statusCode === 401));
  t.strictSame(await kindsTo(email), ['refresh_token_reused']);
  await setSetting(service.app, 'NOTIFY_TOKEN_REUSE', false);
  const { refresh_token: other } = await logIn(email);
  await service.refresh((await service.refresh(other)).json().refresh_token);
  isProblem(t, await service.refresh(other), 'refresh_token_reused', 'while the setting is off');
  t.strictSame(await kindsTo(email), ['refresh_token_reused']);
});

t.test('a changed password is told to the address that the account had', async (t) => {
  const { id, email } = await register();
  const { access_token: token } = await logIn(email);
  const answer = await service.updateMe(token, { password: 'another password', email: `new-${email}` });
  t.equal(answer.statusCode, 200);
  const notices = (await mailsTo(email)).filter(({ kind }) => kind === 'password_changed');
  matchAll(t, notices, [{ userId: id, data: { ip: '127.0.0.1' } }]);
  t.notOk((await kindsTo(`new-${email}`)).includes('password_changed'));
  t.equal((await service.updateMe(token, { username: 'Jane' })).statusCode, 200);
  t.equal((await kindsTo(email)).filter((kind) => kind === 'password_changed').length, 1, 'a name is no news');
});

t.test('a password that is not changed is not told', async (t) => {
  const { email } = await register();
  const { access_token: token } = await logIn(email);
  isProblem(t, await service.updateMe(token, { password: 'short' }), 'validation_failed', 'too short');
  const wrong = await service.updateMe(token, { password: 'another password', current_password: 'wrong' });
  isProblem(t, wrong, 'current_password_wrong', 'a wrong current password');
  t.strictSame(await kindsTo(email), []);
});

t.test("an operator's reset of a password is told, without the operator's address", async (t) => {
  const operator = await allowed('users:read', 'users:write');
  const { id, email } = await register();
  t.equal((await as(operator.access_token, 'POST', `/users/${id}/reset-password/`)).statusCode, 200);
  matchAll(t, await mailsTo(email), [{ kind: 'password_changed', data: { ip: null, userAgent: null } }]);
});

t.test('an address that an operator changes is told to the old one', async (t) => {
  const operator = await allowed('users:read', 'users:write');
  for (const isVerified of [true, false]) {
    const { id, email } = await register();
    if (isVerified) await rows`update users set email_verified_at = now() where id = ${id}`;
    await as(operator.access_token, 'PUT', `/users/${id}/`, { email: `new-${email}` });
    const told = (await mailsTo(email)).filter(({ kind }) => kind === 'email_changed');
    // The reader of an address that nobody has verified may be a stranger to the account.
    matchAll(t, told, [{ userId: id, data: { email: isVerified ? `new-${email}` : null, ip: null } }]);
  }
});

t.test('without mail nothing is stored', async (t) => {
  const silent = await testAppOn(t, service.databaseUrl, { env });
  const { email } = await register();
  const { access_token: token } = await logIn(email, FIREFOX, '203.0.113.7', silent);
  await logIn(email, SAFARI, '203.0.113.7', silent);
  t.equal((await silent.updateMe(token, { password: 'another password' })).statusCode, 200);
  t.strictSame(await kindsTo(email), []);
});
