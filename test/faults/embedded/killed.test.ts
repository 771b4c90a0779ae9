// The embedded Postgres, killed in every way, raced for, and on a full disk.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import t from 'tap';
import { startEmbeddedPostgres } from '#platform/database/embedded/embedded-postgres.js';
import {
  folder,
  isAlive,
  isLinux,
  isRoot,
  owner,
  parentOf,
  query,
  serverPid,
  sessionOf,
  start,
} from '../../src/platform/database/embedded/processes.js';
import { until } from '../../support/until.js';

// Twenty first starts, each a second where nothing else runs.
t.setTimeout(300_000);

t.test('of first starts at once exactly one wins', async (t) => {
  const dataDir = await folder(t);
  const owners = await Promise.all([1, 2, 3, 4].map(() => owner(t, dataDir)));
  t.equal(owners.filter(({ url }) => url !== undefined).length, 1);
  t.equal(owners.filter(({ error }) => error?.includes('in use by another Latchkey')).length, 3);
});

t.test('kill -9 of the service takes Postgres along, and nothing that was committed', async (t) => {
  const dataDir = await folder(t);
  const { child, url = '' } = await owner(t, dataDir);
  await query(url, async (sql) => {
    await sql`create table kept as select 7 as value`;
  });
  const pid = await serverPid(dataDir);
  if (isLinux) t.not(await sessionOf(pid), await sessionOf(child.pid ?? 0), "out of reach of the terminal's Ctrl-C");
  child.kill('SIGKILL');
  await until('Postgres has ended', () => !isAlive(pid), 30_000);
  const again = await start(t, dataDir);
  t.strictSame([...(await query(again.url, (sql) => sql`select value from kept`))], [{ value: 7 }]);
});

t.test(
  'a Postgres that has outlived service and supervisor is ended by the next start',
  { skip: isLinux ? false : 'needs /proc' },
  async (t) => {
    const dataDir = await folder(t);
    const { child, url = '' } = await owner(t, dataDir);
    await query(url, async (sql) => {
      await sql`create table kept as select 7 as value`;
    });
    const pid = await serverPid(dataDir);
    const supervisor = await parentOf(pid);
    // The supervisor's own child, which waits for the pipe to end, goes as well: nobody is left to stop Postgres.
    const children = await readFile(`/proc/${supervisor}/task/${supervisor}/children`, 'utf8');
    const watchers = children
      .trim()
      .split(' ')
      .map(Number)
      .filter((each) => each !== pid);
    for (const each of [supervisor, ...watchers]) process.kill(each, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    t.ok(isAlive(pid), 'it is an orphan');
    const again = await start(t, dataDir);
    t.notOk(isAlive(pid));
    t.strictSame([...(await query(again.url, (sql) => sql`select value from kept`))], [{ value: 7 }]);
  },
);

t.test('kill -9 of everything is recovered from', { skip: isLinux ? false : 'needs /proc' }, async (t) => {
  const dataDir = await folder(t);
  const { child, url = '' } = await owner(t, dataDir);
  await query(url, async (sql) => {
    await sql`create table kept as select 7 as value`;
  });
  const pid = await serverPid(dataDir);
  process.kill(pid, 'SIGKILL');
  child.kill('SIGKILL');
  await until('Postgres has ended', () => !isAlive(pid), 30_000);
  const again = await start(t, dataDir);
  t.strictSame([...(await query(again.url, (sql) => sql`select value from kept`))], [{ value: 7 }]);
});

t.test('the service hears when Postgres ends', async (t) => {
  const dataDir = await folder(t);
  const embedded = await start(t, dataDir);
  // The service's port keeps it alive; here nothing else would.
  const timer = setInterval(() => {}, 1000);
  t.teardown(() => clearInterval(timer));
  process.kill(await serverPid(dataDir), 'SIGKILL');
  await embedded.exited;
  await embedded.stop();
});

t.test('a full disk is named, and nothing half-made stays', { skip: isRoot ? false : 'needs root' }, async (t) => {
  for (const size of ['16k', '8m', '30m']) {
    const dataDir = await folder(t);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dataDir]).status !== 0)
      return void t.pass('not run', { skip: 'needs the right to mount' });
    t.teardown(() => spawnSync('umount', ['-l', dataDir]));
    await t.rejects(startEmbeddedPostgres({ dataDir }), { name: 'EmbeddedPostgresError', message: /full disk/ }, size);
    t.strictSame(
      (await readdir(dataDir)).filter((name) => name.includes('new')),
      [],
    );
  }
});
