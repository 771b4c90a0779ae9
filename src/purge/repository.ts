// Queries that delete what is of no further use, one batch of rows at a time: ended sessions, single-use tokens, challenges and devices.
import { type SQL, sql } from 'drizzle-orm';
import { accountTokens, knownDevices, sessions, usedPasskeyChallenges, users } from '#drizzle/schema.js';
import { type BatchRow, batchOf, type DeletedBatch } from '#platform/database/batch.js';
import { createCitusCheck } from '#platform/database/citus.js';
import type { Db } from '#platform/database/database.js';
import { type SessionKey, type SessionKeyRow, sessionKeyOfRow } from '#sessions/bulk-repository.js';

/** How long an ended session is kept for investigations (Postgres interval). */
const RETENTION = '1 day';
/** How long a device is known after its last login (Postgres interval): longer than the longest lifetime of a session. */
const DEVICE_RETENTION = '400 days';
/** The name of the advisory lock that the purging instance holds. */
const LOCK = 'latchkey_purge';

/** A position in the order of the primary key of `known_devices`. */
export interface DeviceKey {
  readonly userId: number;
  readonly fingerprint: Buffer;
}

/** Queries on `db`. */
export function createPurgeRepository(db: Db) {
  const hasCitus = createCitusCheck(db);
  /** Citus locks no rows of several accounts. These would not come back to life between the two parts of a statement. */
  const skippingLocked = async (lock: SQL, on: Db) => ((await hasCitus(on)) ? sql`` : lock);

  return {
    /**
     * Deletes the ended sessions among the `size` sessions that follow `after` in primary key order; undefined if another instance
     * is deleting. Locked rows are skipped and left for the next pass.
     *
     * A session with an old epoch and without `revoked_at` has ended too: a job has skipped its row because it was locked. Otherwise the
     * stored end counts, not SESSION_MAX_LIFETIME, so that a limit that was set by mistake can be undone.
     */
    deleteDeadSessions: ({ userId, id }: SessionKey, size: number): Promise<DeletedBatch<SessionKey> | undefined> =>
      db.transaction(async (tx) => {
        // A transaction-level lock: behind a transaction pooler, a session-level lock has no meaning.
        const [lock] = await tx.execute<{ held: boolean }>(
          sql`select pg_try_advisory_xact_lock(hashtextextended(${LOCK}, 0)) as held`,
        );
        if (!lock?.held) return undefined;
        const rows = await tx.execute<BatchRow<SessionKeyRow>>(sql`
          with page as (
            select user_id, id from ${sessions}
            where (user_id, id) > (${userId}::int, ${id}::bigint) order by user_id, id limit ${size}::int
          ), dead as (
            select s.user_id, s.id from ${sessions} s
            join page using (user_id, id)
            join ${users} u on u.id = s.user_id
            where least(s.expires_at, s.revoked_at) < now() - ${RETENTION}::interval
              or (s.epoch < u.session_epoch and s.revoked_at is null)
            ${await skippingLocked(sql`for update of s skip locked`, tx)}
          ), deleted as (
            delete from ${sessions} s using dead where s.user_id = dead.user_id and s.id = dead.id returning 1
          )
          select
            (select count(*)::int from deleted) as deleted,
            (select count(*)::int from page) as seen,
            (select user_id from page order by user_id desc, id desc limit 1),
            (select id from page order by user_id desc, id desc limit 1)`);
        return batchOf(rows, size, sessionKeyOfRow);
      }),

    /**
     * Deletes up to `limit` single-use tokens that expired a day ago or longer, used or not; resolves to their number. When a token was
     * used does not count: no index has that time, so that each purge would read the whole table.
     */
    deleteOldTokens: async (limit: number): Promise<number> => {
      const deleted = await db.execute(sql`
        delete from ${accountTokens} where id in (
          select id from ${accountTokens} where expires_at < now() - ${RETENTION}::interval
          order by expires_at limit ${limit}::int for update skip locked
        ) returning id`);
      return deleted.length;
    },

    /**
     * Deletes up to `limit` used challenges that expired a day ago or longer, however far the clock of an instance may be off; resolves to
     * their number.
     */
    deleteOldChallenges: async (limit: number): Promise<number> => {
      const deleted = await db.execute(sql`
        delete from ${usedPasskeyChallenges} where hash in (
          select hash from ${usedPasskeyChallenges} where expires_at < now() - ${RETENTION}::interval
          limit ${limit}::int for update skip locked
        ) returning 1`);
      return deleted.length;
    },

    /**
     * Deletes the devices from which nobody has logged in for a long time among the `size` devices that follow `after` in primary key
     * order: no index has the time of their last login. Skips locked rows.
     */
    deleteOldDevices: async ({ userId, fingerprint }: DeviceKey, size: number): Promise<DeletedBatch<DeviceKey>> => {
      const rows = await db.execute<BatchRow<{ user_id: number; fingerprint: Buffer }>>(sql`
        with page as (
          select user_id, fingerprint from ${knownDevices}
          where (user_id, fingerprint) > (${userId}::int, ${fingerprint}::bytea)
          order by user_id, fingerprint limit ${size}::int
        ), old as (
          select d.user_id, d.fingerprint from ${knownDevices} d
          join page using (user_id, fingerprint)
          where d.seen_at < now() - ${DEVICE_RETENTION}::interval
          ${await skippingLocked(sql`for update of d skip locked`, db)}
        ), deleted as (
          delete from ${knownDevices} d using old
          where d.user_id = old.user_id and d.fingerprint = old.fingerprint returning 1
        )
        select
          (select count(*)::int from deleted) as deleted,
          (select count(*)::int from page) as seen,
          (select user_id from page order by user_id desc, fingerprint desc limit 1),
          (select fingerprint from page order by user_id desc, fingerprint desc limit 1)`);
      return batchOf(rows, size, (last) => ({ userId: last.user_id, fingerprint: last.fingerprint }));
    },
  };
}

export type PurgeRepository = ReturnType<typeof createPurgeRepository>;
