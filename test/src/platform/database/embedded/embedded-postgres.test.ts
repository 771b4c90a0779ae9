// The embedded Postgres with real processes: starting, stopping, and recognising other processes. (Kills are tested in
// test/faults/embedded.)
import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { findBinaries, linkLibraries } from '#platform/database/embedded/binaries.js';
import {
  EmbeddedPostgresError,
  embeddedSecret,
  openEmbeddedPostgres,
  startEmbeddedPostgres,
} from '#platform/database/embedded/embedded-postgres.js';
import { folder, isAlive, isLinux, isRoot, owner, query, serverPid, start } from './processes.js';

t.test('committed data is kept across a restart', async (t) => {
  const dataDir = await folder(t);
  const first = await start(t, dataDir);
  await query(first.url, async (sql) => {
    await sql`create table kept (value int)`;
    await sql`insert into kept values (7)`;
    t.strictSame([...(await sql`show server_encoding`)], [{ server_encoding: 'UTF8' }]);
    t.strictSame([...(await sql`show fsync`)], [{ fsync: 'on' }], 'the durability settings are the defaults');
  });
  const pid = await serverPid(dataDir);
  await first.stop();
  await first.stop();
  await first.exited;
  t.notOk(isAlive(pid), 'stop resolves when the process has ended, and may be called again');
  const second = await start(t, dataDir);
  t.strictSame([...(await query(second.url, (sql) => sql`select value from kept`))], [{ value: 7 }]);
});

t.test('a second start on the same data names the process that uses it', async (t) => {
  const dataDir = await folder(t);
  const first = await owner(t, dataDir);
  t.type(first.url, 'string');
  await t.rejects(startEmbeddedPostgres({ dataDir }), {
    name: 'EmbeddedPostgresError',
    message: new RegExp(`in use by another Latchkey \\(process ${first.child.pid}, http://localhost:3000\\)`),
  });
  const opened = await openEmbeddedPostgres({ dataDir });
  t.equal(opened.url, first.url, 'a command uses the database of the service');
  await opened.stop();
  t.strictSame(
    [...(await query(opened.url, (sql) => sql`select 1 as one`))],
    [{ one: 1 }],
    'it does not stop the database',
  );
});

t.test('a command without a service starts Postgres and stops it again', async (t) => {
  const dataDir = await folder(t);
  const opened = await openEmbeddedPostgres({ dataDir });
  const pid = await serverPid(dataDir);
  t.strictSame([...(await query(opened.url, (sql) => sql`select 1 as one`))], [{ one: 1 }]);
  await opened.stop();
  t.notOk(isAlive(pid));
});

t.test(
  'a pid that was reused by another process is not taken for Postgres',
  { skip: isLinux ? false : 'needs /proc' },
  async (t) => {
    const dataDir = await folder(t);
    await (await startEmbeddedPostgres({ dataDir })).stop();
    const stranger = spawn('sleep', ['60']);
    t.teardown(() => stranger.kill('SIGKILL'));
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), `${stranger.pid}\n${dataDir}/postgres\n1\n5432\n\n\n`);
    const embedded = await start(t, dataDir);
    t.strictSame([...(await query(embedded.url, (sql) => sql`select 1 as one`))], [{ one: 1 }]);
    t.ok(isAlive(stranger.pid ?? 0), 'the other process is left alone');
  },
);

t.test('the files of a killed first start are removed', async (t) => {
  const dataDir = await folder(t);
  await mkdir(join(dataDir, 'postgres.new-1'));
  await writeFile(join(dataDir, 'postgres.new-1', 'PG_VERSION'), '18');
  await start(t, dataDir);
  t.strictSame(
    (await readdir(dataDir)).filter((name) => name.includes('new')),
    [],
  );
});

t.test('only this machine can connect, and only with the password', async (t) => {
  const embedded = await start(t, await folder(t));
  const wrong = new URL(embedded.url);
  wrong.password = 'wrong';
  await t.rejects(
    query(wrong.href, (sql) => sql`select 1`),
    { code: '28P01' },
  );
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.family === 'IPv4' && !each.internal);
  if (outside !== undefined) {
    const elsewhere = new URL(embedded.url);
    elsewhere.hostname = outside.address;
    await t.rejects(
      query(elsewhere.href, (sql) => sql`select 1`),
      { code: 'ECONNREFUSED' },
    );
  }
});

