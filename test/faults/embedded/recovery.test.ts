// The embedded Postgres after rare failures: killed during a start, damaged files, a disk that fills up, missing permissions.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import {
  embeddedSecret,
  openEmbeddedPostgres,
  startEmbeddedPostgres,
} from '#platform/database/embedded/embedded-postgres.js';
import {
  folder,
  isAlive,
  isLinux,
  isRoot,
  launchOwner,
  owner,
  ownerScript,
  processesOn,
  query,
  serverPid,
  start,
} from '../../src/platform/database/embedded/processes.js';
import { until } from '../../support/until.js';

// A dozen first starts, each a second on an idle machine.
t.setTimeout(300_000);

const one = (url: string) => query(url, async (sql) => (await sql`select 1 as one`)[0]?.one);
const ordinary = { uid: 12_345, gid: 12_345 };
const needsRoot = isRoot && isLinux ? false : 'needs root, on Linux';
/** Whether other users than root can run this checkout; not if it is below a private home folder. */
const isReadableByOthers =
  isRoot && spawnSync(process.execPath, ['--check', ownerScript], { ...ordinary, cwd: '/' }).status === 0;

/** Kills a first start as soon as initdb has started to write; resolves to the unfinished folder. */
async function killFirstStart(t: Test, dataDir: string): Promise<string> {
  const child = launchOwner(t, dataDir);
  const unfinished = await until('initdb is at work', async () => {
    const name = (await readdir(dataDir)).find((each) => /^postgres\.new-\d+$/.test(each));
    const path = join(dataDir, name ?? 'none yet');
    return (await readdir(path).catch((): string[] => [])).includes('base') && path;
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  return unfinished;
}

t.test('kill -9 in the middle of the first start does not break the next one', async (t) => {
  const dataDir = await folder(t);
  await killFirstStart(t, dataDir);
  // At once: initdb may still be running.
  t.equal(await one((await start(t, dataDir)).url), 1);
  t.strictSame(
    (await readdir(dataDir)).filter((name) => name.includes('new')),
    [],
  );
});

t.test('initdb does not continue without its service', { skip: isLinux ? false : 'needs /proc' }, async (t) => {
  const unfinished = await killFirstStart(t, await folder(t));
  await until('initdb has ended', async () => (await processesOn(unfinished)).length === 0);
  // The third database is the last step of initdb.
  t.ok((await readdir(join(unfinished, 'base'))).length < 3);
});

t.test('kill -9 in the middle of a later start leaves no Postgres behind', async (t) => {
  const dataDir = await folder(t);
  await (await startEmbeddedPostgres({ dataDir })).stop();
  const child = launchOwner(t, dataDir);
  const pid = await until('Postgres is starting', () => serverPid(dataDir).catch(() => undefined), 30_000);
  child.kill('SIGKILL');
  await until('Postgres has ended', () => !isAlive(pid), 30_000);
  t.equal(await one((await start(t, dataDir)).url), 1);
});

t.test('an empty postmaster.pid, as after a power cut, does not prevent a start', async (t) => {
  const dataDir = await folder(t);
  await (await startEmbeddedPostgres({ dataDir })).stop();
  await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), '');
  t.equal(await one((await start(t, dataDir)).url), 1);
});

t.test('when Postgres does not start, its own message is reported at once', async (t) => {
  const dataDir = await folder(t);
  await (await startEmbeddedPostgres({ dataDir })).stop();
  await appendFile(join(dataDir, 'postgres', 'postgresql.conf'), '\nno_such_setting = 1\n');
  const { child, error } = await owner(t, dataDir);
  t.match(error, /^the embedded Postgres does not start: .*"no_such_setting".*; see .*postgres\.log$/);
  t.notMatch(error, '\n');
  // Nothing may keep the process alive: the operator waits for the prompt.
  if (child.exitCode === null) await once(child, 'exit');
  t.equal(child.signalCode, null);
});

t.test('a cluster that Latchkey did not create is recognised', async (t) => {
  const dataDir = await folder(t);
  await (await startEmbeddedPostgres({ dataDir })).stop();
  await rm(join(dataDir, 'postgres', 'password'));
  await t.rejects(startEmbeddedPostgres({ dataDir }), {
    name: 'EmbeddedPostgresError',
    message: /postgres was not created by Latchkey, or its file 'password' is missing/,
  });
});

t.test('commands that run at once use the database one after the other', async (t) => {
  const dataDir = await folder(t);
  const command = async () => {
    const opened = await openEmbeddedPostgres({ dataDir });
    const answer = await one(opened.url);
    await opened.stop();
    return answer;
  };
  t.strictSame(await Promise.all([command(), command(), command()]), [1, 1, 1]);
});

