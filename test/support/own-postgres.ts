// A Postgres of a test's own, to be stopped, killed and frozen as the test likes.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '../../src/database/migrations.js';

/** Starts it with the tables; stopped when the test ends. */
export async function startOwnPostgres(t: Pick<Test, 'teardown'>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-own-'));
  let running = await startEmbeddedPostgres({ dataDir });
  t.teardown(async () => {
    await signal('SIGCONT').catch(() => {});
    await running.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  await migrateDatabase(running.url);

  async function postmaster(): Promise<number> {
    const pidFile = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
    return Number(pidFile.split('\n')[0]);
  }

  /** The processes of its connections, and those that serve them. */
  async function children(): Promise<number[]> {
    const pid = await postmaster();
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  }

  /** To all of its processes; those that have just ended do not matter. */
  async function signal(name: NodeJS.Signals): Promise<void> {
    for (const pid of [await postmaster(), ...(await children())]) send(pid, name);
  }

  return {
    /** Another one after each `start`. */
    url: () => running.url,
    start: async (): Promise<string> => {
      running = await startEmbeddedPostgres({ dataDir });
      return running.url;
    },
    /** `pg_ctl stop -m fast`: connections are ended, everything is written. */
    stopFast: () => running.stop(),
    /** `pg_ctl stop -m immediate`: as a crash; the next start recovers from the log. */
    stopImmediately: async (): Promise<void> => {
      process.kill(await postmaster(), 'SIGQUIT');
      await running.exited;
      await running.stop();
    },
    /** `kill -9` of one of its connections: the server ends all others, recovers, and goes on by itself. */
    killBackend: (pid: number): void => send(pid, 'SIGKILL'),
    /** Every process stands still, as with a machine that is suspended. */
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
  };
}

export type OwnPostgres = Awaited<ReturnType<typeof startOwnPostgres>>;

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
