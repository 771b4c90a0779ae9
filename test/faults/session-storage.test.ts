// The storage of sessions: a refresh touches no index and reuses the space of its predecessors, so the table does not grow.
import t from 'tap';
import { testApp } from '../support/app.js';
import { rowsOf } from '../support/rows.js';
import { until } from '../support/until.js';

const USERS = 10;
const REFRESHES = 50;

// A database of its own: connections report statistics late, and nothing else may update sessions in it.
const { app, databaseUrl, register, login, refresh } = await testApp(t);
const rows = rowsOf(t, databaseUrl);

async function updates(): Promise<{ all: number; heapOnly: number }> {
  await rows`select pg_stat_clear_snapshot()`;
  const [row] = await rows`
    select n_tup_upd::int as "all", n_tup_hot_upd::int as "heapOnly" from pg_stat_user_tables where relname = 'sessions'`;
  return row as unknown as { all: number; heapOnly: number };
}

t.test('refreshes are heap-only updates', async (t) => {
  // One after the other: a statement that is waiting for a core would keep the predecessors of rows for which another one needs space.
  for (let user = 0; user < USERS; user += 1) {
    const email = `user-${user}@example.com`;
    await register(email);
    let token = (await login(email)).refresh_token;
    for (let i = 0; i < REFRESHES; i += 1) {
      const answer = await refresh(token, `key-${i}`);
      if (answer.statusCode !== 200) throw new Error(`refresh failed: ${answer.body}`);
      token = answer.json().refresh_token;
    }
  }
  // A connection reports its statistics with a later query, or when it has been idle for ten seconds.
  const wakeConnections = () => Promise.all(Array.from({ length: 20 }, () => app.readiness.check()));
  const { all, heapOnly } = await until(
    'Postgres has counted every update',
    async () => {
      await wakeConnections();
      const now = await updates();
      return now.all >= USERS * REFRESHES && now;
    },
    60_000,
  );
  t.ok(heapOnly >= 0.95 * all, `${heapOnly} of ${all} are heap-only`);
});