t.test('a command waits for a service that is starting', async (t) => {
  const dataDir = await folder(t);
  const child = launchOwner(t, dataDir);
  await until('the start has begun', async () => (await readdir(dataDir)).length > 0);
  const opened = await openEmbeddedPostgres({ dataDir });
  t.equal(await one(opened.url), 1);
  await opened.stop();
  t.equal(await one(opened.url), 1, 'it uses the database of the service');
  child.kill('SIGKILL');
});

t.test('a paused service keeps its data', async (t) => {
  const dataDir = await folder(t);
  const { child, url } = await owner(t, dataDir);
  child.kill('SIGSTOP');
  await t.rejects(startEmbeddedPostgres({ dataDir }), { message: /in use by another Latchkey that does not answer/ });
  t.equal((await openEmbeddedPostgres({ dataDir })).url, url);
});

t.test('a large log file is started anew', async (t) => {
  const dataDir = await folder(t);
  await writeFile(join(dataDir, 'postgres.log'), Buffer.alloc(11 * 1024 * 1024, 'x\n'));
  await start(t, dataDir);
  t.ok((await stat(join(dataDir, 'postgres.log'))).size < 1024 * 1024);
});

t.test('Postgres does not inherit AUTH_SECRET', { skip: isLinux ? false : 'needs /proc' }, async (t) => {
  const dataDir = await folder(t);
  await owner(t, dataDir, { env: { ...process.env, AUTH_SECRET: 'not-for-postgres' } });
  t.notMatch(await readFile(`/proc/${await serverPid(dataDir)}/environ`, 'utf8'), 'not-for-postgres');
});

t.test('a disk that fills up later is reported too, and no data is lost', { skip: needsRoot }, async (t) => {
  const dataDir = await folder(t);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', dataDir]).status !== 0)
    return void t.pass('not run', { skip: 'needs the right to mount' });
  t.teardown(() => spawnSync('umount', ['-l', dataDir]));
  const first = await startEmbeddedPostgres({ dataDir });
  const secret = await embeddedSecret(dataDir);
  const other = new URL(first.url);
  other.pathname = '/postgres';
  // Creating it again needs more space than will be left.
  await query(other.href, (sql) => sql`drop database latchkey`);
  await first.stop();
  const filler = join(dataDir, 'filler');
  spawnSync('sh', ['-c', 'cat /dev/zero > "$0"', filler]);
  await t.rejects(startEmbeddedPostgres({ dataDir }), { name: 'EmbeddedPostgresError', message: /full disk/ });
  t.equal(await embeddedSecret(dataDir), secret, 'the secret can still be read');
  await t.rejects(serverPid(dataDir), { code: 'ENOENT' }, 'no Postgres is left');
  await rm(filler);
  t.equal(await one((await start(t, dataDir)).url), 1);
});

t.test(
  'after a run as root an ordinary user gets an error that names the owner of the folder',
  { skip: needsRoot },
  async (t) => {
    if (!isReadableByOthers) return void t.pass('not run', { skip: 'other users cannot read this folder' });
    const dataDir = await folder(t);
    await (await startEmbeddedPostgres({ dataDir })).stop();
    await chmod(dataDir, 0o700);
    const { error } = await owner(t, dataDir, ordinary);
    t.match(error, /^the data folder .* belongs to another user, uid 0 \(EACCES\)/);
  },
);

t.test('root without setpriv still runs Postgres as another user', { skip: needsRoot }, async (t) => {
  if (!isReadableByOthers) return void t.pass('not run', { skip: 'other users cannot read this folder' });
  const dataDir = await folder(t);
  const { error, url = '' } = await owner(t, dataDir, { env: { PATH: '/nonexistent' } });
  t.equal(error, undefined);
  t.equal(await one(url), 1);
  t.match(await readFile(`/proc/${await serverPid(dataDir)}/status`, 'utf8'), /^Uid:\t(?!0\t)/m);
});

t.test('root without the needed capabilities gets an error that says what to do', { skip: needsRoot }, async (t) => {
  const without = (capability: string) => [
    'setpriv',
    `--bounding-set=-${capability}`,
    `--inh-caps=-${capability}`,
    '--',
  ];
  const { error } = await owner(t, await folder(t), {}, without('dac_override'));
  t.match(error, /^Postgres refuses to run as root, .*; run as an ordinary user, or set DATABASE_URL$/);
});
