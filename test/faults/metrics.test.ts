// Metrics of a real service: the sums over workers, a worker that dies, a port that is taken, and a storm of scrapes.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import t from 'tap';
import { testDatabase } from '../support/database.js';
import {
  exerciseContract,
  freePort,
  type HttpClient,
  httpClient,
  type Service,
  startService,
} from '../support/service.js';
import { until } from '../support/until.js';

async function workersOf({ pid }: Service): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

/** The value of a series, in an answer that is at most a second old. */
async function scrape(client: HttpClient, series: string): Promise<number | undefined> {
  const { statusCode, body } = await client.call('GET', '/metrics');
  if (statusCode !== 200) throw new Error(`${statusCode} ${body}`);
  const line = body.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

t.test('the primary serves the sums of its workers, and counters do not fall when one is killed', async (t) => {
  const port = await freePort();
  const service = await startService(t, await testDatabase(t), { WEB_CONCURRENCY: '2', METRICS_PORT: String(port) });
  const metrics = httpClient(port);
  await until('both workers are measured', async () => (await scrape(metrics, 'latchkey_processes')) === 2);
  // What a start leaves to do may still be running.
  const free = () => scrape(metrics, 'latchkey_database_connections{state="free"}');
  await until('gauges are summed', async () => (await free()) === 20);
  t.equal(await scrape(metrics, 'latchkey_signing_keys{state="active"}'), 1, 'both workers have the same key');

  await exerciseContract(t, service);
  const logins = 'latchkey_logins_total{method="password",outcome="succeeded"}';
  await until('the logins of both workers', async () => Number(await scrape(metrics, logins)) >= 5);
  const counted = Number(await scrape(metrics, logins));

  const workers = await workersOf(service);
  process.kill(workers[0] as number, 'SIGKILL');
  await until('the worker is replaced', async () => {
    const now = await workersOf(service);
    t.ok(Number(await scrape(metrics, logins)) >= counted, 'the sum has not fallen');
    return now.length === 2 && !now.includes(workers[0] as number);
  });
  await until('the new worker is measured', async () => (await scrape(metrics, 'latchkey_processes')) === 2);
  t.equal(await scrape(metrics, logins), counted);
  const { code, stderr } = await service.stop('SIGTERM');
  t.strictSame([code, stderr], [0, ''], 'the open port does not keep the process alive');
});

t.test('a metrics port that is taken is logged once, and the service serves', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const { port } = other.address() as AddressInfo;
  for (const workers of ['1', '2']) {
    const env = { WEB_CONCURRENCY: workers, METRICS_PORT: String(port) };
    const service = await startService(t, await testDatabase(t), env);
    t.equal((await service.register('user@example.com')).statusCode, 201);
    const lines = service.logLines().filter(({ msg }) => String(msg).includes('metrics port could not be opened'));
    t.equal(lines.length, 1, `${workers} workers`);
  }
});

t.test('a thousand scrapes at once are all answered, while the API serves', async (t) => {
  const port = await freePort();
  const service = await startService(t, await testDatabase(t), { METRICS_PORT: String(port) });
  const metrics = httpClient(port);
  const scrapes = Array.from({ length: 1000 }, () => metrics.call('GET', '/metrics', { timeout: 30_000 }));
  t.equal((await service.register('user@example.com')).statusCode, 201);
  const statuses = (await Promise.all(scrapes)).map(({ statusCode }) => statusCode);
  t.strictSame([...new Set(statuses)], [200]);
  t.equal((await service.stop('SIGTERM')).code, 0);
});