t.test('secrets are readable only by their owner', async (t) => {
  const dataDir = await folder(t);
  await start(t, dataDir);
  const secrets = await Promise.all([1, 2, 3].map(() => embeddedSecret(dataDir)));
  t.equal(new Set(secrets).size, 1, 'the secret is created once');
  t.ok(Buffer.from(secrets[0] ?? '', 'base64').length >= 32);
  for (const name of ['auth-secret', 'postgres/password', 'postgres.log']) {
    t.equal((await stat(join(dataDir, name))).mode & 0o777, 0o600, name);
  }
  t.equal((await stat(join(dataDir, 'postgres'))).mode & 0o777, 0o700);
});

t.test('a secret that was restored by hand is the same, and one that is too weak is refused', async (t) => {
  const dataDir = await folder(t);
  const secret = await embeddedSecret(dataDir);
  const file = join(dataDir, 'auth-secret');
  await writeFile(file, `${secret}\n`);
  t.equal(await embeddedSecret(dataDir), secret, 'an editor has added a line break');
  for (const [content, problem] of [
    ['', 'must have at least 32 characters'],
    [secret.slice(0, 31), 'must have at least 32 characters'],
    ['a'.repeat(40), 'must be random'],
    [`${secret},${secret}`, 'must be a single secret'],
  ] as const) {
    await writeFile(file, content);
    await t.rejects(embeddedSecret(dataDir), {
      name: 'EmbeddedPostgresError',
      message: new RegExp(`^the secret in ${file} ${problem}.*; restore the file`),
    });
    t.equal(await readFile(file, 'utf8'), content, 'and kept');
  }
});

t.test('an unusable data folder is named in the error, with the cause', async (t) => {
  const base = await folder(t);
  const file = join(base, 'file');
  await writeFile(file, '');
  await t.rejects(startEmbeddedPostgres({ dataDir: file }), {
    name: 'EmbeddedPostgresError',
    message: /^the data folder .*file is not a folder/,
  });
  await t.rejects(startEmbeddedPostgres({ dataDir: join(file, 'below') }), {
    message: /^the data folder .*below is not a folder/,
  });
});

t.test('a read-only data folder is named in the error, with the cause', async (t) => {
  const dataDir = await folder(t);
  if (isRoot) {
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', dataDir]).status !== 0)
      return void t.pass('not run', { skip: 'needs the right to mount' });
    t.teardown(() => spawnSync('umount', [dataDir]));
  } else {
    await chmod(dataDir, 0o500);
  }
  await t.rejects(startEmbeddedPostgres({ dataDir }), {
    name: 'EmbeddedPostgresError',
    message: /^the data folder .* (is on a read-only file system|may not be written)/,
  });
});

t.test('root can use a folder below a private home folder', { skip: isRoot ? false : 'needs root' }, async (t) => {
  const home = await folder(t);
  await chmod(home, 0o700);
  const dataDir = join(home, 'project', '.data');
  await start(t, dataDir);
  const pid = await serverPid(dataDir);
  t.not((await stat(join(dataDir, 'postgres'))).uid, 0);
  t.match(await readFile(`/proc/${pid}/status`, 'utf8'), /^Uid:\t(?!0\t)/m, 'Postgres does not run as root');
  t.equal(await readlink(`/proc/${pid}/cwd`), join(dataDir, 'postgres'));
});

t.test('data of another user is reported as such', { skip: isRoot ? false : 'needs root' }, async (t) => {
  const dataDir = await folder(t);
  await mkdir(join(dataDir, 'postgres'));
  await t.rejects(startEmbeddedPostgres({ dataDir }), { message: /belongs to another user \(uid 0, expected \d+\)/ });
});

t.test('on a platform without binaries the error says what to do', async (t) => {
  await t.rejects(findBinaries('plan9-mips'), { message: /no embedded Postgres for plan9-mips .* set DATABASE_URL/ });
  t.ok(new EmbeddedPostgresError('x') instanceof Error);
});

t.test('libraries are linked when install scripts did not run', async (t) => {
  const copy = await folder(t);
  await mkdir(join(copy, 'native', 'lib'), { recursive: true });
  await writeFile(join(copy, 'native', 'lib', 'libx.so.1.2'), '');
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
  await writeFile(join(copy, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  await linkLibraries(copy);
  await linkLibraries(copy);
  t.equal(await readlink(join(copy, 'native', 'lib', 'libx.so.1')), 'libx.so.1.2');
});
