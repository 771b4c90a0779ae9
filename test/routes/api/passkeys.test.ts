// Passkeys: adding them, logging in with them, and every way in which they are refused.
import { sql } from 'drizzle-orm';
import t from 'tap';
import { logInAdmin } from '../../openapi/error-scenarios.js';
import { sharedApps, TEST_SECRET, type TestApp, type TestAppOptions, testAppOn } from '../../support/app.js';
import {
  type Authenticator,
  addPasskey,
  attestationOf,
  type Changes,
  createAuthenticator,
  creationOptions,
  requestOptions,
} from '../../support/authenticator.js';
import { addAuthenticator, challengeOf, withToken } from '../../support/second-factors.js';
import { claimsOf } from '../../support/service.js';
import { resetSetting, setSetting } from '../../support/settings.js';

const NEW_SECRET = 'test-Pw5yX2kFh4mV9cLr7TnWb3pJd6sGa1eN';

const clock = { time: Date.now() };
const apps = sharedApps(t, () => clock.time);

/** A service with a clock that the test can move, and a user who is logged in. */
async function serviceWithUser(options: TestAppOptions = {}) {
  clock.time = Date.now();
  const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600', SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '0', ...options.env };
  const service = await apps({ ...options, env });
  await service.register();
  const pair = await service.login();
  return { service, pair, token: pair.access_token, me: withToken(service, pair.access_token) };
}

const logIn = async (service: TestApp, device: Authenticator, changes?: Changes) =>
  service.post('/api/login/passkey/', { credential: device.get(await requestOptions(service), changes) });

t.test('a passkey is added, and logs in without address and password', async (t) => {
  const { service, token, me } = await serviceWithUser();
  const device = await addPasskey(service, token, { name: 'Laptop' });
  t.match((await me('GET', '')).json(), {
    factors: [{ id: device.factorId, type: 'passkey', name: 'Laptop', last_used_at: null, backed_up: false }],
  });
  const response = await logIn(service, device);
  t.equal(response.statusCode, 200, response.body);
  t.strictSame(Object.keys(response.json()), ['access_token', 'refresh_token']);
  const { amr, acr, user_id: userId } = claimsOf(response.json());
  t.strictSame({ amr, acr, userId }, { amr: ['hwk', 'user', 'mfa'], acr: 'urn:latchkey:acr:2', userId: 1 });
  t.equal((await service.refresh(response.json().refresh_token)).statusCode, 200);
  t.match((await me('GET', '')).json(), { factors: [{ last_used_at: String }] });
});

t.test('a synced passkey is a key in software, and its backup state follows its uses', async (t) => {
  const { service, token, me } = await serviceWithUser();
  const device = await addPasskey(service, token, { changes: { backupEligible: true } });
  const response = await logIn(service, device, { backupEligible: true, backedUp: true });
  t.strictSame(claimsOf(response.json()).amr, ['swk', 'user', 'mfa']);
  t.match((await me('GET', '')).json(), { factors: [{ backed_up: true }] });
});

t.test('a passkey is a second factor of a login with the password', async (t) => {
  const { service, token } = await serviceWithUser();
  const device = await addPasskey(service, token);
  const required = await service.post('/api/login/', { email: 'user@example.com', password: 'password' });
  t.match(required.json(), { code: 'second_factor_required', factors: ['passkey'] });
  const { challenge } = required.json();
  const completed = await service.post('/api/login/second-factor/', {
    challenge,
    passkey: device.get(await requestOptions(service)),
  });
  t.equal(completed.statusCode, 200, completed.body);
  t.strictSame(claimsOf(completed.json()).amr, ['pwd', 'hwk', 'user', 'mfa']);
});

t.test('a passkey steps up', async (t) => {
  const { service, token } = await serviceWithUser();
  const device = await addPasskey(service, token);
  const response = await service.post(
    '/api/me/step-up/',
    { passkey: device.get(await requestOptions(service)) },
    { authorization: `Bearer ${token}` },
  );
  t.equal(response.statusCode, 200, response.body);
  t.match(claimsOf(response.json()), { amr: ['pwd', 'hwk', 'user', 'mfa'], acr: 'urn:latchkey:acr:2' });
});

