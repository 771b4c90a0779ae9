// The two ways by which a changed setting reaches another instance, each tested with the other one disabled. (The speed is measured in
// test/faults/propagation.test.ts.)
import t, { type Test } from 'tap';
import { type TestApp, testApp, testAppOn } from '../../support/app.js';
import { rowsOf } from '../../support/rows.js';
import { setSetting } from '../../support/settings.js';
import { holdTimers } from '../../support/timers.js';
import { until } from '../../support/until.js';

/** Longer than every other interval of the service than the poll. */
const TWO_SECONDS = 2000;

const lifetime = ({ app }: TestApp) => app.settings.get('ACCESS_TOKEN_LIFETIME');

/** Two instances whose polls run only when the test fires them; the second one has `env`. */
async function fixture(t: Test, env: Readonly<Record<string, string>> = {}) {
  const polls = holdTimers(t, 'setInterval', TWO_SECONDS);
  const one = await testApp(t);
  const other = await testAppOn(t, one.databaseUrl, { env });
  t.equal(polls.count(), 2, 'the poll of each instance is held');
  const rows = rowsOf(t, one.databaseUrl);
  const listeners = async () =>
    (
      await rows`
      select 1 from pg_stat_activity
      where datname = current_database() and query ilike 'listen%' and pid <> pg_backend_pid()`
    ).length;
  const set = (value: number) => setSetting(one.app, 'ACCESS_TOKEN_LIFETIME', value);
  return { one, other, polls, listeners, set };
}

t.test('a change arrives by LISTEN, without polling', async (t) => {
  const { other, listeners, set } = await fixture(t);
  await until('both instances listen', async () => (await listeners()) === 2);
  for (let value = 1000; value < 1020; value += 1) {
    await set(value);
    await until(`${value} takes effect`, () => lifetime(other) === value);
  }
});

t.test('a change arrives by polling behind a pooler that prevents LISTEN', async (t) => {
  const { one, other, polls, listeners, set } = await fixture(t, { DATABASE_POOLER: 'transaction' });
  await until('only the first instance listens', async () => (await listeners()) === 1);
  for (let value = 1000; value < 1003; value += 1) {
    const before = lifetime(other);
    await set(value);
    await until('it takes effect on the first instance', () => lifetime(one) === value);
    t.equal(lifetime(other), before, 'not yet on the other one');
    polls.fire();
    await until(`${value} takes effect`, () => lifetime(other) === value);
  }
});
