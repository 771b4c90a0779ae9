// The database refuses connections, freezes, or drops them silently: the service answers 503 in time and recovers by itself.
import t, { type Test } from 'tap';
import { testDatabase } from '../support/database.js';
import { isProblem } from '../support/problem.js';
import { type Service, startService, tokensOf } from '../support/service.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { TOLERANCE } from './harness/figures.js';

/** An answer takes about one second; a busy machine is allowed three. */
const ANSWER_MILLISECONDS = TOLERANCE * 3000;
const HEAL_MILLISECONDS = TOLERANCE * 10_000;
const MORE_THAN_CONNECTIONS = 40;
const EMAIL = 'user@example.com';

/** A service that reaches its database through a proxy, with one account. */
async function start(t: Test, env: Record<string, string> = {}) {
  const proxy = await startTcpProxy(t, await testDatabase(t));
  const service = await startService(t, proxy.url, env);
  t.equal((await service.register(EMAIL)).statusCode, 201);
  return { proxy, service };
}

/** Every operation that needs the database answers 503 in time; those that do not need it keep working. */
async function assertUnavailable(t: Test, service: Service, accessToken: string, refreshToken: string): Promise<void> {
  const calls = {
    register: () => service.register('other@example.com'),
    login: () => service.login(EMAIL),
    refresh: () => service.refresh(refreshToken),
    logout: () => service.logout(refreshToken),
    me: () => service.me(accessToken),
    'change of the username': () => service.updateMe(accessToken, { username: 'John Smith' }),
    'change of the password': () => service.updateMe(accessToken, { password: 'another password' }),
    readyz: () => service.call('GET', '/readyz'),
  };
  await Promise.all(
    Object.entries(calls).map(async ([what, call]) => {
      const start = performance.now();
      isProblem(t, await call(), 'database_unavailable', what);
      t.ok(performance.now() - start < ANSWER_MILLISECONDS, `${what} is answered in time`);
    }),
  );
  t.equal((await service.call('GET', '/livez')).statusCode, 200, 'the process is alive');
  t.equal((await service.me('no.such.token')).statusCode, 401, 'tokens are verified without the database');
}

/** In time and without a restart every operation works, with more requests at once than connections. */
async function assertRecovered(t: Test, service: Service): Promise<void> {
  await until(
    'the service works again',
    async () => (await service.status('/readyz')) === 200 && (await service.login(EMAIL)).statusCode === 200,
    HEAL_MILLISECONDS,
  );
  const { access_token: token } = tokensOf(await service.login(EMAIL));
  const answers = await Promise.all(
    // Not changes, which take turns at one account, nor `GET /api/me/`, of which several share one statement.
    Array.from({ length: MORE_THAN_CONNECTIONS }, () => service.as(token, 'GET', '/api/me/sessions/')),
  );
  t.strictSame([...new Set(answers.map(({ statusCode }) => statusCode))], [200], 'all connections work');
  t.equal((await service.updateMe(token, { username: 'Back' })).statusCode, 200, 'and changes are made');
  t.equal(service.child.exitCode, null, 'the process has not restarted');
  t.strictSame(
    service.logLines().filter(({ level }) => level === 'fatal'),
    [],
    'it logs nothing fatal',
  );
}

const faults: Record<string, { begin: (proxy: TcpProxy) => unknown; end: (proxy: TcpProxy) => unknown }> = {
  'an unreachable database': { begin: (proxy) => proxy.refuse(), end: (proxy) => proxy.accept() },
  'a frozen database': { begin: (proxy) => proxy.freeze(), end: (proxy) => proxy.thaw() },
  'a frozen database whose connections are cut': {
    begin: (proxy) => {
      proxy.cut();
      proxy.freeze();
    },
    end: (proxy) => proxy.thaw(),
  },
};

for (const [what, { begin, end }] of Object.entries(faults)) {
  t.test(`${what}: requests are answered 503 in time, and the service recovers`, async (t) => {
    const { proxy, service } = await start(t);
    const { access_token: accessToken, refresh_token: refreshToken } = tokensOf(await service.login(EMAIL));
    await begin(proxy);
    await assertUnavailable(t, service, accessToken, refreshToken);
    // Again, longer after the fault than any timeout, to find what breaks only after a timeout.
    await assertUnavailable(t, service, accessToken, refreshToken);
    await end(proxy);
    await assertRecovered(t, service);
    t.equal((await service.login(EMAIL)).statusCode, 200, 'the account is unchanged');
  });
}

t.test('connections that are dropped silently are replaced', async (t) => {
  const { proxy, service } = await start(t);
  const { access_token: accessToken, refresh_token: refreshToken } = tokensOf(await service.login(EMAIL));
  // Opens every connection of the pool.
  await Promise.all(Array.from({ length: 40 }, () => service.me(accessToken)));
  proxy.abandon();
  const lost = await service.refresh(refreshToken);
  t.equal(lost.statusCode, 503);
  await assertRecovered(t, service);
  t.equal((await service.refresh(refreshToken)).statusCode, 200, 'the refresh that was not done can be repeated');
});

t.test('a connection that is slow to open is not lost', async (t) => {
  // postgres.js loses a connection whose first query is cancelled while it opens. With a pool of one, that would be fatal.
  const { proxy, service } = await start(t, { DATABASE_POOL_SIZE: '1' });
  const { access_token: accessToken } = tokensOf(await service.login(EMAIL));
  proxy.cut();
  proxy.freeze();
  t.equal((await service.me(accessToken)).statusCode, 503);
  proxy.thaw();
  await assertRecovered(t, service);
});

t.test('a query in flight when the connection is lost and refused again does not end the process', async (t) => {
  const { proxy, service } = await start(t);
  const { access_token: accessToken } = tokensOf(await service.login(EMAIL));
  proxy.freeze();
  const inFlight = Array.from({ length: 5 }, () => service.me(accessToken));
  proxy.refuseNew();
  for (const answer of await Promise.all(inFlight)) t.equal(answer.statusCode, 503);
  await proxy.accept();
  proxy.thaw();
  await assertRecovered(t, service);
});