t.test('a passkey is renamed and removed, and the recovery codes go with the last factor', async (t) => {
  const { service, token, me } = await serviceWithUser();
  const { factorId } = await addPasskey(service, token);
  t.equal((await me('POST', 'recovery-codes/', { current_password: 'password' })).statusCode, 201);
  t.match((await me('PUT', `${factorId}/`, { name: 'Old laptop' })).json(), { id: factorId, name: 'Old laptop' });
  t.equal((await me('DELETE', `${factorId}/`, { current_password: 'password' })).statusCode, 204);
  t.strictSame((await me('GET', '')).json(), { factors: [], recovery_codes_left: 0, required_from: null });
  t.ok((await service.login()).access_token, 'the password is enough again');
});

const refusalsOf = (service: TestApp) => service.logLines().filter(({ event }) => event === 'passkey_refused');
const failuresOf = async ({ app }: TestApp) =>
  (
    await app.db.execute<{ details: object; target_id: string | null }>(
      sql`select details, target_id from audit_events where event = 'login.failed' order by id`,
    )
  ).map(({ details, target_id: target }) => ({ ...details, target }));

/** The answers to `navigator.credentials.get()` that are refused, and the cause in the log and the audit log. */
const REFUSED: readonly (readonly [what: string, changes: Changes, cause: string])[] = [
  ['another origin', { origin: 'https://evil.example' }, 'origin_wrong'],
  ['https on localhost', { origin: 'https://localhost:3000' }, 'origin_wrong'],
  ['a name that begins with localhost', { origin: 'http://localhost.evil.example' }, 'origin_wrong'],
  ['a frame of another origin', { crossOrigin: true }, 'origin_wrong'],
  ['another RP ID', { rpId: 'evil.example' }, 'rp_id_wrong'],
  ['a user who was not verified', { userVerified: false }, 'user_not_verified'],
  ['a registration', { type: 'webauthn.create' }, 'malformed'],
  ['an unknown challenge', { challenge: 'Zt1n6Qw9Rb0' }, 'challenge_unknown'],
  ['a challenge with another MAC', { challenge: 'A'.repeat(72) }, 'challenge_unknown'],
  ['no challenge', { challenge: '' }, 'challenge_unknown'],
  ['an unknown passkey', { id: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'passkey_unknown'],
  ['no user handle', { userHandle: null }, 'account_wrong'],
  ['the user handle of another account', { userHandle: 'AAAA' }, 'account_wrong'],
];

t.test('a wrong passkey is refused, and only the logs say why', async (t) => {
  const { service, token } = await serviceWithUser({ env: { SETTING_LOGIN_FAILURES_BEFORE_DELAY: '0' } });
  const device = await addPasskey(service, token);
  const bodies = new Set<string>();
  for (const [what, changes, cause] of REFUSED) {
    const response = await logIn(service, device, changes);
    t.equal(response.statusCode, 401, what);
    t.equal(response.headers['www-authenticate'], 'Bearer realm="latchkey", error="invalid_grant"');
    const { request_id: _, ...body } = response.json();
    bodies.add(JSON.stringify(body));
    t.equal(refusalsOf(service).at(-1)?.cause, cause, what);
    const target = cause === 'passkey_unknown' ? null : '1';
    t.strictSame((await failuresOf(service)).at(-1), { reason: 'passkey_refused', cause, target }, what);
  }
  t.equal(bodies.size, 1, 'every answer is the same');
  t.match([...bodies][0], /"code":"passkey_refused"/);
  t.equal((await logIn(service, device)).statusCode, 200, 'the right one still works');
});

t.test('a passkey with another signature is refused', async (t) => {
  const { service, token } = await serviceWithUser();
  const device = await addPasskey(service, token);
  const other = createAuthenticator();
  other.create(await creationOptions(service, token));
  const credential = other.get(await requestOptions(service), { id: device.id });
  t.equal((await service.post('/api/login/passkey/', { credential })).json().code, 'passkey_refused');
  t.equal(refusalsOf(service).at(-1)?.cause, 'signature_wrong');
  for (const signature of ['AAAA', 'x', device.get(await requestOptions(service)).response.signature]) {
    const right = device.get(await requestOptions(service));
    const changed = { ...right, response: { ...right.response, signature } };
    t.equal((await service.post('/api/login/passkey/', { credential: changed })).json().code, 'passkey_refused');
  }
});

t.test('what is no passkey at all is not valid', async (t) => {
  const { service, token } = await serviceWithUser();
  const right = (await addPasskey(service, token)).get(await requestOptions(service));
  for (const [path, credential] of [
    ['/credential', undefined],
    ['/credential', 'text'],
    ['/credential/id', { ...right, id: 'not base64url!' }],
    ['/credential/response', { ...right, response: undefined }],
    ['/credential/response/signature', { ...right, response: { ...right.response, signature: 5 } }],
  ] as const) {
    const response = await service.post('/api/login/passkey/', { credential });
    t.match(response.json(), { code: 'validation_failed', errors: [{ path }] });
  }
  const [withText, withList] = ['no JSON', '[]'].map((text) => Buffer.from(text).toString('base64url'));
  for (const clientDataJSON of [withText, withList]) {
    const credential = { ...right, response: { ...right.response, clientDataJSON } };
    t.equal((await service.post('/api/login/passkey/', { credential })).json().code, 'passkey_refused');
  }
  const credential = { ...right, response: { ...right.response, authenticatorData: 'AAAA' } };
  t.equal((await service.post('/api/login/passkey/', { credential })).json().code, 'passkey_refused');
});

t.test('a challenge works once, for five minutes, whatever it is used for', async (t) => {
  const { service, token } = await serviceWithUser({ env: { SETTING_LOGIN_FAILURES_BEFORE_DELAY: '0' } });
  const device = await addPasskey(service, token);
  const credential = device.get(await requestOptions(service));
  t.equal((await service.post('/api/login/passkey/', { credential })).statusCode, 200);
  t.equal((await service.post('/api/login/passkey/', { credential })).json().code, 'passkey_refused');
  const challenge = await challengeOf(service);
  const completed = await service.post('/api/login/second-factor/', { challenge, passkey: credential });
  t.equal(completed.json().code, 'passkey_refused', 'also as a second factor');
  const bearer = { authorization: `Bearer ${token}` };
  const steppedUp = await service.post('/api/me/step-up/', { passkey: credential }, bearer);
  t.match(steppedUp.json(), { status: 403, code: 'factor_passkey_refused' }, 'and as a step-up');
  t.strictSame(
    refusalsOf(service).map(({ cause }) => cause),
    ['challenge_used', 'challenge_used', 'challenge_used'],
  );

  const options = await requestOptions(service);
  clock.time += 299_000;
  t.equal((await service.post('/api/login/passkey/', { credential: device.get(options) })).statusCode, 200);
  const late = await requestOptions(service);
  clock.time += 300_000;
  t.equal((await service.post('/api/login/passkey/', { credential: device.get(late) })).statusCode, 401);
  t.equal(refusalsOf(service).at(-1)?.cause, 'challenge_unknown');
});

t.test('a challenge for a new passkey proves nothing, and one for a proof adds none', async (t) => {
  const { service, token, me } = await serviceWithUser();
  const device = await addPasskey(service, token);
  const { challenge } = await creationOptions(service, token);
  t.equal((await logIn(service, device, { challenge })).json().code, 'passkey_refused');
  const options = await creationOptions(service, token);
  const { challenge: forProof } = await requestOptions(service);
  const credential = createAuthenticator().create({ ...options, challenge: forProof });
  t.equal((await me('POST', 'passkeys/', { credential })).json().code, 'factor_passkey_refused');
});

t.test('of 50 uses of one proof one succeeds', async (t) => {
  const { service, token } = await serviceWithUser({ env: { SETTING_LOGIN_FAILURES_BEFORE_DELAY: '0' } });
  const device = await addPasskey(service, token);
  const before = (await service.sessions(token)).length;
  const credential = device.get(await requestOptions(service));
  const responses = await Promise.all(
    Array.from({ length: 50 }, () => service.post('/api/login/passkey/', { credential })),
  );
  t.equal(responses.filter(({ statusCode }) => statusCode === 200).length, 1);
  t.equal(responses.filter(({ statusCode }) => statusCode === 401).length, 49);
  t.equal((await service.sessions(token)).length, before + 1);
});

t.test('of uses of one proof on two instances one succeeds', async (t) => {
  const { service, token } = await serviceWithUser({ env: { SETTING_LOGIN_FAILURES_BEFORE_DELAY: '0' } });
  const device = await addPasskey(service, token);
  const second = await testAppOn(t, service.databaseUrl, { env: { SETTING_LOGIN_FAILURES_BEFORE_DELAY: '0' } });
  const credential = device.get(await requestOptions(second));
  const responses = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      [service, second][i % 2]?.inject({ method: 'POST', url: '/api/login/passkey/', payload: { credential } }),
    ),
  );
  t.equal(responses.filter((response) => response?.statusCode === 200).length, 1);
});

