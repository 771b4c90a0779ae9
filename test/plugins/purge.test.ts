// The purge in the background of an instance: it runs repeatedly while the instance listens, until it closes.
import t, { type Test } from 'tap';
import { testApp, testAppOn } from '../support/app.js';
import { ageSessions, rowsOf } from '../support/rows.js';
import { holdTimers } from '../support/timers.js';
import { until } from '../support/until.js';

const DAY = 86_400;
const HALF_AN_HOUR = 1_800_000;

/** A database with one ended session, and a service on it that was built after the timers were held. */
async function fixture(t: Test) {
  const before = await testApp(t);
  const rows = rowsOf(t, before.databaseUrl);
  const { id } = (await before.register()).json();
  await before.login();
  await ageSessions(rows, id, 40 * DAY);
  const timers = holdTimers(t, 'setTimeout', HALF_AN_HOUR);
  const { app } = await testAppOn(t, before.databaseUrl);
  return { app, timers, count: async () => (await rows`select 1 from sessions`).length };
}

t.test('an instance that listens deletes ended sessions periodically', async (t) => {
  const { app, timers, count } = await fixture(t);
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.equal(timers.count(), 1, 'a purge is scheduled');
  t.equal(await count(), 1);
  timers.fire();
  await until('the ended session is deleted', async () => (await count()) === 0);
  await until('the next purge is scheduled', () => timers.count() === 1);
});

t.test('an instance that does not listen does not purge', async (t) => {
  const { app, timers, count } = await fixture(t);
  t.equal((await app.inject('/livez')).statusCode, 200);
  t.equal(timers.count(), 0, 'no purge is scheduled');
  t.equal(await count(), 1);
});

t.test('a closed instance has no purge scheduled', async (t) => {
  const { app, timers, count } = await fixture(t);
  await app.listen({ host: '127.0.0.1', port: 0 });
  await app.close();
  t.equal(timers.count(), 0);
  t.equal(await count(), 1);
});
