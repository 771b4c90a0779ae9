// Queries that end, count or delete many sessions at once. Part of the sessions repository.
import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { sessions, users } from '#drizzle/schema.js';
import { type BatchRow, batchOf, type DeletedBatch } from '#platform/database/batch.js';
import type { Db } from '#platform/database/database.js';

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
  | 'deletion_scheduled'
  | 'email_verified'
  | 'email_disowned'
  | 'second_factor_added'
  | 'second_factor_removed'
  | 'second_factors_reset'
  | 'email_change_undone'
  | 'password_reset';

/** A position in the order of the table's primary key. */
export interface SessionKey {
  readonly userId: number;
  readonly id: number;
}

/** A SessionKey as the driver returns it, with a bigint as text. */
export type SessionKeyRow = { readonly user_id: number; readonly id: string };

/** The position of a row. */
export function sessionKeyOfRow({ user_id: userId, id }: SessionKeyRow): SessionKey {
  return { userId, id: Number(id) };
}

/** The result of ending one batch of sessions. */
export interface RevokedBatch {
  readonly ended: number;
  /** The last row of the batch; undefined when no rows follow it. */
  readonly last: SessionKey | undefined;
}

/** Queries on `db`; a method that takes `on` runs in the transaction it is given. */
export function createBulkRepository(db: Db) {
  return {
    /** The database's current time. */
    now: async (): Promise<Date> => {
      const [row] = await db.execute<{ milliseconds: number }>(
        sql`select (extract(epoch from now()) * 1000)::float8 as milliseconds`,
      );
      // Rounded up, so that a session that started in this very millisecond counts as earlier.
      return new Date(Math.ceil(row?.milliseconds ?? 0));
    },

    /** Looks at the `size` sessions that follow `after` in primary key order, and ends those that started before `before`. */
    revokeBatch: async (
      { userId, id }: SessionKey,
      size: number,
      before: Date,
      reason: RevocationReason,
      on: Db,
    ): Promise<RevokedBatch> => {
      const rows = await on.execute<BatchRow<SessionKeyRow>>(sql`
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
          (select count(*)::int from ended) as deleted,
          (select count(*)::int from page) as seen,
          (select user_id from page order by user_id desc, id desc limit 1),
          (select id from page order by user_id desc, id desc limit 1)`);
      const { deleted: ended, last } = batchOf(rows, size, sessionKeyOfRow);
      return { ended, last };
    },

    /**
     * Starts a new epoch of an account that the transaction has locked, which ends all its sessions except `kept`, all of them live.
     * Returns the epoch. The cost does not depend on the number of sessions that end.
     */
    beginEpoch: async (userId: number, kept: readonly number[], on: Db): Promise<number> => {
      const [row] = await on
        .update(users)
        .set({ sessionEpoch: sql`${users.sessionEpoch} + 1` })
        .where(eq(users.id, userId))
        .returning({ epoch: users.sessionEpoch });
      if (row === undefined) throw new Error('an account that is locked does not exist');
      if (kept.length > 0) {
        await on
          .update(sessions)
          .set({ epoch: row.epoch })
          .where(and(eq(sessions.userId, userId), inArray(sessions.id, [...kept])));
      }
      return row.epoch;
    },

    /** The ids of up to `limit` sessions that the start of `epoch` ended and that are not yet marked as ended. */
    findSuperseded: async (userId: number, epoch: number, limit: number, on: Db): Promise<number[]> => {
      const found = await on
        .select({ id: sessions.id })
        .from(sessions)
        .where(and(eq(sessions.userId, userId), eq(sessions.epoch, epoch - 1), isNull(sessions.revokedAt)))
        // The order of sessions_living_idx. Without one, Postgres scans the whole table for an account that has a large share of it.
        .orderBy(desc(sessions.createdAt))
        .limit(limit);
      return found.map(({ id }) => id);
    },

    /** Marks sessions of an account as ended. Returns how many were not marked before. */
    revokeByIds: async (userId: number, ids: readonly number[], reason: RevocationReason, on: Db): Promise<number> => {
      if (ids.length === 0) return 0;
      const ended = await on
        .update(sessions)
        .set({ revokedAt: sql`now()`, revokedReason: reason })
        .where(and(eq(sessions.userId, userId), inArray(sessions.id, [...ids]), isNull(sessions.revokedAt)))
        .returning({ id: sessions.id });
      return ended.length;
    },

    /** Whether an account has more than `count` sessions, live or ended. */
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
     * Looks at the `size` sessions of an account that follow `after` by id, and deletes those that a later epoch ended, or all of them if
     * the account is deleted. Skips locked rows instead of waiting for them; the purge deletes those later.
     */
    deleteSuperseded: async (userId: number, after: number, size: number, on: Db): Promise<DeletedBatch<number>> => {
      const rows = await on.execute<BatchRow<{ last: string }>>(sql`
        with page as (
          select id from ${sessions} where user_id = ${userId}::int and id > ${after}::bigint order by id limit ${size}::int
        ), ended as (
          select s.id from ${sessions} s
          join page using (id)
          join ${users} u on u.id = s.user_id
          where s.user_id = ${userId}::int
            and (u.deleted_at is not null or (s.epoch < u.session_epoch and s.revoked_at is null))
          for update of s skip locked
        ), deleted as (
          delete from ${sessions} s using ended where s.user_id = ${userId}::int and s.id = ended.id returning 1
        )
        select
          (select count(*)::int from deleted) as deleted,
          (select count(*)::int from page) as seen,
          (select max(id) from page) as last`);
      return batchOf(rows, size, ({ last }) => Number(last));
    },
  };
}
