// The running embedded Postgres: started on a free port, and stopped last.
import { type ChildProcess, execFile } from 'node:child_process';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { EMBEDDED_NAME, readPassword } from './cluster.js';
import { EmbeddedPostgresError, folderError, isFullDisk, lastWords } from './error.js';
import type { RunAs } from './run-as.js';
import { supervise } from './supervisor.js';

/** Recovery after a crash counts, so this is long. */
const START_MILLISECONDS = 60_000;
/** A fast shutdown writes a checkpoint; then it is told to leave at once, which the next start repairs. */
const STOP_MILLISECONDS = 10_000;
const LOG_KEPT_BYTES = 10 * 1024 * 1024;
/** What a server that does not take connections yet, or any more, answers with. */
const NOT_READY = ['ECONNREFUSED', 'CONNECTION_CLOSED', 'ECONNRESET', 'CONNECT_TIMEOUT', '57P03'];
/** Somebody was quicker to take the port; or a killed server's last processes, or its successor, have yet to go. */
const PASSING =
  /could not bind|Address already in use|shared memory block|lock file "postmaster.pid" (already exists|is empty)/;

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
  const password = await readPassword(cluster);
  const logFile = join(dataDir, 'postgres.log');
  const deadline = Date.now() + START_MILLISECONDS;
  for (;;) {
    // One that has outlived its service and its supervisor: the lock is ours, so nobody else's can be running here.
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
    const failure = await becomesReady(url, () => ended || Date.now() > deadline);
    if (failure === undefined) return { url, exited, stop: () => stop(child, exited, cluster) };
    await stop(child, exited, cluster);
    const log = (await readFile(logFile)).subarray(logStart).toString();
    if (isFullDisk(failure + log)) throw folderError(dataDir, { code: 'ENOSPC' });
    if (!PASSING.test(log) || Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        `the embedded Postgres does not start: ${failure || lastWords(log)}; see ${logFile}`,
      );
    }
    await sleep(100);
  }
}

/** The URL of the server that runs on a cluster; undefined when none takes connections. */
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
 * Undefined when the server takes connections and has our database. Else why not: what it answered, or '' when it was
 * `over` before it answered.
 */
async function becomesReady(url: string, over: () => boolean): Promise<string | undefined> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  while (!over()) {
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
  // Until now it did not keep us alive; now we wait for it, and only for it.
  child.ref();
  child.stdin?.destroy();
  const gone = exited.then(() => true);
  const inTime = await Promise.race([gone, sleep(STOP_MILLISECONDS, false, { ref: false })]);
  // Without its supervisor, if somebody has killed that, it may still be there.
  await endServer(cluster, inTime ? ['SIGINT', 'SIGQUIT'] : ['SIGQUIT']);
}

/** Ends the server that runs on a cluster, if one does: with one signal after the other, each for a while. */
async function endServer(cluster: string, signals: readonly NodeJS.Signals[]): Promise<void> {
  for (const name of signals) {
    const deadline = Date.now() + STOP_MILLISECONDS;
    // Again and again: a server that is still starting does not listen to signals yet.
    while (Date.now() < deadline) {
      if (!(await signal(cluster, name))) return;
      await sleep(50);
    }
  }
}

/** False when no server runs on the cluster. Removes a postmaster.pid that speaks of none: an empty one stops every start. */
async function signal(cluster: string, name: NodeJS.Signals): Promise<boolean> {
  const [pid] = (await pidFile(cluster)).map(Number);
  if (pid !== undefined && pid > 0 && (await isServerOf(pid, cluster))) {
    try {
      process.kill(pid, name);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPERM') {
        throw new EmbeddedPostgresError(
          `a Postgres that we may not end (process ${pid}) still runs on ${cluster}; end it with: kill -INT ${pid}`,
        );
      }
      // It has just gone.
    }
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true });
  return false;
}

/**
 * Pids are used again: only a process that was started on the cluster is its server. The command line tells, which everyone
 * may read; the working folder tells too, but not to root in a container.
 */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  const commandLine =
    process.platform === 'linux'
      ? readFile(`/proc/${pid}/cmdline`, 'utf8').then((text) => text.replaceAll('\0', ' '))
      : promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', String(pid)]).then(({ stdout }) => stdout);
  return (await commandLine.catch(() => '')).includes(` -D ${cluster} -c `);
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
