// Creates the files of the embedded Postgres with initdb, atomically.
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError, folderError, isFullDisk, lastMessages } from './error.js';
import type { RunAs } from './run-as.js';
import { supervise } from './supervisor.js';

/** The name of the role and of the database that the service uses. */
export const EMBEDDED_NAME = 'latchkey';

const UNFINISHED = 'postgres.new-';
/** A killed initdb takes a moment to end, and adds files to the folder until then. */
const REMOVE = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 };

/** The folder of the database cluster in a data folder. */
export function clusterFolder(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** Reads the password of the role, which is stored in the cluster so that neither exists without the other. */
export async function readPassword(cluster: string): Promise<string> {
  try {
    return await readFile(join(cluster, 'password'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new EmbeddedPostgresError(
      `${cluster} was not created by Latchkey, or its file 'password' is missing: restore the file if you have a copy, or set DATA_DIR to another folder, which starts empty`,
    );
  }
}

/** Creates the cluster if there is none. The caller must hold the lock. Throws EmbeddedPostgresError. */
export async function ensureCluster(dataDir: string, initdb: string, user: RunAs): Promise<string> {
  const cluster = clusterFolder(dataDir);
  // Removes the files of a killed initdb.
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(UNFINISHED)) await rm(join(dataDir, name), REMOVE);
  }
  const existing = await stat(cluster).catch(() => undefined);
  if (existing !== undefined) {
    const expected = user.owner?.uid ?? process.getuid?.();
    if (expected !== undefined && existing.uid !== expected) {
      throw new EmbeddedPostgresError(
        `the data in ${dataDir} belongs to another user (uid ${existing.uid}, expected ${expected}); run as that user, or set DATA_DIR to another folder, which starts empty`,
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
    // initdb has flushed its own files. The password file must reach the disk before the cluster gets its final name.
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

/** Flushes a folder, so that new names in it survive a power failure. */
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
  // The last line of initdb only reports that it has removed its files.
  const messages = lastMessages(output.replace(/^initdb: removing .*$/gm, ''));
  // The shell's codes for a program that cannot be run: no glibc, a missing library, or a file system mounted with noexec.
  return code === 126 || code === 127
    ? new EmbeddedPostgresError(
        `the embedded Postgres does not run on this system (${messages}); set DATABASE_URL to your own Postgres`,
      )
    : new EmbeddedPostgresError(`the embedded Postgres could not be set up in ${dataDir}: ${messages}`);
}
