// Queries on quotas.
import { sql } from 'drizzle-orm';
import { quotas } from '#drizzle/schema.js';
import { type BatchRow, batchOf, type DeletedBatch } from '#platform/database/batch.js';
import type { Db } from '#platform/database/database.js';
import { type Quota, takeFrom } from './conditions.js';

/** Queries on `db`; a method that takes `on` runs in the transaction it is given. */
export function createQuotasRepository(db: Db) {
  return {
    /** Takes one from a quota; false if it is used up. */
    take: async (quota: Quota, on: Db): Promise<boolean> => (await on.execute(takeFrom(quota))).length > 0,

    /** Deletes full quotas among the `size` rows that follow `after` in the order of their keys. Waits for no lock. */
    deleteFull: async (after: Buffer, size: number): Promise<DeletedBatch<Buffer>> => {
      const rows = await db.execute<BatchRow<{ last: Buffer }>>(sql`
        with page as (
          select key from ${quotas} where key > ${after}::bytea order by key limit ${size}::int
        ), full_ones as (
          select q.key from ${quotas} q join page using (key) where q.full_at < now() for update of q skip locked
        ), gone as (
          delete from ${quotas} q using full_ones where q.key = full_ones.key returning 1
        )
        select
          (select count(*)::int from gone) as deleted,
          (select count(*)::int from page) as seen,
          (select key from page order by key desc limit 1) as last`);
      return batchOf(rows, size, ({ last }) => last);
    },
  };
}

export type QuotasRepository = ReturnType<typeof createQuotasRepository>;
