// Stores AUTH_SECRET of the embedded database in a file that is created once.
import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSecrets } from '#platform/config/secrets.js';
import { flushFolder } from './cluster.js';
import { EmbeddedPostgresError } from './error.js';

/**
 * The secret in a data folder: 32 random bytes in base64. Concurrent callers all get the same secret. A file that was restored by hand may end
 * with a line break, and must be as strong as AUTH_SECRET: keys derived from an empty file could be computed by anyone.
 */
export async function readOrCreateSecret(folder: string): Promise<string> {
  const file = join(folder, 'auth-secret');
  const secrets = parseSecrets((await read(file)) ?? (await create(file, folder)));
  const [secret, second] = typeof secrets === 'string' ? [] : secrets;
  if (secret === undefined || second !== undefined) {
    const problem = typeof secrets === 'string' ? secrets : 'must be a single secret';
    throw new EmbeddedPostgresError(
      `the secret in ${file} ${problem}; restore the file from a copy, or set AUTH_SECRET to the secret that this data was used with`,
    );
  }
  return secret;
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
