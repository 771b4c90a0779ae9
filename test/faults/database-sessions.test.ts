// Servers, databases and roles with other settings than the defaults, and poolers that the configuration does not mention: every call of
// the contract works.
import { randomBytes } from 'node:crypto';
import t, { type Test } from 'tap';
import { describeFailure } from '#cli/error-message.js';
import { migrateDatabase } from '#platform/database/migrations.js';
import { checkDatabase } from '#platform/database/probe.js';
import { TEST_SECRET } from '../support/app.js';
import { emptyDatabase, testDatabase, withDatabaseName } from '../support/database.js';
import { pgbouncerMissing, startPgbouncer } from '../support/pgbouncer.js';
import { rowsOf } from '../support/rows.js';
import { exerciseContract, freePort, runCommand, serviceEnvironment, startService } from '../support/service.js';

/** Settings that must not affect the answers, each with a value that once broke something. */
const OTHERWISE: Readonly<Record<string, string>> = {
  bytea_output: 'escape',
  DateStyle: 'German, DMY',
  IntervalStyle: 'sql_standard',
  TimeZone: 'Pacific/Chatham',
  standard_conforming_strings: 'off',
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  client_encoding: 'LATIN1',
  extra_float_digits: '-15',
  idle_session_timeout: '50ms',
  statement_timeout: '1ms',
  lock_timeout: '1ms',
  row_security: 'off',
  lc_monetary: 'C',
};

/** An empty database owned by a new role that has these settings. */
async function ownDatabase(t: Test, settings: Readonly<Record<string, string>>, schema?: string) {
  const url = await emptyDatabase(t);
  const rows = rowsOf(t, url);
  const name = new URL(url).pathname.slice(1);
  const role = `role_${randomBytes(6).toString('hex')}`;
  await rows.unsafe(`create role ${role} login password 'x'`);
  await rows.unsafe(`alter database ${name} owner to ${role}`);
  await rows.unsafe(`grant create, usage on schema public to ${role}`);
  if (schema !== undefined) await rows.unsafe(`create schema "${schema}" authorization ${role}`);
  for (const [setting, value] of Object.entries(settings))
    await rows.unsafe(
      `alter role ${role} in database ${name} set ${setting} = ${setting === 'search_path' ? value : `'${value}'`}`,
    );
  t.teardown(async () => {
    const admin = rowsOf(t, process.env.TEST_DATABASE_URL ?? '');
    await rows.unsafe(`drop owned by ${role} cascade`).catch(() => {});
    await rows.end();
    await admin.unsafe(`drop database if exists ${name} with (force)`);
    await admin.unsafe(`drop role ${role}`);
    await admin.end();
  });
  return { url: Object.assign(new URL(url), { username: role, password: 'x' }).href, role, name, rows };
}

async function refusal(url: string): Promise<string | undefined> {
  try {
    await checkDatabase({ url, poolSize: 1, transactionPooler: false });
    return undefined;
  } catch (error) {
    return describeFailure(error);
  }
}

t.test(
  'with a role whose settings all differ from the defaults the contract works, and no message advises giving up keys',
  async (t) => {
    const { url } = await ownDatabase(t, OTHERWISE);
    await migrateDatabase(url);
    const first = await startService(t, url);
    await exerciseContract(t, first);
    await first.stop('SIGTERM');
    // A second service reads what the first one stored.
    const second = await startService(t, url);
    await exerciseContract(t, second, 'second@example.com');
    const doctor = await runCommand(['doctor'], { DATABASE_URL: url, AUTH_SECRET: TEST_SECRET });
    t.equal(doctor.code, 0, doctor.stdout);
    t.notMatch(doctor.stdout, /FAIL|retire/);
  },
);

