// Queries of the sign-in by mail.
import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import { accountTokens, mails, users } from '#drizzle/schema.js';
import { MAILS_CHANNEL } from '#mail/repository.js';
import type { Db } from '#platform/database/database.js';
import { hasRoom, isOfNetwork, type Quota, takeFrom } from '#quotas/conditions.js';
import { canLogIn, type LoginAccount, loginAccount } from '#users/conditions.js';

/** What a request for a mail stores if the address belongs to an account. */
export interface NewSignIn {
  /** Canonical. */
  readonly email: string;
  /** The language of the request, for an account that has none. */
  readonly locale: string | null;
  readonly linkHash: Buffer;
  readonly deviceHash: Buffer;
  readonly codeHash: Buffer;
  /** The encrypted values of the mail. */
  readonly content: Buffer;
  /** Seconds. */
  readonly lifetime: number;
  /** The quota of mails that the request takes from, whether or not an account has the address. */
  readonly quota: Quota;
}

/** Wrong codes after which a token that waits for a code is dead. */
const MAX_ATTEMPTS = 5;
/**
 * Wrong codes on one account within a day, on all its tokens, after which no further code is accepted: a link still is. The second half is
 * reserved for networks from which the account has logged in, so that a stranger elsewhere cannot use it up.
 */
const MAX_WRONG_PER_DAY = { anywhere: 50, fromKnownNetworks: 100 };

/** The token has neither been used nor expired, and its account still has the address that it was sent to. */
const isUsable = (tokenHash: Buffer, purpose: 'sign_in' | 'sign_in_code') =>
  and(
    eq(accountTokens.tokenHash, tokenHash),
    eq(accountTokens.purpose, purpose),
    isNull(accountTokens.usedAt),
    gt(accountTokens.expiresAt, sql`now()`),
    eq(accountTokens.accountEmail, users.email),
    lt(accountTokens.attempts, MAX_ATTEMPTS),
  );

/** Every method runs on the connection or in the transaction it is given. */
export function createSignInRepository() {
  return {
    /**
     * Stores the tokens and the mail. Undefined if the address belongs to no account that can be signed in to, or if that has got too many
     * mails. It is one statement, so that it does the same work for every address apart from the rows themselves. Requests for one address
     * wait for each other, at its quota.
     */
    request: async (
      { email, locale, linkHash, deviceHash, codeHash, content, lifetime, quota }: NewSignIn,
      on: Db,
    ): Promise<number | undefined> => {
      const expiresAt = sql`now() + make_interval(secs => ${lifetime})`;
      const [row] = await on.execute<{ user_id: number | null }>(sql`
        with taken as (${takeFrom(quota)}), account as (
          select ${users.id}, coalesce(${users.locale}, ${locale}::text) as locale from ${users}
          where ${users.email} = ${email} and ${canLogIn} and exists (select 1 from taken)
        ), tokens as (
          insert into ${accountTokens} (user_id, purpose, token_hash, email, account_email, code_hash, expires_at)
          select account.id, new.purpose, new.token_hash, ${email}::text, ${email}::text, new.code_hash, ${expiresAt}
          from account, (values
            ('sign_in', ${linkHash}::bytea, null::bytea),
            ('sign_in_code', ${deviceHash}::bytea, ${codeHash}::bytea)
          ) as new (purpose, token_hash, code_hash)
        ), mail as (
          insert into ${mails} (kind, user_id, recipient, locale, urgent, content, expires_at)
          select 'sign_in', account.id, ${email}::text, account.locale, true, ${content}::bytea, ${expiresAt} from account
        )
        select (select id from account) as user_id, pg_notify(${MAILS_CHANNEL}, '')`);
      return row?.user_id ?? undefined;
    },

    /**
     * Locks the account of a token that can be used, before the token itself: other transactions that change or delete the account take
     * their locks in this order. Undefined if there is no such token.
     */
    lockAccount: async (
      purpose: 'sign_in' | 'sign_in_code',
      tokenHash: Buffer,
      on: Db,
    ): Promise<LoginAccount | undefined> => {
      const [account] = await on
        .select(loginAccount)
        .from(accountTokens)
        .innerJoin(users, eq(users.id, accountTokens.userId))
        .where(and(isUsable(tokenHash, purpose), canLogIn))
        .for('no key update', { of: users });
      return account;
    },

    /** The address of the account of a link that can be used. */
    findAddress: async (tokenHash: Buffer, on: Db): Promise<string | undefined> => {
      const [row] = await on
        .select({ email: users.email })
        .from(accountTokens)
        .innerJoin(users, eq(users.id, accountTokens.userId))
        .where(and(isUsable(tokenHash, 'sign_in'), canLogIn));
      return row?.email;
    },

    /**
     * Counts a code as wrong before it is compared, and returns the hash of the right one. Undefined if no code can be tried any more: on
     * the token, on its account, or on all accounts.
     */
    countAttempt: async (tokenHash: Buffer, wrongCodes: Quota, on: Db): Promise<Buffer | undefined> => {
      const { anywhere, fromKnownNetworks } = MAX_WRONG_PER_DAY;
      const [row] = await on.execute<{ code_hash: Buffer }>(sql`
        update ${accountTokens} set attempts = ${accountTokens.attempts} + 1
        from ${users}
        where ${users.id} = ${accountTokens.userId} and ${isUsable(tokenHash, 'sign_in_code')} and ${hasRoom(wrongCodes)}
          and case when ${isOfNetwork(wrongCodes)} then ${fromKnownNetworks}::int else ${anywhere}::int end > (
            select coalesce(sum(other.attempts), 0) from ${accountTokens} other
            where other.user_id = ${accountTokens.userId} and other.purpose = 'sign_in_code'
              and other.created_at > now() - interval '1 day')
        returning ${accountTokens.codeHash}`);
      return row && Buffer.from(row.code_hash);
    },

    /** The code that was counted was right. */
    uncountAttempt: async (tokenHash: Buffer, on: Db): Promise<void> => {
      await on.execute(
        sql`update ${accountTokens} set attempts = attempts - 1 where token_hash = ${tokenHash} and attempts > 0`,
      );
    },

    /** The code was wrong, on a token that could be used or not. Returns whether that has used up the quota. */
    takeWrongCode: async (wrongCodes: Quota, wasCounted: boolean, on: Db): Promise<boolean> => {
      const [taken] = await on.execute<{ is_used_up: boolean }>(takeFrom(wrongCodes, sql`${wasCounted}::boolean`));
      return taken?.is_used_up === true;
    },

    /** Makes all links and codes of an account invalid. */
    useAll: async (userId: number, on: Db): Promise<void> => {
      await on.execute(sql`
        update ${accountTokens} set used_at = now()
        where user_id = ${userId}::int and purpose in ('sign_in', 'sign_in_code') and used_at is null`);
    },
  };
}

export type SignInRepository = ReturnType<typeof createSignInRepository>;
