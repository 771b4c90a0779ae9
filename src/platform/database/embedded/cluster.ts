// The files of the embedded Postgres: made once, by initdb, wholly or not at all.
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError, folderError, isFullDisk, lastWords } from './error.js';
import type { RunAs } from './run-as.js';
import { supervise } from './supervisor.js';

/** The role, and the database, that the service uses. */
export const EMBEDDED_NAME = 'latchkey';

const UNFINISHED = 'postgres.new-';
/** A killed initdb takes a moment to go, and adds files to the folder until then. */
const REMOVE = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 };

/** Where the cluster of a data folder lies. */
export function clusterFolder(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** The password of the role; it lies in the cluster, so that neither can be without the other. */
export async function readPassword(cluster: string): Promise<string> {
  try {
    return await readFile(join(cluster, 'password'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new EmbeddedPostgresError(
      `${cluster} was not made by Latchkey, or has lost its file 'password': put that back if you have a copy, or choose another folder with DATA_DIR, which begins empty`,
    );
  }
}

/** Makes the cluster if there is none. Call it with the lock held. Throws EmbeddedPostgresError. */
export async function ensureCluster(dataDir: string, initdb: string, user: RunAs): Promise<string> {
  const cluster = clusterFolder(dataDir);
  // What a killed initdb has left behind.
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(UNFINISHED)) await rm(join(dataDir, name), REMOVE);
  }
  const existing = await stat(cluster).catch(() => undefined);
  if (existing !== undefined) {
    const expected = user.owner?.uid ?? process.getuid?.();
    if (expected !== undefined && existing.uid !== expected) {
      throw new EmbeddedPostgresError(
        `the data in ${dataDir} belongs to another user (uid ${existing.uid}, needed ${expected}); run as that one, or choose another folder with DATA_DIR, which begins empty`,
      );
    }
    return cluster;
  }
  const unfinished = join(dataDir, `${UNFINISHED}${process.pid}`);
  const passwordFile = `${unfinished}.password`;
  try {
    const password = randomBytes(24).toString('base64url');
    await mkdir(unfinished, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600, flush: true });
    if (user.owner !== undefined) {
      await chown(unfinished, user.owner.uid, user.owner.gid);
      await chown(passwordFile, user.owner.uid, user.owner.gid);
    }
    await run([initdb, ...initdbArguments(unfinished, passwordFile)], user, dataDir);
    await rename(passwordFile, join(unfinished, 'password'));
    // initdb has flushed its own files. What we add must reach the disk before the cluster counts as made.
    await flushFolder(unfinished);
    await rename(unfinished, cluster);
    await flushFolder(dataDir);
    return cluster;
  } catch (error) {
    await rm(unfinished, REMOVE);
    await rm(passwordFile, { force: true });
    throw error;
  }
}

/** Makes names that were added to a folder survive a power cut. */
export async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function initdbArguments(folder: string, passwordFile: string): string[] {
  return [
    `--pgdata=${folder}`,
    `--username=${EMBEDDED_NAME}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
  ];
}

function run(command: readonly string[], user: RunAs, dataDir: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = supervise(command, 'kill', user, ['ignore', 'pipe']);
    let output = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(initdbError(code, output, dataDir));
    });
  });
}

function initdbError(code: number | null, output: string, dataDir: string): unknown {
  if (isFullDisk(output)) return folderError(dataDir, { code: 'ENOSPC' });
  // Its last line says only that it has tidied up.
  const said = lastWords(output.replace(/^initdb: removing .*$/gm, ''));
  // The shell's codes for what it cannot run: another C library than glibc, a missing library, a mount without exec.
  return code === 126 || code === 127
    ? new EmbeddedPostgresError(
        `the embedded Postgres does not run on this system (${said}); set DATABASE_URL to a Postgres of your own`,
      )
    : new EmbeddedPostgresError(`the embedded Postgres could not be set up in ${dataDir}: ${said}`);
}
