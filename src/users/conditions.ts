// SQL conditions on accounts, for the repositories that need them.
import { and, isNull, or, sql } from 'drizzle-orm';
import { users } from '#drizzle/schema.js';

/** The account can be logged in to: it is active, or its owner is leaving and no operator has disabled it. */
export const canLogIn = and(
  isNull(users.deletedAt),
  or(isNull(users.disabledAt), sql`(${users.deletionDueAt} > now() and ${users.disabledReason} is null)`),
);
