// A Postgres of one test's own, to be stopped, killed, frozen and misconfigured as it likes.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Test } from 'tap';
import { startEmbeddedPostgres } from '#platform/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '#platform/database/migrations.js';

/** Starts one, migrated; ends with the test. Each start may have another port. */
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

  /** To all of its processes. */
  async function signal(name: NodeJS.Signals): Promise<void> {
    const pid = await postmaster();
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    for (const each of [pid, ...children.split(' ').filter(Boolean).map(Number)]) send(each, name);
  }

  return {
    /** Of the one that runs now. */
    url: () => running.url,
    start,
    /** `pg_ctl stop -m fast`: connections are ended, everything is written. */
    stopFast: () => running.stop(),
    /** `pg_ctl stop -m immediate`: as a crash; the next start recovers from the log. */
    stopImmediately: async () => {
      process.kill(await postmaster(), 'SIGQUIT');
      await running.exited;
      await running.stop();
    },
    /** `kill -9` of one of its connections: the server ends all others, recovers, and goes on by itself. */
    killBackend: (pid: number): void => send(pid, 'SIGKILL'),
    /** Every process stands still, as those of a machine that is suspended. */
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    /** Changes the server's configuration as an operator does: in its file, and with a reload. */
    configure: async (name: string, value: string) => {
      const sql = postgres(running.url, { max: 1, onnotice: () => {} });
      await sql.unsafe(`alter system set ${name} = ${value}`);
      await sql`select pg_reload_conf()`;
      await sql.end();
    },
    /** From its next start on it is a standby, which follows nobody. */
    becomeStandby: async () => {
      await running.stop();
      await writeFile(join(cluster, 'standby.signal'), '');
      return start();
    },
  };
}

/** One that has just ended does not matter. */
function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
