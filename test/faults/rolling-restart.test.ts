// F27: instances are replaced one after the other behind a load balancer that follows /readyz: no call fails.
import t from 'tap';
import { testDatabase } from '../support/database.js';
import type { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { figure, quantile, report, timeout } from './harness/figures.js';
import { startInstance } from './harness/service.js';
import { underLoad } from './harness/under-load.js';

t.test('F27: no call fails during rolling restarts', { timeout }, async (t) => {
  const databaseUrl = await testDatabase(t);
  const start = () => startInstance(t, databaseUrl, { DRAIN_SECONDS: '1' });
  /** The instances that were last seen ready. */
  const balanced: Service[] = [await start(), await start()];
  let turn = 0;
  const stops: number[] = [];
  const calls = await underLoad(t, {
    fault: 'F27 rolling restart, SIGTERM',
    target: () => {
      turn += 1;
      const service = balanced[turn % balanced.length];
      if (service === undefined) throw new Error('none is ready');
      return service;
    },
    databaseUrl: () => databaseUrl,
    rounds: figure(2, 20),
    perSecond: 200,
    inject: async () => {
      const [old] = balanced;
      if (old === undefined) throw new Error('none is ready');
      balanced.push(await start());
      const begun = performance.now();
      const ended = old.stop('SIGTERM');
      await until('not ready', async () => (await old.status('/readyz')) !== 200);
      balanced.shift();
      const { code } = await ended;
      t.equal(code, 0, 'it exits by itself');
      stops.push(performance.now() - begun);
    },
  });
  t.strictSame(
    calls.filter(({ outcome }) => outcome === 'unknown'),
    [],
    'every call was answered, and none with a server error',
  );
  report(t, 'F27 from SIGTERM to the end, ms', { p50: quantile(stops, 0.5), longest: quantile(stops, 1) });
});
