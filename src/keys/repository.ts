// Queries on signing keys. Each change of state is conditional on the state before, so that of many instances one makes it.
import { and, asc, eq, lte, sql } from 'drizzle-orm';
import { signingKeys } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';
import type { KeyMaterial } from './signing-key.js';

/** The channel on which a change is announced. */
export const SIGNING_KEYS_CHANNEL = 'latchkey_signing_keys';

type KeyState = (typeof signingKeys.$inferSelect)['state'];

/** Material whose private key is sealed. */
export type SealedKey = KeyMaterial;

interface Rotation {
  /** The key that signs now, and goes. */
  readonly active: string;
  /** The key that signs from now on. */
  readonly next: string;
  /** How old, in seconds, the next key must be: it has been published for so long. */
  readonly minimumAge: number;
  /** The lifetime of access tokens now, in seconds; the retired key may have signed longer ones. */
  readonly lifetime: number;
  /** How much longer, in seconds, the retired key stays than its last token. */
  readonly margin: number;
  /** The key after the next. */
  readonly afterNext: SealedKey;
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
      /** Whether its last token is dead. */
      expired: sql<boolean>`${signingKeys.state} = 'retired' and coalesce(${signingKeys.expiresAt} <= now(), false)`,
    })
    .from(signingKeys)
    .orderBy(asc(signingKeys.createdAt), asc(signingKeys.kid))
    .prepare('signing_keys_all');

  const is = (kid: string, state: 'next' | 'active') => and(eq(signingKeys.kid, kid), eq(signingKeys.state, state));

  /** Sent by Postgres when, and only when, the transaction commits. */
  const announce = (on: Db, kid: string) => on.execute(sql`select pg_notify(${SIGNING_KEYS_CHANNEL}, ${kid})`);

  const insert = async (key: SealedKey, state: 'next' | 'active', on: Db): Promise<boolean> => {
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
      .where(and(is(kid, 'next'), lte(signingKeys.createdAt, sql`now() - ${seconds(minimumAge)}`)))
      .returning({ kid: signingKeys.kid });
    return rows.length > 0;
  };

  return {
    /** Every key, the oldest first. */
    findAll: () => all.execute(),

    /** False when there is one in this state already. */
    insert: (key: SealedKey, state: 'next' | 'active'): Promise<boolean> =>
      db.transaction(async (tx) => {
        const inserted = await insert(key, state, tx);
        if (inserted) await announce(tx, key.kid);
        return inserted;
      }),

    /** Puts another key into the place of the next one; false when that is the next one no more. */
    replaceNext: (kid: string, key: SealedKey): Promise<boolean> =>
      db.transaction(async (tx) => {
        const gone = await tx.delete(signingKeys).where(is(kid, 'next')).returning({ kid: signingKeys.kid });
        if (gone.length === 0) return false;
        await insert(key, 'next', tx);
        await announce(tx, key.kid);
        return true;
      }),

    /** The next key signs, where none does; false when it is the next one no more, or another signs. */
    activate: (kid: string): Promise<boolean> =>
      db.transaction(async (tx) => {
        const activated = await activate(kid, 0, tx);
        if (activated) await announce(tx, kid);
        return activated;
      }),

    /** All of a rotation or nothing, what `record` writes in its transaction too; false when another one came first, or the next key is too young. */
    rotate: async (
      { active, next, minimumAge, lifetime, margin, afterNext }: Rotation,
      record: (on: Db) => Promise<void>,
    ): Promise<boolean> => {
      const undone = new Error('undone');
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
        if (retired.length === 0 || !(await activate(next, minimumAge, tx))) throw undone;
        await insert(afterNext, 'next', tx);
        await record(tx);
        await announce(tx, next);
        return true;
      });
      return rotated.catch((error: unknown) => {
        if (error === undone) return false;
        throw error;
      });
    },

    /**
     * Ends a key at once, with all tokens that it has signed; when it was the active one the next one takes its place,
     * however young. `record` is told the state that it was in, and writes in the same transaction. The same state;
     * undefined when there is no such key.
     */
    remove: (kid: string, record: (state: KeyState, on: Db) => Promise<void>) =>
      db.transaction(async (tx) => {
        const [gone] = await tx
          .delete(signingKeys)
          .where(eq(signingKeys.kid, kid))
          .returning({ state: signingKeys.state });
        if (gone?.state === 'active') {
          await tx
            .update(signingKeys)
            .set({ state: 'active', activatedAt: sql`now()` })
            .where(eq(signingKeys.state, 'next'));
        }
        if (gone === undefined) return undefined;
        await record(gone.state, tx);
        await announce(tx, kid);
        return gone.state;
      }),

    /** Deletes the retired keys whose last token is dead; returns which. */
    removeExpired: (): Promise<{ kid: string }[]> =>
      db.transaction(async (tx) => {
        const gone = await tx
          .delete(signingKeys)
          .where(and(eq(signingKeys.state, 'retired'), lte(signingKeys.expiresAt, sql`now()`)))
          .returning({ kid: signingKeys.kid });
        for (const { kid } of gone) await announce(tx, kid);
        return gone;
      }),

    /** Puts a new seal in the place of an old one; false when that has been done. */
    reseal: (kid: string, previous: Buffer, sealed: Buffer): Promise<boolean> =>
      db.transaction(async (tx) => {
        const rows = await tx
          .update(signingKeys)
          .set({ privateKey: sealed })
          .where(and(eq(signingKeys.kid, kid), eq(signingKeys.privateKey, previous)))
          .returning({ kid: signingKeys.kid });
        if (rows.length > 0) await announce(tx, kid);
        return rows.length > 0;
      }),

    /** Notes that a key signs tokens that live for so long (seconds). */
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
