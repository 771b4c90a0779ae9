// Tracing of a real service: what SIGTERM sends, several workers, and a collector that is down, freezes or comes back.
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { otlpReceiver } from '../support/otlp.js';
import { exerciseContract, freePort, startService } from '../support/service.js';
import { until } from '../support/until.js';

/** More than wait to be sent. */
const REQUESTS = 3000;

t.test('on SIGTERM the spans of all workers have been sent', async (t) => {
  const receiver = await otlpReceiver(t);
  const service = await startService(t, await testDatabase(t), { ...receiver.env, WEB_CONCURRENCY: '2' });
  const processes = () => new Set(receiver.spans().map(({ resource }) => resource['process.pid'])).size;
  await until('both workers answer', async () => {
    await service.call('GET', '/api/verify/');
    return processes() === 2;
  });
  await exerciseContract(t, service);
  for (let index = 0; index < 40; index += 1) await service.call('GET', '/.well-known/jwks.json');
  const { code, stderr } = await service.stop('SIGTERM');
  t.strictSame([code, stderr], [0, '']);
  const spans = receiver.spans();
  t.ok(spans.filter(({ name }) => name === 'POST /api/login').length >= 1);
  t.equal(spans.filter(({ name }) => name === 'GET /.well-known/jwks.json').length, 40);
});

for (const [what, isFrozen] of [
  ['is down', false],
  ['does not answer', true],
] as const) {
  t.test(`while the collector ${what} the service serves, says so once, and stops in time`, async (t) => {
    const receiver = await otlpReceiver(t, () => {});
    const url = isFrozen ? receiver.url : `http://127.0.0.1:${await freePort()}`;
    const service = await startService(t, await testDatabase(t), { ...receiver.env, OTEL_EXPORTER_OTLP_ENDPOINT: url });
    for (let index = 0; index < REQUESTS; index += 50) {
      const calls = Array.from({ length: 50 }, () => service.call('GET', '/.well-known/jwks.json'));
      const statuses = (await Promise.all(calls)).map(({ statusCode }) => statusCode);
      t.strictSame([...new Set(statuses)], [200]);
    }
    const failures = () => service.logLines().filter(({ msg }) => String(msg).startsWith('traces cannot be sent'));
    await until('the failure is logged', () => failures().length > 0);
    t.match(failures(), [{ level: 'warn', reason: isFrozen ? 'timeout' : 'ECONNREFUSED' }]);
    await exerciseContract(t, service);
    const begin = performance.now();
    const { code, stderr } = await service.stop('SIGTERM');
    t.strictSame([code, stderr], [0, '']);
    t.ok(performance.now() - begin < 12_000, 'well within the 20 s that platforms wait');
    t.equal(failures().length, 1);
  });
}
