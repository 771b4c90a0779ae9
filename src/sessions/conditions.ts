// SQL conditions that decide which sessions count; every statement on sessions takes them from here.
import { and, eq, gte, isNull, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { sessions, users } from '#drizzle/schema.js';

const ph = sql.placeholder;

/**
 * When SESSION_MAX_LIFETIME ends a session. Null when the setting is 0; `least` ignores nulls. Added without a time zone: Citus stores no
 * sum that could depend on the zone of the connection.
 */
const maxLifetimeEnd = (createdAt: unknown) =>
  sql`(${createdAt} at time zone 'UTC' + nullif(${ph('maxLifetime')}::int, 0) * interval '1 second') at time zone 'UTC'`;

/** `expires_at` of a session that logs in or refreshes now. Uses the placeholders `lifetime` and `maxLifetime`. */
export const newExpiry = (createdAt: unknown) =>
  sql<Date>`least(now() + ${ph('lifetime')}::int * interval '1 second', ${maxLifetimeEnd(createdAt)})`;

/** When a session expires. SESSION_MAX_LIFETIME is applied again: it may have been lowered since `expires_at` was written. */
export const expiresAt = sql`least(${sessions.expiresAt}, ${maxLifetimeEnd(sessions.createdAt)})`;

/** The session has neither expired nor been marked as ended. Uses the placeholder `maxLifetime`. */
export const isLive = and(sql`${expiresAt} > now()`, isNull(sessions.revokedAt));

/** The session with the placeholders `userId` and `sessionId`. */
export const isSession = and(eq(sessions.userId, ph('userId')), eq(sessions.id, ph('sessionId')));

/** The account still has the password with the placeholder `passwordHash`. Not `=`: an account without a password must still have none. */
export const hasPasswordHash = sql`${users.passwordHash} is not distinct from ${ph('passwordHash')}::text`;

interface EpochOfSession {
  readonly epoch: AnyPgColumn;
}

interface StateOfAccount {
  readonly sessionEpoch: AnyPgColumn;
  readonly disabledAt: AnyPgColumn;
}

/**
 * The account has not ended all its sessions since this one started. The comparison is "at least", not "equal": a statement that waited for
 * the row of a session that was kept while the others ended reads the session's new epoch and still the account's old one.
 */
export const isInCurrentEpoch = (session: EpochOfSession, account: Pick<StateOfAccount, 'sessionEpoch'>) =>
  gte(session.epoch, account.sessionEpoch);

/** `isInCurrentEpoch` for a statement that does not join `users`. */
export const isInCurrentEpochOfAccount = sql`exists (
  select 1 from ${users} account where account.id = ${sessions.userId} and account.session_epoch <= ${sessions.epoch})`;

/** The account is not disabled, and has not ended all its sessions since this one started. */
export const isAllowedByAccount = (session: EpochOfSession, account: StateOfAccount) =>
  and(isNull(account.disabledAt), isInCurrentEpoch(session, account));
