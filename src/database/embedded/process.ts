// The running embedded Postgres: started under a supervisor that stops it when we die, and stopped last.
import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, readlink, realpath, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { EMBEDDED_NAME, readPassword } from './cluster.js';
import { EmbeddedPostgresError } from './error.js';
import type { RunAs } from './run-as.js';

/** Recovery after a crash counts, so this is long. */
const START_MILLISECONDS = 60_000;
/** A fast shutdown writes a checkpoint; then it is told to leave at once, which the next start repairs. */
const STOP_MILLISECONDS = 10_000;
const LOG_KEPT_BYTES = 10 * 1024 * 1024;

/**
 * Runs Postgres ("$@") until its standard input ends, which it does when our process dies, however it dies; then asks for a
 * fast shutdown (SIGINT). Descriptor 3 is that input: a background job has none of its own.
 */
const SUPERVISOR = `
exec 3<&0 </dev/null
"$@" 3<&- &
postgres=$!
{ read -r _ <&3; kill -INT $postgres; } 2>/dev/null &
watcher=$!
exec 3<&-
wait $postgres
status=$?
kill $watcher 2>/dev/null
exit $status
`;

/** Postgres, ready for connections. */
export interface RunningPostgres {
  readonly url: string;
  /** Resolves when it has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** A fast shutdown; resolves when it is gone. */
  stop(): Promise<void>;
}

interface StartOptions {
  readonly dataDir: string;
  readonly cluster: string;
  /** Path of the server program. */
  readonly program: string;
  readonly user: RunAs;
}

/** Starts it on a free port of the loopback interface. Call it with the lock held. Throws EmbeddedPostgresError. */
export async function startPostgres({ dataDir, cluster, program, user }: StartOptions): Promise<RunningPostgres> {
  await endOrphan(cluster);
  const deadline = Date.now() + START_MILLISECONDS;
  const logFile = join(dataDir, 'postgres.log');
  for (;;) {
    const port = await freePort();
    const logStart = await startLog(logFile);
    const child = await supervise([...user.prefix, program, ...serverArguments(cluster, port)], user, logFile);
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const url = connectionUrl(await readPassword(cluster), port);
    const ready = await Promise.race([accepts(url, deadline), exited.then(() => false)]);
    if (ready) return { url, exited, stop: () => stop(child, exited, cluster) };
    await stop(child, exited, cluster);
    const said = (await readFile(logFile, 'utf8')).slice(logStart);
    // Somebody was quicker to take the port, or the last processes of a killed server are not gone yet.
    const passing = /could not bind|Address already in use|shared memory block/.test(said) && Date.now() < deadline;
    if (!passing) throw new EmbeddedPostgresError(explain(said, dataDir, logFile));
    await sleep(100);
  }
}

/** The URL of the server that runs on a cluster; undefined when none does. */
export async function runningUrl(cluster: string): Promise<string | undefined> {
  const [, , , port] = await pidFile(cluster);
  return port === undefined ? undefined : connectionUrl(await readPassword(cluster), Number(port));
}

function serverArguments(cluster: string, port: number): string[] {
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) };
  return ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

function connectionUrl(password: string, port: number): string {
  return `postgres://${EMBEDDED_NAME}:${password}@127.0.0.1:${port}/${EMBEDDED_NAME}`;
}

async function supervise(command: readonly string[], user: RunAs, logFile: string): Promise<ChildProcess> {
  const log = await open(logFile, 'a', 0o600);
  try {
    // In a session of its own: the terminal's Ctrl-C is for us, and Postgres goes last.
    const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'sh', ...command], {
      ...user.ids,
      cwd: '/',
      detached: true,
      stdio: ['pipe', log.fd, log.fd],
    });
    child.on('error', () => {});
    child.stdin?.on('error', () => {});
    child.unref();
    (child.stdin as unknown as { unref(): void }).unref();
    return child;
  } finally {
    await log.close();
  }
}

/** Whether the server takes connections, and has our database, before the deadline. */
async function accepts(url: string, deadline: number): Promise<boolean> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  while (Date.now() < deadline) {
    const client = postgres(maintenance.href, { max: 1, connect_timeout: 2, onnotice: () => {}, fetch_types: false });
    try {
      const [found] = await client`select 1 from pg_database where datname = ${EMBEDDED_NAME}`;
      if (found === undefined) await client.unsafe(`create database ${EMBEDDED_NAME}`);
      return true;
    } catch (error) {
      const { code } = error as { code?: string };
      if (!['ECONNREFUSED', 'CONNECTION_CLOSED', 'ECONNRESET', 'CONNECT_TIMEOUT', '57P03'].includes(code ?? ''))
        throw error;
      await sleep(20);
    } finally {
      await client.end({ timeout: 1 });
    }
  }
  return false;
}

async function stop(child: ChildProcess, exited: Promise<void>, cluster: string): Promise<void> {
  // Until now it did not keep us alive; now we wait for it, and only for it.
  child.ref();
  child.stdin?.destroy();
  const gone = exited.then(() => true);
  if (await Promise.race([gone, sleep(STOP_MILLISECONDS, false, { ref: false })])) return;
  await signal(cluster, 'SIGQUIT');
  await Promise.race([gone, sleep(STOP_MILLISECONDS, undefined, { ref: false })]);
}

/**
 * Ends a server that has outlived its service and its supervisor: with the lock in our hands, nobody else's can be running
 * on these files.
 */
async function endOrphan(cluster: string): Promise<void> {
  for (const name of ['SIGINT', 'SIGQUIT'] as const) {
    const deadline = Date.now() + STOP_MILLISECONDS;
    // Again and again: a server that is still starting does not listen to signals yet.
    while (Date.now() < deadline) {
      if (!(await signal(cluster, name))) return;
      await sleep(50);
    }
  }
}

/** False when no server runs on the cluster. Removes a postmaster.pid that speaks of a process which is none. */
async function signal(cluster: string, name: NodeJS.Signals): Promise<boolean> {
  const [first] = await pidFile(cluster);
  const pid = Number(first);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    if (await isServerOf(pid, cluster)) {
      process.kill(pid, name);
      return true;
    }
  } catch {
    // It has just gone.
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true });
  return false;
}

/** Pids are used again: only a process that works in the cluster's folder, as every Postgres does, is its server. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  process.kill(pid, 0);
  if (process.platform !== 'linux') return true;
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  return cwd === (await realpath(cluster));
}

/** Lines of postmaster.pid: pid, folder, start, port, … */
async function pidFile(cluster: string): Promise<string[]> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  return text === '' ? [] : text.split('\n').map((line) => line.trim());
}

async function startLog(file: string): Promise<number> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size <= LOG_KEPT_BYTES) return size;
  await rm(file);
  return 0;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function explain(said: string, dataDir: string, logFile: string): string {
  if (/No space left on device/.test(said)) {
    return `the data folder ${dataDir} is on a full disk (ENOSPC); choose another one with DATA_DIR`;
  }
  const reason = said.split('\n').find((line) => /FATAL|PANIC/.test(line)) ?? said.trim().split('\n').at(-1);
  return `the embedded Postgres does not start: ${reason || 'it does not answer'}; see ${logFile}`;
}
