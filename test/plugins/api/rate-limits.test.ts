// Rate limits by client address or by session, counted in memory.
import t, { type Test } from 'tap';
import { type TestApp, testApp, testAppOn } from '../../support/app.js';
import { testDatabase } from '../../support/database.js';
import { matchAll } from '../../support/match.js';
import { isProblem } from '../../support/problem.js';
import { setSetting } from '../../support/settings.js';
import { startTcpProxy } from '../../support/tcp-proxy.js';

const CLIENT = '203.0.113.7';

interface Sent {
  readonly ip?: string;
  readonly forwarded?: string | undefined;
  readonly url?: string;
}

/** A login that is counted and then refused for its empty body, before any work. */
const login = ({ app }: TestApp, { ip = CLIENT, forwarded, url = '/api/login/' }: Sent = {}) =>
  app.inject({
    method: 'POST',
    url,
    payload: {},
    remoteAddress: ip,
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  });

const databaseUrl = await testDatabase(t);
const serviceWith = (t: Pick<Test, 'teardown'>, env: Record<string, string>) => testAppOn(t, databaseUrl, { env });

t.test('logins beyond the limit of a client address are refused, and those of other addresses are not', async (t) => {
  const service = await serviceWith(t, { SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '10' });
  const statuses = [];
  for (let i = 0; i < 15; i += 1) statuses.push((await login(service)).statusCode);
  t.strictSame(statuses, [...Array(10).fill(400), ...Array(5).fill(429)]);
  const refused = await login(service);
  isProblem(t, refused, 'rate_limited', 'one more');
  t.match(refused.headers, { 'ratelimit-limit': /^10$/, 'ratelimit-remaining': /^0$/, 'ratelimit-reset': /^\d+$/ });
  t.equal(refused.headers['retry-after'], refused.headers['ratelimit-reset']);
  t.ok(Number(refused.headers['retry-after']) <= 60);
  const other = await login(service, { ip: '203.0.113.8' });
  t.equal(other.statusCode, 400);
  t.match(other.headers, { 'ratelimit-limit': /^10$/, 'ratelimit-remaining': /^9$/, 'retry-after': undefined });
  t.equal((await login(service, { url: '/api/register/' })).statusCode, 400, 'another operation is counted separately');
  t.equal((await login(service, { url: '/api/login' })).statusCode, 429, 'the same operation without its slash is not');
  const lines = service.logLines().filter((line) => line.request_id === refused.headers['x-request-id']);
  matchAll(t, lines, [{ code: 'rate_limited', status: 429, route: '/api/login', ip: CLIENT, msg: 'request refused' }]);
});

t.test('of two limits, the headers describe the one that is reached first', async (t) => {
  const withLimits = (requests: string, logins: string) =>
    serviceWith(t, { SETTING_REQUESTS_PER_MINUTE: requests, SETTING_LOGIN_ATTEMPTS_PER_MINUTE: logins });
  for (const [requests, logins] of [
    ['3', '100'],
    ['100', '3'],
  ] as const) {
    const service = await withLimits(requests, logins);
    for (const remaining of ['2', '1', '0', '0']) {
      const { headers } = await login(service);
      t.match(headers, { 'ratelimit-limit': '3', 'ratelimit-remaining': remaining }, `${requests} and ${logins}`);
    }
    isProblem(t, await login(service), 'rate_limited', `${requests} and ${logins}`);
  }
});

t.test('a clock that is set back does not prolong the time until the next request is accepted', async (t) => {
  const service = await serviceWith(t, { SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '1' });
  const { now } = Date;
  t.teardown(() => {
    Date.now = now;
  });
  Date.now = () => now() + 3_600_000;
  t.equal((await login(service)).statusCode, 400);
  Date.now = now;
  const refused = await login(service);
  isProblem(t, refused, 'rate_limited', 'in the same minute');
  t.ok(Number(refused.headers['retry-after']) <= 60, String(refused.headers['retry-after']));
});

t.test('an IPv6 /64 counts as one address, and an IPv4-mapped IPv6 address as its IPv4 address', async (t) => {
  const service = await serviceWith(t, { SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '2' });
  const from = async (ip: string) => (await login(service, { ip })).statusCode;
  t.strictSame(
    [await from('2001:db8::1'), await from('2001:db8::2'), await from('2001:db8:0:0:ffff::')],
    [400, 400, 429],
  );
  t.equal(await from('2001:db8:0:1::1'), 400);
  t.strictSame([await from(CLIENT), await from(`::ffff:${CLIENT}`), await from(CLIENT)], [400, 400, 429]);
});

t.test('X-Forwarded-For counts only when a trusted proxy sent it', async (t) => {
  const env = { SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '2' };
  const direct = await serviceWith(t, env);
  for (const [i, status] of [400, 400, 429].entries()) {
    const spoofed = await login(direct, { forwarded: `198.51.100.${i}` });
    t.equal(spoofed.statusCode, status, 'no proxy is trusted, so the header is ignored');
  }
  const proxied = await serviceWith(t, { ...env, TRUST_PROXY: '10.0.0.0/8' });
  for (const [i, status] of [400, 400, 429].entries()) {
    const forwarded = `198.51.100.${i}, ${CLIENT}`;
    t.equal((await login(proxied, { ip: '10.0.0.1', forwarded })).statusCode, status, 'the last address is the client');
  }
  t.equal((await login(proxied, { ip: '10.0.0.1', forwarded: '192.0.2.1' })).statusCode, 400, 'another client');
  t.equal(
    (await login(proxied, { ip: CLIENT, forwarded: '192.0.2.2' })).statusCode,
    429,
    'a request that bypasses the proxy counts for its own address',
  );
});

