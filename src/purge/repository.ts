// Deletes what nobody needs any more, a window of rows at a time.
import { sql } from 'drizzle-orm';
import { sessions, users } from '#drizzle/schema.js';
import type { DeletedBatch } from '#platform/database/batch.js';
import type { Db } from '#platform/database/database.js';
import type { SessionKey } from '#sessions/repository.js';

/** How long a session that is over is kept, for whoever looks into what happened (Postgres interval). */
const RETENTION = '1 day';
// Any fixed name: whoever purges holds this advisory lock.
const LOCK = 'latchkey_purge';

/** As the driver gives it: a bigint as text. */
interface Row extends Record<string, unknown> {
  readonly deleted: number;
  readonly seen: number;
  readonly user_id: number;
  readonly id: string;
}

/** Queries on `db`. */
export function createPurgeRepository(db: Db) {
  return {
    /**
     * Deletes the dead ones of the `size` sessions that follow `after` in the order of the primary key; undefined when
     * another instance is just deleting. A row that somebody has locked is left for the next time: nobody is waited for.
     *
     * So do those that ended with all others of their account and are not marked with the time: what a job of ours has passed over.
     * What counts otherwise is the stored end, and not SESSION_MAX_LIFETIME: a cap that was set by mistake can be taken back.
     */
    deleteDeadSessions: ({ userId, id }: SessionKey, size: number): Promise<DeletedBatch<SessionKey> | undefined> =>
      db.transaction(async (tx) => {
        // The lock of a transaction: behind a pooler that of a connection would mean nothing.
        const [lock] = await tx.execute<{ held: boolean }>(
          sql`select pg_try_advisory_xact_lock(hashtextextended(${LOCK}, 0)) as held`,
        );
        if (!lock?.held) return undefined;
        const [row] = await tx.execute<Row>(sql`
          with page as (
            select user_id, id from ${sessions}
            where (user_id, id) > (${userId}::int, ${id}::bigint) order by user_id, id limit ${size}::int
          ), dead as (
            select s.user_id, s.id from ${sessions} s
            join page using (user_id, id)
            join ${users} u on u.id = s.user_id
            where least(s.expires_at, s.revoked_at) < now() - ${RETENTION}::interval
              or (s.epoch < u.session_epoch and s.revoked_at is null)
            for update of s skip locked
          ), gone as (
            delete from ${sessions} s using dead where s.user_id = dead.user_id and s.id = dead.id returning 1
          )
          select
            (select count(*)::int from gone) as deleted,
            (select count(*)::int from page) as seen,
            (select user_id from page order by user_id desc, id desc limit 1),
            (select id from page order by user_id desc, id desc limit 1)`);
        if (row === undefined) throw new Error('a SELECT without FROM gave no row');
        const more = row.seen === size;
        return { deleted: row.deleted, last: more ? { userId: row.user_id, id: Number(row.id) } : undefined };
      }),
  };
}

export type PurgeRepository = ReturnType<typeof createPurgeRepository>;
