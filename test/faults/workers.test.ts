// WEB_CONCURRENCY: several processes behind one port behave like one service.
import { readFile } from 'node:fs/promises';
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { claimsOf, exerciseContract, runCommand, type Service, startService, tokensOf } from '../support/service.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

/** The worker processes of the service, from /proc. */
async function workersOf({ pid }: Service): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

/** The processes that have logged that they listen. */
function listening(service: Service): unknown[] {
  return service
    .logLines()
    .filter(({ msg }) => msg === 'listening')
    .map(({ pid }) => pid);
}

/** The lifetimes of new access tokens in seconds, on as many connections as reach every worker. */
async function lifetimes(service: Service, email: string): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: 8 }, () => service.login(email)));
  return answers.map((answer) => {
    const { iat, exp } = claimsOf(tokensOf(answer));
    return Number(exp) - Number(iat);
  });
}

t.test(
  'two workers serve the contract, apply a changed setting, replace a dead worker, and stop together',
  async (t) => {
    const url = await testDatabase(t);
    const service = await startService(t, url, { WEB_CONCURRENCY: '2' });
    await until('two workers', async () => (await workersOf(service)).length === 2);
    await until('both listen', () => new Set(listening(service)).size === 2);
    await exerciseContract(t, service);

    const email = 'other@example.com';
    await service.register(email);
    t.strictSame([...new Set(await lifetimes(service, email))], [30]);
    const set = await runCommand(['settings', 'set', 'ACCESS_TOKEN_LIFETIME', '60'], { DATABASE_URL: url });
    t.equal(set.code, 0, set.stderr);
    await until('both workers apply it', async () =>
      (await lifetimes(service, email)).every((seconds) => seconds === 60),
    );

    const [first = 0, second = 0] = await workersOf(service);
    process.kill(first, 'SIGKILL');
    await until(
      'the dead worker is replaced',
      async () => {
        const now = await workersOf(service);
        return now.length === 2 && now.includes(second) && !now.includes(first);
      },
      30_000,
    );
    t.equal((await service.login(email)).statusCode, 200, 'the other worker serves');

    const { code, stderr } = await service.stop('SIGTERM');
    t.equal(code, 0);
    t.equal(stderr, '');
  },
);

t.test('SIGTERM while some workers are still starting finishes accepted requests, and exits with 0', async (t) => {
  // The service is ready as soon as one of them listens.
  const service = await startService(t, await testDatabase(t), { WEB_CONCURRENCY: '6', DRAIN_SECONDS: '5' });
  service.child.kill('SIGTERM');
  await until('not ready', async () => (await service.status('/readyz')) === 503);
  t.equal((await service.register('late@example.com')).statusCode, 201, 'a request that arrives meanwhile is answered');
  const { code, signal, stderr } = await service.ended;
  t.match({ code, signal, stderr }, { code: 0, signal: null, stderr: '' });
});

t.test('a worker that dies while Postgres is away is replaced when Postgres is back', async (t) => {
  const proxy = await startTcpProxy(t, await testDatabase(t));
  const service = await startService(t, proxy.url, { WEB_CONCURRENCY: '2' });
  await until('both listen', () => listening(service).length === 2);
  const [first = 0] = await workersOf(service);
  proxy.refuse();
  process.kill(first, 'SIGKILL');
  const deaths = () => service.logLines().filter(({ msg }) => msg === 'worker died: starting another').length;
  await until('a new worker cannot start, and another is started', () => deaths() >= 3, 30_000);
  t.equal(await service.status('/livez'), 200, 'the other worker serves');
  await proxy.accept();
  await until('a third worker listens', () => listening(service).length === 3, 30_000);
  const { code } = await service.stop('SIGTERM');
  t.equal(code, 0);
});