t.test('a counter that goes back is refused, warned about and recorded', async (t) => {
  const { service, token } = await serviceWithUser();
  const device = await addPasskey(service, token, { changes: { counter: 3 } });
  t.equal((await logIn(service, device, { counter: 7 })).statusCode, 200);
  for (const counter of [7, 6, 0]) {
    t.equal((await logIn(service, device, { counter })).json().code, 'passkey_refused', String(counter));
    t.match(refusalsOf(service).at(-1), { cause: 'counter_went_back', level: 'warn', factorId: device.factorId });
    t.match((await failuresOf(service)).at(-1), { reason: 'passkey_refused', cause: 'counter_went_back', target: '1' });
  }
  t.equal((await logIn(service, device, { counter: 8 })).statusCode, 200);
});

t.test('a passkey of a removed, disabled or deleted account does not log in', async (t) => {
  const { service, token, me } = await serviceWithUser();
  const device = await addPasskey(service, token);
  await service.app.db.execute(sql`update users set disabled_at = now(), disabled_reason = 'x'`);
  t.equal((await logIn(service, device)).json().code, 'passkey_refused');
  t.match((await failuresOf(service)).at(-1), { reason: 'disabled', target: '1' });
  await service.app.db.execute(sql`update users set disabled_at = null, disabled_reason = null`);
  t.equal((await logIn(service, device)).statusCode, 200);
  t.equal((await me('DELETE', `${device.factorId}/`, { current_password: 'password' })).statusCode, 204);
  t.equal((await logIn(service, device)).json().code, 'passkey_refused');
  const next = await addPasskey(service, token);
  await service.deleteMe(token);
  t.equal((await logIn(service, next)).json().code, 'passkey_refused');
});

