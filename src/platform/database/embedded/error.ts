// Why the embedded Postgres cannot run, in the operator's words.
import { statSync } from 'node:fs';

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

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** An error of the file system, said of the data folder; anything else comes back as it is. */
export function folderError(dataDir: string, error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  const cause = foreign(dataDir, code) ?? CAUSES[code];
  if (cause === undefined) return error;
  // Another folder would begin empty: that is no advice where the data only need room.
  const advice = FULL.has(code) ? 'make room there' : 'choose another one with DATA_DIR, which begins empty';
  return new EmbeddedPostgresError(`the data folder ${dataDir} ${cause} (${code}); ${advice}`);
}

/** What Postgres has said on stderr or in its log, as the end of a line: the last three messages, without their times. */
export function lastWords(said: string): string {
  const lines = said
    .split('\n')
    .map((line) => line.replace(/^\d{4}-\d\d-\d\d \S+ \S+ \[\d+\] /, '').replace(/\s+/g, ' '))
    // The second is what it says to everyone who knocks too early.
    .filter((line) => line.trim() !== '' && !line.includes('the database system is'));
  return lines.slice(-3).join('; ') || 'it does not answer';
}

/** Whether that is about a full disk: then the folder is what is wrong. The last is Postgres's hint when half a page fitted. */
export function isFullDisk(said: string): boolean {
  return /No space left on device|Disk quota exceeded|Check free disk space/.test(said);
}

/** Permission is missing because the folder is another user's, as after a run as root. */
function foreign(dataDir: string, code: string): string | undefined {
  if (code !== 'EACCES' && code !== 'EPERM') return undefined;
  try {
    const { uid } = statSync(dataDir);
    return uid === process.getuid?.() ? undefined : `belongs to another user, uid ${uid}`;
  } catch {
    return undefined;
  }
}