t.test('the tables are in the schema that the role or the URL names', async (t) => {
  for (const [what, settings, query] of [
    ['the role', { search_path: 'auth, public' }, ''],
    ['schema=', {}, '?schema=auth'],
    ['search_path=', {}, '?search_path=auth'],
    ['options', {}, '?options=-c%20search_path%3Dauth'],
  ] as const) {
    await t.test(what, async (t) => {
      const { url, rows } = await ownDatabase(t, settings, 'auth');
      const { code, stderr } = await runCommand(['migrate'], { DATABASE_URL: url + query });
      t.equal(code, 0, stderr);
      const tables =
        await rows`select distinct schemaname::text as schema from pg_tables where schemaname in ('auth', 'public')`;
      t.strictSame(
        tables.map(({ schema }) => schema),
        ['auth'],
      );
      const service = await startService(t, url + query);
      await exerciseContract(t, service);
      await service.stop('SIGTERM');
      if (query === '') return;
      const elsewhere = await runCommand(['serve'], serviceEnvironment(url, await freePort()));
      t.equal(elsewhere.code, 1);
      t.match(
        elsewhere.stderr,
        /^latchkey: the search path [^\n]* does not contain the schema auth, which has the tables: add \?schema=auth/,
      );
    });
  }
  await t.test('a schema that does not exist is created', async (t) => {
    const { url } = await ownDatabase(t, {});
    await migrateDatabase(`${url}?schema=My%20Auth`);
    t.equal(await refusal(`${url}?schema=My%20Auth`), undefined);
  });
});

t.test('a setting that a connection cannot override stops the start with one line that says what to do', async (t) => {
  const readOnly = await ownDatabase(t, { default_transaction_read_only: 'on' });
  const migrate = await runCommand(['migrate'], { DATABASE_URL: readOnly.url });
  t.match(migrate.stderr, /^latchkey: the database is read-only: default_transaction_read_only is on[^\n]*\n$/);

  const replica = await ownDatabase(t, { session_replication_role: 'replica' });
  t.match(
    await refusal(replica.url),
    /^session_replication_role is replica .*; run: alter role .* set session_replication_role = 'origin'$/,
  );

  const hidden = await ownDatabase(t, {});
  await migrateDatabase(hidden.url);
  await hidden.rows.unsafe('alter table sessions enable row level security');
  t.equal(await refusal(hidden.url), undefined, 'it is not for the owner');
  await hidden.rows.unsafe('alter table sessions force row level security');
  t.match(
    await refusal(hidden.url),
    /^row-level security hides the rows of the table sessions from the role role_\w+; run .+: alter table sessions disable row level security$/,
  );
  await hidden.rows.unsafe('create policy everything on sessions using (true)');
  t.equal(await refusal(hidden.url), undefined);

  const server = process.env.TEST_DATABASE_URL ?? '';
  const admin = rowsOf(t, server);
  for (const encoding of ['SQL_ASCII', 'LATIN1']) {
    const name = `latchkey_test_${randomBytes(6).toString('hex')}`;
    await admin.unsafe(`create database ${name} encoding '${encoding}' locale 'C' template template0`);
    t.teardown(() => admin.unsafe(`drop database ${name} with (force)`));
    const url = withDatabaseName(server, name);
    const env = serviceEnvironment(url, await freePort());
    for (const command of ['migrate', 'serve', 'doctor']) {
      const { code, stdout, stderr } = await runCommand([command], env);
      t.equal(code, 1, `${command} ${encoding}`);
      t.match(
        stdout + stderr,
        new RegExp(`the database has the encoding ${encoding}, .*createdb --encoding=UTF8`),
        command,
      );
    }
  }
});