t.test('an owner who leaves comes back with a passkey', async (t) => {
  const { service, token } = await serviceWithUser({ env: { SETTING_ACCOUNT_DELETION_GRACE: '604800' } });
  const device = await addPasskey(service, token);
  await service.deleteMe(token);
  const [leaving] = await service.app.db.execute<{ disabled: boolean }>(
    sql`select disabled_at is not null as disabled from users`,
  );
  t.equal(leaving?.disabled, true);
  const response = await logIn(service, device);
  t.equal(response.statusCode, 200, response.body);
  t.equal((await service.me(response.json().access_token)).statusCode, 200);
});

t.test('refused passkeys delay the next one, but neither the password nor the owner at home', async (t) => {
  const { service, token } = await serviceWithUser({ env: { TRUST_PROXY: '127.0.0.1' } });
  const device = await addPasskey(service, token);
  const from = async (address: string, changes?: Changes) =>
    service.post(
      '/api/login/passkey/',
      { credential: device.get(await requestOptions(service), changes) },
      { 'x-forwarded-for': address },
    );
  t.equal((await from('203.0.113.7')).statusCode, 200, 'the owner has logged in from this network');
  for (let i = 0; i < 6; i++) await from(`198.51.100.${i}`, { rpId: 'evil.example' });
  t.equal((await from('198.51.100.99')).json().code, 'too_many_attempts', 'from any other network');
  t.match((await failuresOf(service)).at(-1), { reason: 'passkey_throttled', target: '1' });
  t.equal((await from('203.0.113.7')).statusCode, 200, 'from that network the right passkey logs in');
  await challengeOf(service);
});

