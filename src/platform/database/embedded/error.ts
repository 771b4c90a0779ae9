// Explains to the operator why the embedded Postgres cannot run.
import { statSync } from 'node:fs';

/** The message is one line: the problem and what to do. */
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
  ENOENT: 'cannot be created',
};

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Explains a file system error in the data folder. Any other error is returned unchanged. */
export function folderError(dataDir: string, error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  const cause = otherOwner(dataDir, code) ?? CAUSES[code];
  if (cause === undefined) return error;
  // Another folder would start empty, so it is no solution for existing data on a full disk.
  const advice = DISK_FULL.has(code) ? 'free some space there' : 'set DATA_DIR to another folder, which starts empty';
  return new EmbeddedPostgresError(`the data folder ${dataDir} ${cause} (${code}); ${advice}`);
}

/** The last three messages in the output or log of Postgres, without timestamps, joined to one line. */
export function lastMessages(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^\d{4}-\d\d-\d\d \S+ \S+ \[\d+\] /, '').replace(/\s+/g, ' '))
    // "the database system is starting up" is logged for each early connection attempt.
    .filter((line) => line.trim() !== '' && !line.includes('the database system is'));
  return lines.slice(-3).join('; ') || 'it does not answer';
}

/** Whether the output is about a full disk. "Check free disk space" is the hint of Postgres after a partial write. */
export function isFullDisk(output: string): boolean {
  return /No space left on device|Disk quota exceeded|Check free disk space/.test(output);
}

/** Explains a missing permission if the folder belongs to another user, for example after a run as root. */
function otherOwner(dataDir: string, code: string): string | undefined {
  if (code !== 'EACCES' && code !== 'EPERM') return undefined;
  try {
    const { uid } = statSync(dataDir);
    return uid === process.getuid?.() ? undefined : `belongs to another user, uid ${uid}`;
  } catch {
    return undefined;
  }
}