t.test(
  'a PgBouncer that the configuration does not mention is detected and works',
  { skip: pgbouncerMissing },
  async (t) => {
    // Its default configuration, and the one that platforms use so that drivers can connect.
    const ignoring =
      'statement_timeout,lock_timeout,idle_in_transaction_session_timeout,extra_float_digits,bytea_output,IntervalStyle,default_transaction_isolation,default_transaction_deferrable,idle_session_timeout,search_path';
    for (const [what, ignored] of [
      ['it refuses parameters', ''],
      ['it ignores them', ignoring],
    ] as const) {
      await t.test(what, async (t) => {
        const pooler = await startPgbouncer(t, await emptyDatabase(t), { ignored });
        const migrated = await runCommand(['migrate'], { DATABASE_URL: pooler.url });
        t.equal(migrated.code, 0, migrated.stderr);
        t.match(
          migrated.stderr,
          /^latchkey: DATABASE_URL leads to a pooler [^\n]*DATABASE_POOLER=transaction[^\n]*DATABASE_DIRECT_URL[^\n]*\n$/,
        );
        const service = await startService(t, pooler.url);
        await Promise.all(Array.from({ length: 8 }, (_, i) => exerciseContract(t, service, `user${i}@example.com`)));
        const lines = service.logLines();
        t.equal(lines.filter(({ msg }) => /leads to a pooler/.test(String(msg))).length, 1);
        t.strictSame(
          lines.filter(({ level }) => level === 'error' || level === 'fatal'),
          [],
        );
        const doctor = await runCommand(['doctor'], { DATABASE_URL: pooler.url, AUTH_SECRET: TEST_SECRET });
        t.equal(doctor.code, 0, doctor.stdout);
        t.match(doctor.stdout, /warn +connection +.*leads to a pooler/);
      });
    }

    await t.test('in session mode each client keeps its connection, and every feature is used', async (t) => {
      const pooler = await startPgbouncer(t, await testDatabase(t), { ignored: ignoring, poolMode: 'session' });
      const found = await checkDatabase({ url: pooler.url, poolSize: 1, transactionPooler: false });
      t.equal(found.poolerFound, false);
    });

    await t.test('in statement mode it is refused', async (t) => {
      const pooler = await startPgbouncer(t, await testDatabase(t), { poolMode: 'statement' });
      for (const env of [{}, { DATABASE_POOLER: 'transaction' }]) {
        const { code, stderr } = await runCommand(['serve'], {
          ...serviceEnvironment(pooler.url, await freePort()),
          ...env,
        });
        t.equal(code, 1);
        t.match(
          stderr,
          /^latchkey: DATABASE_URL leads to a pooler in statement mode, [^\n]+ pool_mode to transaction\n$/,
        );
      }
    });

    await t.test('the doctor reports a DATABASE_DIRECT_URL that leads to the pooler', async (t) => {
      const url = await testDatabase(t);
      const pooler = await startPgbouncer(t, url);
      const env = { DATABASE_URL: pooler.url, DATABASE_POOLER: 'transaction', AUTH_SECRET: TEST_SECRET };
      const wrong = await runCommand(['doctor'], {
        ...env,
        DATABASE_DIRECT_URL: `${pooler.url}?application_name=direct`,
      });
      t.match(wrong.stdout, /warn +direct connection +DATABASE_DIRECT_URL leads to a pooler/);
      const right = await runCommand(['doctor'], { ...env, DATABASE_DIRECT_URL: url });
      t.match(right.stdout, /ok +direct connection/);
    });

    await t.test('a role with other settings works through it', async (t) => {
      const { bytea_output, DateStyle, TimeZone } = OTHERWISE;
      const { url, role, name, rows } = await ownDatabase(t, { bytea_output, DateStyle, TimeZone } as Record<
        string,
        string
      >);
      const pooler = await startPgbouncer(t, url);
      await migrateDatabase(url);
      const service = await startService(t, pooler.url, { DATABASE_POOLER: 'transaction' });
      await exerciseContract(t, service);
      await service.stop('SIGTERM');
      await rows.unsafe(`alter role ${role} in database ${name} set default_transaction_isolation = 'serializable'`);
      await rows`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${role}`;
      const { code, stderr } = await runCommand(['serve'], serviceEnvironment(pooler.url, await freePort()));
      t.equal(code, 1);
      t.match(stderr, /^latchkey: default_transaction_isolation is serializable [^\n]*; run: alter role [^\n]*\n$/);
    });
  },
);
