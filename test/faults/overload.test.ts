// An overloaded process refuses work with passwords and nothing else. A process that was only suspended is not overloaded.
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { isProblem } from '../support/problem.js';
import { startService, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';

const EMAIL = 'user@example.com';

/** Preloaded into the service: SIGUSR2 starts and stops blocking of the event loop. */
const BUSY = `--import=data:text/javascript,${encodeURIComponent(`
  let busy;
  process.on('SIGUSR2', () => {
    if (busy) busy = clearInterval(busy);
    else busy = setInterval(() => { const end = performance.now() + 100; while (performance.now() < end); }, 1);
  });
`)}`;

t.test(
  'while the event loop is late, login and register are refused, and refresh, me and verify are served',
  async (t) => {
    const service = await startService(t, await testDatabase(t), { NODE_OPTIONS: BUSY, OVERLOAD_DELAY_MS: '50' });
    t.equal((await service.register(EMAIL)).statusCode, 201);
    let pair = tokensOf(await service.login(EMAIL));
    service.child.kill('SIGUSR2');
    await until('a login is refused', async () => (await service.login(EMAIL)).statusCode === 503);
    isProblem(t, await service.login(EMAIL), 'overloaded', 'login');
    isProblem(t, await service.register('other@example.com'), 'overloaded', 'register');
    pair = tokensOf(await service.refresh(pair.refresh_token));
    t.equal((await service.me(pair.access_token)).statusCode, 200);
    t.equal((await service.as(pair.access_token, 'GET', '/api/verify/')).statusCode, 204);
    t.equal(await service.status('/livez'), 200);
    t.equal(await service.status('/readyz'), 200, 'it stays ready, or the other instances would get its load too');
    service.child.kill('SIGUSR2');
    await until('logins are served again', async () => (await service.login(EMAIL)).statusCode === 200);
    const registered = await until('registrations are served again', async () => {
      const { statusCode } = await service.register('other@example.com');
      return statusCode !== 503 && statusCode;
    });
    t.equal(registered, 201, 'the refused registration had no effect');
  },
);

t.test('a process over its memory limit refuses logins', async (t) => {
  const databaseUrl = await testDatabase(t);
  await startService(t, databaseUrl).then((service) => service.register(EMAIL));
  const service = await startService(t, databaseUrl, { OVERLOAD_RSS_MIB: '20' });
  await until('a login is refused', async () => (await service.login(EMAIL)).statusCode === 503);
  t.equal(await service.status('/readyz'), 200);
});

t.test('a process that was suspended refuses no login when it continues', async (t) => {
  const service = await startService(t, await testDatabase(t));
  t.equal((await service.register(EMAIL)).statusCode, 201);
  const keepLoggingIn = async (isServed: (status: number) => void) => {
    const end = performance.now() + 2000;
    while (performance.now() < end) isServed((await service.login(EMAIL)).statusCode);
  };
  // Its start, which may take long, does not matter here.
  await keepLoggingIn(() => {});
  for (let i = 0; i < 3; i += 1) {
    service.child.kill('SIGSTOP');
    const suspended = service.login(EMAIL);
    // The length of the suspension is what this test is about.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    service.child.kill('SIGCONT');
    t.equal((await suspended).statusCode, 200, 'a login during the suspension is served');
    await keepLoggingIn((status) => t.equal(status, 200, 'logins afterwards are served'));
  }
});