t.test('requests of a trusted proxy that does not name its clients are not counted as one client', async (t) => {
  const service = await serviceWith(t, { SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '2', TRUST_PROXY: '10.0.0.0/8' });
  for (let i = 0; i < 5; i += 1) {
    const answer = await login(service, { ip: '10.0.0.1' });
    t.equal(answer.statusCode, 400);
    t.equal(answer.headers['ratelimit-limit'], undefined);
  }
  const warnings = service.logLines().filter(({ level }) => level === 'warn');
  matchAll(t, warnings, [{ ip: '10.0.0.1', msg: /does not send the address of its client/ }], 'one warning');
});

t.test('limits by client address work without the database', async (t) => {
  const proxy = await startTcpProxy(t, await testDatabase(t));
  const service = await testAppOn(t, proxy.url, { env: { SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '2' } });
  proxy.refuse();
  const attempt = () =>
    service.app.inject({
      method: 'POST',
      url: '/api/login/',
      payload: { email: 'user@example.com', password: 'password' },
      remoteAddress: CLIENT,
    });
  for (let i = 0; i < 2; i += 1) isProblem(t, await attempt(), 'database_unavailable', `attempt ${i}`);
  isProblem(t, await attempt(), 'rate_limited', 'the third');
});

t.test('registrations are counted per hour', async (t) => {
  const service = await serviceWith(t, { SETTING_REGISTRATIONS_PER_HOUR: '2' });
  const register = () => login(service, { url: '/api/register/' });
  t.strictSame([(await register()).statusCode, (await register()).statusCode], [400, 400]);
  const refused = await register();
  isProblem(t, refused, 'rate_limited', 'the third');
  t.ok(Number(refused.headers['retry-after']) > 60);
});

t.test(
  'changes of the address, whose answer tells whether another account has it, count as registrations',
  async (t) => {
    const service = await testApp(t, { env: { SETTING_REGISTRATIONS_PER_HOUR: '3' } });
    await service.register();
    await service.register('other@example.com');
    const { access_token: token } = await service.login();
    const isTaken = (email: string) => service.updateMe(token, { email });
    t.equal((await service.updateMe(token, { username: 'John' })).headers['ratelimit-limit'], undefined);
    isProblem(t, await isTaken('other@example.com'), 'email_taken', 'the third');
    isProblem(t, await isTaken('other@example.com'), 'rate_limited', 'the fourth');
    t.equal((await service.updateMe(token, { username: 'Jane' })).statusCode, 200, 'other changes are not counted');
  },
);

t.test('refreshes are counted by session, not by address', async (t) => {
  const service = await testApp(t, { env: { SETTING_REFRESHES_PER_MINUTE: '3' } });
  await service.register();
  const [one, other] = [await service.login(), await service.login()];
  let { refresh_token: token } = one;
  for (let i = 0; i < 3; i += 1) {
    const answer = await service.refresh(token);
    t.equal(answer.statusCode, 200);
    t.equal(answer.headers['ratelimit-remaining'], String(2 - i));
    token = answer.json().refresh_token;
  }
  isProblem(t, await service.refresh(token), 'rate_limited', 'a new token of the same session');
  isProblem(t, await service.refresh(one.refresh_token), 'rate_limited', 'an old one');
  t.equal((await service.refresh(other.refresh_token)).statusCode, 200, 'another session of the same user');
  for (let i = 0; i < 5; i += 1) {
    isProblem(t, await service.refresh(crypto.randomUUID()), 'invalid_refresh_token', 'a token of no session');
  }
  await setSetting(service.app, 'REFRESHES_PER_MINUTE', 0);
  t.equal((await service.refresh(token)).statusCode, 200, 'what was refused did no harm to the token');
});

t.test('REQUESTS_PER_MINUTE counts everything, also what goes nowhere, but verifying and health', async (t) => {
  const service = await testApp(t);
  await service.register();
  const { access_token: token } = await service.login();
  const get = (url: string) =>
    service.app.inject({ url, remoteAddress: CLIENT, headers: { authorization: `Bearer ${token}` } });
  const before = await get('/api/me/');
  t.equal(before.statusCode, 200);
  t.equal(before.headers['ratelimit-limit'], undefined, 'off by default');
  await setSetting(service.app, 'REQUESTS_PER_MINUTE', 4);
  for (const url of [
    '/api/verify/',
    '/api/verify/ext-authz/',
    '/livez',
    '/readyz',
    '/startupz',
    '/api/verify/ext-authz/a/b',
  ]) {
    const answer = await get(url);
    t.ok(answer.statusCode < 300, url);
    t.equal(answer.headers['ratelimit-limit'], undefined, url);
  }
  const counted = ['/api/me/', '/nowhere', '/docs/', '/.well-known/jwks.json'];
  const answers = [];
  for (const url of counted) answers.push(await get(url));
  t.strictSame(
    answers.map(({ statusCode, headers }) => [statusCode, headers['ratelimit-remaining']]),
    [
      [200, '3'],
      [404, '2'],
      [200, '1'],
      [200, '0'],
    ],
  );
  for (const url of counted) isProblem(t, await get(url), 'rate_limited', url);
  t.equal((await get('/api/verify/')).statusCode, 204);
  t.equal((await service.me(token)).statusCode, 200, 'from another address');
  await setSetting(service.app, 'REQUESTS_PER_MINUTE', 1000);
  t.equal((await get('/api/me/')).statusCode, 200, 'a changed setting acts at once');
});
