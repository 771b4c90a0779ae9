// `latchkey migrate`, run many times at once, and killed half-way.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';
import t from 'tap';
import { emptyDatabase, testDatabase } from '../support/database.js';
import { connectTo, schemaOf } from '../support/schema.js';
import { runCommand, startCommand } from '../support/service.js';
import { until } from '../support/until.js';

const KILLS = 8;

const migrate = (url: string) => runCommand(['migrate'], { DATABASE_URL: url });

t.test('eight migrations at once on an empty database succeed, and each step is applied once', async (t) => {
  const url = await emptyDatabase(t);
  const endings = await Promise.all(Array.from({ length: 8 }, () => migrate(url)));
  t.strictSame(
    endings.map(({ code, stderr }) => ({ code, stderr })),
    endings.map(() => ({ code: 0, stderr: '' })),
  );
  t.strictSame(await schemaOf(connectTo(t, url)), await schemaOf(connectTo(t, await testDatabase(t))));
});

t.test('a migration killed at any moment is applied completely or not at all, and the next run succeeds', async (t) => {
  const whole = await schemaOf(connectTo(t, await testDatabase(t)));
  let url = await emptyDatabase(t);
  let sql = connectTo(t, url);
  const seen = { nothing: 0, all: 0 };
  for (let kill = 1; kill <= KILLS; kill++) {
    const { child, ended } = startCommand(['migrate'], { DATABASE_URL: url });
    // Killed a random time after it has connected.
    while (child.exitCode === null && !(await isConnected(sql))) await sleep(1);
    const delay = randomInt(120);
    await sleep(delay);
    child.kill('SIGKILL');
    await ended;
    // Postgres has noticed the lost connection and rolled back.
    await until('disconnected', async () => !(await isConnected(sql)));
    const left = await schemaOf(sql);
    // The table of migrations is created first, outside the transaction: while it is empty, nothing is applied.
    const outcome = left.applied === 0 ? 'nothing' : 'all';
    seen[outcome]++;
    if (outcome === 'nothing') {
      const tables = new Set(left.columns.map(({ table_name: table }) => table));
      tables.delete('schema_migrations');
      t.strictSame([...tables], [], `killed after ${delay} ms: nothing is applied`);
    } else {
      t.strictSame(left, whole, `killed after ${delay} ms: everything is applied`);
      url = await emptyDatabase(t);
      sql = connectTo(t, url);
    }
  }
  t.comment(seen);
  t.ok(seen.nothing > 0, 'some processes were killed before the commit');
  t.equal((await migrate(url)).code, 0);
  t.strictSame(await schemaOf(sql), whole);
});

async function isConnected(sql: postgres.Sql): Promise<boolean> {
  const rows = await sql`
    select 1 from pg_stat_activity
    where datname = current_database() and application_name = 'latchkey'`;
  return rows.length > 0;
}
