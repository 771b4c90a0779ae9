// Queries on sessions. What decides is decided in the statement, by Postgres's clock.
import { and, desc, eq, gte, inArray, isNull, ne, type SQL, sql } from 'drizzle-orm';
import { type AuditedAct, placeholdersOf, recordEach } from '#audit/repository.js';
import { sessions, users } from '#drizzle/schema.js';
import type { DeletedBatch } from '#platform/database/batch.js';
import type { Db } from '#platform/database/database.js';
import { CONSIDERED_SESSIONS, LISTED_SESSIONS } from './limits.js';
import type { RefreshTokenAddress } from './refresh-token.js';
import { NO_RETRY_KEYS, RETRY_KEYS_KEPT_BYTES } from './retry-keys.js';

/** Why a session was ended. */
export type RevocationReason =
  | 'logout'
  | 'logout_everywhere'
  | 'ended_by_user'
  | 'too_many_sessions'
  | 'refresh_token_reused'
  | 'password_changed'
  | 'email_changed'
  | 'ended_by_admin'
  | 'ended_for_everybody'
  | 'disabled'
  | 'password_reset';

/** How long a session lives from now, and from its login at most (0: no such limit), in seconds. */
export interface Lifetimes {
  readonly lifetime: number;
  readonly maxLifetime: number;
}

/** What a login stores. */
export interface NewSession extends Lifetimes {
  readonly userId: number;
  /** The hash that the password was verified against. */
  readonly passwordHash: string;
  readonly sessionId: number;
  readonly refreshTokenHash: Buffer;
  readonly ip: string | undefined;
  readonly userAgent: string | undefined;
}

