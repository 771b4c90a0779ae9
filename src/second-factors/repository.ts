// Queries on second factors, recovery codes, and logins that wait for their second factor.
import { and, asc, count, eq, gt, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { passwordDigestOf } from '#account-tokens/conditions.js';
import { type AuditedAct, placeholdersOf, recordEach } from '#audit/repository.js';
import { accountTokens, passkeys, recoveryCodes, totpFactors, users } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';
import { canLogIn, type LoginAccount, loginAccount } from '#users/conditions.js';

/** An authenticator app, as its owner sees it. */
export interface TotpFactor {
  readonly id: number;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

/** A factor with its encrypted secret. */
export interface StoredTotp {
  readonly id: number;
  readonly userId: number;
  readonly secret: Buffer;
  readonly lastUsedStep: number | null;
}

/** Which kinds of proof an account can give. */
export type Kinds = Readonly<Record<'totp' | 'passkey' | 'recovery_code', boolean>>;

/** A login that waits for its second factor. */
export interface NewChallenge {
  readonly userId: number;
  /** The account's hash when the password was verified: a change makes the challenge invalid. */
  readonly passwordHash: string | null;
  /** How the owner gave the first proof: see src/tokens/authentication.ts. */
  readonly amr: string;
  readonly tokenHash: Buffer;
  /** Seconds. */
  readonly lifetime: number;
}

/** The account of a challenge. */
export interface ChallengedAccount extends LoginAccount {
  /** How the owner gave the first proof; null: not recorded. */
  readonly amr: string | null;
}

const PURPOSE = 'second_factor';
/** Wrong codes after which a challenge is dead. */
const MAX_ATTEMPTS = 5;

const factor = {
  id: totpFactors.id,
  name: totpFactors.name,
  createdAt: totpFactors.createdAt,
  lastUsedAt: totpFactors.lastUsedAt,
};
const stored = {
  id: totpFactors.id,
  userId: totpFactors.userId,
  secret: totpFactors.secret,
  lastUsedStep: totpFactors.lastUsedStep,
};
const isConfirmed = isNotNull(totpFactors.confirmedAt);

/** Not confirmed yet, and begun no longer than an hour ago: the password that was sent for it shows nothing about a later caller. */
const isPending = and(isNull(totpFactors.confirmedAt), gt(totpFactors.createdAt, sql`now() - interval '1 hour'`));

/** The challenge can be used, and the account of its password can be logged in to. */
const isUsable = (tokenHash: Buffer) =>
  and(
    eq(accountTokens.tokenHash, tokenHash),
    eq(accountTokens.purpose, PURPOSE),
    isNull(accountTokens.usedAt),
    gt(accountTokens.expiresAt, sql`now()`),
    lt(accountTokens.attempts, MAX_ATTEMPTS),
    eq(accountTokens.passwordDigest, passwordDigestOf(sql`${users.passwordHash}`)),
    canLogIn,
  );

/** Queries on `db`; a method that takes `on` runs in the transaction it is given. */
export function createSecondFactorsRepository(db: Db) {
  return {
    /** The confirmed factors of an account, oldest first. */
    list: (userId: number, on: Db = db): Promise<TotpFactor[]> =>
      on
        .select(factor)
        .from(totpFactors)
        .where(and(eq(totpFactors.userId, userId), isConfirmed))
        .orderBy(asc(totpFactors.id)),

    /** The same with their secrets. */
    listStored: (userId: number, on: Db): Promise<StoredTotp[]> =>
      on
        .select(stored)
        .from(totpFactors)
        .where(and(eq(totpFactors.userId, userId), isConfirmed))
        .orderBy(asc(totpFactors.id)),

    /** Adds a factor that waits for its first code, in place of one that still waits. */
    insertPending: async (userId: number, name: string, secret: Buffer, on: Db): Promise<number> => {
      await on.delete(totpFactors).where(and(eq(totpFactors.userId, userId), isNull(totpFactors.confirmedAt)));
      const [row] = await on.insert(totpFactors).values({ userId, name, secret }).returning({ id: totpFactors.id });
      return (row as { id: number }).id;
    },

    /** A factor that waits for its first code. */
    findPending: async (userId: number, id: number): Promise<StoredTotp | undefined> =>
      (
        await db
          .select(stored)
          .from(totpFactors)
          .where(and(eq(totpFactors.userId, userId), eq(totpFactors.id, id), isPending))
      )[0],

    /** Confirms a factor of an account that the transaction has locked. Undefined if it does not wait any more. */
    confirm: async (userId: number, id: number, step: number, on: Db): Promise<TotpFactor | undefined> => {
      const [confirmed] = await on
        .update(totpFactors)
        .set({ confirmedAt: sql`now()`, lastUsedStep: step, lastUsedAt: sql`now()` })
        .where(and(eq(totpFactors.userId, userId), eq(totpFactors.id, id), isPending))
        .returning(factor);
      if (confirmed !== undefined) {
        await on.update(users).set({ hasSecondFactor: true, updatedAt: sql`now()` }).where(eq(users.id, userId));
      }
      return confirmed;
    },

    /** Undefined if the account has no such factor. */
    rename: async (userId: number, id: number, name: string, on: Db): Promise<TotpFactor | undefined> =>
      (
        await on
          .update(totpFactors)
          .set({ name })
          .where(and(eq(totpFactors.userId, userId), eq(totpFactors.id, id), isConfirmed))
          .returning(factor)
      )[0],

    /** Removes a factor of an account that the transaction has locked. False if the account has no such factor. */
    remove: async (userId: number, id: number, on: Db): Promise<boolean> =>
      (
        await on
          .delete(totpFactors)
          .where(and(eq(totpFactors.userId, userId), eq(totpFactors.id, id), isConfirmed))
          .returning({ id: totpFactors.id })
      ).length > 0,

    /** Accepts the code of a step, unless that or a later one has been accepted: of concurrent uses one succeeds. */
    useStep: async (id: number, step: number, on: Db): Promise<boolean> =>
      (
        await on
          .update(totpFactors)
          .set({ lastUsedStep: step, lastUsedAt: sql`now()` })
          .where(and(eq(totpFactors.id, id), or(isNull(totpFactors.lastUsedStep), lt(totpFactors.lastUsedStep, step))))
          .returning({ id: totpFactors.id })
      ).length > 0,

    /** Replaces the recovery codes of an account that the transaction has locked. */
    replaceRecoveryCodes: async (userId: number, hashes: readonly Buffer[], on: Db): Promise<void> => {
      await on.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
      await on.insert(recoveryCodes).values(hashes.map((codeHash) => ({ userId, codeHash })));
    },

    /** Uses a recovery code: of concurrent uses one succeeds. */
    useRecoveryCode: async (userId: number, codeHash: Buffer, on: Db): Promise<boolean> =>
      (
        await on
          .update(recoveryCodes)
          .set({ usedAt: sql`now()` })
          .where(
            and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.codeHash, codeHash), isNull(recoveryCodes.usedAt)),
          )
          .returning({ userId: recoveryCodes.userId })
      ).length > 0,

    /** How many recovery codes of the account have not been used. */
    countRecoveryCodes: async (userId: number, on: Db = db): Promise<number> => {
      const [row] = await on
        .select({ left: count() })
        .from(recoveryCodes)
        .where(and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)));
      return row?.left ?? 0;
    },

    /** Which kinds of proof an account can give. */
    kindsOf: async (userId: number, on: Db = db): Promise<Kinds> => {
      const [row] = await on.execute<{ totp: boolean; passkey: boolean; recovery_code: boolean }>(sql`
        select
          exists (select 1 from ${totpFactors} where user_id = ${userId}::int and confirmed_at is not null) as totp,
          exists (select 1 from ${passkeys} where user_id = ${userId}::int) as passkey,
          exists (select 1 from ${recoveryCodes} where user_id = ${userId}::int and used_at is null) as recovery_code`);
      if (row === undefined) throw new Error('SELECT without FROM returned no row');
      return row;
    },

    /** Stores a challenge, and records `event`. False if the account has changed since the password was verified. */
    insertChallenge: async (
      { userId, passwordHash, amr, tokenHash, lifetime }: NewChallenge,
      event: AuditedAct,
      on: Db = db,
    ): Promise<boolean> => {
      const stored = on.$with('stored', {}).as(sql`
        insert into ${accountTokens} (user_id, purpose, token_hash, email, password_digest, amr, expires_at)
        select ${users.id}, ${PURPOSE}, ${tokenHash}, ${users.email}, ${passwordDigestOf(sql`${users.passwordHash}`)}, ${amr}::text,
          now() + make_interval(secs => ${lifetime}::int)
        from ${users}
        where ${users.id} = ${userId}::int and ${users.deletedAt} is null
          and ${users.passwordHash} is not distinct from ${passwordHash}::text
        returning user_id`);
      const rows = await on
        .with(stored, recordEach(on, stored, { type: 'user', id: sql`user_id` }))
        .select({ userId: sql<number>`user_id` })
        .from(sql`${stored}`)
        .prepare('second_factor_challenge')
        .execute(placeholdersOf(event));
      return rows.length > 0;
    },

    /** The account of a challenge that can be used. */
    findChallenged: async (tokenHash: Buffer): Promise<number | undefined> =>
      (
        await db
          .select({ id: users.id })
          .from(accountTokens)
          .innerJoin(users, eq(users.id, accountTokens.userId))
          .where(isUsable(tokenHash))
      )[0]?.id,

    /** Locks the account of a challenge that can be used, before the challenge, as every transaction does. */
    lockChallenged: async (tokenHash: Buffer, on: Db): Promise<ChallengedAccount | undefined> =>
      (
        await on
          .select({ ...loginAccount, amr: accountTokens.amr })
          .from(accountTokens)
          .innerJoin(users, eq(users.id, accountTokens.userId))
          .where(isUsable(tokenHash))
          .for('no key update', { of: users })
      )[0],

    /** Counts an attempt on a challenge whose account is locked. False if it cannot be used any more. */
    countAttempt: async (tokenHash: Buffer, on: Db): Promise<boolean> =>
      (
        await on
          .update(accountTokens)
          .set({ attempts: sql`${accountTokens.attempts} + 1` })
          .from(users)
          .where(and(eq(users.id, accountTokens.userId), isUsable(tokenHash)))
          .returning({ id: accountTokens.id })
      ).length > 0,

    /** Uses a challenge, whose attempt has been counted. */
    useChallenge: async (tokenHash: Buffer, on: Db): Promise<boolean> =>
      (
        await on
          .update(accountTokens)
          .set({ usedAt: sql`now()` })
          .where(and(eq(accountTokens.tokenHash, tokenHash), isNull(accountTokens.usedAt)))
          .returning({ id: accountTokens.id })
      ).length > 0,

    /** The `size` factors that follow `after` in the order of their ids, of all accounts. */
    findStoredAfter: (after: number, size: number): Promise<StoredTotp[]> =>
      db.select(stored).from(totpFactors).where(gt(totpFactors.id, after)).orderBy(asc(totpFactors.id)).limit(size),

    /** Replaces an encrypted secret, unless it has changed. */
    replaceSecret: async (id: number, previous: Buffer, next: Buffer): Promise<boolean> =>
      (
        await db
          .update(totpFactors)
          .set({ secret: next })
          .where(and(eq(totpFactors.id, id), eq(totpFactors.secret, previous)))
          .returning({ id: totpFactors.id })
      ).length > 0,
  };
}

export type SecondFactorsRepository = ReturnType<typeof createSecondFactorsRepository>;
