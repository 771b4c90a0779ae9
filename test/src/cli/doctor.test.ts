// latchkey doctor: every check passes on a good database, and each problem is reported with a remedy.
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { TEST_SECRET } from '../../support/app.js';
import { emptyDatabase, testDatabase } from '../../support/database.js';
import { runHere, serveHere } from '../../support/in-process.js';
import { rowsOf } from '../../support/rows.js';
import { freePort, runCommand } from '../../support/service.js';

const GOOD = { AUTH_SECRET: TEST_SECRET, ISSUER: 'https://auth.example.com' };
const DATABASE_CHECKS = [
  'database',
  'connection',
  'durability',
  'clock',
  'rights',
  'migrations',
  'settings',
  'signing keys',
  'outbox',
  'admin',
];

async function doctor(env: Record<string, string>, run: typeof runHere | typeof runCommand = runHere) {
  const ending = await run(['doctor', '--json'], env);
  const findings = JSON.parse(ending.stdout) as { check: string; status: string; message: string }[];
  return {
    code: ending.code,
    text: ending.stdout + ending.stderr,
    checks: findings.map(({ check }) => check),
    bad: Object.fromEntries(
      findings
        .filter(({ status }) => status !== 'ok')
        .map(({ check, status, message }) => [check, `${status}: ${message}`]),
    ),
  };
}

/** A database without problems: a service has run on it, and there is an admin. */
async function good(t: Test) {
  const url = await testDatabase(t);
  const service = await serveHere(t, url);
  await service.register('admin@example.com');
  await service.stop();
  const rows = rowsOf(t, url);
  await rows`update users set roles = '{admin}'`;
  return { url, rows };
}

t.test('every check passes, as a table and as JSON', async (t) => {
  const { url } = await good(t);
  const env = { ...GOOD, DATABASE_URL: url };
  const found = await doctor(env, runCommand);
  t.strictSame(found.bad, {});
  t.equal(found.code, 0);
  t.strictSame(found.checks, ['configuration', 'issuer', 'passkeys', 'mail', ...DATABASE_CHECKS]);
  t.notMatch(found.text, TEST_SECRET);

  const { stdout, code } = await runCommand(['doctor'], env);
  t.equal(code, 0);
  t.match(stdout, /^ok {2}configuration/);
  t.equal(stdout.trimEnd().split('\n').length, found.checks.length, 'one line each');
});

t.test('each problem is reported with a remedy', async (t) => {
  const { url, rows } = await good(t);
  const env = { ...GOOD, DATABASE_URL: url };
  const name = new URL(url).pathname.slice(1);

  const other = await doctor({ ...env, AUTH_SECRET: randomBytes(32).toString('hex'), ISSUER: 'latchkey' });
  t.equal(other.code, 1);
  t.match(other.bad, {
    'signing keys': /^fail: signing keys cannot be read: .*No key is lost: .*AUTH_SECRET=new,old/,
    issuer: /^warn: latchkey is not a URL/,
  });
  t.match((await doctor({ ...env, ISSUER: 'http://auth.example.com' })).bad, { issuer: /^warn: .*not use https/ });

  await rows.unsafe(`alter database ${name} set synchronous_commit = off`);
  await rows`update users set disabled_at = now()`;
  await rows`insert into settings (name, value, version, updated_by) values ('ACCESS_TOKEN_LIFETIME', '0', 1, 'test')`;
  await rows`delete from signing_keys where state = 'next'`;
  const worse = await doctor(env);
  t.equal(worse.code, 1);
  t.match(worse.bad, {
    durability: /^fail: synchronous_commit off: .*docs\/database\.md/,
    admin: /^warn: no account .*latchkey users create/,
    settings: /^warn: invalid values are ignored: ACCESS_TOKEN_LIFETIME must be/,
    'signing keys': /^warn: there is no next key/,
  });
  t.equal(Object.keys(worse.bad).length, 4);

  await rows.unsafe(`alter database ${name} set synchronous_commit = local`);
  const local = await doctor(env);
  t.equal(local.code, 0, 'only warnings');
  t.match(local.bad, { durability: /^warn: synchronous_commit is local/ });
});

