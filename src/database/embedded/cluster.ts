// The files of the embedded Postgres: made once, by initdb, wholly or not at all.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './error.js';
import type { RunAs } from './run-as.js';

/** The role, and the database, that the service uses. */
export const EMBEDDED_NAME = 'latchkey';

const UNFINISHED = 'postgres.new-';

/** Where the cluster of a data folder lies. */
export function clusterFolder(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** The password of the role; it lies in the cluster, so that neither can be without the other. */
export function readPassword(cluster: string): Promise<string> {
  return readFile(join(cluster, 'password'), 'utf8');
}

/** Makes the cluster if there is none. Call it with the lock held. Throws EmbeddedPostgresError. */
export async function ensureCluster(dataDir: string, initdb: string, user: RunAs): Promise<string> {
  const cluster = clusterFolder(dataDir);
  // What a killed initdb has left behind.
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(UNFINISHED)) await rm(join(dataDir, name), { recursive: true, force: true });
  }
  const existing = await stat(cluster).catch(() => undefined);
  if (existing !== undefined) {
    const expected = user.owner?.uid ?? process.getuid?.();
    if (expected !== undefined && existing.uid !== expected) {
      throw new EmbeddedPostgresError(
        `the data in ${dataDir} belongs to another user (uid ${existing.uid}, needed ${expected}); run as that one, or choose another folder with DATA_DIR`,
      );
    }
    return cluster;
  }
  const unfinished = join(dataDir, `${UNFINISHED}${process.pid}`);
  const passwordFile = `${unfinished}.password`;
  try {
    const password = randomBytes(24).toString('base64url');
    await mkdir(unfinished, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user.owner !== undefined) {
      await chown(unfinished, user.owner.uid, user.owner.gid);
      await chown(passwordFile, user.owner.uid, user.owner.gid);
    }
    await run([...user.prefix, initdb, ...initdbArguments(unfinished, passwordFile)], user, dataDir);
    await rename(passwordFile, join(unfinished, 'password'));
    await rename(unfinished, cluster);
    return cluster;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
    throw error;
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

function run([file = '', ...args]: readonly string[], user: RunAs, dataDir: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // In a group of its own: Ctrl-C must not tear it apart while we clean up.
    const child = spawn(file, args, { ...user.ids, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new EmbeddedPostgresError(explain(output, dataDir)));
    });
  });
}

function explain(output: string, dataDir: string): string {
  if (/No space left on device/.test(output)) {
    return `the data folder ${dataDir} is on a full disk (ENOSPC); choose another one with DATA_DIR`;
  }
  const reason =
    output.split('\n').find((line) => /(FATAL|PANIC|error):/i.test(line)) ?? output.trim().split('\n').at(-1);
  return `the embedded Postgres could not be set up in ${dataDir}: ${reason}`;
}
