// The secret of the embedded default, in a file that is made once.
import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flushFolder } from './cluster.js';

/** The secret in a data folder, 32 random bytes in base64. Of any number of callers at once all get the same. */
export async function readOrMakeSecret(folder: string): Promise<string> {
  const file = join(folder, 'auth-secret');
  return (await read(file)) ?? (await make(file, folder));
}

async function make(file: string, folder: string): Promise<string> {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(unfinished, randomBytes(32).toString('base64'), { mode: 0o600, flush: true });
    // A link is made whole or not at all, and fails where there is one: nobody ever reads half a secret, or another one.
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
