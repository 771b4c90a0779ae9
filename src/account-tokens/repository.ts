// Queries on single-use tokens that are sent by mail.
import { and, eq, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { accountTokens, users } from '#drizzle/schema.js';
import type { DeletedBatch } from '#platform/database/batch.js';
import type { Db } from '#platform/database/database.js';
import { passwordDigestOf } from './conditions.js';

/** A token to be stored. */
export interface NewAccountToken {
  readonly userId: number;
  readonly purpose: string;
  readonly tokenHash: Buffer;
  readonly email: string;
  readonly accountEmail: string | null;
  /** Whether a change of the account's password makes the token invalid. */
  readonly bindsPassword: boolean;
  readonly codeHash: Buffer | null;
  /** Seconds. */
  readonly lifetime: number;
}

/** A token that can be used, or has just been used. */
export interface FoundAccountToken {
  readonly id: number;
  readonly userId: number;
  readonly email: string;
  readonly accountEmail: string | null;
}

/** Which tokens to revoke; an omitted member selects all. */
export interface TokenSelection {
  /** Only those with a greater id. */
  readonly issuedAfter?: number;
}

const found = {
  id: accountTokens.id,
  userId: accountTokens.userId,
  email: accountTokens.email,
  accountEmail: accountTokens.accountEmail,
};

/** Nothing is left before the next batch, so every batch begins here. */
const BEFORE_ALL = -1;

const passwordDigest = passwordDigestOf(sql`${users.passwordHash}`);

/** Queries on `db`; a method that takes `on` runs in the transaction it is given. */
export function createAccountTokensRepository(db: Db) {
  return {
    /** Makes the unused tokens of all accounts invalid. */
    revokeOfAllAccounts: async (on: Db): Promise<void> => {
      await on.update(accountTokens).set({ usedAt: sql`now()` }).where(isNull(accountTokens.usedAt));
    },

    /** Stores a token for an account that exists. Returns when it expires; undefined if there is no such account. */
    insert: async (token: NewAccountToken, on: Db): Promise<Date | undefined> => {
      const [row] = await on.execute<{ expires_at: string }>(sql`
        insert into ${accountTokens}
          (user_id, purpose, token_hash, email, account_email, password_digest, code_hash, expires_at)
        select ${users.id}, ${token.purpose}, ${token.tokenHash}, ${token.email}, ${token.accountEmail},
          case when ${token.bindsPassword}::boolean then ${passwordDigest} end, ${token.codeHash},
          now() + make_interval(secs => ${token.lifetime})
        from ${users} where ${users.id} = ${token.userId} and ${users.deletedAt} is null
        returning expires_at`);
      return row === undefined ? undefined : new Date(row.expires_at);
    },

    /** The token, if it can be used. Changes nothing. */
    find: async (purpose: string, tokenHash: Buffer): Promise<FoundAccountToken | undefined> =>
      (
        await db
          .select(found)
          .from(accountTokens)
          .innerJoin(users, eq(users.id, accountTokens.userId))
          .where(isUsable(purpose, tokenHash))
      )[0],

    /** Uses the token. Undefined if it cannot be used, also because another request has just used it. */
    use: async (purpose: string, tokenHash: Buffer, on: Db): Promise<FoundAccountToken | undefined> =>
      (
        await on
          .update(accountTokens)
          .set({ usedAt: sql`now()` })
          .from(users)
          .where(and(eq(users.id, accountTokens.userId), isUsable(purpose, tokenHash)))
          .returning(found)
      )[0],

    /** Makes the account's unused tokens of some purposes invalid. */
    revoke: async (
      userId: number,
      purposes: readonly string[],
      { issuedAfter }: TokenSelection,
      on: Db,
    ): Promise<void> => {
      await on
        .update(accountTokens)
        .set({ usedAt: sql`now()` })
        .where(
          and(
            eq(accountTokens.userId, userId),
            inArray(accountTokens.purpose, [...purposes]),
            isNull(accountTokens.usedAt),
            issuedAfter === undefined ? undefined : gt(accountTokens.id, issuedAfter),
          ),
        );
    },

    /** Whether an account has more than `count` tokens, used or not. */
    hasMoreThan: async (userId: number, count: number, on: Db): Promise<boolean> => {
      const found = await on
        .select({ id: accountTokens.id })
        .from(accountTokens)
        .where(eq(accountTokens.userId, userId))
        // The order of account_tokens_user_idx.
        .orderBy(accountTokens.purpose, accountTokens.createdAt)
        .offset(count)
        .limit(1);
      return found.length > 0;
    },

    /** Deletes up to `size` tokens of an account, whichever come first: the rest is as small as the next batch finds it. */
    deleteOfUser: async (userId: number, size: number, on: Db): Promise<DeletedBatch<number>> => {
      const deleted = await on.execute(sql`
        delete from ${accountTokens} where id in (
          select id from ${accountTokens} where user_id = ${userId}::int order by purpose, created_at limit ${size}::int
        ) returning id`);
      return { deleted: deleted.length, last: deleted.length === size ? BEFORE_ALL : undefined };
    },
  };
}

function isUsable(purpose: string, tokenHash: Buffer): SQL | undefined {
  return and(
    eq(accountTokens.tokenHash, tokenHash),
    eq(accountTokens.purpose, purpose),
    isNull(accountTokens.usedAt),
    gt(accountTokens.expiresAt, sql`now()`),
    isNull(users.deletedAt),
    or(isNull(accountTokens.accountEmail), eq(accountTokens.accountEmail, users.email)),
    or(isNull(accountTokens.passwordDigest), eq(accountTokens.passwordDigest, passwordDigest)),
  );
}

export type AccountTokensRepository = ReturnType<typeof createAccountTokensRepository>;
