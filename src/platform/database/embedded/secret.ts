// Stores AUTH_SECRET of the embedded database in a file that is created once.
import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flushFolder } from './cluster.js';

/** The secret in a data folder: 32 random bytes in base64. Concurrent callers all get the same secret. */
export async function readOrCreateSecret(folder: string): Promise<string> {
  const file = join(folder, 'auth-secret');
  return (await read(file)) ?? (await create(file, folder));
}

async function create(file: string, folder: string): Promise<string> {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(unfinished, randomBytes(32).toString('base64'), { mode: 0o600, flush: true });
    // A link is created atomically and fails if the name exists, so no reader ever sees a partial secret or a second one.
    await link(unfinished, file).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await flushFolder(folder);
  } finally {
    await rm(unfinished, { force: true });
  }
  return readFile(file, 'utf8');
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
