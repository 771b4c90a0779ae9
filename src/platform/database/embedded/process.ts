// Starts the embedded Postgres on a free port, and stops it.
import { type ChildProcess, execFile } from 'node:child_process';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { EMBEDDED_NAME, readPassword } from './cluster.js';
import { EmbeddedPostgresError, folderError, isFullDisk, lastMessages } from './error.js';
import type { RunAs } from './run-as.js';
import { supervise } from './supervisor.js';

/** Long, because it includes recovery after a crash. */
const START_MILLISECONDS = 60_000;
/** The time for a fast shutdown, which writes a checkpoint. An immediate shutdown follows, from which the next start recovers. */
const STOP_MILLISECONDS = 10_000;
const LOG_KEPT_BYTES = 10 * 1024 * 1024;
/** Errors of a server that is starting up or shutting down. */
const NOT_READY = ['ECONNREFUSED', 'CONNECTION_CLOSED', 'ECONNRESET', 'CONNECT_TIMEOUT', '57P03'];
/** Temporary failures: another program has taken the port, or processes of a killed server are still ending. */
const TEMPORARY_FAILURE =
  /could not bind|Address already in use|shared memory block|lock file "postmaster.pid" (already exists|is empty)/;

/** Postgres, ready for connections. */
export interface RunningPostgres {
  readonly url: string;
  /** Resolves when Postgres has ended for any reason. */
  readonly exited: Promise<void>;
  /** Performs a fast shutdown; resolves when Postgres has ended. */
  stop(): Promise<void>;
}

interface StartOptions {
  readonly dataDir: string;
  readonly cluster: string;
  /** Path of the server program. */
  readonly program: string;
  readonly user: RunAs;
}

/** Starts Postgres on a free port of the loopback interface. The caller must hold the lock. Throws EmbeddedPostgresError. */
export async function startPostgres({ dataDir, cluster, program, user }: StartOptions): Promise<RunningPostgres> {
  const password = await readPassword(cluster);
  const logFile = join(dataDir, 'postgres.log');
  const deadline = performance.now() + START_MILLISECONDS;
  for (;;) {
    // Ends a server that has outlived its service and supervisor. We hold the lock, so it cannot belong to another service.
    await endServer(cluster, ['SIGINT', 'SIGQUIT']);
    const port = await freePort();
    const logStart = await startLog(logFile);
    const child = await launch([program, ...serverArguments(cluster, port)], user, logFile);
    let ended = false;
    const exited = new Promise<void>((resolve) => {
      const end = () => {
        ended = true;
        resolve();
      };
      child.once('exit', end).once('error', end);
    });
    const url = connectionUrl(password, port);
    const failure = await waitUntilReady(url, () => ended || performance.now() > deadline);
    if (failure === undefined) return { url, exited, stop: () => stop(child, exited, cluster) };
    await stop(child, exited, cluster);
    const log = (await readFile(logFile)).subarray(logStart).toString();
    if (isFullDisk(failure + log)) throw folderError(dataDir, { code: 'ENOSPC' });
    if (!TEMPORARY_FAILURE.test(log) || performance.now() > deadline) {
      throw new EmbeddedPostgresError(
        `the embedded Postgres does not start: ${failure || lastMessages(log)}; see ${logFile}`,
      );
    }
    await sleep(100);
  }
}

/** The URL of the server that runs on a cluster; undefined if none accepts connections. */
export async function runningUrl(cluster: string): Promise<string | undefined> {
  const [, , , port] = await pidFile(cluster);
  if (port === undefined) return undefined;
  const url = connectionUrl(await readPassword(cluster), Number(port));
  try {
    await withClient(url, (client) => client`select 1`);
    return url;
  } catch {
    return undefined;
  }
}

function serverArguments(cluster: string, port: number): string[] {
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) };
  return ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

function connectionUrl(password: string, port: number): string {
  return `postgres://${EMBEDDED_NAME}:${password}@127.0.0.1:${port}/${EMBEDDED_NAME}`;
}

async function launch(command: readonly string[], user: RunAs, logFile: string): Promise<ChildProcess> {
  const log = await open(logFile, 'a', 0o600);
  try {
    const child = supervise(command, 'stop', user, [log.fd, log.fd]);
    child.stdin?.on('error', () => {});
    child.unref();
    (child.stdin as unknown as { unref(): void }).unref();
    return child;
  } finally {
    await log.close();
  }
}

/**
 * Resolves to undefined when the server accepts connections and has our database. Otherwise resolves to its error message, or to ''
 * if `isOver` became true before it answered.
 */
async function waitUntilReady(url: string, isOver: () => boolean): Promise<string | undefined> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  while (!isOver()) {
    try {
      await withClient(maintenance.href, async (client) => {
        const [found] = await client`select 1 from pg_database where datname = ${EMBEDDED_NAME}`;
        if (found === undefined) await client.unsafe(`create database ${EMBEDDED_NAME}`);
      });
      return undefined;
    } catch (error) {
      const { code = '', message } = error as { code?: string; message: string };
      if (!NOT_READY.includes(code)) return message;
      await sleep(20);
    }
  }
  return '';
}

async function withClient<T>(url: string, run: (client: postgres.Sql) => Promise<T>): Promise<T> {
  const client = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {}, fetch_types: false });
  try {
    return await run(client);
  } finally {
    await client.end({ timeout: 1 });
  }
}

async function stop(child: ChildProcess, exited: Promise<void>, cluster: string): Promise<void> {
  // The child did not keep this process alive before; from here on it does, until it ends.
  child.ref();
  child.stdin?.destroy();
  const ended = exited.then(() => true);
  const inTime = await Promise.race([ended, sleep(STOP_MILLISECONDS, false, { ref: false })]);
  // If the supervisor was killed, the server may still be running.
  await endServer(cluster, inTime ? ['SIGINT', 'SIGQUIT'] : ['SIGQUIT']);
}

/** Ends the server that runs on a cluster, if any: sends each signal in turn until the server ends or a timeout passes. */
async function endServer(cluster: string, signals: readonly NodeJS.Signals[]): Promise<void> {
  for (const name of signals) {
    const deadline = performance.now() + STOP_MILLISECONDS;
    // The signal is repeated, because a server that is still starting ignores it.
    while (performance.now() < deadline) {
      if (!(await signal(cluster, name))) return;
      await sleep(50);
    }
  }
}

/** False if no server runs on the cluster. Removes a stale postmaster.pid: an empty one prevents every start. */
async function signal(cluster: string, name: NodeJS.Signals): Promise<boolean> {
  const [pid] = (await pidFile(cluster)).map(Number);
  if (pid !== undefined && pid > 0 && (await isServerOf(pid, cluster))) {
    try {
      process.kill(pid, name);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPERM') {
        throw new EmbeddedPostgresError(
          `a Postgres of another user (process ${pid}) is still running on ${cluster}; end it with: kill -INT ${pid}`,
        );
      }
      // The process has just ended.
    }
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true });
  return false;
}

/**
 * Process ids are reused, so this checks that the process was started on the cluster. The command line shows that and is readable by
 * all users; the working directory shows it too, but root in a container may not read it.
 */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  const commandLine =
    process.platform === 'linux'
      ? readFile(`/proc/${pid}/cmdline`, 'utf8').then((text) => text.replaceAll('\0', ' '))
      : promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', String(pid)]).then(({ stdout }) => stdout);
  return (await commandLine.catch(() => '')).includes(` -D ${cluster} -c `);
}

/** The lines of postmaster.pid: process id, folder, start time, port, … */
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
