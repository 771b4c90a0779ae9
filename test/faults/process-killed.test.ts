// F01, F02: the process is killed repeatedly under traffic.
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { figure, quantile, report, timeout } from './harness/figures.js';
import { killAndStart, roundRobin, startInstance } from './harness/service.js';
import { underLoad } from './harness/under-load.js';

t.test('F01: a service that is killed repeatedly loses nothing acknowledged', { timeout }, async (t) => {
  const databaseUrl = await testDatabase(t);
  let service = await startInstance(t, databaseUrl);
  const starts: number[] = [];
  await underLoad(t, {
    fault: 'F01 SIGKILL of the service',
    target: () => service,
    databaseUrl: () => databaseUrl,
    rounds: figure(4, 200),
    clients: 32,
    perSecond: 400,
    inject: async (_round, random) => {
      await sleep(30 * random());
      const started = await killAndStart(t, service, databaseUrl);
      service = started.service;
      starts.push(started.milliseconds);
    },
  });
  report(t, 'F01 from start to ready', { p50: quantile(starts, 0.5), longest: quantile(starts, 1) });
});

t.test('F02: when one of two instances is killed, the other keeps serving', { timeout }, async (t) => {
  const databaseUrl = await testDatabase(t);
  const services = [await startInstance(t, databaseUrl), await startInstance(t, databaseUrl)];
  const instance = (index: number) => () => {
    const service = services[index];
    if (service === undefined) throw new Error('there are two');
    return service;
  };
  await underLoad(t, {
    fault: 'F02 SIGKILL of one of two instances',
    target: roundRobin([instance(0), instance(1)]),
    databaseUrl: () => databaseUrl,
    rounds: figure(2, 100),
    clients: 64,
    perSecond: 200,
    between: 64,
    inject: async (round, random) => {
      await sleep(30 * random());
      const index = round % 2;
      const killed = await killAndStart(t, instance(index)(), databaseUrl);
      services[index] = killed.service;
    },
  });
});
