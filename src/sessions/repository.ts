// Queries on sessions. Every decision is made inside the statement, by Postgres's clock.
import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { sessions, users } from '#drizzle/schema.js';
import { createCitusCheck } from '#platform/database/citus.js';
import type { Db } from '#platform/database/database.js';
import { createBulkRepository } from './bulk-repository.js';
import { expiresAt, hasPasswordHash, isAllowedByAccount, isInCurrentEpoch, isLive, isSession } from './conditions.js';
import { CONSIDERED_SESSIONS, LISTED_SESSIONS } from './limits.js';
import { createLoginRepository, type NewSession } from './login-repository.js';
import { createRevocationRepository } from './revocation-repository.js';
import { createRotationRepository } from './rotation-repository.js';
import { type TokenSubject, tokenSubject } from './token-subject.js';

export type { RevocationReason, SessionKey } from './bulk-repository.js';
export type { NewSession, StoredSession } from './login-repository.js';
export type { Revocation, RevocationOutcome } from './revocation-repository.js';
export type { Rotation, RotationOutcome } from './rotation-repository.js';

/** A live session, as lists show it. */
export interface ListedSession {
  readonly id: number;
  readonly createdAt: Date;
  readonly refreshedAt: Date;
  /** When the session ends unless it is refreshed, by the current SESSION_MAX_LIFETIME. */
  readonly expiresAt: Date;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** A new proof of identity in a session. */
export interface Reauthentication {
  readonly userId: number;
  readonly sessionId: number;
  /** All methods of the session, the new ones included. */
  readonly amr: string;
  /** The hash that the account must still have; null: it must still have no password. Undefined: any. */
  readonly passwordHash: string | null | undefined;
}

const ph = sql.placeholder;

/** Prepares the statements on `db`; a method that takes `on` runs in the transaction it is given. */
export function createSessionsRepository(db: Db) {
  const find = db
    .select({
      generation: sessions.generation,
      refreshTokenHash: sessions.refreshTokenHash,
      retryKeys: sessions.retryKeys,
      isLive: sql<boolean>`${and(isLive, isAllowedByAccount(sessions, users))}`,
      secondsSinceRefresh: sql<number>`extract(epoch from now() - ${sessions.refreshedAt})::float8`,
      ...tokenSubject,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(isSession)
    .prepare('session_find');

  const reauthenticateOn = (on: Db) =>
    on
      .update(sessions)
      .set({ authenticatedAt: sql`now()`, amr: sql`${ph('amr')}::text` })
      .from(users)
      .where(
        and(
          isSession,
          isLive,
          eq(users.id, sessions.userId),
          sql`(${ph('isAnyPassword')}::boolean or ${hasPasswordHash})`,
          isAllowedByAccount(sessions, users),
        ),
      )
      .returning(tokenSubject)
      .prepare('session_reauthenticate');

  // Uses the index on sessions that are not revoked: listing costs the same for an account with a million sessions as for one with
  // hundreds.
  const newest = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(
      and(
        eq(sessions.userId, ph('userId')),
        isNull(sessions.revokedAt),
        sql`${sessions.epoch} = (select account.session_epoch from ${users} account where account.id = ${ph('userId')})`,
      ),
    )
    .orderBy(desc(sessions.createdAt))
    .limit(CONSIDERED_SESSIONS);
  const list = db
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      refreshedAt: sessions.refreshedAt,
      expiresAt: expiresAt.mapWith(sessions.expiresAt),
      ip: sessions.ip,
      userAgent: sessions.userAgent,
    })
    .from(users)
    .leftJoin(
      sessions,
      and(eq(sessions.userId, users.id), inArray(sessions.id, newest), isLive, isInCurrentEpoch(sessions, users)),
    )
    .where(and(eq(users.id, ph('userId')), isNull(users.disabledAt)))
    .orderBy(desc(sessions.refreshedAt), desc(sessions.id))
    .limit(LISTED_SESSIONS)
    .prepare('session_list');

  // Locks the account's row first, then the session's. Every other statement that locks both takes them in that order.
  const lockLiveOn = (on: Db) =>
    on
      .select({ id: sessions.id })
      .from(users)
      .innerJoin(sessions, eq(sessions.userId, users.id))
      .where(and(eq(users.id, ph('userId')), isSession, isLive, isAllowedByAccount(sessions, users)))
      .for('no key update')
      .prepare('session_lock_live');

  const hasCitus = createCitusCheck(db);

  return {
    /** A session, live or not, and its user. `maxLifetime`: see Lifetimes. */
    find: async (userId: number, sessionId: number, maxLifetime: number) =>
      (await find.execute({ userId, sessionId, maxLifetime }))[0],

    /** How the owner of a session has proved their identity: see StoredAuthentication. */
    amrOf: async ({ userId, sessionId }: Pick<NewSession, 'userId' | 'sessionId'>, on: Db): Promise<string | null> => {
      const found = await on
        .select({ amr: sessions.amr })
        .from(sessions)
        .where(and(eq(sessions.userId, userId), eq(sessions.id, sessionId)));
      return found[0]?.amr ?? null;
    },

    /**
     * Renews the proof of identity of a live session that the transaction has locked. Undefined if the session is over, or the account no
     * longer has the password.
     */
    reauthenticate: async (
      { passwordHash, ...values }: Reauthentication,
      maxLifetime: number,
      on: Db,
    ): Promise<TokenSubject | undefined> => {
      const password = { passwordHash: passwordHash ?? null, isAnyPassword: passwordHash === undefined };
      return (await reauthenticateOn(on).execute({ ...values, ...password, maxLifetime }))[0];
    },

    /**
     * The live sessions of a user, most recently refreshed first, at most LISTED_SESSIONS. Undefined if the account is deleted or disabled.
     * `maxLifetime`: see Lifetimes.
     */
    list: async (userId: number, maxLifetime: number): Promise<ListedSession[] | undefined> => {
      const rows = await list.execute({ userId, maxLifetime });
      return rows.length === 0 ? undefined : rows.filter((row): row is ListedSession => row.id !== null);
    },

    /**
     * Locks a live session and its account until the end of the transaction. False if the session is over or the account is disabled.
     * Other transactions that end the session or lock the account have to wait.
     */
    lockLive: async (userId: number, sessionId: number, maxLifetime: number, on: Db): Promise<boolean> =>
      (await lockLiveOn(on).execute({ userId, sessionId, maxLifetime })).length > 0,

    ...createLoginRepository(db, hasCitus),
    ...createRotationRepository(db, hasCitus),
    ...createRevocationRepository(db, hasCitus),
    ...createBulkRepository(db),
  };
}

export type SessionsRepository = ReturnType<typeof createSessionsRepository>;