t.test('a new passkey is refused unless it answers the options of this session', async (t) => {
  const { service, token, me } = await serviceWithUser();
  const add = (credential: object) => me('POST', 'passkeys/', { credential });
  const another = (await service.login()).access_token;
  await service.register('other@example.com');
  const stranger = (await service.login('other@example.com')).access_token;
  for (const [what, credential, cause] of [
    ['another session', createAuthenticator().create(await creationOptions(service, another)), 'challenge_unknown'],
    ['another account', createAuthenticator().create(await creationOptions(service, stranger)), 'challenge_unknown'],
    [
      'another origin',
      createAuthenticator().create(await creationOptions(service, token), { origin: 'https://evil.example' }),
      'origin_wrong',
    ],
    [
      'another RP ID',
      createAuthenticator().create(await creationOptions(service, token), { rpId: 'evil.example' }),
      'rp_id_wrong',
    ],
    [
      'a user who was not verified',
      createAuthenticator().create(await creationOptions(service, token), { userVerified: false }),
      'user_not_verified',
    ],
    // WebAuthn section 7.1 allows 1,023 bytes.
    [
      'an id of 1,024 bytes',
      createAuthenticator().create(await creationOptions(service, token), { idBytes: 1024 }),
      'malformed',
    ],
    [
      'an id of 3,000 bytes',
      createAuthenticator().create(await creationOptions(service, token), { idBytes: 3000 }),
      'malformed',
    ],
  ] as const) {
    t.match((await add(credential)).json(), { status: 403, code: 'factor_passkey_refused' }, what);
    t.equal(refusalsOf(service).at(-1)?.cause, cause, what);
  }
  const long = createAuthenticator().create(await creationOptions(service, token), { idBytes: 1023 });
  t.equal((await add(long)).statusCode, 201, 'an id of 1,023 bytes');
  const device = createAuthenticator();
  const credential = device.create(await creationOptions(service, token));
  const responses = await Promise.all(Array.from({ length: 5 }, () => add(credential)));
  t.equal(responses.filter(({ statusCode }) => statusCode === 201).length, 1, 'of five uses of one challenge one');
  const again = await add(device.create(await creationOptions(service, token)));
  t.equal(again.json().code, 'factor_passkey_refused', 'a passkey is added once');
  t.equal(refusalsOf(service).at(-1)?.cause, 'already_registered');
  const late = createAuthenticator().create(await creationOptions(service, token));
  clock.time += 300_000;
  t.equal((await add(late)).json().code, 'factor_passkey_refused', 'and within five minutes');
});

t.test('what a device states about itself is not read, since its certificates could name URLs to fetch', async (t) => {
  const { service, token, me } = await serviceWithUser();
  // `{"x5c": [h'00']}`, which is no certificate.
  const statement = Buffer.from('a163783563814100', 'hex');
  for (const format of ['packed', 'tpm', 'android-key', 'android-safetynet', 'apple']) {
    const device = createAuthenticator();
    const changes = { attestation: attestationOf(format, statement) };
    const credential = device.create(await creationOptions(service, token), changes);
    t.equal((await me('POST', 'passkeys/', { credential })).statusCode, 201, format);
    t.equal((await logIn(service, device)).statusCode, 200, format);
  }
});

