// A command that fails prints one line that says why, and exits with 1.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import t from 'tap';
import { describeFailure } from '#cli/error-message.js';
import { loadEnvironment } from '#platform/config/environment.js';
import { TEST_SECRET } from '../../support/app.js';
import { emptyDatabase, testDatabase, withDatabaseName } from '../../support/database.js';
import { runHere } from '../../support/in-process.js';
import { freePort, runCommand, serviceEnvironment } from '../../support/service.js';

/** A URL with some parts replaced. */
function changed(url: string, parts: Partial<Pick<URL, 'username' | 'password' | 'port' | 'hostname'>>): string {
  return Object.assign(new URL(url), parts).href;
}

t.test('every cause of failure is explained in one line on stderr, with exit code 1', async (t) => {
  t.jobs = 2;
  const good = await testDatabase(t);
  const empty = await emptyDatabase(t);
  const restricted = await roleWithoutRights(t, good);
  const nobody = await freePort();

  // `process`: in a process of its own, because the service gets further than its configuration, or to see the process end.
  const cases: Record<
    string,
    { env: Record<string, string>; line: RegExp; only?: 'migrate' | 'serve'; process?: true }
  > = {
    'the URL is invalid': {
      env: { DATABASE_URL: 'localhost:5432' },
      line: /DATABASE_URL must be a postgres:\/\/ URL, for example/,
    },
    'the URL names no database': {
      env: { DATABASE_URL: 'postgres://u:secret-pw@127.0.0.1' },
      line: /DATABASE_URL must name a database, for example/,
      only: 'migrate',
    },
    'nothing listens there': {
      env: { DATABASE_URL: changed(good, { port: String(nobody) }) },
      line: /no server is listening at the address in DATABASE_URL.*ECONNREFUSED.*127\.0\.0\.1/,
      process: true,
    },
    'nothing listens on any address of the name': {
      env: { DATABASE_URL: changed(good, { hostname: 'localhost', port: String(nobody) }) },
      line: /no server is listening at the address in DATABASE_URL.*\(ECONNREFUSED: .*connect.*\)/,
    },
    'the host has no address': {
      env: { DATABASE_URL: changed(good, { hostname: 'no-such-host.invalid' }) },
      line: /the host in DATABASE_URL (does not resolve to an address|could not be resolved).*no-such-host\.invalid/,
      only: 'migrate',
    },
    'the password is wrong': {
      env: { DATABASE_URL: changed(good, { password: 'secret-pw' }) },
      line: /Postgres rejects the user or the password in DATABASE_URL/,
    },
    'the database does not exist': {
      env: { DATABASE_URL: withDatabaseName(good, 'no_such_database') },
      line: /the database in DATABASE_URL does not exist.*no_such_database/,
    },
    'the user may not make tables': {
      env: { DATABASE_URL: changed(empty, restricted) },
      line: /the database user lacks a privilege; docs\/database\.md/,
      only: 'migrate',
    },
    'the user may not read the tables': {
      env: { DATABASE_URL: changed(good, restricted) },
      line: /the database user lacks a privilege; docs\/database\.md/,
      only: 'serve',
    },
    'the database is not migrated': {
      env: { DATABASE_URL: empty },
      line: /the database is not migrated to this version; run: latchkey migrate/,
      only: 'serve',
    },
    'AUTH_SECRET is missing': {
      env: { AUTH_SECRET: '' },
      line: /AUTH_SECRET is required when DATABASE_URL is set, for example AUTH_SECRET=/,
      only: 'serve',
    },
    'AUTH_SECRET is short': {
      env: { AUTH_SECRET: TEST_SECRET.slice(0, 31) },
      line: /AUTH_SECRET must have at least 32 characters, for example/,
      only: 'serve',
    },
    'AUTH_SECRET is not random': {
      env: { AUTH_SECRET: 'a'.repeat(40) },
      line: /AUTH_SECRET must be random/,
      only: 'serve',
    },
    'production has no database': {
      env: { DATABASE_URL: '', NODE_ENV: 'production' },
      line: /DATABASE_URL is required when NODE_ENV is production, for example/,
      only: 'serve',
    },
    'PORT is invalid': { env: { PORT: 'http' }, line: /PORT must be integer, for example PORT=3000/, only: 'serve' },
    'HOST has no address': {
      env: { HOST: 'no-such-host.invalid' },
      line: /^latchkey: (HOST is a name that does not resolve to an address|the name in HOST could not be resolved), for example HOST=0\.0\.0\.0/,
      only: 'serve',
      process: true,
    },
    'a setting in the environment is invalid': {
      env: { SETTING_ACCESS_TOKEN_LIFETIME: '0' },
      line: /SETTING_ACCESS_TOKEN_LIFETIME must be an integer from 1 to .*, for example/,
      only: 'serve',
    },
  };

  for (const [what, { env, line, only, process: own }] of Object.entries(cases)) {
    for (const command of ['migrate', 'serve'] as const) {
      if (only !== undefined && only !== command) continue;
      t.test(`${command}: ${what}`, { buffered: true }, async (t) => {
        const run = own ? runCommand : runHere;
        const { code, stdout, stderr } = await run([command], { ...serviceEnvironment(good, nobody), ...env });
        t.equal(code, 1);
        t.match(stderr, line);
        t.match(stderr, /^latchkey: [^\n]+\n$/, 'one line');
        t.notMatch(stderr + stdout, /secret-pw/, 'the password is not printed');
        t.notMatch(stderr + stdout, TEST_SECRET.slice(0, 31), 'the secret is not printed');
      });
    }
  }
});