t.test('a direct URL or a replica of another database is reported', async (t) => {
  const { url } = await good(t);
  const other = await emptyDatabase(t);
  const env = { ...GOOD, DATABASE_URL: url };
  const wrong = await doctor({ ...env, DATABASE_DIRECT_URL: other, DATABASE_REPLICA_URL: other });
  t.equal(wrong.code, 1);
  t.strictSame(wrong.bad, {
    'direct connection': 'fail: DATABASE_DIRECT_URL leads to another database than DATABASE_URL',
    replica: 'fail: DATABASE_REPLICA_URL leads to another database than DATABASE_URL',
  });
  const direct = `${url}?application_name=direct`;
  const primary = await doctor({ ...env, DATABASE_DIRECT_URL: direct, DATABASE_REPLICA_URL: direct });
  t.strictSame(primary.bad, { replica: 'warn: DATABASE_REPLICA_URL does not lead to a standby' });
  const away = Object.assign(new URL(url), { port: String(await freePort()) }).href;
  t.match((await doctor({ ...env, DATABASE_REPLICA_URL: away })).bad, {
    replica: /^fail: no server is listening at the address in DATABASE_REPLICA_URL/,
  });
});

t.test('a database with missing tables is reported as not migrated', async (t) => {
  const empty = await doctor({ ...GOOD, DATABASE_URL: await emptyDatabase(t) }, runCommand);
  t.equal(empty.code, 1);
  t.match(empty.bad, { migrations: /^fail: .*run: latchkey migrate/ });
  t.equal(Object.keys(empty.bad).length, 1);

  const url = await testDatabase(t);
  await rowsOf(
    t,
    url,
  )`delete from schema_migrations where created_at = (select max(created_at) from schema_migrations)`;
  t.match((await doctor({ ...GOOD, DATABASE_URL: url })).bad, { migrations: /^fail: / });
});

t.test('a missing privilege is named; those of docs/database.md are enough', async (t) => {
  const { url, rows } = await good(t);
  const role = `doctor_${randomBytes(6).toString('hex')}`;
  const password = 'pw-of-the-doctors-test';
  await rows.unsafe(`create role ${role} login password '${password}'`);
  t.teardown(async () => {
    const admin = postgres(url, { max: 1, onnotice: () => {} });
    await admin.unsafe(`drop owned by ${role}; drop role ${role}`);
    await admin.end();
  });
  await rows.unsafe(`grant select, insert, update, delete on all tables in schema public to ${role}`);
  const env = { ...GOOD, DATABASE_URL: Object.assign(new URL(url), { username: role, password }).href };

  const enough = await doctor(env);
  t.strictSame(enough.bad, {});
  t.notMatch(enough.text, password);

  await rows.unsafe(`revoke delete on sessions from ${role}; revoke all on audit_events from ${role}`);
  const less = await doctor(env);
  t.equal(less.code, 1);
  t.strictSame(less.bad, {
    rights:
      'fail: the database user lacks select on audit_events, insert on audit_events, update on audit_events, ' +
      'delete on audit_events, delete on sessions; docs/database.md lists the grants',
  });
  t.notMatch(less.text, password);
});

t.test('a problem that prevents further checks is reported, without a password', async (t) => {
  const url = await testDatabase(t);
  const away = Object.assign(new URL(url), { port: String(await freePort()), password: 'pw-never-shown' }).href;
  const unreachable = await doctor({ ...GOOD, DATABASE_URL: away });
  t.equal(unreachable.code, 1);
  t.match(unreachable.bad, { database: /^fail: no server is listening at the address in DATABASE_URL/ });
  t.notMatch(unreachable.text, /pw-never-shown/);

  t.match(await doctor({ ...GOOD, DATABASE_URL: url, PORT: 'x' }), { code: 1, bad: { configuration: /^fail: PORT / } });
  const noSecret = await doctor({ ISSUER: GOOD.ISSUER, DATABASE_URL: url });
  t.match(noSecret, { code: 1, bad: { configuration: /^fail: AUTH_SECRET is required/ } });
  const badDefault = await doctor({ ...GOOD, DATABASE_URL: url, SETTING_ACCESS_TOKEN_LIFETIME: '0' });
  t.match(badDefault, { code: 1, bad: { settings: /^fail: SETTING_ACCESS_TOKEN_LIFETIME must be/ } });
});
