// Helpers for tests of the embedded Postgres: folders, processes that can be killed, and their state from /proc.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Test } from 'tap';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/database/embedded/embedded-postgres.js';
import { packageRoot } from '#platform/process/package-info.js';

export const isRoot = process.getuid?.() === 0;
export const isLinux = process.platform === 'linux';
export const ownerScript = join(packageRoot, 'dist', 'test', 'src', 'platform', 'database', 'embedded', 'owner.js');

/** A new folder, removed when the test ends. */
export async function folder(t: Test): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'latchkey-embedded-'));
  // The Postgres of a killed owner takes a moment to end and writes until then.
  t.teardown(() => rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  return path;
}

/** Starts Postgres in this process; stopped when the test ends. */
export async function start(t: Test, dataDir: string): Promise<EmbeddedPostgres> {
  const embedded = await startEmbeddedPostgres({ dataDir });
  t.teardown(() => embedded.stop());
  return embedded;
}

/** Runs queries on a new connection. */
export async function query<T>(url: string, run: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await run(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Another process that starts Postgres on `dataDir`. `before` is a command that wraps it. */
export function launchOwner(t: Test, dataDir: string, options: SpawnOptions = {}, before: string[] = []): ChildProcess {
  const [file = '', ...args] = [...before, process.execPath, ownerScript, dataDir];
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

/** The same; resolves to its printed result. */
export async function owner(
  t: Test,
  dataDir: string,
  ...how: [options?: SpawnOptions, before?: string[]]
): Promise<{ child: ChildProcess; url?: string; error?: string }> {
  const child = launchOwner(t, dataDir, ...how);
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { child, ...JSON.parse(String(line)) };
}

/** The pid of the server that runs on `dataDir`. */
export async function serverPid(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

/** Whether a process is running; a zombie is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isLinux || !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The parent of a process; for the server, its supervisor. */
export async function parentOf(pid: number): Promise<number> {
  return Number((await statusFields(pid))[1]);
}

/** The session of a process; signals of the terminal reach only its own session. */
export async function sessionOf(pid: number): Promise<number> {
  return Number((await statusFields(pid))[3]);
}

/** The fields of /proc/<pid>/stat that follow the program's name: state, parent, group, session, … */
async function statusFields(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** The pids of the processes whose command line names a path. */
export async function processesOn(path: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_pid, index) => lines[index]?.includes(path));
}
