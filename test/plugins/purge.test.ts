// The purge as the service runs it: by itself within hours, where it listens, and until it closes.
import { mock } from 'node:test';
import t, { type Test } from 'tap';
import { testApp } from '../support/app.js';
import { letPass, rowsOf } from '../support/rows.js';
import { until } from '../support/until.js';

const DAY = 86_400;
const HOURS = 3_600_000;

/** Lets an hour and a half pass after `begin`, for timers that were set in it. */
async function pass(begin: () => Promise<unknown>): Promise<void> {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    await begin();
    mock.timers.tick(1.5 * HOURS);
  } finally {
    mock.timers.reset();
  }
}

async function fixture(t: Test) {
  const service = await testApp(t);
  const rows = rowsOf(t, service.databaseUrl);
  const { id } = (await service.register()).json();
  await service.login();
  await letPass(rows, id, 40 * DAY);
  return { ...service, count: async () => (await rows`select 1 from sessions`).length };
}

t.test('a service that listens deletes dead sessions by itself', async (t) => {
  const { app, count } = await fixture(t);
  await pass(() => app.listen({ host: '127.0.0.1', port: 0 }));
  await until('the dead session is gone', async () => (await count()) === 0);
});

t.test('one that does not listen leaves them alone', async (t) => {
  const { app, count } = await fixture(t);
  await pass(async () => app.inject('/livez'));
  await app.close();
  t.equal(await count(), 1);
});
