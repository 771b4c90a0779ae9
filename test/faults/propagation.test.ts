// Measures and prints how soon a changed setting takes effect on another instance; asserts only the documented bounds. (Whether it
// arrives by LISTEN or by polling is tested in test/src/settings/propagation.test.ts.)
import t, { type Test } from 'tap';
import { PROPAGATION_SECONDS } from '#settings/registry.js';
import { type TestApp, testApp, testAppOn } from '../support/app.js';
import { rowsOf } from '../support/rows.js';
import { setSetting } from '../support/settings.js';
import { until } from '../support/until.js';
import { TOLERANCE } from './harness/figures.js';

const WITH_LISTEN = 60;
const WITHOUT_LISTEN = 6;
const MAX_MILLISECONDS = TOLERANCE * PROPAGATION_SECONDS * 1000;
/** Shorter than the wait for a poll. */
const LISTEN_MILLISECONDS = TOLERANCE * 2000;

/** Changes the setting on one instance; resolves to the sorted times, in milliseconds, until each change took effect on the other. */
async function measure(one: TestApp, other: TestApp, count: number, pause: () => Promise<unknown>): Promise<number[]> {
  const effective = new Map<number, number>();
  other.app.settings.onChange(() => effective.set(other.app.settings.get('ACCESS_TOKEN_LIFETIME'), performance.now()));
  const took: number[] = [];
  for (let value = 1000; value < 1000 + count; value += 1) {
    await pause();
    const begin = performance.now();
    await setSetting(one.app, 'ACCESS_TOKEN_LIFETIME', value);
    const end = await until(`${value} acts`, () => effective.get(value), MAX_MILLISECONDS);
    took.push(end - begin);
  }
  return took.sort((a, b) => a - b);
}

function report(t: Test, what: string, took: readonly number[]): void {
  const at = (share: number) => `${(took[Math.ceil(share * took.length) - 1] ?? 0).toFixed(1)} ms`;
  t.comment(`${what}: ${took.length} changes; p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`);
}

t.test('a changed setting takes effect on another instance by LISTEN, without waiting for a poll', async (t) => {
  const one = await testApp(t);
  const other = await testAppOn(t, one.databaseUrl);
  const rows = rowsOf(t, one.databaseUrl);
  await until('both instances listen', async () => {
    const listening = await rows`
      select 1 from pg_stat_activity
      where datname = current_database() and query ilike 'listen%' and pid <> pg_backend_pid()`;
    return listening.length === 2;
  });
  const took = await measure(one, other, WITH_LISTEN, async () => {});
  report(t, 'with LISTEN', took);
  t.equal(took.length, WITH_LISTEN, `each within ${MAX_MILLISECONDS} ms`);
  t.ok((took.at(-1) ?? 0) < LISTEN_MILLISECONDS, `each within ${LISTEN_MILLISECONDS} ms`);
});

t.test('without LISTEN a changed setting takes effect with the next poll', async (t) => {
  const one = await testApp(t);
  const other = await testAppOn(t, one.databaseUrl, { env: { DATABASE_POOLER: 'transaction' } });
  // At a random time after the last poll.
  const pause = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 1000));
  const took = await measure(one, other, WITHOUT_LISTEN, pause);
  report(t, 'without LISTEN', took);
  t.equal(took.length, WITHOUT_LISTEN, `each within ${MAX_MILLISECONDS} ms`);
});
