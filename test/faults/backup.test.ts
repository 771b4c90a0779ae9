// latchkey backup and restore: all data is restored as it was, or nothing is changed.
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { createBackupRepository, knownMigrations } from '#backup/repository.js';
import { createBackups } from '#backup/service.js';
import { createClient } from '#platform/database/database.js';
import { MIGRATIONS_FOLDER, migrateDatabase, ownTables } from '#platform/database/migrations.js';
import { TEST_SECRET } from '../support/app.js';
import { emptyDatabase, testDatabase } from '../support/database.js';
import { matchAll } from '../support/match.js';
import { pgbouncerMissing, startPgbouncer } from '../support/pgbouncer.js';
import { replicationMissing, startReplication } from '../support/replication.js';
import { rowsOf } from '../support/rows.js';
import { freePort, runCommand, serviceEnvironment, startCommand, startService, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';

const OTHER_SECRET = 'test-Pw5yX2kFh4mV9cLr7TnWb3pJd6sGa1eN';
/** Settings that make the text form of values independent of the database. */
const PRINTED = { TimeZone: 'UTC', DateStyle: 'ISO', bytea_output: 'hex' };
/** Characters that COPY has to escape or that are easily lost. */
const AWKWARD = 'tab\t newline\n return\r backslash\\ \\N \\. "quotes\' ünïcödé 🗝 \u0001';

const run = (url: string, args: readonly string[], env: Record<string, string> = {}, input: string | Buffer = '') =>
  runCommand(args, { ...serviceEnvironment(url, 0), ...env }, 60_000, input);

async function folderOf(t: Pick<Test, 'teardown'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-backup-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every row of every table of a database, and the state of its sequences. */
async function contentOf(
  url: string,
  tables: readonly string[] = [...ownTables(), 'schema_migrations'],
): Promise<Record<string, string[]>> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connection: PRINTED });
  try {
    const content: Record<string, string[]> = {};
    for (const name of tables) {
      const rows = await sql.unsafe(`select t::text as row from public.${name} t`);
      content[name] = rows.map(({ row }) => String(row)).sort();
    }
    const sequences = await sql`
      select sequencename as name, last_value::text as last from pg_sequences where schemaname = 'public' order by 1`;
    return { ...content, sequences: sequences.map(({ name, last }) => `${name} ${last}`) };
  } finally {
    await sql.end();
  }
}

/** Inserts at least one row into every table, with values that are easily damaged, without a service. */
async function fillEveryTable(t: Test, url: string): Promise<void> {
  const rows = rowsOf(t, url);
  await rows`insert into users (email, username, roles, password_hash, disabled_at) values
    ('a@example.com', ${AWKWARD}, ${['admin', 'a,b', '{"}']}, null, '2026-01-02 03:04:05.678901+00'),
    ('b@example.com', '', '{}', '$argon2id$x', null), ('c@example.com', '', '{}', null, null)`;
  await rows`delete from users where email = 'c@example.com'`;
  await rows`insert into sessions (user_id, id, refresh_token_hash, retry_keys, expires_at, user_agent)
    select id, 1099511627775, ${Buffer.from([0, 92, 10, 255])}, ${Buffer.alloc(64)}, now() + '30 days', ${AWKWARD} from users`;
  await rows`insert into settings (name, value, version, updated_by) values ('ACCESS_TOKEN_LIFETIME', '60', 1, 'cli:root')`;
  await rows`insert into settings_history (name, value, changed_by) values ('ACCESS_TOKEN_LIFETIME', '60', ${AWKWARD}),
    ('ACCESS_TOKEN_LIFETIME', null, 'x'), ('ACCESS_TOKEN_LIFETIME', 'null'::jsonb, 'x')`;
  await rows`insert into roles (name, permissions) values ('r', ${[AWKWARD.replaceAll('\u0001', '')]})`;
  await rows`insert into throttles (key, failures, attempted_at) values (${Buffer.from('0123456789abcdef')}, 3, now())`;
  await rows`insert into audit_events (event, actor_type, details) values
    ('user.enabled', 'system', ${rows.json({ text: 'a\\b\n"', number: 12345678901234567890n.toString() })})`;
  await rows`insert into instances (id, host, version, seen_at) values ('x', 'h', '0', now() - interval '1 hour')`;
  await rows`insert into activity (hour, name, count) values (date_trunc('hour', now()), 'logins', 12345678901)`;
  await rows`insert into jobs (kind, subject) values ('remove_role', ${AWKWARD.replaceAll('\u0001', '')})`;
  await rows`insert into mails (kind, user_id, recipient, content, expires_at) values
    ('verify_email', 1, 'a@example.com', ${Buffer.from([0, 92, 10, 255])}, now() + '1 hour')`;
  await rows`insert into account_tokens (user_id, purpose, token_hash, email, expires_at)
    select id, 'verify_email', ${Buffer.from([0, 1])}, email, now() + '1 hour' from users where email = 'a@example.com'`;
  await rows`insert into totp_factors (user_id, name, secret) select id, ${AWKWARD}, ${Buffer.from([0, 92, 10])} from users`;
  await rows`insert into passkeys (user_id, name, credential_id, public_key, counter, backup_eligible, backed_up, transports)
    select id, ${AWKWARD}, ${Buffer.from([255, 0, 92])}, ${Buffer.from([0, 92, 10])}, 4294967295, true, false, ${['usb', 'a,b']} from users
    where email = 'a@example.com'`;
  await rows`insert into used_passkey_challenges (hash, expires_at) values (${Buffer.from([0, 92, 10, 255])}, now())`;
  await rows`insert into recovery_codes (user_id, code_hash) select id, ${Buffer.from([9, 0])} from users`;
  await rows`insert into known_devices (user_id, fingerprint) select id, ${Buffer.from([9, 0])} from users`;
  await rows`insert into quotas (key, full_at) values (${Buffer.from('0123456789abcdef')}, now())`;
  await rows`insert into signing_keys (kid, alg, private_key, state, expires_at, retired_at) values
    ('k', 'ES256', ${Buffer.from([1, 2, 3])}, 'retired', now() + '1 hour', now())`;
  // A new table is backed up without a change, but a row of it has to be inserted here to test that.
  for (const [name, found] of Object.entries(await contentOf(url))) t.ok(found.length > 0, `${name} has rows`);
}

