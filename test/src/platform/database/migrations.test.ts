// latchkey migrate, as deployments run it: again and again, many at once, and killed half-way.
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { emptyDatabase, testDatabase } from '../../../support/database.js';
import { runCommand, startCommand } from '../../../support/service.js';
import { until } from '../../../support/until.js';

const KILLS = 8;

const migrate = (url: string) => runCommand(['migrate'], { DATABASE_URL: url });

const journal: { entries: { tag: string }[] } = JSON.parse(
  readFileSync(join(packageRoot, 'drizzle', 'migrations', 'meta', '_journal.json'), 'utf8'),
);

type Teardown = Parameters<typeof testDatabase>[0];

function connectTo(t: Teardown, url: string): postgres.Sql {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  t.teardown(() => sql.end());
  return sql;
}

/** Every column, index, constraint and table option of the tables, and which migrations are written down as applied. */
async function schemaOf(sql: postgres.Sql) {
  const columns = await sql`
    select table_name, column_name, data_type, is_nullable, column_default, is_identity
    from information_schema.columns where table_schema = 'public' order by 1, 2`;
  const indexes = await sql`select tablename, indexdef from pg_indexes where schemaname = 'public' order by 1, 2`;
  const constraints = await sql`
    select conrelid::regclass::text as table_name, conname, pg_get_constraintdef(oid) as definition
    from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2`;
  const options = await sql`
    select relname, reloptions from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`;
  const list = columns.length === 0 ? [] : await sql`select hash from schema_migrations order by id`;
  const applied = list.length;
  return {
    columns: [...columns],
    indexes: [...indexes],
    constraints: [...constraints],
    options: [...options],
    applied,
  };
}

t.test('the first run makes the tables, the next one finds nothing to do', async (t) => {
  const url = await emptyDatabase(t);
  for (const run of ['first', 'second']) {
    const { code, stdout, stderr } = await migrate(url);
    t.equal(code, 0, run);
    const applied = journal.entries.map(({ tag }) => `applied ${tag}\n`).join('');
    t.equal(
      stdout,
      run === 'first'
        ? `${applied}${journal.entries.length} migrations applied. The database is up to date.\n`
        : 'Nothing to apply: the database is up to date.\n',
    );
    t.equal(stderr, '');
  }
  const whole = await schemaOf(connectTo(t, await testDatabase(t)));
  t.strictSame(await schemaOf(connectTo(t, url)), whole);
  t.equal(whole.applied, journal.entries.length);
});

t.test('--dry-run and --status say what would be done, and change nothing', async (t) => {
  const url = await emptyDatabase(t);
  const run = (...args: string[]) => runCommand(['migrate', ...args], { DATABASE_URL: url });
  const names = journal.entries.map(({ tag }) => tag);
  const dry = await run('--dry-run');
  t.match(dry, { code: 0, stderr: '' });
  t.equal(
    dry.stdout,
    `${names.map((name) => `would apply ${name}\n`).join('')}${names.length} migrations to apply. Nothing was changed.\n`,
  );
  t.strictSame(JSON.parse((await run('--dry-run', '--json')).stdout), { pending: names });
  const before = await run('--status');
  t.equal(before.code, 1);
  t.equal(before.stdout, names.map((name) => `pending  ${name}\n`).join(''));
  t.strictSame((await schemaOf(connectTo(t, url))).columns, []);

  t.strictSame(JSON.parse((await run('--json')).stdout), { applied: names });
  t.match(await run('--status'), { code: 0, stdout: names.map((name) => `applied  ${name}\n`).join('') });
  t.strictSame(JSON.parse((await run('--status', '--json')).stdout)[0], { name: names[0], applied: true });
  t.strictSame(JSON.parse((await run('--json')).stdout), { applied: [] });
  t.match(await run('--status', '--dry-run'), { code: 1, stderr: /say either/ });
});

t.test('eight at once on an empty database all succeed, and each migration is applied once', async (t) => {
  const url = await emptyDatabase(t);
  const endings = await Promise.all(Array.from({ length: 8 }, () => migrate(url)));
  t.strictSame(
    endings.map(({ code, stderr }) => ({ code, stderr })),
    endings.map(() => ({ code: 0, stderr: '' })),
  );
  t.strictSame(await schemaOf(connectTo(t, url)), await schemaOf(connectTo(t, await testDatabase(t))));
});

t.test('killed at any moment it leaves all or nothing, and the next run succeeds', async (t) => {
  const whole = await schemaOf(connectTo(t, await testDatabase(t)));
  let url = await emptyDatabase(t);
  let sql = connectTo(t, url);
  const seen = { nothing: 0, all: 0 };
  for (let kill = 1; kill <= KILLS; kill++) {
    const { child, ended } = startCommand(['migrate'], { DATABASE_URL: url });
    // Aimed at the short time in which it is connected; how long after that is what varies.
    while (child.exitCode === null && !(await isConnected(sql))) await sleep(1);
    const delay = randomInt(120);
    await sleep(delay);
    child.kill('SIGKILL');
    await ended;
    // Postgres has noticed, and has rolled back what was begun.
    await until('disconnected', async () => !(await isConnected(sql)));
    const left = await schemaOf(sql);
    // The list of migrations is made first, outside of their transaction: empty, it says that nothing is applied.
    const outcome = left.applied === 0 ? 'nothing' : 'all';
    seen[outcome]++;
    if (outcome === 'nothing') {
      const tables = new Set(left.columns.map(({ table_name: table }) => table));
      tables.delete('schema_migrations');
      t.strictSame([...tables], [], `killed after ${delay} ms: nothing is left`);
    } else {
      t.strictSame(left, whole, `killed after ${delay} ms: all is there`);
      url = await emptyDatabase(t);
      sql = connectTo(t, url);
    }
  }
  t.comment(seen);
  t.ok(seen.nothing > 0, 'some kills came before the commit');
  t.equal((await migrate(url)).code, 0);
  t.strictSame(await schemaOf(sql), whole);
});

async function isConnected(sql: postgres.Sql): Promise<boolean> {
  const rows = await sql`
    select 1 from pg_stat_activity
    where datname = current_database() and application_name = 'latchkey'`;
  return rows.length > 0;
}
