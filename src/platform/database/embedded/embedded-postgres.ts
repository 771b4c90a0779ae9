// The embedded database: a real Postgres in a data folder, for one service at a time.
import { mkdir, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, findBinaries } from './binaries.js';
import { clusterFolder, ensureCluster } from './cluster.js';
import { EmbeddedPostgresError, folderError } from './error.js';
import { acquireLock, type Lock, type LockHolder } from './lock.js';
import { runningUrl, startPostgres } from './process.js';
import { runAs } from './run-as.js';
import { readOrCreateSecret } from './secret.js';

export { EmbeddedPostgresError };

/** A database that runs until `stop`, or until this process ends for any reason. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** An absolute path. */
  readonly dataDir: string;
  /** Resolves when Postgres has ended. */
  readonly exited: Promise<void>;
  /** Resolves when Postgres has ended. May be called repeatedly. */
  stop(): Promise<void>;
}

interface EmbeddedOptions {
  readonly dataDir: string;
  /** Where this service listens, for the error message of a second service on the same data. */
  readonly owner?: string;
}

/** The lock owner's name while a command holds the lock. */
const COMMAND = 'a latchkey command';
/** How long a command waits for a service that is starting, or for another command. */
const OPEN_MILLISECONDS = 15_000;

/** Starts Postgres on the data in a folder, which is created if necessary. Throws EmbeddedPostgresError. */
export async function startEmbeddedPostgres({ dataDir, owner = '' }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries();
  const folder = await ensureFolder(dataDir);
  const lock = await acquireLock(folder, owner);
  if ('release' in lock) return start(folder, binaries, lock);
  throw new EmbeddedPostgresError(
    `the data in ${folder} is in use by another Latchkey${describe(lock)}; stop it, or set DATA_DIR to another folder, which starts empty`,
  );
}

/**
 * For commands: connects to the database of the service that runs on this data, or else starts one temporarily. `stop` ends only
 * the latter. Throws EmbeddedPostgresError.
 */
export async function openEmbeddedPostgres({
  dataDir,
}: Pick<EmbeddedOptions, 'dataDir'>): Promise<Omit<EmbeddedPostgres, 'exited'>> {
  const binaries = await findBinaries();
  const folder = await ensureFolder(dataDir);
  const deadline = performance.now() + OPEN_MILLISECONDS;
  for (;;) {
    const lock = await acquireLock(folder, COMMAND);
    if ('release' in lock) return start(folder, binaries, lock);
    // The database of another command ends with that command, so wait for the lock instead.
    const url = lock.owner === COMMAND ? undefined : await runningUrlOf(folder);
    if (url !== undefined) return { url, dataDir: folder, stop: async () => {} };
    if (performance.now() > deadline) {
      throw new EmbeddedPostgresError(
        `the data in ${folder} is in use by another Latchkey${describe(lock)}, whose database does not answer`,
      );
    }
    await sleep(50);
  }
}

/** The URL of the database on this data, if a service or command is running it. Throws EmbeddedPostgresError. */
export function runningEmbeddedUrl(dataDir: string): Promise<string | undefined> {
  return runningUrlOf(resolve(dataDir));
}

/** AUTH_SECRET of the embedded database: generated at the first start, and stored next to the data with mode 0600. */
export async function embeddedSecret(dataDir: string): Promise<string> {
  const folder = await ensureFolder(dataDir);
  try {
    return await readOrCreateSecret(folder);
  } catch (error) {
    throw folderError(folder, error);
  }
}

async function start(folder: string, binaries: Binaries, lock: Lock): Promise<EmbeddedPostgres> {
  try {
    const user = runAs(binaries.postgres, folder);
    const cluster = await ensureCluster(folder, binaries.initdb, user);
    const running = await startPostgres({ dataDir: folder, cluster, program: binaries.postgres, user });
    let stopped: Promise<void> | undefined;
    const stop = () => {
      stopped ??= running.stop().finally(lock.release);
      return stopped;
    };
    return { url: running.url, dataDir: folder, exited: running.exited, stop };
  } catch (error) {
    await lock.release();
    throw folderError(folder, error);
  }
}

async function runningUrlOf(folder: string): Promise<string | undefined> {
  try {
    return await runningUrl(clusterFolder(folder));
  } catch (error) {
    throw folderError(folder, error);
  }
}

function describe({ pid, owner }: LockHolder): string {
  if (pid === undefined) return ' that does not answer (a paused process?)';
  return owner ? ` (process ${pid}, ${owner})` : ` (process ${pid})`;
}

async function ensureFolder(dataDir: string): Promise<string> {
  const folder = resolve(dataDir);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await realpath(folder);
  } catch (error) {
    throw folderError(folder, error);
  }
}