t.test('a backup contains every table and column of a migrated database', async (t) => {
  const url = await testDatabase(t);
  const rows = await rowsOf(t, url)`select tablename from pg_tables where schemaname = 'public' order by 1`;
  t.strictSame(
    rows.map(({ tablename }) => tablename).filter((name) => name !== 'schema_migrations'),
    ownTables(),
  );
  await fillEveryTable(t, url);
  const folder = await folderOf(t);
  t.match(await run(url, ['backup', join(folder, 'b')]), { code: 0, stderr: /^$/ });
  const columns = await rowsOf(t, url)`
    select table_name as table, column_name as column from information_schema.columns where table_schema = 'public'
      and table_name <> 'schema_migrations' order by 1, ordinal_position`;
  const text = await readFile(join(folder, 'b'), 'utf8');
  const headers = [...text.matchAll(/^table (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
  const found = headers.flatMap(({ name, columns }) => columns.map((column: string) => `${name}.${column}`));
  t.strictSame(found.sort(), columns.map(({ table, column }) => `${table}.${column}`).sort());
});

t.test('all data is restored as it was, whatever the output settings of the server', async (t) => {
  const from = await testDatabase(t);
  await fillEveryTable(t, from);
  const sql = rowsOf(t, from);
  const name = new URL(from).pathname.slice(1);
  for (const setting of [
    "datestyle = 'SQL, DMY'",
    "bytea_output = 'escape'",
    "timezone = 'Asia/Kathmandu'",
    "search_path = ''",
  ])
    await sql.unsafe(`alter database ${name} set ${setting}`);
  const folder = await folderOf(t);
  const file = join(folder, 'b');
  const backedUp = await run(from, ['backup', file]);
  t.match(backedUp, { code: 0, stderr: /^$/, stdout: /^\d+ rows, \d+ bytes: backed up to .+\.\n$/ });
  t.equal((await stat(file)).mode & 0o777, 0o600);
  t.strictSame(await readdir(folder), ['b'], 'no temporary file is left');

  const to = await emptyDatabase(t);
  const restored = await run(to, ['restore', file, '--keep-sessions']);
  t.match(restored, { code: 0, stderr: /^$/, stdout: /^\d+ rows: restored\.\nSessions were kept\.\n$/ });
  const [expected, actual] = [await contentOf(from), await contentOf(to)];
  t.strictSame({ ...actual, instances: [] }, { ...expected, instances: [], sequences: actual.sequences });
  t.strictSame(actual.instances, [], 'the list of instances is not restored');
  const [next] = await rowsOf(t, to)`insert into users (email) values ('next@example.com') returning id`;
  t.equal(next?.id, 4, 'an id is not reused');

  const again = await run(to, ['restore', file]);
  t.match(again, { code: 1, stdout: /^$/, stderr: /^latchkey: the database is not empty \(.+\); .+--replace\n$/ });
  t.match(await run(to, ['restore', file, '--replace', '--keep-sessions']), { code: 0, stderr: /^$/ });
  t.strictSame({ ...(await contentOf(to)), sequences: [] }, { ...actual, sequences: [] });
  const [afterwards] = await rowsOf(t, to)`insert into users (email) values ('next@example.com') returning id`;
  t.equal(afterwards?.id, 4);
});

t.test('the tables are backed up from, and restored into, the schema that the URL or the role names', async (t) => {
  const folder = await folderOf(t);
  const file = join(folder, 'b');
  const tablesOf = async (url: string) =>
    (
      await rowsOf(t, url)`
        select distinct schemaname::text as schema from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema') order by 1`
    ).map(({ schema }) => schema);
  const usersOf = (url: string, schema: string) => rowsOf(t, url).unsafe(`select email from "${schema}".users`);

  const database = await emptyDatabase(t);
  const from = `${database}?schema=auth`;
  await migrateDatabase(from);
  await rowsOf(t, database)`insert into auth.users (email) values ('a@example.com')`;
  t.match(await run(database, ['backup', file]), {
    code: 1,
    stderr: /^latchkey: the search path .+ does not lead to the tables in the schema auth; add \?schema=auth .+\n$/,
  });
  t.match(await run(from, ['backup', file]), { code: 0, stderr: /^$/ });

  // A schema that does not exist yet, with a name that has to be quoted.
  const named = await emptyDatabase(t);
  const namedUrl = `${named}?schema=My%20Auth`;
  t.match(await run(namedUrl, ['restore', file]), { code: 0, stderr: /^$/ });
  t.strictSame(await tablesOf(named), ['My Auth'], 'nothing is created in another schema');
  t.match([...(await usersOf(named, 'My Auth'))], [{ email: 'a@example.com' }]);
  const service = await startService(t, namedUrl);
  t.equal((await service.register('b@example.com')).statusCode, 201, 'an id is not given again');
  await service.stop('SIGTERM');
  t.match(await run(namedUrl, ['backup', file]), { code: 0, stderr: /^$/ });

  // The schema is that of the role's search path. A restore replaces its tables and leaves those of another installation alone.
  const byRole = await testDatabase(t);
  await rowsOf(t, byRole)`insert into users (email) values ('beside@example.com')`;
  const name = new URL(byRole).pathname.slice(1);
  await rowsOf(t, byRole).unsafe(`create schema auth; alter database ${name} set search_path = auth, pg_catalog`);
  t.match(await run(byRole, ['restore', file]), { code: 0, stderr: /^$/ });
  t.match(await run(byRole, ['restore', file, '--replace']), { code: 0, stderr: /^$/ });
  t.strictSame((await usersOf(byRole, 'auth')).map(({ email }) => email).sort(), ['a@example.com', 'b@example.com']);
  t.match([...(await usersOf(byRole, 'public'))], [{ email: 'beside@example.com' }]);
  t.match(await run(byRole, ['backup', join(folder, 'again')]), { code: 0, stderr: /^$/ });
});

t.test('rows are restored as they were, without those that belong to no account', async (t) => {
  const from = await testDatabase(t);
  const [ended, lost] = [1, 2];
  await rowsOf(t, from)`insert into users (email, session_epoch) values ('a@example.com', 3)`;
  // As `migrate --distribute` leaves it, and as a backup of several nodes can be: a session that is newer than the snapshot of the accounts.
  await rowsOf(t, from).unsafe('drop trigger sessions_set_epoch on sessions');
  await rowsOf(t, from).unsafe('alter table sessions drop constraint sessions_user_id_users_id_fk');
  await rowsOf(t, from)`insert into sessions (user_id, id, refresh_token_hash, retry_keys, expires_at)
    select user_id, 1, ${Buffer.from([0])}, ${Buffer.alloc(64)}, now() + '30 days' from unnest(${[ended, lost]}::int[]) as user_id`;
  const file = join(await folderOf(t), 'b');
  t.match(await run(from, ['backup', file]), { code: 0, stderr: /^$/ });

  const to = await testDatabase(t);
  for (const args of [[], ['--replace']]) {
    t.match(await run(to, ['restore', file, '--keep-sessions', ...args]), { code: 0, stderr: /^$/ });
    t.match(
      [...(await rowsOf(t, to)`select user_id, epoch from sessions`)],
      [{ user_id: ended, epoch: 0 }],
      'a session that has ended does not get the epoch of its account',
    );
    await t.rejects(
      rowsOf(t, to)`insert into sessions (user_id, id, epoch, refresh_token_hash, retry_keys, expires_at)
        values (${lost}, 1, 1, ${Buffer.from([0])}, ${Buffer.alloc(64)}, now())`,
      { code: '23503' },
      'the foreign key is there again',
    );
    await rowsOf(t, to)`insert into users (email) values ('b@example.com')`;
    await rowsOf(t, to)`update users set session_epoch = 5 where email = 'b@example.com'`;
    const [later] = await rowsOf(t, to)`
      insert into sessions (user_id, id, refresh_token_hash, retry_keys, expires_at)
      select id, 1, ${Buffer.from([0])}, ${Buffer.alloc(64)}, now() from users where email = 'b@example.com' returning epoch`;
    t.equal(later?.epoch, 5, 'and so is the trigger');
  }
});

t.test('tables are created anew although a function of their triggers has been left behind', async (t) => {
  const from = await testDatabase(t);
  const file = join(await folderOf(t), 'b');
  t.match(await run(from, ['backup', file]), { code: 0, stderr: /^$/ });
  await rowsOf(t, from).unsafe(
    'drop trigger sessions_set_epoch on sessions; delete from schema_migrations where id = 3',
  );
  t.match(await run(from, ['restore', file]), { code: 0, stderr: /^$/ });
  t.equal((await rowsOf(t, from)`select from pg_trigger where tgname = 'sessions_set_epoch'`).length, 1);
});

t.test('a backup can be written to and restored from a pipe', async (t) => {
  const from = await testDatabase(t);
  await fillEveryTable(t, from);
  const { code, stdout, stderr } = await run(from, ['backup', '-']);
  t.equal(code, 0, stderr);
  t.match(stderr, /^\d+ rows, \d+ bytes: backed up\.\n$/);
  const to = await testDatabase(t);
  t.match(await run(to, ['restore', '-', '--keep-sessions'], {}, stdout), { code: 0, stderr: /^$/ });
  t.strictSame((await contentOf(to)).users, (await contentOf(from)).users);

  const reader = startCommand(['backup', '-'], serviceEnvironment(from, 0));
  reader.child.stdout?.destroy();
  t.match(await reader.ended, { code: 1, stderr: /^latchkey: standard output cannot be written/ });
});

t.test('a backup while the service is running is a consistent snapshot', { timeout: 120_000 }, async (t) => {
  const from = await testDatabase(t);
  const service = await startService(t, from);
  const sql = rowsOf(t, from);
  // The service writes an account and its event in one transaction, and so does this loop.
  let writing = true;
  const writer = (async () => {
    for (let i = 0; writing; i++) {
      await sql.begin(async (tx) => {
        const [user] = await tx`insert into users (email) values (${`pair${i}@example.com`}) returning id`;
        await tx`insert into audit_events (event, actor_type, target_type, target_id) values ('user.registered', 'system', 'user', ${String(user?.id)})`;
      });
    }
  })();
  const folder = await folderOf(t);
  for (let round = 0; round < 3; round++) {
    const file = join(folder, `b${round}`);
    t.match(await run(from, ['backup', file]), { code: 0, stderr: /^$/ });
    const to = await emptyDatabase(t);
    t.match(await run(to, ['restore', file]), { code: 0, stderr: /^$/ });
    const [found] = await rowsOf(t, to)`
      select (select count(*)::int from users) as users,
        (select count(*)::int from audit_events where event = 'user.registered') as events,
        (select count(*)::int from users u where not exists (select from audit_events e where e.target_id = u.id::text)) as lonely`;
    t.ok(found?.users > 0);
    t.match(found, { events: found?.users, lonely: 0 });
  }
  t.equal((await service.register('meanwhile@example.com')).statusCode, 201);
  writing = false;
  await writer;

  const refused = await run(from, ['restore', join(folder, 'b0'), '--replace']);
  t.match(refused, {
    code: 1,
    stdout: '',
    stderr: /^latchkey: a service is running on this database \(.+\); stop it first\..+\n$/,
  });
});

t.test('a truncated or modified backup is rejected and changes nothing', { timeout: 180_000 }, async (t) => {
  const from = await testDatabase(t);
  await fillEveryTable(t, from);
  const folder = await folderOf(t);
  const file = join(folder, 'b');
  await run(from, ['backup', file]);
  const whole = await readFile(file);
  const to = await testDatabase(t);
  await rowsOf(t, to)`insert into users (email) values ('kept@example.com')`;
  const before = await contentOf(to);

  const lineEnds = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
  const cuts = [
    0,
    1,
    20,
    Math.floor(whole.length / 2),
    whole.length - 1,
    ...lineEnds.filter((_, i) => i % 5 === 2).slice(0, 5),
  ];
  const damaged: [string, Buffer][] = cuts.map((at) => [`cut at ${at}`, whole.subarray(0, at)]);
  const flip = (text: string, to: string): [string, Buffer] => [
    `${text} to ${to}`,
    Buffer.from(whole.toString('latin1').replace(text, to), 'latin1'),
  ];
  damaged.push(
    flip('b@example.com', 'x@example.com'),
    flip('2026-01-02', '2026-91-02'),
    flip('"next":"4"', '"next":"9"'),
    flip('table {"name":"users"', 'table {"name":"pg_authid"'),
    flip('"refresh_token_hash"', '"refresh_token_hush"'),
    flip('latchkey-backup 1', 'latchkey-backup 2'),
    flip('"createdAt":1', '"createdAt":'),
    ['a line more', Buffer.concat([whole, Buffer.from('\n')])],
    ['compressed', gzipSync(whole)],
    ['another file', Buffer.from('-- PostgreSQL database dump\n')],
    ['no text', Buffer.alloc(3_000_000)],
  );
  for (const [what, bytes] of damaged) {
    const { code, stdout, stderr } = await run(to, ['restore', '-', '--replace'], {}, bytes);
    t.equal(code, 1, what);
    t.equal(stdout, '', what);
    t.match(stderr, /^latchkey: (the backup (is|was)|the file is not a)[^\n]+\n$/, what);
  }
  t.strictSame(await contentOf(to), before);
  t.match(
    await run(to, ['restore', file, '--replace']),
    { code: 0, stderr: /^$/ },
    'the intact backup can be restored',
  );
});

t.test('a backup of an older version is migrated, and one of a newer version is rejected', async (t) => {
  const folder = await folderOf(t);
  // The migrations of an older version.
  const older = join(folder, 'migrations');
  await mkdir(join(older, 'meta'), { recursive: true });
  const journal = JSON.parse(await readFile(join(MIGRATIONS_FOLDER, 'meta', '_journal.json'), 'utf8'));
  journal.entries = journal.entries.slice(0, 3);
  await writeFile(join(older, 'meta', '_journal.json'), JSON.stringify(journal));
  for (const { tag } of journal.entries)
    await copyFile(join(MIGRATIONS_FOLDER, `${tag}.sql`), join(older, `${tag}.sql`));
  const from = await emptyDatabase(t);
  await migrateDatabase(from, { folder: older });
  await rowsOf(t, from)`insert into users (email) values ('old@example.com')`;
  const file = join(folder, 'old');
  t.match(await run(from, ['backup', file]), { code: 0, stderr: /^$/ });

  const current = await testDatabase(t);
  for (const to of [await emptyDatabase(t), current]) {
    t.match(await run(to, ['restore', file]), { code: 0, stderr: /^$/ });
    const service = await startService(t, to);
    matchAll(t, await rowsOf(t, to)`select email, disabled_reason from users`, [
      { email: 'old@example.com', disabled_reason: null },
    ]);
    t.equal((await service.register('new@example.com')).statusCode, 201);
    t.match(await run(to, ['migrate']), { code: 0 }, 'the next migration works');
  }

  const newer = await testDatabase(t);
  await rowsOf(t, newer)`insert into schema_migrations (hash, created_at) values ('of tomorrow', 9999999999999)`;
  t.match(await run(newer, ['backup', join(folder, 'new')]), {
    code: 1,
    stderr: /^latchkey: the tables belong to a newer version/,
  });
  const text = (await readFile(file, 'utf8')).replace(
    '"migrations":[',
    '"migrations":[{"hash":"of tomorrow","createdAt":1},',
  );
  t.match(await run(await emptyDatabase(t), ['restore', '-'], {}, text), {
    code: 1,
    stderr:
      /^latchkey: the backup was made by a newer version of Latchkey \(0\.1\.0\); install that version, or a later one, to restore it\n$/,
  });
  t.match(await run(await emptyDatabase(t), ['backup', join(folder, 'none')]), {
    code: 1,
    stderr: /nothing to back up/,
  });
  t.strictSame((await readdir(folder)).sort(), ['migrations', 'old'], 'a failed backup leaves no file');
});

t.test(
  'a restore ends sessions, keeps keys with the same secret, and replaces them with another secret only on request',
  async (t) => {
    const from = await testDatabase(t);
    // Longer than the test: an expired token must not look like one that is refused for its key.
    const service = await startService(t, from, { SETTING_ACCESS_TOKEN_LIFETIME: '3600' });
    await service.register('user@example.com');
    const ended = tokensOf(await service.login('user@example.com'));
    const living = tokensOf(await service.login('user@example.com'));
    const folder = await folderOf(t);
    const file = join(folder, 'b');
    t.match(await run(from, ['backup', file]), { code: 0 });
    t.equal((await service.logout(ended.refresh_token)).statusCode, 200, 'after the backup');

    const same = await emptyDatabase(t);
    t.match(await run(same, ['restore', file]), {
      code: 0,
      stdout: /^\d+ rows: restored\.\n2 sessions have ended\.\nThe signing keys are readable and were kept\.\n$/,
    });
    const onSame = await startService(t, same);
    for (const pair of [ended, living])
      t.equal((await onSame.refresh(pair.refresh_token)).statusCode, 401, 'none revives');
    t.equal((await onSame.me(living.access_token)).statusCode, 200, 'its keys are those from before');
    t.equal((await onSame.login('user@example.com')).statusCode, 200);

    const other = await emptyDatabase(t);
    const secret = { AUTH_SECRET: OTHER_SECRET };
    const refused = await run(other, ['restore', file], secret);
    t.match(refused, {
      code: 1,
      stdout: '',
      stderr: /^latchkey: AUTH_SECRET decrypts none of the signing keys .+Nothing was changed.+--new-secret.+\n$/,
    });
    t.strictSame([...(await rowsOf(t, other)`select tablename from pg_tables where schemaname = 'public'`)], []);
    t.match(await run(other, ['restore', file, '--new-secret'], secret), {
      code: 0,
      stdout: /2 signing keys were removed/,
    });
    const onOther = await startService(t, other, secret);
    t.equal((await onOther.refresh(living.refresh_token)).statusCode, 401);
    t.equal((await onOther.login('user@example.com')).statusCode, 200);

    // Restored without `latchkey restore`, and finished with one command.
    const copied = await emptyDatabase(t);
    t.match(await run(copied, ['restore', file, '--keep-sessions']), { code: 0 });
    t.match(await run(copied, ['restore-finish'], secret), { code: 1, stderr: /--yes\n$/ });
    t.match(await run(copied, ['restore-finish', '--yes'], secret), {
      code: 1,
      stdout: '',
      stderr: /Nothing was changed/,
    });
    t.match(await run(copied, ['restore-finish', '--yes']), {
      code: 0,
      stdout: '2 sessions have ended.\nThe signing keys are readable and were kept.\n',
    });
    t.match(await run(copied, ['restore-finish', '--yes', '--new-secret', '--json'], secret), {
      code: 0,
      stdout: /^\{"ended":0,"replaced":\["[\w-]{43}","[\w-]{43}"\]\}\n$/,
    });
    const onCopied = await startService(t, copied, secret);
    t.equal((await onCopied.refresh(living.refresh_token)).statusCode, 401);

    // A running service has decrypted the keys, so the secret of this command must be wrong.
    const wrong = await run(from, ['keys', 'retire', '--unreadable', '--new-secret', '--yes'], secret);
    t.match(wrong, {
      code: 1,
      stderr: /a service that has read them is running on .+AUTH_SECRET is wrong here\. Nothing was changed\n$/,
    });
    t.equal((await service.me(living.access_token)).statusCode, 200);
  },
);

t.test('a backup that cannot be written leaves the previous file unchanged', async (t) => {
  const from = await testDatabase(t);
  const folder = await folderOf(t);
  const file = join(folder, 'b');
  t.match(await run(from, ['backup', file]), { code: 0 });
  const first = await readFile(file);
  // The backup waits for a locked table and is terminated meanwhile.
  const sql = postgres(from, { max: 1, onnotice: () => {} });
  const { child, ended } = await sql.begin(async (tx) => {
    await tx`lock table users in access exclusive mode`;
    const waiting = startCommand(['backup', file], serviceEnvironment(from, 0));
    await until('the backup has started', async () => (await readdir(folder)).length === 2);
    waiting.child.kill('SIGTERM');
    await once(waiting.child, 'exit');
    return waiting;
  });
  t.equal(child.signalCode, 'SIGTERM');
  await ended;
  await sql.end();
  t.strictSame(await readdir(folder), ['b']);
  t.strictSame(await readFile(file), first);
  for (const [path, said] of [
    [join(folder, 'no', 'b'), /does not exist, or its folder does not \(ENOENT\)/],
    [folder, /is a folder \(EISDIR\)/],
  ] as const) {
    t.match(await run(from, ['backup', path]), { code: 1, stdout: /^$/, stderr: said });
  }
  t.match(await run(from, ['restore', join(folder, 'no')]), { code: 1, stderr: /does not exist/ });
  t.match(await run(from, ['restore', folder]), { code: 1, stderr: /is a folder/ });
  t.strictSame(await readdir(folder), ['b']);
});

t.test(
  'through a pooler, a backup and a restore leave nothing behind on its connections',
  { skip: pgbouncerMissing },
  async (t) => {
    const url = await testDatabase(t);
    await fillEveryTable(t, url);
    const before = await contentOf(url);
    const file = join(await folderOf(t), 'a.backup');
    // Its default configuration, and the one that platforms use so that drivers can connect.
    const ignoring =
      'statement_timeout,lock_timeout,idle_in_transaction_session_timeout,extra_float_digits,bytea_output,IntervalStyle,default_transaction_isolation,default_transaction_deferrable,idle_session_timeout,search_path';
    for (const ignored of ['', ignoring]) {
      const pooler = await startPgbouncer(t, url, { ignored });
      for (const args of [
        ['backup', file],
        ['restore', '--replace', '--keep-sessions', file],
      ]) {
        const { code, stderr } = await run(pooler.url, args);
        t.equal(code, 0, stderr);
      }
      const pooled = postgres(pooler.url, { max: 4, prepare: false, onnotice: () => {} });
      t.teardown(() => pooled.end());
      const changed = await Promise.all(
        Array.from(
          { length: 4 },
          () => pooled`
            select name::text, setting, pg_sleep(0.1) from pg_settings
            where source = 'session' and name not in ('client_encoding', 'application_name', 'TimeZone')`,
        ),
      );
      t.strictSame(
        changed.flat().map(({ name, setting }) => `${name}=${setting}`),
        [],
      );
      t.strictSame(
        [
          ...(await pooled`
            select mode from pg_locks where locktype = 'advisory'
            and database = (select oid from pg_database where datname = current_database())`),
        ],
        [],
        'no migration has to wait',
      );
    }
    const { instances: _, sequences: __, ...restored } = await contentOf(url);
    t.match(before, restored);
  },
);

t.test('a backup that takes longer than the transaction_timeout of its role is not interrupted', async (t) => {
  const url = await testDatabase(t);
  // The embedded Postgres is later than version 17, which introduced it.
  const client = createClient({ url: `${url}?transaction_timeout=2s`, poolSize: 1, transactionPooler: false });
  t.teardown(() => client.end({ timeout: 1 }));
  const { backUp } = createBackups({
    client,
    repositoryOn: (sql) => createBackupRepository(sql, 'public'),
    distributionWithin: () => Promise.reject(new Error('not used')),
    known: knownMigrations(),
    version: '0',
  });
  let isFirst = true;
  for await (const _ of backUp()) {
    if (isFirst) await sleep(2500);
    isFirst = false;
  }
});

t.test('tables of another application are left alone', async (t) => {
  const from = await testDatabase(t);
  const file = join(await folderOf(t), 'a.backup');
  t.equal((await run(from, ['backup', file])).code, 0);
  const others = {
    sessions: 'create table sessions (id text primary key); create table users (id serial primary key)',
    schema_migrations: 'create table schema_migrations (version varchar primary key)',
    users: 'create view users as select 1 as id',
    jobs: 'create table jobs (id serial primary key)',
  };
  for (const [name, statements] of Object.entries(others)) {
    const url = await emptyDatabase(t);
    const rows = rowsOf(t, url);
    await rows.unsafe(statements);
    for (const args of [
      ['restore', '--replace', file],
      ['migrate'],
      ...(name === 'schema_migrations' ? [['serve']] : []),
    ]) {
      const { code, stderr } = await run(url, args, { PORT: String(await freePort()) });
      t.equal(code, 1, `${args[0]}, ${name}`);
      if (name !== 'jobs' || args[0] === 'restore')
        matchAll(
          t,
          stderr,
          /^latchkey: the schema (public )?has (a )?tables? [^\n]*of another application[^\n]*: \?schema=latchkey\n$/,
        );
      else t.notMatch(stderr, / at /, 'one line');
    }
    const [row] =
      await rows`select count(*)::int as tables from pg_class where relnamespace = 'public'::regnamespace and relname = ${name}`;
    t.equal(row?.tables, 1, `${name} is still there`);
    const restored = await run(`${url}?schema=latchkey`, ['restore', file]);
    t.equal(restored.code, 0, restored.stderr);
  }
});

t.test('a restore does not drop what another application has built on the tables', async (t) => {
  const url = await testDatabase(t);
  const rows = rowsOf(t, url);
  const file = join(await folderOf(t), 'a.backup');
  t.equal((await run(url, ['backup', file])).code, 0);
  await rows`create table profiles (user_id int references users (id))`;
  const refused = await run(url, ['restore', '--replace', file]);
  matchAll(t, refused.stderr, /^latchkey: profiles of another application depends on the tables; drop [^\n]+\n$/);
  await rows`drop table profiles`;
  await rows`create view addresses as select email from users`;
  const kept = await run(url, ['restore', '--replace', file]);
  t.equal(kept.code, 0, kept.stderr);
  // The tables of another version are created anew.
  await rows`delete from schema_migrations where id = (select max(id) from schema_migrations)`;
  const dropped = await run(url, ['restore', '--replace', file]);
  matchAll(t, dropped.stderr, /^latchkey: addresses of another application depends on the tables; drop [^\n]+\n$/);
  t.equal((await rows`select * from addresses`).length, 0);
});

t.test('db url prints the URL of the database', async (t) => {
  const url = await testDatabase(t);
  t.match(await run(url, ['db', 'url']), { code: 0, stdout: `${url}\n`, stderr: /^$/ });
  const folder = await folderOf(t);
  const idle = await runCommand(['db', 'url'], { DATA_DIR: join(folder, 'data') });
  t.match(idle, {
    code: 1,
    stdout: '',
    stderr: /^latchkey: the embedded database in .+ runs only while its service runs; start the service first/,
  });
  t.strictSame(await readdir(folder), [], 'no file was created');
});

t.test(
  'backups can be moved between PostgreSQL 15 and the embedded database in both directions',
  { skip: replicationMissing, timeout: 120_000 },
  async (t) => {
    const { url } = await startReplication(t);
    const folder = await folderOf(t);
    const embedded = { DATA_DIR: join(folder, 'data'), AUTH_SECRET: TEST_SECRET };
    const onEmbedded = (...args: string[]) => runCommand(args, embedded, 60_000);
    const from15 = url();
    t.match(await run(from15, ['users', 'create', 'a@example.com', '--role', 'admin'], {}, 'correct horse\n'), {
      code: 0,
    });
    t.match(await run(from15, ['backup', join(folder, '15')]), { code: 0 });
    t.match(await onEmbedded('restore', join(folder, '15')), { code: 0, stderr: /^$/ });
    t.match(await onEmbedded('users', 'list'), { stdout: '1  a@example.com  admin  active\n' });
    t.match(await onEmbedded('backup', join(folder, '18')), { code: 0, stderr: /^$/ });
    t.match(await run(from15, ['restore', join(folder, '18'), '--replace']), { code: 0, stderr: /^$/ });
    t.match(await run(from15, ['users', 'list']), { stdout: '1  a@example.com  admin  active\n' });
  },
);
