// A Postgres server for a single test, which can stop, kill, freeze and misconfigure it.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Test } from 'tap';
import { startEmbeddedPostgres } from '#platform/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '#platform/database/migrations.js';

/** Starts a server with a migrated database; stopped when the test ends. The port may change with each start. */
export async function ownPostgres(t: Pick<Test, 'teardown'>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-own-'));
  const cluster = join(dataDir, 'postgres');
  let running = await startEmbeddedPostgres({ dataDir });
  t.teardown(async () => {
    await signal('SIGCONT').catch(() => {});
    await running.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  await migrateDatabase(running.url);

  const start = async () => {
    running = await startEmbeddedPostgres({ dataDir });
    return running.url;
  };
  async function postmaster(): Promise<number> {
    const pidFile = await readFile(join(cluster, 'postmaster.pid'), 'utf8');
    return Number(pidFile.split('\n')[0]);
  }

  /** Sends a signal to all processes of the server. */
  async function signal(name: NodeJS.Signals): Promise<void> {
    const pid = await postmaster();
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    for (const each of [pid, ...children.split(' ').filter(Boolean).map(Number)]) send(each, name);
  }

  return {
    /** The current URL. */
    url: () => running.url,
    start,
    /** Like `pg_ctl stop -m fast`: ends connections and writes everything. */
    stopFast: () => running.stop(),
    /** Like `pg_ctl stop -m immediate`, a crash: the next start recovers from the WAL. */
    stopImmediately: async () => {
      process.kill(await postmaster(), 'SIGQUIT');
      await running.exited;
      await running.stop();
    },
    /** `kill -9` of one backend: the server ends all connections, recovers and continues by itself. */
    killBackend: (pid: number): void => send(pid, 'SIGKILL'),
    /** Stops every process, as when the machine is suspended. */
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    /** Changes the server's configuration with ALTER SYSTEM and a reload. */
    configure: async (name: string, value: string) => {
      const sql = postgres(running.url, { max: 1, onnotice: () => {} });
      await sql.unsafe(`alter system set ${name} = ${value}`);
      await sql`select pg_reload_conf()`;
      await sql.end();
    },
    /** Restarts it as a standby without a primary. */
    becomeStandby: async () => {
      await running.stop();
      await writeFile(join(cluster, 'standby.signal'), '');
      return start();
    },
  };
}

/** Ignores a process that has already ended. */
function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
