// `latchkey migrate` as deployments run it: repeatedly and concurrently. (Kills are tested in test/faults/migrations-killed.test.ts.)
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { emptyDatabase, testDatabase } from '../../../support/database.js';
import { connectTo, schemaOf } from '../../../support/schema.js';
import { runCommand } from '../../../support/service.js';

const migrate = (url: string) => runCommand(['migrate'], { DATABASE_URL: url });

const journal: { entries: { tag: string }[] } = JSON.parse(
  readFileSync(join(packageRoot, 'drizzle', 'migrations', 'meta', '_journal.json'), 'utf8'),
);

t.test('the first run creates the tables, and the next one has nothing to do', async (t) => {
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

t.test('--dry-run and --status list pending migrations and change nothing', async (t) => {
  const url = await emptyDatabase(t);
  const run = (...args: string[]) => runCommand(['migrate', ...args], { DATABASE_URL: url });
  const names = journal.entries.map(({ tag }) => tag);
  const dry = await run('--dry-run');
  t.match(dry, { code: 0, stderr: /^$/ });
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
  t.match(await run('--status', '--dry-run'), { code: 1, stderr: /--dry-run and --status cannot be combined/ });
});

t.test('two runs at once on an empty database succeed, and each migration is applied once', async (t) => {
  const url = await emptyDatabase(t);
  const endings = await Promise.all(Array.from({ length: 2 }, () => migrate(url)));
  t.strictSame(
    endings.map(({ code, stderr }) => ({ code, stderr })),
    endings.map(() => ({ code: 0, stderr: '' })),
  );
  t.strictSame(await schemaOf(connectTo(t, url)), await schemaOf(connectTo(t, await testDatabase(t))));
});

t.test('a migration that Postgres refuses is named, with what to do, and changes nothing', async (t) => {
  const url = await emptyDatabase(t);
  const sql = connectTo(t, url);
  await sql`create table quotas (mine int)`;
  const { code, stdout, stderr } = await migrate(url);
  t.match({ code, stdout }, { code: 1, stdout: /^$/ });
  t.match(
    stderr,
    /^latchkey: the migration \d{4}_\w+ failed: relation "quotas" already exists \(42P07\); nothing was changed, and the version that is running can continue to serve; correct the cause, then run: latchkey migrate\n$/,
  );
  t.strictSame(
    [...(await sql`select tablename from pg_tables where schemaname = 'public'`)],
    [{ tablename: 'quotas' }],
  );
  await sql`drop table quotas`;
  t.match(await migrate(url), { code: 0 });
});
