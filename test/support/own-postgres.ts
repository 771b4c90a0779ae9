// A Postgres of one test's own, to be stopped, killed and misconfigured as it likes.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Test } from 'tap';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '../../src/database/migrations.js';

/** Starts one, migrated; ends with the test. Each start may have another port. */
export async function ownPostgres(t: Pick<Test, 'teardown'>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-own-'));
  const cluster = join(dataDir, 'postgres');
  let running = await startEmbeddedPostgres({ dataDir });
  t.teardown(async () => {
    await running.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  await migrateDatabase(running.url);

  const start = async () => {
    running = await startEmbeddedPostgres({ dataDir });
    return running.url;
  };
  return {
    /** Of the one that runs now. */
    url: () => running.url,
    start,
    /** `pg_ctl stop -m fast`: connections are ended, everything is written. */
    stopFast: () => running.stop(),
    /** `pg_ctl stop -m immediate`: as a crash; the next start recovers from the log. */
    stopImmediately: async () => {
      const pidFile = await readFile(join(cluster, 'postmaster.pid'), 'utf8');
      process.kill(Number(pidFile.split('\n')[0]), 'SIGQUIT');
      await running.exited;
      await running.stop();
    },
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
