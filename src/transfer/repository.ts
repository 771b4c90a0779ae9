// Queries of imports and exports.
import { gt, inArray, type SQL, sql } from 'drizzle-orm';
import { users } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';
import { withoutRemoved } from '#roles/repository.js';

/** An account to create, as a JSON object. Times are text, because a Date has no microseconds. */
export interface NewAccountRow {
  /** Canonical. */
  readonly email: string;
  readonly username: string;
  readonly password_hash: string | null;
  readonly roles: readonly string[];
  readonly email_verified_at: string | null;
  readonly disabled_at: string | null;
  readonly disabled_reason: string | null;
  /** Null: its owner has not asked to leave. */
  readonly deletion_due_at: string | null;
  /** Null: now. */
  readonly created_at: string | null;
  /** Null: not known. */
  readonly locale: string | null;
}

/** An account with its hash. Times are in UTC, to the microsecond. */
export type ExportedRow = Awaited<ReturnType<TransferRepository['findPage']>>[number];

/** Queries on `db`. A method with a parameter `on` runs in that transaction. */
export function createTransferRepository(db: Db) {
  /** The rows as a table `line`; one parameter, whatever their number. */
  const lines = (
    rows: readonly NewAccountRow[],
  ): SQL => sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as line (
    email text, username text, password_hash text, roles text[], email_verified_at timestamptz, disabled_at timestamptz,
    disabled_reason text, deletion_due_at timestamptz, created_at timestamptz, locale text)`;

  return {
    /** Creates the accounts whose address is not taken, and returns their addresses. */
    insert: async (rows: readonly NewAccountRow[], on: Db): Promise<string[]> => {
      const created = await on.execute<{ email: string }>(sql`
        insert into ${users}
          (email, username, password_hash, roles, email_verified_at, disabled_at, disabled_reason, deletion_due_at, created_at,
            locale)
        select email, username, password_hash, roles, email_verified_at, disabled_at, disabled_reason, deletion_due_at,
          coalesce(created_at, now()), locale
        from ${lines(rows)}
        on conflict (email) do nothing
        returning email`);
      return created.map(({ email }) => email);
    },

    /** The addresses among these that have an account. */
    findTaken: async (addresses: readonly string[], on: Db): Promise<string[]> => {
      const found = await on
        .select({ email: users.email })
        .from(users)
        .where(inArray(users.email, [...addresses]));
      return found.map(({ email }) => email);
    },

    /**
     * The addresses of the rows whose account was created by an earlier import of the same line: nothing differs but what the account
     * may have changed since. A flag without a time is compared without its time. The password hash may have been replaced if the time of
     * creation proves that it is the same account.
     */
    findImported: async (rows: readonly NewAccountRow[], on: Db): Promise<string[]> => {
      const found = await on.execute<{ email: string }>(sql`
        select u.email from ${users} u join ${lines(rows)} on line.email = u.email
        where u.deleted_at is null
          and u.username = line.username
          and u.roles = line.roles
          and (u.email_verified_at is null) = (line.email_verified_at is null)
          and (u.disabled_at is null) = (line.disabled_at is null)
          and u.disabled_reason is not distinct from line.disabled_reason
          and u.deletion_due_at is not distinct from line.deletion_due_at
          and case when line.created_at is null then u.password_hash is not distinct from line.password_hash
            else u.created_at = line.created_at and (u.password_hash is null) = (line.password_hash is null) end`);
      return found.map(({ email }) => email);
    },

    /**
     * Accounts with an id greater than `after`, ordered by id, among them those being deleted. With a condition on `deleted_at` and no
     * statistics yet, as after an import, Postgres would sort all remaining accounts for each page.
     */
    findPage: (after: number, limit: number) =>
      db
        .select({
          id: users.id,
          email: users.email,
          username: users.username,
          passwordHash: users.passwordHash,
          roles: withoutRemoved(users.roles),
          emailVerifiedAt: utc(users.emailVerifiedAt),
          disabledAt: utc(users.disabledAt),
          disabledReason: users.disabledReason,
          deletionDueAt: utc(users.deletionDueAt),
          createdAt: utc(users.createdAt),
          locale: users.locale,
          isDeleted: sql<boolean>`${users.deletedAt} is not null`,
        })
        .from(users)
        .where(gt(users.id, after))
        .orderBy(users.id)
        .limit(limit),
  };
}

export type TransferRepository = ReturnType<typeof createTransferRepository>;

function utc(
  column: typeof users.createdAt | typeof users.deletionDueAt | typeof users.disabledAt | typeof users.emailVerifiedAt,
): SQL<string | null> {
  return sql<string | null>`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
