// Queries on activity.
import { lt, sql } from 'drizzle-orm';
import { activity } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';

/** One row of the table. */
export interface ActivityRow {
  readonly hour: Date;
  readonly name: string;
  readonly count: number;
}

/** How long counts are kept (Postgres interval). */
const RETENTION = '31 days';

// In UTC, because time zones with half hours have other hours.
const thisHour = sql`date_trunc('hour', now(), 'UTC')`;

/** Queries on `db`. */
export function createActivityRepository(db: Db) {
  return {
    /** Deletes old counts, and adds to those of this hour. `counts` is not empty. */
    add: async (counts: readonly (readonly [name: string, count: number])[]): Promise<void> => {
      // First: if this failed after the counts were added, they would be added again the next time.
      await db.delete(activity).where(lt(activity.hour, sql`now() - ${RETENTION}::interval`));
      await db
        .insert(activity)
        .values(
          // Every process takes the locks in the same order, so that they cannot wait for each other.
          [...counts].sort().map(([name, count]) => ({ hour: sql`${thisHour}`, name, count })),
        )
        .onConflictDoUpdate({
          target: [activity.hour, activity.name],
          set: { count: sql`${activity.count} + excluded.count` },
        });
    },

    /** The counts of this hour and of the `hours - 1` before, and the time of the database. */
    findLast: async (hours: number): Promise<{ at: Date; rows: ActivityRow[] }> => {
      const since = sql`${thisHour} - ${hours - 1}::int * interval '1 hour'`;
      const rows = await db.select().from(activity).where(sql`${activity.hour} >= ${since}`);
      const [clock] = await db.execute<{ at: number }>(sql`select extract(epoch from now())::float8 as at`);
      return { at: new Date((clock?.at ?? 0) * 1000), rows };
    },
  };
}

export type ActivityRepository = ReturnType<typeof createActivityRepository>;
