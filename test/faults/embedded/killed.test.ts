// The embedded Postgres when it is killed, when several processes start it at once, and on a full disk.
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

// Twenty first starts, each a second on an idle machine.
t.setTimeout(300_000);

t.test('of several first starts at once exactly one succeeds', async (t) => {
  const dataDir = await folder(t);
  const owners = await Promise.all([1, 2, 3, 4].map(() => owner(t, dataDir)));
  t.equal(owners.filter(({ url }) => url !== undefined).length, 1);
  t.equal(owners.filter(({ error }) => error?.includes('in use by another Latchkey')).length, 3);
});

t.test('kill -9 of the service ends Postgres too, and loses no commit', async (t) => {
  const dataDir = await folder(t);
  const { child, url = '' } = await owner(t, dataDir);
  await commit(url);
  const pid = await serverPid(dataDir);
  if (isLinux) t.not(await sessionOf(pid), await sessionOf(child.pid ?? 0), "out of reach of the terminal's Ctrl-C");
  child.kill('SIGKILL');
  await until('Postgres has ended', () => !isAlive(pid), 30_000);
  const again = await start(t, dataDir);
  t.strictSame(await committed(again.url), [{ value: 7 }]);
});

t.test(
  'a Postgres that outlives the service and its supervisor is stopped by the next start',
  { skip: isLinux ? false : 'needs /proc' },
  async (t) => {
    const dataDir = await folder(t);
    const { child, url = '' } = await owner(t, dataDir);
    await commit(url);
    const pid = await serverPid(dataDir);
    const supervisor = await parentOf(pid);
    // The supervisor's child, which waits for the end of the pipe, is killed too, so that no process is left to stop Postgres.
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
    t.strictSame(await committed(again.url), [{ value: 7 }]);
  },
);

t.test(
  'after kill -9 of the service and Postgres the next start recovers',
  { skip: isLinux ? false : 'needs /proc' },
  async (t) => {
    const dataDir = await folder(t);
    const { child, url = '' } = await owner(t, dataDir);
    await commit(url);
    const pid = await serverPid(dataDir);
    process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    await until('Postgres has ended', () => !isAlive(pid), 30_000);
    const again = await start(t, dataDir);
    t.strictSame(await committed(again.url), [{ value: 7 }]);
  },
);

t.test('the service is notified when Postgres exits', async (t) => {
  const dataDir = await folder(t);
  const embedded = await start(t, dataDir);
  // The service's port keeps it alive; here nothing else would.
  const timer = setInterval(() => {}, 1000);
  t.teardown(() => clearInterval(timer));
  process.kill(await serverPid(dataDir), 'SIGKILL');
  await embedded.exited;
  await embedded.stop();
});

t.test(
  'a full disk is reported, and no unfinished cluster is left',
  { skip: isRoot ? false : 'needs root' },
  async (t) => {
    for (const size of ['16k', '8m', '30m']) {
      const dataDir = await folder(t);
      if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dataDir]).status !== 0)
        return void t.pass('not run', { skip: 'needs the right to mount' });
      t.teardown(() => spawnSync('umount', ['-l', dataDir]));
      await t.rejects(
        startEmbeddedPostgres({ dataDir }),
        { name: 'EmbeddedPostgresError', message: /full disk/ },
        size,
      );
      t.strictSame(
        (await readdir(dataDir)).filter((name) => name.includes('new')),
        [],
      );
    }
  },
);

async function commit(url: string): Promise<void> {
  await query(url, async (sql) => {
    await sql`create table kept as select 7 as value`;
  });
}

/** What `commit` has written. */
const committed = async (url: string) => [...(await query(url, (sql) => sql`select value from kept`))];
