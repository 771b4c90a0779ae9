// What statements on sessions read for the access tokens that follow.
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { sessions, users } from '#drizzle/schema.js';
import type { SecondFactorState } from './second-factor-policy.js';

/** How and when the owner of a session last proved their identity. */
export interface StoredAuthentication {
  /** Values of `amr`, separated by spaces; null: not known. */
  readonly amr: string | null;
  /** In seconds since 1970, by the clock of the database. */
  readonly authTime: number;
}

/** What an access token says about the account and its session, or depends on. */
export interface TokenSubject extends StoredAuthentication, SecondFactorState {
  readonly username: string;
  readonly emailVerified: boolean;
  readonly roles: readonly string[];
}

/** Of the account. */
const isEmailVerified = sql<boolean>`${users.emailVerifiedAt} is not null`;

/**
 * Seconds since 1970 as a float, which the driver returns as a number. In UTC: Postgres takes the number of a time with a time zone as
 * dependent on settings, and Citus does not return such values from changes.
 */
const secondsOf = (time: SQLWrapper) => sql`extract(epoch from ${time} at time zone 'UTC')::float8`;

/** When the owner of the session last proved their identity. Whole seconds, as in tokens. */
export const authTime = sql<number>`floor(${secondsOf(sql`coalesce(${sessions.authenticatedAt}, ${sessions.createdAt})`)})`;

/** The columns of a TokenSubject. */
export const tokenSubject = {
  username: users.username,
  emailVerified: isEmailVerified,
  roles: users.roles,
  amr: sessions.amr,
  authTime,
  hasSecondFactor: users.hasSecondFactor,
  secondFactorAskedAt: secondsOf(users.secondFactorAskedAt) as SQL<number | null>,
};