/** A session as its owner sees it. */
export interface ListedSession {
  readonly id: number;
  readonly createdAt: Date;
  readonly refreshedAt: Date;
  /** When it ends unless it is refreshed; the cap of now counts. */
  readonly expiresAt: Date;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** A place in the order of the table's primary key. */
export interface SessionKey {
  readonly userId: number;
  readonly id: number;
}

/** What a login finds when it counts the living sessions of its account beside its own. */
export interface OtherSessions {
  /** Living ones, the newest first. */
  readonly ids: readonly number[];
  /** Whether there may be more, older ones that were not looked at. */
  readonly more: boolean;
}

/** What became of a window of sessions. */
export interface RevokedBatch {
  readonly ended: number;
  /** The last row of the window; undefined when no others follow. */
  readonly last: SessionKey | undefined;
}

/** The next token for the one that is presented. */
export interface Rotation {
  /** Of the token that is presented. */
  readonly address: RefreshTokenAddress;
  readonly currentHash: Buffer;
  readonly nextHash: Buffer;
  readonly retryKey: Buffer;
}

const ph = sql.placeholder;
const seconds = (name: string) => sql`${ph(name)}::int * interval '1 second'`;
/** When SESSION_MAX_LIFETIME ends a session; null, which `least` passes over, when it is 0. */
const cap = (createdAt: unknown) => sql`${createdAt} + nullif(${ph('maxLifetime')}::int, 0) * interval '1 second'`;
const expiry = (createdAt: unknown) => sql<Date>`least(now() + ${seconds('lifetime')}, ${cap(createdAt)})`;
/** The cap of now counts too: it may have been lowered since `expires_at` was written. */
const endsAt = sql`least(${sessions.expiresAt}, ${cap(sessions.createdAt)})`;
const isUnexpired = sql`${endsAt} > now()`;
/**
 * For a statement that joins `users`: whether the sessions of the account have not all been ended since this one began. "At least"
 * and not "equal": of a session that was kept while the others ended, a statement that waited for its row sees the new epoch,
 * and still the account's old one.
 */
export const isOfEpoch = gte(sessions.epoch, users.sessionEpoch);
/** The same for a statement that does not join `users`. */
const isOfEpochAlone = sql`exists (
  select 1 from ${users} account where account.id = ${sessions.userId} and account.session_epoch <= ${sessions.epoch})`;
/** For a statement with the placeholder `maxLifetime`: whether a session has neither expired nor been ended by itself. */
export const isLiving = and(isUnexpired, isNull(sessions.revokedAt));
/** For a statement with the placeholders `userId` and `sessionId`. */
export const isSession = and(eq(sessions.userId, ph('userId')), eq(sessions.id, ph('sessionId')));

/** Prepares the statements on `db`; a method that takes `on` runs in the transaction it is given. */
export function createSessionsRepository(db: Db) {
  const insertion = (on: Db) =>
    on
      .insert(sessions)
      .select(
        on
          .select({
            userId: users.id,
            id: sql<number>`${ph('sessionId')}::bigint`.as('id'),
            refreshTokenHash: sql<Buffer>`${ph('refreshTokenHash')}::bytea`.as('refresh_token_hash'),
            generation: sql<number>`0`.as('generation'),
            retryKeys: sql<Buffer>`${ph('retryKeys')}::bytea`.as('retry_keys'),
            createdAt: sql<Date>`now()`.as('created_at'),
            refreshedAt: sql<Date>`now()`.as('refreshed_at'),
            expiresAt: expiry(sql`now()`).as('expires_at'),
            ip: sql<string | null>`${ph('ip')}::text`.as('ip'),
            userAgent: sql<string | null>`${ph('userAgent')}::text`.as('user_agent'),
            revokedAt: sql<Date | null>`null::timestamptz`.as('revoked_at'),
            revokedReason: sql<string | null>`null::text`.as('revoked_reason'),
            // Of the row as it is locked: after a change of the password that this had to wait for, that of the changed account.
            epoch: sql<number>`${users.sessionEpoch}`.as('epoch'),
          })
          .from(users)
          .where(and(eq(users.id, ph('userId')), eq(users.passwordHash, ph('passwordHash')), isNull(users.disabledAt)))
          // A change of the password or a disabling at the same moment either comes first, and this finds no row, or waits
          // for this session and then ends it.
          .for('share'),
      )
      .returning({ id: sessions.id });
  const insertOn = (on: Db) => {
    const begun = on.$with('begun').as(insertion(on));
    return on
      .with(begun, recordEach(on, begun, { type: 'session', id: begun.id }))
      .select()
      .from(begun)
      .prepare('session_insert');
  };
  const insert = insertOn(db);

  const rotated = (to: { nextHash: SQL; retryKey: SQL }) => ({
    generation: sql`${sessions.generation} + 1`,
    refreshTokenHash: to.nextHash,
    retryKeys: sql`${to.retryKey} || substring(${sessions.retryKeys} from 1 for ${sql.raw(String(RETRY_KEYS_KEPT_BYTES))})`,
    refreshedAt: sql`now()`,
    expiresAt: expiry(sessions.createdAt),
  });
  const rotate = db
    .update(sessions)
    .set(rotated({ nextHash: sql`${ph('nextHash')}::bytea`, retryKey: sql`${ph('retryKey')}::bytea` }))
    .from(users)
    .where(
      and(
        isSession,
        eq(sessions.generation, ph('generation')),
        eq(sessions.refreshTokenHash, ph('currentHash')),
        isLiving,
        eq(users.id, sessions.userId),
        isNull(users.disabledAt),
        isOfEpoch,
      ),
    )
    .returning({ username: users.username, roles: users.roles })
    .prepare('session_rotate');
  // What another transaction holds is passed over: nobody waits behind the session of somebody else, and no two of these
  // statements wait for each other.
  const rotateEach = db
    .update(sessions)
    .set(rotated({ nextHash: sql`asked.next_hash`, retryKey: sql`asked.retry_key` }))
    .from(sql`(
      select asked.*, u.username, u.roles
      from json_to_recordset(${ph('rotations')}::json) as asked (
        user_id int, id bigint, generation int, current_hash bytea, next_hash bytea, retry_key bytea
      )
      join ${sessions} s on s.user_id = asked.user_id and s.id = asked.id
      join ${users} u on u.id = asked.user_id
      where u.disabled_at is null and s.epoch >= u.session_epoch
      for no key update of s skip locked
    ) as asked`)
    .where(
      and(
        eq(sessions.userId, sql`asked.user_id`),
        eq(sessions.id, sql`asked.id`),
        eq(sessions.generation, sql`asked.generation`),
        eq(sessions.refreshTokenHash, sql`asked.current_hash`),
        isLiving,
      ),
    )
    .returning({
      userId: sessions.userId,
      sessionId: sessions.id,
      username: sql<string>`asked.username`,
      roles: sql`asked.roles`.mapWith(users.roles),
    })
    .prepare('session_rotate_each');

  const find = db
    .select({
      generation: sessions.generation,
      refreshTokenHash: sessions.refreshTokenHash,
      retryKeys: sessions.retryKeys,
      alive: sql<boolean>`${isLiving} and ${users.disabledAt} is null and ${isOfEpoch}`,
      secondsSinceRefresh: sql<number>`extract(epoch from now() - ${sessions.refreshedAt})::float8`,
      username: users.username,
      roles: users.roles,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(isSession)
    .prepare('session_find');

  const revoked = db.$with('revoked').as(
    db
      .update(sessions)
      .set({ revokedAt: sql`now()`, revokedReason: sql`${ph('reason')}::text` })
      .where(and(isSession, isNull(sessions.revokedAt), isOfEpochAlone))
      .returning({ id: sessions.id, userId: sessions.userId }),
  );
  const revoke = {
    session: db
      .with(revoked, recordEach(db, revoked, { type: 'session', id: revoked.id }))
      .select()
      .from(revoked)
      .prepare('session_revoke'),
    user: db
      .with(revoked, recordEach(db, revoked, { type: 'user', id: revoked.userId }))
      .select()
      .from(revoked)
      .prepare('session_revoke_of_user'),
  };

  // By the index on the living: an account with a million sessions costs no more than one with some hundreds.
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
      expiresAt: endsAt.mapWith(sessions.expiresAt),
      ip: sessions.ip,
      userAgent: sessions.userAgent,
    })
    .from(users)
    .leftJoin(sessions, and(eq(sessions.userId, users.id), inArray(sessions.id, newest), isLiving, isOfEpoch))
    .where(and(eq(users.id, ph('userId')), isNull(users.disabledAt)))
    .orderBy(desc(sessions.refreshedAt), desc(sessions.id))
    .limit(LISTED_SESSIONS)
    .prepare('session_list');

  // Both rows, the account's first: whatever else locks a session after its account waits there, and in that order.
  const holdOn = (on: Db) =>
    on
      .select({ id: sessions.id })
      .from(users)
      .innerJoin(sessions, eq(sessions.userId, users.id))
      .where(and(eq(users.id, ph('userId')), isSession, isLiving, isOfEpoch, isNull(users.disabledAt)))
      .for('no key update')
      .prepare('session_hold');

  const revokeLivingOn = (on: Db) =>
    on
      .update(sessions)
      .set({ revokedAt: sql`now()`, revokedReason: sql`${ph('reason')}::text` })
      .where(and(isSession, isLiving, isOfEpochAlone))
      .returning({ id: sessions.id })
      .prepare('session_revoke_living');

  // The newest of the account's sessions but one, as many as are looked at, and which of them live; of an account where that one
  // does not live any more, none.
  const othersOn = (on: Db) =>
    on
      .select({ id: sessions.id, isLiving: sql<boolean>`${isLiving}` })
      .from(sessions)
      .where(
        and(
          eq(sessions.userId, ph('userId')),
          ne(sessions.id, ph('sessionId')),
          isNull(sessions.revokedAt),
          sql`${sessions.epoch} = (
            select account.session_epoch from ${users} account
            join ${sessions} own on own.user_id = account.id and own.epoch >= account.session_epoch
            where account.id = ${ph('userId')} and own.id = ${ph('sessionId')} and own.revoked_at is null)`,
        ),
      )
      .orderBy(desc(sessions.createdAt), desc(sessions.id))
      .limit(ph('limit'))
      .prepare('session_others');
  const others = othersOn(db);

  const insertValues = (session: NewSession) => ({
    ...session,
    retryKeys: NO_RETRY_KEYS,
    ip: session.ip ?? null,
    userAgent: session.userAgent ?? null,
  });

  return {
    /**
     * Begins a session and writes `event` down; false when the account is gone, disabled, or no longer has the password. In a
     * transaction with `on`.
     */
    insert: async (session: NewSession, event: AuditedAct, on?: Db): Promise<boolean> => {
      const statement = on === undefined ? insert : insertOn(on);
      return (await statement.execute({ ...insertValues(session), ...placeholdersOf(event) })).length > 0;
    },

    /** Nobody else logs in to the account before the transaction ends. */
    lockAccount: async (userId: number, on: Db): Promise<void> => {
      await on.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update');
    },

    /**
     * The living sessions of the account of `session` beside that one, among the newest `limit` that were not ended; none when that one
     * has ended meanwhile.
     */
    findOthers: async (
      { userId, sessionId, maxLifetime }: NewSession,
      limit: number,
      on?: Db,
    ): Promise<OtherSessions> => {
      const statement = on === undefined ? others : othersOn(on);
      const rows = await statement.execute({ userId, sessionId, maxLifetime, limit });
      return { ids: rows.filter((row) => row.isLiving).map(({ id }) => id), more: rows.length === limit };
    },

    /**
     * Puts the next token in the place of the presented one, if that is the session's current one and session and user
     * are alive: one statement, so that of any number at once exactly one succeeds. Undefined when it does not.
     */
    rotate: async ({ address, ...rotation }: Rotation, lifetimes: Lifetimes) =>
      (await rotate.execute({ ...address, ...rotation, ...lifetimes }))[0],

    /**
     * The same for many sessions in one statement and one commit, each of them once. Undefined also where somebody else holds the
     * session at the moment: then only `rotate` can tell.
     */
    rotateEach: async (rotations: readonly Rotation[], lifetimes: Lifetimes) => {
      const asked = rotations.map(({ address, currentHash, nextHash, retryKey }) => ({
        user_id: address.userId,
        id: address.sessionId,
        generation: address.generation,
        current_hash: `\\x${currentHash.toString('hex')}`,
        next_hash: `\\x${nextHash.toString('hex')}`,
        retry_key: `\\x${retryKey.toString('hex')}`,
      }));
      const rows = await rotateEach.execute({ rotations: JSON.stringify(asked), ...lifetimes });
      const found = new Map(rows.map(({ userId, sessionId, ...user }) => [`${userId}/${sessionId}`, user]));
      return rotations.map(({ address: { userId, sessionId } }) => found.get(`${userId}/${sessionId}`));
    },

    /** `maxLifetime`: as in Lifetimes. */
    find: async (userId: number, sessionId: number, maxLifetime: number) =>
      (await find.execute({ userId, sessionId, maxLifetime }))[0],

    /** Ends a session and writes `event` down, on the session or its user; false when there is none or it has been ended before. */
    revoke: async (
      { userId, sessionId }: Pick<NewSession, 'userId' | 'sessionId'>,
      reason: RevocationReason,
      event: AuditedAct,
      on: 'session' | 'user',
    ): Promise<boolean> =>
      (await revoke[on].execute({ userId, sessionId, reason, ...placeholdersOf(event) })).length > 0,

    /**
     * The living sessions of a user, the one refreshed last first, LISTED_SESSIONS at most; undefined when the account is
     * gone or disabled. `maxLifetime`: as in Lifetimes.
     */
    list: async (userId: number, maxLifetime: number): Promise<ListedSession[] | undefined> => {
      const rows = await list.execute({ userId, maxLifetime });
      return rows.length === 0 ? undefined : rows.filter((row): row is ListedSession => row.id !== null);
    },

    /**
     * Locks a living session and its account until the end of the transaction; false when the session is over or the
     * account disabled. Whatever ends the session otherwise has to wait, and so has whatever else holds the account.
     */
    hold: async (userId: number, sessionId: number, maxLifetime: number, on: Db): Promise<boolean> =>
      (await holdOn(on).execute({ userId, sessionId, maxLifetime })).length > 0,

    /** Ends a session that lives; false when there is none. */
    revokeLiving: async (
      userId: number,
      sessionId: number,
      reason: RevocationReason,
      maxLifetime: number,
      on: Db,
    ): Promise<boolean> => (await revokeLivingOn(on).execute({ userId, sessionId, reason, maxLifetime })).length > 0,

    /** The time of the database. */
    now: async (): Promise<Date> => {
      const [row] = await db.execute<{ milliseconds: number }>(
        sql`select (extract(epoch from now()) * 1000)::float8 as milliseconds`,
      );
      // Rounded up: what began in this very moment began before it.
      return new Date(Math.ceil(row?.milliseconds ?? 0));
    },

    /** Ends those of the `size` sessions that follow `after` in the order of the primary key which began before `before`. */
    revokeBatch: async (
      { userId, id }: SessionKey,
      size: number,
      before: Date,
      reason: RevocationReason,
      on: Db,
    ): Promise<RevokedBatch> => {
      const [row] = await on.execute<{ ended: number; seen: number; user_id: number; id: string }>(sql`
        with page as (
          select user_id, id from ${sessions}
          where (user_id, id) > (${userId}::int, ${id}::bigint) order by user_id, id limit ${size}::int
        ), ended as (
          update ${sessions} s set revoked_at = now(), revoked_reason = ${reason}::text from page
          where s.user_id = page.user_id and s.id = page.id
            and s.revoked_at is null and s.created_at < ${before.toISOString()}::timestamptz
          returning 1
        )
        select
          (select count(*)::int from ended) as ended,
          (select count(*)::int from page) as seen,
          (select user_id from page order by user_id desc, id desc limit 1),
          (select id from page order by user_id desc, id desc limit 1)`);
      if (row === undefined) throw new Error('a SELECT without FROM gave no row');
      const more = row.seen === size;
      return { ended: row.ended, last: more ? { userId: row.user_id, id: Number(row.id) } : undefined };
    },

    /**
     * Ends all sessions of an account that is locked, but for `kept`, which live: from now on those of a smaller epoch are over.
     * Returns the new epoch. Costs the same however many sessions there are.
     */
    beginEpoch: async (userId: number, kept: readonly number[], on: Db): Promise<number> => {
      const [row] = await on
        .update(users)
        .set({ sessionEpoch: sql`${users.sessionEpoch} + 1` })
        .where(eq(users.id, userId))
        .returning({ epoch: users.sessionEpoch });
      if (row === undefined) throw new Error('the account is not there, though it is locked');
      if (kept.length > 0) {
        await on
          .update(sessions)
          .set({ epoch: row.epoch })
          .where(and(eq(sessions.userId, userId), inArray(sessions.id, [...kept])));
      }
      return row.epoch;
    },

    /** Sessions that the beginning of `epoch` has ended, and that are not marked as ended; `limit` at most. */
    findSuperseded: async (userId: number, epoch: number, limit: number, on: Db): Promise<number[]> => {
      const found = await on
        .select({ id: sessions.id })
        .from(sessions)
        .where(and(eq(sessions.userId, userId), eq(sessions.epoch, epoch - 1), isNull(sessions.revokedAt)))
        .limit(limit);
      return found.map(({ id }) => id);
    },

    /** Marks sessions of an account as ended; how many were not before. */
    revokeSome: async (userId: number, ids: readonly number[], reason: RevocationReason, on: Db): Promise<number> => {
      if (ids.length === 0) return 0;
      const ended = await on
        .update(sessions)
        .set({ revokedAt: sql`now()`, revokedReason: reason })
        .where(and(eq(sessions.userId, userId), inArray(sessions.id, [...ids]), isNull(sessions.revokedAt)))
        .returning({ id: sessions.id });
      return ended.length;
    },

    /** Whether an account has more than `count` sessions, living or not. */
    hasMoreThan: async (userId: number, count: number, on: Db): Promise<boolean> => {
      const found = await on
        .select({ id: sessions.id })
        .from(sessions)
        .where(eq(sessions.userId, userId))
        .orderBy(sessions.id)
        .offset(count)
        .limit(1);
      return found.length > 0;
    },

    /**
     * Of the `size` sessions of an account that follow `after` by their ids, deletes those that a later epoch has ended; of an account
     * that is deleted, all. Waits for no lock: what somebody holds is left to the purge.
     */
    deleteSuperseded: async (userId: number, after: number, size: number, on: Db): Promise<DeletedBatch<number>> => {
      const [row] = await on.execute<{ deleted: number; seen: number; last: string | null }>(sql`
        with page as (
          select id from ${sessions} where user_id = ${userId}::int and id > ${after}::bigint order by id limit ${size}::int
        ), ended as (
          select s.id from ${sessions} s
          join page using (id)
          join ${users} u on u.id = s.user_id
          where s.user_id = ${userId}::int
            and (u.deleted_at is not null or (s.epoch < u.session_epoch and s.revoked_at is null))
          for update of s skip locked
        ), gone as (
          delete from ${sessions} s using ended where s.user_id = ${userId}::int and s.id = ended.id returning 1
        )
        select
          (select count(*)::int from gone) as deleted,
          (select count(*)::int from page) as seen,
          (select max(id) from page) as last`);
      if (row === undefined) throw new Error('a SELECT without FROM gave no row');
      return { deleted: row.deleted, last: row.seen === size && row.last !== null ? Number(row.last) : undefined };
    },
  };
}

export type SessionsRepository = ReturnType<typeof createSessionsRepository>;
