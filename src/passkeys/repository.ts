// Queries on passkeys, and on the challenges that were used.
import { and, asc, eq, lt, or, sql } from 'drizzle-orm';
import { passkeys, usedPasskeyChallenges, users } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';
import type { KnownChallenge } from './challenges.js';

/** A passkey, as its owner sees it. */
export interface Passkey {
  readonly id: number;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  /** Whether a copy exists outside the device, such as in the account of a password manager. */
  readonly backedUp: boolean;
}

/** A passkey with what verifies its signatures. */
export interface StoredPasskey {
  readonly id: number;
  readonly userId: number;
  readonly credentialId: Buffer;
  /** COSE (RFC 9052). */
  readonly publicKey: Buffer;
}

/** A passkey that its owner has just created. */
export interface NewPasskey {
  readonly userId: number;
  readonly name: string;
  readonly credentialId: Buffer;
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  readonly transports: readonly string[];
}

/** What an assertion says about its passkey. */
export interface PasskeyUse {
  readonly counter: number;
  readonly backedUp: boolean;
}

const passkey = {
  id: passkeys.id,
  name: passkeys.name,
  createdAt: passkeys.createdAt,
  lastUsedAt: passkeys.lastUsedAt,
  backedUp: passkeys.backedUp,
};

/** Queries on `db`; a method that takes `on` runs in the transaction it is given. */
export function createPasskeysRepository(db: Db) {
  return {
    /** The passkeys of an account, oldest first. */
    list: (userId: number, on: Db = db): Promise<Passkey[]> =>
      on.select(passkey).from(passkeys).where(eq(passkeys.userId, userId)).orderBy(asc(passkeys.id)),

    /** What browsers need to know of the passkeys of an account. */
    listCredentials: (userId: number): Promise<{ credentialId: Buffer; transports: string[] }[]> =>
      db
        .select({ credentialId: passkeys.credentialId, transports: passkeys.transports })
        .from(passkeys)
        .where(eq(passkeys.userId, userId))
        .orderBy(asc(passkeys.id)),

    findByCredential: async (credentialId: Buffer): Promise<StoredPasskey | undefined> =>
      (
        await db
          .select({
            id: passkeys.id,
            userId: passkeys.userId,
            credentialId: passkeys.credentialId,
            publicKey: passkeys.publicKey,
          })
          .from(passkeys)
          .where(eq(passkeys.credentialId, credentialId))
      )[0],

    /** Adds a passkey to an account that the transaction has locked. Undefined if there is a passkey with this credential id. */
    insert: async ({ transports, ...values }: NewPasskey, on: Db): Promise<Passkey | undefined> => {
      const [added] = await on
        .insert(passkeys)
        .values({ ...values, transports: [...transports] })
        .onConflictDoNothing({ target: passkeys.credentialId })
        .returning(passkey);
      if (added !== undefined) {
        await on.update(users).set({ hasSecondFactor: true, updatedAt: sql`now()` }).where(eq(users.id, values.userId));
      }
      return added;
    },

    /** Undefined if the account has no such passkey. */
    rename: async (userId: number, id: number, name: string, on: Db): Promise<Passkey | undefined> =>
      (
        await on
          .update(passkeys)
          .set({ name })
          .where(and(eq(passkeys.userId, userId), eq(passkeys.id, id)))
          .returning(passkey)
      )[0],

    /** False if the account has no such passkey. */
    remove: async (userId: number, id: number, on: Db): Promise<boolean> =>
      (
        await on
          .delete(passkeys)
          .where(and(eq(passkeys.userId, userId), eq(passkeys.id, id)))
          .returning({ id: passkeys.id })
      ).length > 0,

    /**
     * Records a use, unless the counter went back: it grows with each use, or stays 0 if the authenticator does not count (WebAuthn
     * section 6.1.1). False also if the passkey was removed.
     */
    recordUse: async (id: number, { counter, backedUp }: PasskeyUse, on: Db): Promise<boolean> =>
      (
        await on
          .update(passkeys)
          .set({ counter, backedUp, lastUsedAt: sql`now()` })
          .where(
            and(
              eq(passkeys.id, id),
              or(lt(passkeys.counter, counter), sql`(${passkeys.counter} = 0 and ${counter}::bigint = 0)`),
            ),
          )
          .returning({ id: passkeys.id })
      ).length > 0,

    /** Uses a challenge: of concurrent uses one succeeds. */
    useChallenge: async ({ hash, expiresAt }: KnownChallenge, on: Db): Promise<boolean> =>
      (
        await on
          .insert(usedPasskeyChallenges)
          .values({ hash, expiresAt })
          .onConflictDoNothing()
          .returning({ hash: usedPasskeyChallenges.hash })
      ).length > 0,
  };
}

export type PasskeysRepository = ReturnType<typeof createPasskeysRepository>;
