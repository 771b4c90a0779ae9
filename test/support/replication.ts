// A primary and a standby with streaming replication: Debian's PostgreSQL 15, since the embedded one has no pg_basebackup.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Test } from 'tap';
import { migrateDatabase } from '#platform/database/migrations.js';
import { unlessInstalled } from './installed.js';
import { freePort } from './service.js';
import { startTcpProxy } from './tcp-proxy.js';
import { until } from './until.js';

/** The programs of Debian's PostgreSQL 15. */
export const POSTGRES_BIN = '/usr/lib/postgresql/15/bin';
const PASSWORD = 'password-of-this-test';
/** The name of the standby for which commits wait. */
const STANDBY = 'standby';

/** The reason to skip a test; false if it can run. */
export const replicationMissing = unlessInstalled(existsSync(join(POSTGRES_BIN, 'pg_basebackup')), 'postgresql-15');

interface Server {
  readonly url: string;
  readonly child: ChildProcess;
  readonly folder: string;
}

/** Starts a primary with a migrated database; stopped when the test ends. `addStandby` adds a standby. */
export async function startReplication(t: Pick<Test, 'teardown'>) {
  const home = await mkdtemp(join(tmpdir(), 'latchkey-replication-'));
  const owner = postgresIds();
  if (owner !== undefined) await chown(home, owner.uid, owner.gid);
  const servers: Server[] = [];
  t.teardown(async () => {
    await Promise.all(servers.map(kill));
    await rm(home, { recursive: true, force: true });
  });

  async function start(folder: string): Promise<Server> {
    const port = await freePort();
    const settings = {
      port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 60,
      // So that a base backup does not wait minutes for a checkpoint.
      checkpoint_completion_target: '0',
      // A standby reconnects to its primary at once.
      wal_retrieve_retry_interval: '100ms',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = asPostgres('postgres', ['-D', folder, ...options]);
    const url = `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
    const server = { url, child, folder };
    servers.push(server);
    await until('Postgres takes connections', () => takesConnections(server), 60_000);
    return server;
  }

  const first = join(home, 'first');
  const passwordFile = join(home, 'password');
  await writeFile(passwordFile, PASSWORD, { mode: 0o644 });
  await run('initdb', ['-D', first, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-U', 'postgres']);
  let primary = await start(first);
  let standby: Server | undefined;
  let made = 0;
  await migrateDatabase(primary.url);

  return {
    /** The URL of the primary. */
    url: () => primary.url,
    /** The URL of the standby. */
    standbyUrl: () => standby?.url ?? '',
    /**
     * Creates a standby that follows the primary. `synchronous`: from then on a commit waits until it is on the standby's disk.
     * Resolves to the proxy between the two.
     */
    addStandby: async ({ synchronous }: { synchronous: boolean }) => {
      const line = await startTcpProxy(t, primary.url);
      const { port } = new URL(line.url);
      const folder = join(home, `standby${++made}`);
      const connection = `host=127.0.0.1 port=${port} user=postgres password=${PASSWORD} application_name=${STANDBY}`;
      await run('pg_basebackup', ['-D', folder, '-R', '-X', 'stream', '-c', 'fast', '-d', connection]);
      standby = await start(folder);
      await withSql(primary.url, async (sql) => {
        await until(
          'the standby follows',
          async () => (await sql`select 1 from pg_stat_replication`).length > 0,
          60_000,
        );
        if (!synchronous) return;
        await sql.unsafe(`alter system set synchronous_standby_names = '${STANDBY}'`);
        await sql`select pg_reload_conf()`;
        const isSynchronous = async () =>
          (await sql`select 1 from pg_stat_replication where sync_state = 'sync'`).length > 0;
        await until('commits wait for the standby', isSynchronous, 60_000);
      });
      return line;
    },
    /** Kills all processes of the primary, without a shutdown. */
    killPrimary: () => kill(primary),
    /** Promotes the standby to primary, as a cluster manager does; the new primary does not wait for a standby. */
    promote: async (): Promise<string> => {
      if (standby === undefined) throw new Error('there is no standby');
      primary = standby;
      standby = undefined;
      await withSql(primary.url, async (sql) => {
        // pg_basebackup copied this setting. The statement is allowed on a standby.
        await sql`alter system reset synchronous_standby_names`;
        await sql`select pg_reload_conf()`;
        await sql`select pg_promote(true, 60)`;
      });
      return primary.url;
    },
  };
}

async function kill({ child }: Server): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  // Stopped first, so that it starts no new processes meanwhile.
  signal(child.pid, 'SIGSTOP');
  for (const each of [child.pid, ...childrenOf(child.pid)]) signal(each, 'SIGKILL');
  await exited;
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        // "pid (name) state ppid …"; the name may contain anything.
        return Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]) === parent;
      } catch {
        return false;
      }
    })
    .map(Number);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process has already ended.
  }
}

async function takesConnections({ url, child, folder }: Server): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`Postgres ended: ${readdirSync(folder).join(' ')}`);
  return withSql(url, async (sql) => (await sql`select 1`).length === 1).catch(() => false);
}

async function withSql<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 2 });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const child = asPostgres(program, args);
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${said}`);
}

/** Postgres refuses to run as root, so it runs as the user that Debian's package created. */
function asPostgres(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(join(POSTGRES_BIN, program), args, {
    ...postgresIds(),
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // Otherwise the log of Postgres would fill the pipe.
  child.stderr?.resume();
  return child;
}

/** The user that Debian's package created; undefined if the tests do not run as root. */
export function postgresIds(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] = /^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}