t.test('without one of the privileges of docs/database.md the service does not start', async (t) => {
  const url = await testDatabase(t);
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  const role = await roleWithoutRights(t, url);
  t.teardown(() => admin.end());
  const env = { ...serviceEnvironment(changed(url, role), 0), PORT: '0' };
  const grant = `grant select, insert, update, delete on all tables in schema public to ${role.username}`;
  // As after a migration by a role for which there are no default privileges.
  await admin.unsafe(
    `${grant}; revoke update on passkeys from ${role.username}; create table of_another_application ()`,
  );
  const { code, stderr } = await runHere(['serve'], env);
  t.equal(code, 1);
  t.equal(stderr, 'latchkey: the database user lacks update on passkeys; docs/database.md lists the grants\n');
  t.equal((await runHere(['users', 'list'], env)).code, 0, 'a command that does not need it works');

  await admin.unsafe(`revoke usage on schema public from public`);
  for (const args of [['serve'], ['users', 'list']]) {
    const refused = await runHere(args, env);
    t.equal(refused.code, 1);
    t.match(refused.stderr, /^latchkey: the database user lacks usage on schema public; docs\/database\.md[^\n]+\n$/);
  }
});

t.test('a command on a database that is not migrated says so', async (t) => {
  const empty = await emptyDatabase(t);
  const older = await testDatabase(t);
  const admin = postgres(older, { max: 1, onnotice: () => {} });
  t.teardown(() => admin.end());
  await admin`delete from schema_migrations where created_at = (select max(created_at) from schema_migrations)`;
  for (const url of [empty, older]) {
    for (const args of [
      ['users', 'create', 'user@example.com'],
      ['settings', 'list'],
      ['keys', 'list'],
      ['mail', 'list'],
      ['restore-finish', '--yes'],
    ]) {
      const { code, stderr } = await runHere(args, serviceEnvironment(url, 0), 'correct horse battery\n');
      t.equal(code, 1, args.join(' '));
      t.equal(stderr, 'latchkey: the database is not migrated to this version; run: latchkey migrate\n');
    }
  }
});

t.test('a statement that Postgres rejects is reported without its text and its parameters', async (t) => {
  const url = await testDatabase(t);
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  t.teardown(() => admin.end());
  await admin.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception using message = TG_ARGV[0], errcode = TG_ARGV[1]; end $$;
    create trigger refuse before insert on users for each row execute function refuse('refused here', 'P0001')`);
  const env = serviceEnvironment(url, 0);
  const create = () => runHere(['users', 'create', 'user@example.com'], env, 'correct horse battery\n');
  const rejected = await create();
  t.equal(rejected.code, 1);
  t.equal(
    rejected.stderr,
    'latchkey: Postgres has rejected a statement (P0001: refused here); run: latchkey doctor\n',
    'neither the address nor the hash of the password',
  );
  await admin.unsafe(`
    drop trigger refuse on users;
    create trigger refuse before insert on users for each row execute function refuse('could not extend file', '53100')`);
  t.match(
    (await create()).stderr,
    /^latchkey: the disk of Postgres is full; [^\n]+ \(53100: could not extend file\)\n$/,
  );
});

t.test('files that cannot be used are named, and not taken for the database', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-files-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  t.throws(() => loadEnvironment(folder), {
    name: 'UnreadableEnvironment',
    message: `the file ${folder} in the working directory cannot be read (EISDIR); make it readable, remove it, or work in another folder`,
  });
  const missing = join(folder, 'missing');
  const error = await readFile(missing).catch((error: unknown) => error);
  t.equal(describeFailure(error), `ENOENT: no such file or directory, open '${missing}'`);
  const [failed] = await once(connect(missing), 'error').catch((error: unknown) => [error]);
  t.match(describeFailure(failed), /^the socket in DATABASE_URL does not exist/, 'control: a socket');
});

t.test('a database that no worker can use ends the service with one line', async (t) => {
  const port = await freePort();
  const url = `postgres://user@127.0.0.1:${await freePort()}/none`;
  for (const workers of ['1', '2']) {
    const env = { ...serviceEnvironment(url, port), WEB_CONCURRENCY: workers };
    const { code, stderr } = await runCommand(['serve'], env);
    t.equal(code, 1, `${workers} workers`);
    t.match(stderr, /^latchkey: no server is listening at the address in DATABASE_URL[^\n]+\n$/, `${workers} workers`);
  }
});

t.test('a port that is in use is reported in one line', async (t) => {
  const url = await testDatabase(t);
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  t.teardown(() => holder.close());
  const { port } = holder.address() as AddressInfo;
  for (const workers of ['1', '2']) {
    const env = { ...serviceEnvironment(url, port), WEB_CONCURRENCY: workers };
    const { code, stderr } = await runCommand(['serve'], env);
    t.equal(code, 1, `${workers} workers`);
    t.match(stderr, /the port is in use/);
    t.match(stderr, /^latchkey: [^\n]+\n$/, `${workers} workers: one line`);
  }
});

t.test('an unknown command lists the commands', async (t) => {
  const { code, stderr } = await runCommand(['srve'], {});
  t.equal(code, 1);
  t.match(stderr, /unknown command 'srve'/);
  t.match(stderr, /serve.*migrate/s);
});

/** Name and password of a role that may connect and has no other privileges. */
async function roleWithoutRights(t: Parameters<typeof testDatabase>[0], url: string) {
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  const username = `latchkey_test_nobody_${randomBytes(6).toString('hex')}`;
  const password = 'secret-pw';
  await admin.unsafe(`create role ${username} login password '${password}'`);
  t.teardown(async () => {
    await admin.unsafe(`drop owned by ${username}; drop role ${username}`);
    await admin.end();
  });
  return { username, password };
}
