// What operations on sessions take and return.
import type { CountedAttempt } from '#throttles/service.js';
import type { AuthenticationMethod } from '#tokens/authentication.js';
import type { SecondFactorState } from './second-factor-policy.js';

/** An access token and the refresh token that goes with it. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Whether a refresh sent this token again, because the first response may have been lost. */
  readonly isRepeated?: boolean;
}

/** Identifies a session. */
export interface SessionRef {
  readonly userId: number;
  readonly sessionId: number;
}

/** An account whose owner has just proved their identity, with a password or in another way. */
export interface AuthenticatedUser extends SecondFactorState {
  readonly id: number;
  readonly username: string;
  readonly emailVerified: boolean;
  readonly roles: readonly string[];
  /** The account's hash at that time; null: it had no password. If it is another one now, the proof is worth nothing any more. */
  readonly passwordHash: string | null;
  /** How the owner has done so. */
  readonly methods: readonly AuthenticationMethod[];
  /** The attempt that has verified the password, still counted: `start` resets the count. */
  readonly attempt?: CountedAttempt | undefined;
}

/** Unlike the id alone, unique across accounts. */
export function sessionKeyOf({ userId, sessionId }: SessionRef): string {
  return `${userId}/${sessionId}`;
}
