// Queries on signing keys. Each state change is conditional on the previous state, so that only one of many instances makes it.
import { and, asc, eq, lte, sql } from 'drizzle-orm';
import { signingKeys } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';
import type { StoredKey } from './signing-key.js';

/** The NOTIFY channel for changes to signing keys. */
export const SIGNING_KEYS_CHANNEL = 'latchkey_signing_keys';

type KeyState = (typeof signingKeys.$inferSelect)['state'];

/** A key whose private key is encrypted. */
export type EncryptedKey = StoredKey;

interface Rotation {
  /** The kid of the active key, which is retired. */
  readonly active: string;
  /** The kid of the next key, which becomes active. */
  readonly next: string;
  /** The minimum time in seconds for which the next key must have been published. */
  readonly minimumAge: number;
  /** The current lifetime of access tokens in seconds. The retired key may have signed tokens with a longer one. */
  readonly lifetime: number;
  /** How long the retired key is kept after its last token has expired, in seconds. */
  readonly margin: number;
  /** The new next key. */
  readonly afterNext: EncryptedKey;
}

const seconds = (value: number) => sql`${value}::int * interval '1 second'`;
const secondsSince = (column: unknown) => sql<number>`extract(epoch from now() - ${column})::float8`;

/** Prepares the statements on `db`. */
export function createSigningKeysRepository(db: Db) {
  const all = db
    .select({
      kid: signingKeys.kid,
      alg: signingKeys.alg,
      publicJwk: signingKeys.publicJwk,
      privateKey: signingKeys.privateKey,
      state: signingKeys.state,
      longestLifetime: signingKeys.longestLifetime,
      createdAt: signingKeys.createdAt,
      activatedAt: signingKeys.activatedAt,
      retiredAt: signingKeys.retiredAt,
      expiresAt: signingKeys.expiresAt,
      secondsSinceCreated: secondsSince(signingKeys.createdAt),
      secondsSinceActivated: secondsSince(signingKeys.activatedAt),
      /** Whether its last token has expired. */
      expired: sql<boolean>`${signingKeys.state} = 'retired' and coalesce(${signingKeys.expiresAt} <= now(), false)`,
    })
    .from(signingKeys)
    .orderBy(asc(signingKeys.createdAt), asc(signingKeys.kid))
    .prepare('signing_keys_all');

  const is = (kid: string, state: 'next' | 'active') => and(eq(signingKeys.kid, kid), eq(signingKeys.state, state));

  /** Postgres delivers the notification only if the transaction commits. */
  const announce = (on: Db, kid: string) => on.execute(sql`select pg_notify(${SIGNING_KEYS_CHANNEL}, ${kid})`);

  const insert = async (key: EncryptedKey, state: 'next' | 'active', on: Db): Promise<boolean> => {
    const { kid, alg, publicJwk, privateKey } = key;
    const rows = await on
      .insert(signingKeys)
      .values({
        kid,
        alg,
        publicJwk: publicJwk ?? null,
        privateKey,
        state,
        ...(state === 'active' && { activatedAt: sql`now()` }),
      })
      .onConflictDoNothing()
      .returning({ kid: signingKeys.kid });
    return rows.length > 0;
  };

  const activate = async (kid: string, minimumAge: number, on: Db): Promise<boolean> => {
    const rows = await on
      .update(signingKeys)
      .set({ state: 'active', activatedAt: sql`now()` })
      .where(
        and(
          is(kid, 'next'),
          lte(signingKeys.createdAt, sql`now() - ${seconds(minimumAge)}`),
          sql`not exists (select 1 from ${signingKeys} as other where other.state = 'active')`,
        ),
      )
      .returning({ kid: signingKeys.kid });
    return rows.length > 0;
  };

  return {
    /** Every key, oldest first. */
    findAll: () => all.execute(),

    /** Resolves to false if there already is a key in this state. */
    insert: (key: EncryptedKey, state: 'next' | 'active'): Promise<boolean> =>
      db.transaction(async (tx) => {
        const inserted = await insert(key, state, tx);
        if (inserted) await announce(tx, key.kid);
        return inserted;
      }),

    /** Replaces the next key; resolves to false if `kid` is no longer the next key. */
    replaceNext: (kid: string, key: EncryptedKey): Promise<boolean> =>
      db.transaction(async (tx) => {
        const deleted = await tx.delete(signingKeys).where(is(kid, 'next')).returning({ kid: signingKeys.kid });
        if (deleted.length === 0) return false;
        await insert(key, 'next', tx);
        await announce(tx, key.kid);
        return true;
      }),

    /** Makes the next key active. Resolves to false if `kid` is no longer the next key, or if another key is active. */
    activate: (kid: string): Promise<boolean> =>
      db.transaction(async (tx) => {
        const activated = await activate(kid, 0, tx);
        if (activated) await announce(tx, kid);
        return activated;
      }),

    /**
     * Makes the whole rotation or none of it, including what `record` writes in its transaction. Resolves to false if another
     * rotation came first, or if the next key is too young.
     */
    rotate: async (
      { active, next, minimumAge, lifetime, margin, afterNext }: Rotation,
      record: (on: Db) => Promise<void>,
    ): Promise<boolean> => {
      const rollback = new Error('rollback');
      const rotated = db.transaction(async (tx) => {
        const longest = sql`greatest(${signingKeys.longestLifetime}, ${lifetime}::int)`;
        const retired = await tx
          .update(signingKeys)
          .set({
            state: 'retired',
            retiredAt: sql`now()`,
            longestLifetime: longest,
            expiresAt: sql`now() + (${longest} + ${margin}::int) * interval '1 second'`,
          })
          .where(is(active, 'active'))
          .returning({ kid: signingKeys.kid });
        if (retired.length === 0 || !(await activate(next, minimumAge, tx))) throw rollback;
        await insert(afterNext, 'next', tx);
        await record(tx);
        await announce(tx, next);
        return true;
      });
      return rotated.catch((error: unknown) => {
        if (error === rollback) return false;
        throw error;
      });
    },

    /**
     * Deletes a key, which invalidates all tokens that it has signed. If it was the active key, the next key becomes active, however
     * young it is. `record` receives the previous state of the key and writes in the same transaction. Resolves to that state;
     * undefined if there is no such key.
     */
    remove: (kid: string, record: (state: KeyState, on: Db) => Promise<void>) =>
      db.transaction(async (tx) => {
        const [deleted] = await tx
          .delete(signingKeys)
          .where(eq(signingKeys.kid, kid))
          .returning({ state: signingKeys.state });
        if (deleted?.state === 'active') {
          await tx
            .update(signingKeys)
            .set({ state: 'active', activatedAt: sql`now()` })
            .where(eq(signingKeys.state, 'next'));
        }
        if (deleted === undefined) return undefined;
        await record(deleted.state, tx);
        await announce(tx, kid);
        return deleted.state;
      }),

    /** Deletes the retired keys whose last token has expired; resolves to their kids. */
    removeExpired: (): Promise<{ kid: string }[]> =>
      db.transaction(async (tx) => {
        const deleted = await tx
          .delete(signingKeys)
          .where(and(eq(signingKeys.state, 'retired'), lte(signingKeys.expiresAt, sql`now()`)))
          .returning({ kid: signingKeys.kid });
        for (const { kid } of deleted) await announce(tx, kid);
        return deleted;
      }),

    /** Replaces an encrypted private key; resolves to false if it is no longer `previous`. */
    replacePrivateKey: (kid: string, previous: Buffer, encrypted: Buffer): Promise<boolean> =>
      db.transaction(async (tx) => {
        const rows = await tx
          .update(signingKeys)
          .set({ privateKey: encrypted })
          .where(and(eq(signingKeys.kid, kid), eq(signingKeys.privateKey, previous)))
          .returning({ kid: signingKeys.kid });
        if (rows.length > 0) await announce(tx, kid);
        return rows.length > 0;
      }),

    /** Records that a key signs tokens with this lifetime (seconds). */
    raiseLifetime: async (kid: string, lifetime: number): Promise<void> => {
      await db
        .update(signingKeys)
        .set({ longestLifetime: sql`greatest(${signingKeys.longestLifetime}, ${lifetime}::int)` })
        .where(eq(signingKeys.kid, kid));
    },
  };
}

export type SigningKeysRepository = ReturnType<typeof createSigningKeysRepository>;
export type SigningKeyRow = Awaited<ReturnType<SigningKeysRepository['findAll']>>[number];
