// Classifies a refresh token that the rotating statement refused. One pure function holds all the rules.
import { isRetryKey } from './retry-keys.js';

/** A used token that comes back within this many seconds of its refresh counts as an accidental double submit. */
export const DOUBLE_SUBMIT_SECONDS = 10;

/** The state of a session whose refresh was refused. Times are by Postgres's clock. */
export interface RefusedSession {
  readonly generation: number;
  readonly retryKeys: Buffer;
  /** Not expired, not ended, and its user not disabled. */
  readonly isLive: boolean;
  readonly secondsSinceRefresh: number;
}

/**
 * - `repeat`: the response to the refresh was lost, so the token's successor is sent again. The request carries the Idempotency-Key that
 *   consumed the token, or comes within the grace period; and the successor has not been used.
 * - `used`: an accidental duplicate. The request is refused and the session continues.
 * - `reused`: an old token has been copied. The session must end (RFC 9700 section 4.14.2).
 * - `invalid`: the session is over, or the token was never issued.
 */
export type RefusedRefreshClass = 'repeat' | 'used' | 'reused' | 'invalid';

/** Classifies a token of `generation` that the rotating UPDATE did not accept. */
export function classifyRefusedRefresh(
  session: RefusedSession,
  generation: number,
  retryKey: string | undefined,
  graceSeconds: number,
): RefusedRefreshClass {
  // The current generation was refused for a reason other than rotation. A later one was never issued by this database, which happens when
  // a backup has been restored.
  if (!session.isLive || generation >= session.generation) return 'invalid';
  const ago = session.generation - generation - 1;
  const isParent = ago === 0;
  if (retryKey !== undefined && isRetryKey(session.retryKeys, ago, retryKey)) return isParent ? 'repeat' : 'used';
  if (!isParent) return 'reused';
  // The time since the refresh is negative after the database's clock was set back, and must not extend the grace period.
  const isWithinGrace = Math.abs(session.secondsSinceRefresh) < graceSeconds;
  if (retryKey === undefined && isWithinGrace) return 'repeat';
  return session.secondsSinceRefresh < DOUBLE_SUBMIT_SECONDS ? 'used' : 'reused';
}
