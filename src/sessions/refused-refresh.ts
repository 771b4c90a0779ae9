// What a refresh token that did not match means: the rules of rotation, as one pure function.
import { isRetryKey } from './retry-keys.js';

/** How long after a refresh its token, come again, counts as an honest double submit (seconds). */
export const DOUBLE_SUBMIT_SECONDS = 10;

/** What is known of a session when its refresh was refused. Times are Postgres's. */
export interface RefusedSession {
  readonly generation: number;
  readonly retryKeys: Buffer;
  /** Not expired, not revoked, its user not disabled. */
  readonly alive: boolean;
  /** Since the last refresh. */
  readonly secondsSinceRefresh: number;
}

/** What the token's bearer is told: `repeat` the answer that was lost, or one of three refusals. */
export type Verdict = 'repeat' | 'invalid' | 'used' | 'reused';

/**
 * Judges a token of `generation` that the rotating UPDATE did not accept.
 * - `repeat`: the token's successor is handed out once more. The request carries the Idempotency-Key that consumed the
 *   token, or comes within the grace; and the successor has not been used.
 * - `used`: an honest duplicate; nothing happens to the session.
 * - `reused`: somebody holds a copy of an old token; the session is to be ended (RFC 9700 section 4.14.2).
 */
export function judge(
  session: RefusedSession,
  generation: number,
  retryKey: string | undefined,
  graceSeconds: number,
): Verdict {
  // The current generation was refused for what is not about rotation; a later one was never issued by this database
  // (a backup has been restored).
  if (!session.alive || generation >= session.generation) return 'invalid';
  const ago = session.generation - generation - 1;
  const isParent = ago === 0;
  if (retryKey !== undefined && isRetryKey(session.retryKeys, ago, retryKey)) return isParent ? 'repeat' : 'used';
  if (!isParent) return 'reused';
  // Asked apart: after the database's clock was set back the time since is negative, and less than a grace of 0.
  const grace = graceSeconds > 0 && session.secondsSinceRefresh < graceSeconds;
  if (retryKey === undefined && grace) return 'repeat';
  return session.secondsSinceRefresh < DOUBLE_SUBMIT_SECONDS ? 'used' : 'reused';
}