t.test('adding a passkey needs the password, a verified address and an active session', async (t) => {
  const { service, pair, token, me } = await serviceWithUser({ catchesMail: true });
  const begin = (payload: object) => me('POST', 'passkeys/options/', payload);
  t.match((await begin({})).json(), { code: 'validation_failed', errors: [{ path: '/current_password' }] });
  t.equal((await begin({ current_password: 'wrong' })).json().code, 'current_password_wrong');
  t.equal((await begin({ current_password: 'password' })).json().code, 'email_not_verified');
  await service.app.db.execute(sql`update users set email_verified_at = now()`);
  const credential = createAuthenticator().create(await creationOptions(service, token));
  await service.logout(pair.refresh_token);
  t.equal((await me('POST', 'passkeys/', { credential })).json().code, 'invalid_token');
  t.equal((await begin({ current_password: 'password' })).json().code, 'invalid_token');
});

t.test('an account has five factors at most, and its passkeys are not offered again', async (t) => {
  const { service, token, me } = await serviceWithUser();
  const options = await Promise.all(Array.from({ length: 6 }, () => creationOptions(service, token)));
  const ids: string[] = [];
  for (const each of options.slice(0, 5)) {
    const device = createAuthenticator();
    ids.push(device.id);
    t.equal((await me('POST', 'passkeys/', { credential: device.create(each) })).statusCode, 201);
  }
  const begun = await me('POST', 'passkeys/options/', { current_password: 'password' });
  t.equal(begun.json().code, 'too_many_factors');
  const sixth = createAuthenticator().create(options[5] as never);
  t.equal((await me('POST', 'passkeys/', { credential: sixth })).json().code, 'too_many_factors');
  t.equal((await me('POST', 'totp/', { current_password: 'password' })).json().code, 'too_many_factors');
  const { factors } = (await me('GET', '')).json();
  await me('DELETE', `${factors[0].id}/`, { current_password: 'password' });
  const { excludeCredentials, user } = (await me('POST', 'passkeys/options/', { current_password: 'password' })).json();
  t.strictSame(
    excludeCredentials.map(({ id }: { id: string }) => id),
    ids.slice(1),
  );
  t.match(user, { id: /^[\w-]{43}$/, name: 'user@example.com', displayName: 'user@example.com' });
});

t.test('an account without a password adds and uses passkeys', async (t) => {
  const { service, token } = await serviceWithUser();
  await service.app.db.execute(sql`update users set password_hash = null`);
  const device = createAuthenticator();
  const credential = device.create(await creationOptions(service, token, {}));
  const added = await withToken(service, token)('POST', 'passkeys/', { credential });
  t.equal(added.statusCode, 201, added.body);
  const response = await logIn(service, device);
  t.equal(response.statusCode, 200, response.body);
  clock.time += 601_000;
  const begun = await withToken(service, response.json().access_token)('POST', 'passkeys/options/', {});
  t.match(begun.json(), { code: 'insufficient_user_authentication', factors: ['passkey'] });
});

t.test('the passkey of another account proves nothing', async (t) => {
  const { service, token } = await serviceWithUser();
  await addPasskey(service, token);
  await service.register('other@example.com');
  const stranger = await addPasskey(service, (await service.login('other@example.com')).access_token);
  const challenge = await challengeOf(service);
  const passkey = stranger.get(await requestOptions(service));
  t.equal((await service.post('/api/login/second-factor/', { challenge, passkey })).json().code, 'passkey_refused');
  t.equal(refusalsOf(service).at(-1)?.cause, 'account_wrong');
  const bearer = { authorization: `Bearer ${token}` };
  t.equal((await service.post('/api/me/step-up/', { passkey }, bearer)).json().code, 'factor_passkey_refused');
});

