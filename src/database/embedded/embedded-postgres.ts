// The embedded default: a real Postgres in a folder, for one service at a time.
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findBinaries } from './binaries.js';
import { clusterFolder, ensureCluster } from './cluster.js';
import { EmbeddedPostgresError, folderError } from './error.js';
import { acquireLock, lockHolder } from './lock.js';
import { runningUrl, startPostgres } from './process.js';
import { runAs } from './run-as.js';

export { EmbeddedPostgresError };

/** A database that runs until `stop`, or until our process ends, however it ends. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** Absolute. */
  readonly dataDir: string;
  /** Resolves when Postgres has ended. */
  readonly exited: Promise<void>;
  /** Resolves when Postgres is gone. May be called again. */
  stop(): Promise<void>;
}

interface EmbeddedOptions {
  readonly dataDir: string;
  /** Told to who comes second: where this service is. */
  readonly owner?: string;
}

/** Starts Postgres on the data in a folder, which it makes if need be. Throws EmbeddedPostgresError. */
export async function startEmbeddedPostgres({ dataDir, owner = '' }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries();
  const folder = await ensureFolder(dataDir);
  const lock = await acquireLock(folder, owner);
  if (!('release' in lock)) {
    const where = lock.owner === '' ? '' : `, ${lock.owner}`;
    throw new EmbeddedPostgresError(
      `the data in ${folder} is in use by another Latchkey (process ${lock.pid}${where}); stop it, or choose another folder with DATA_DIR`,
    );
  }
  try {
    const user = runAs([binaries.postgres, folder]);
    const cluster = await ensureCluster(folder, binaries.initdb, user);
    const running = await startPostgres({ dataDir: folder, cluster, program: binaries.postgres, user });
    let stopped: Promise<void> | undefined;
    const stop = () => {
      stopped ??= running.stop().then(lock.release);
      return stopped;
    };
    return { url: running.url, dataDir: folder, exited: running.exited, stop };
  } catch (error) {
    await lock.release();
    throw folderError(folder, error);
  }
}

/**
 * For commands: the database of the service that runs on this data, or else one that is started for the moment. `stop` ends
 * only the latter.
 */
export async function openEmbeddedPostgres({ dataDir }: EmbeddedOptions): Promise<Omit<EmbeddedPostgres, 'exited'>> {
  const folder = await ensureFolder(dataDir);
  if ((await lockHolder(folder)) === undefined) return startEmbeddedPostgres({ dataDir, owner: 'a latchkey command' });
  const url = await runningUrl(clusterFolder(folder));
  if (url === undefined) throw new EmbeddedPostgresError(`the service on ${folder} is just starting; try again`);
  return { url, dataDir: folder, stop: async () => {} };
}

/** AUTH_SECRET of the embedded default: made at the first start, and kept beside the data with mode 0600. */
export async function embeddedSecret(dataDir: string): Promise<string> {
  const folder = await ensureFolder(dataDir);
  const file = join(folder, 'auth-secret');
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(unfinished, randomBytes(32).toString('base64'), { mode: 0o600, flush: true });
    // A link is made whole or not at all, and fails where there is one: nobody ever reads half a secret, or another one.
    await link(unfinished, file).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(unfinished);
    return await readFile(file, 'utf8');
  } catch (error) {
    throw folderError(folder, error);
  }
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
