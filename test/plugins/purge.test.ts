// The purge as the service runs it: by itself within hours, where it listens, and until it closes.
import t, { type Test } from 'tap';
import { testApp, testAppOn } from '../support/app.js';
import { letPass, rowsOf } from '../support/rows.js';
import { holdTimers } from '../support/timers.js';
import { until } from '../support/until.js';

const DAY = 86_400;
const HALF_AN_HOUR = 1_800_000;

/** A database with one dead session, and a service on it that was built when the timers were held already. */
async function fixture(t: Test) {
  const before = await testApp(t);
  const rows = rowsOf(t, before.databaseUrl);
  const { id } = (await before.register()).json();
  await before.login();
  await letPass(rows, id, 40 * DAY);
  const timers = holdTimers(t, 'setTimeout', HALF_AN_HOUR);
  const { app } = await testAppOn(t, before.databaseUrl);
  return { app, timers, count: async () => (await rows`select 1 from sessions`).length };
}

t.test('a service that listens deletes dead sessions by itself, again and again', async (t) => {
  const { app, timers, count } = await fixture(t);
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.equal(timers.count(), 1, 'it waits for its turn');
  t.equal(await count(), 1);
  timers.fire();
  await until('the dead session is gone', async () => (await count()) === 0);
  await until('the next turn is set', () => timers.count() === 1);
});

t.test('one that does not listen leaves them alone', async (t) => {
  const { app, timers, count } = await fixture(t);
  t.equal((await app.inject('/livez')).statusCode, 200);
  t.equal(timers.count(), 0, 'it has set itself no turn');
  t.equal(await count(), 1);
});

t.test('one that is closed has no turn left', async (t) => {
  const { app, timers, count } = await fixture(t);
  await app.listen({ host: '127.0.0.1', port: 0 });
  await app.close();
  t.equal(timers.count(), 0);
  t.equal(await count(), 1);
});