t.test('a second factor is one of code, recovery code and passkey', async (t) => {
  const { service, token } = await serviceWithUser();
  const device = await addPasskey(service, token);
  const passkey = device.get(await requestOptions(service));
  const challenge = await challengeOf(service);
  const complete = (proof: object) => service.post('/api/login/second-factor/', { challenge, ...proof });
  t.match((await complete({})).json(), { code: 'validation_failed', errors: [{ path: '/code' }] });
  t.match((await complete({ code: '123456', passkey })).json(), {
    errors: [{ path: '/code', message: 'must not be sent together with passkey' }],
  });
  t.equal((await complete({ code: '123456' })).json().code, 'second_factor_wrong');
  t.equal((await complete({ passkey })).statusCode, 200);
});

t.test('operators reset passkeys, which the export lists without their keys', async (t) => {
  const { service, token, me } = await serviceWithUser();
  const device = await addPasskey(service, token, { name: 'Laptop' });
  const exported = await service.inject({ url: '/api/me/export/', headers: { authorization: `Bearer ${token}` } });
  t.match(exported.json().passkeys, [{ name: 'Laptop', credential_id: device.id, backed_up: false }]);
  t.notMatch(exported.body, /public_key/);
  await addAuthenticator(service, token);
  const operator = await logInAdmin(service, 'admin@example.com');
  const reset = await service.inject({
    method: 'DELETE',
    url: '/api/admin/users/1/factors/',
    headers: { authorization: `Bearer ${operator}` },
  });
  t.equal(reset.statusCode, 204);
  t.equal((await me('GET', '')).json().code, 'invalid_token', 'its sessions have ended');
  t.equal((await logIn(service, device)).json().code, 'passkey_refused');
  t.ok((await service.login()).access_token, 'the password is enough');
});

t.test('no challenge is written before it is used, and used ones are purged', async (t) => {
  const { service, token } = await serviceWithUser();
  const device = await addPasskey(service, token);
  const count = async () =>
    Number((await service.app.db.execute(sql`select count(*) from used_passkey_challenges`))[0]?.count);
  const before = await count();
  for (let i = 0; i < 10; i++) await requestOptions(service);
  t.equal(await count(), before);
  await logIn(service, device);
  t.equal(await count(), before + 1);
});

t.test('while AUTH_SECRET is changed, the challenges of both secrets are accepted', async (t) => {
  const { service, token } = await serviceWithUser();
  const device = await addPasskey(service, token);
  const instance = (secrets: string) => testAppOn(t, service.databaseUrl, { env: { AUTH_SECRET: secrets } });
  const [oldFirst, newFirst] = [
    await instance(`${TEST_SECRET},${NEW_SECRET}`),
    await instance(`${NEW_SECRET},${TEST_SECRET}`),
  ];
  for (const [from, to] of [
    [service, newFirst],
    [newFirst, oldFirst],
    [oldFirst, service],
  ] as const) {
    const credential = device.get(await requestOptions(from));
    t.equal((await to.post('/api/login/passkey/', { credential })).statusCode, 200);
  }
  const credential = device.get(await requestOptions(newFirst));
  t.equal((await service.post('/api/login/passkey/', { credential })).json().code, 'passkey_refused');
});

t.test('an unverified address logs in with a passkey only if it may with the password', async (t) => {
  const { service, token } = await serviceWithUser({ catchesMail: true });
  await service.app.db.execute(sql`update users set email_verified_at = now()`);
  const device = await addPasskey(service, token);
  await service.app.db.execute(sql`update users set email_verified_at = null`);
  t.equal((await logIn(service, device)).statusCode, 200);
  await setSetting(service.app, 'REQUIRE_VERIFIED_EMAIL', true);
  t.teardown(() => resetSetting(service.app, 'REQUIRE_VERIFIED_EMAIL'));
  t.equal((await logIn(service, device)).json().code, 'email_not_verified');
  t.match((await failuresOf(service)).at(-1), { reason: 'email_not_verified', target: '1' });
});

