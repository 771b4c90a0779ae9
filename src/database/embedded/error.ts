// Why the embedded Postgres cannot run, in the operator's words.

/** The message is one line: what is wrong, and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'may not be written by this user',
  EPERM: 'may not be written by this user',
  EROFS: 'is on a read-only file system',
  ENOSPC: 'is on a full disk',
  EDQUOT: 'is over its disk quota',
  ENOTDIR: 'is not a folder',
  EEXIST: 'is not a folder',
  ENOENT: 'cannot be made',
};

/** An error of the file system, said of the data folder; anything else comes back as it is. */
export function folderError(dataDir: string, error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  const cause = CAUSES[code];
  if (cause === undefined) return error;
  return new EmbeddedPostgresError(`the data folder ${dataDir} ${cause} (${code}); choose another one with DATA_DIR`);
}
