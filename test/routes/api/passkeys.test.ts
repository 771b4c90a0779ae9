// Passkeys: adding them, logging in with them, and every way in which they are refused.
import t from 'tap';
import { sharedApps, type TestApp, type TestAppOptions } from '../../support/app.js';
import { type Authenticator, addPasskey, type Changes, requestOptions } from '../../support/authenticator.js';
import { withToken } from '../../support/second-factors.js';
import { claimsOf } from '../../support/service.js';

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