t.test('a passkey satisfies the policy that asks for a second factor', async (t) => {
  const { service, token } = await serviceWithUser({
    env: { SETTING_SECOND_FACTOR_REQUIRED: 'true', SETTING_SECOND_FACTOR_GRACE_DAYS: '0' },
  });
  t.equal((await service.me(token)).statusCode, 200);
  const refused = await service.sessions(token).catch((error: Error) => error.message);
  t.match(refused, /second_factor_enrolment_required/);
  const device = await addPasskey(service, token);
  const { access_token: complete } = (await logIn(service, device)).json();
  t.equal((await service.sessions(complete)).length > 0, true);
});

t.test('a service that knows no domain for passkeys says so', async (t) => {
  const { service, token, me } = await serviceWithUser({ env: { PUBLIC_URL: 'http://auth.example.com' } });
  const credential = createAuthenticator().get({ rpId: 'auth.example.com', challenge: 'x' });
  const bearer = { authorization: `Bearer ${token}` };
  for (const response of [
    await me('POST', 'passkeys/options/', { current_password: 'password' }),
    await service.inject({ method: 'POST', url: '/api/login/passkey/options/' }),
    await service.post('/api/login/passkey/', { credential }),
    await service.post('/api/me/step-up/', { passkey: credential }, bearer),
  ]) {
    t.match(response.json(), { status: 503, code: 'passkeys_unavailable' });
    t.equal(response.headers['retry-after'], '3600');
  }
});

t.test('PASSKEY_RP_ID and PASSKEY_ORIGINS decide which pages and apps can use passkeys', async (t) => {
  const app = 'android:apk-key-hash:2jmj7l5rSw0yVb_vlWAYkK_YBwk4xS2nM1hTqJ8eZ0c';
  const { service, token } = await serviceWithUser({
    env: { PASSKEY_RP_ID: 'example.com', PASSKEY_ORIGINS: `https://app.example.com, ${app}` },
  });
  const device = createAuthenticator();
  const options = await creationOptions(service, token);
  t.match(options.rp, { id: 'example.com' });
  const credential = device.create(options, { origin: 'https://app.example.com' });
  t.equal((await withToken(service, token)('POST', 'passkeys/', { credential })).statusCode, 201);
  t.equal((await logIn(service, device, { origin: 'https://app.example.com' })).statusCode, 200);
  t.equal((await logIn(service, device, { origin: app })).statusCode, 200);
  for (const origin of ['https://www.example.com', 'http://app.example.com', 'http://localhost:3000', `${app}x`]) {
    t.equal((await logIn(service, device, { origin })).json().code, 'passkey_refused', origin);
  }
});

t.test('no change of a single byte makes a proof acceptable, or the service fail', async (t) => {
  const { service, token, me } = await serviceWithUser({ env: { SETTING_LOGIN_FAILURES_BEFORE_DELAY: '0' } });
  const device = await addPasskey(service, token);
  const proof = device.get(await requestOptions(service));
  const registration = createAuthenticator().create(await creationOptions(service, token));
  for (const member of ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle'] as const) {
    const bytes = Buffer.from(String(proof.response[member]), 'base64url');
    const step = Math.ceil(bytes.length / 20);
    for (let at = 0; at < bytes.length; at += step) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x41, at);
      const response = { ...proof.response, [member]: changed.toString('base64url') };
      const { statusCode } = await service.post('/api/login/passkey/', { credential: { ...proof, response } });
      t.equal(statusCode, 401, `${member} ${at}`);
    }
  }
  // Nobody signs a new passkey (attestation `none`): any answer will do, but 500.
  const bytes = Buffer.from(registration.response.attestationObject, 'base64url');
  for (let at = 0; at < bytes.length; at += 3) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ 0xff, at);
    const response = { ...registration.response, attestationObject: changed.toString('base64url') };
    const { statusCode } = await me('POST', 'passkeys/', { credential: { ...registration, response } });
    t.ok(statusCode < 500, `attestationObject ${at}: ${statusCode}`);
  }
  t.equal((await service.post('/api/login/passkey/', { credential: proof })).statusCode, 200);
});
