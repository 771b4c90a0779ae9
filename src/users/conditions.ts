// Which accounts can be logged in to, and what a login reads of them, for the repositories that need it.
import { and, isNull, or, sql } from 'drizzle-orm';
import { users } from '#drizzle/schema.js';

/** The account can be logged in to: it is active, or its owner is leaving and no operator has disabled it. */
export const canLogIn = and(
  isNull(users.deletedAt),
  or(isNull(users.disabledAt), sql`(${users.deletionDueAt} > now() and ${users.disabledReason} is null)`),
);

/** An account that can be logged in to. */
export interface LoginAccount {
  readonly id: number;
  readonly email: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly passwordHash: string | null;
  readonly emailVerified: boolean;
  /** Its owner has asked to leave, and can still change their mind. */
  readonly isLeaving: boolean;
  readonly hasSecondFactor: boolean;
  /** In seconds since 1970; null: never. */
  readonly secondFactorAskedAt: number | null;
}

/** The columns of a LoginAccount, for a statement with the condition `canLogIn`. */
export const loginAccount = {
  id: users.id,
  email: users.email,
  username: users.username,
  roles: users.roles,
  passwordHash: users.passwordHash,
  emailVerified: sql<boolean>`${users.emailVerifiedAt} is not null`,
  isLeaving: sql<boolean>`${users.disabledAt} is not null`,
  hasSecondFactor: users.hasSecondFactor,
  secondFactorAskedAt: sql<number | null>`extract(epoch from ${users.secondFactorAskedAt})::float8`,
};
