// Queries on the processes that serve: each writes a row of its own, again and again.
import { and, desc, eq, ne, sql } from 'drizzle-orm';
import { instances, settingsHistory } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';

/** What a process says of itself. */
export interface Beat {
  readonly id: string;
  readonly host: string;
  readonly version: string;
  readonly settingsVersion: number;
}

/** A row that was written for so long no more is nobody's (Postgres interval). */
const FORGOTTEN_AFTER = '1 day';

/** Prepares the statements on `db`. */
export function createInstancesRepository(db: Db) {
  const alive = db
    .select()
    .from(instances)
    .where(sql`${instances.seenAt} > now() - ${sql.placeholder('seconds')}::int * interval '1 second'`)
    .orderBy(instances.startedAt, instances.id)
    .prepare('instances_alive');
  const latest = db
    .select({ id: settingsHistory.id })
    .from(settingsHistory)
    .orderBy(desc(settingsHistory.id))
    .limit(1)
    .prepare('settings_latest');

  return {
    /** Those that were seen within so many seconds, the oldest first. */
    findAlive: (seconds: number) => alive.execute({ seconds }),

    /** The id of the last change of any setting; 0: there was none. */
    findSettingsVersion: async (): Promise<number> => (await latest.execute())[0]?.id ?? 0,

    /** Says that a process serves, and forgets those that have not for a day. */
    save: async ({ id, host, version, settingsVersion }: Beat): Promise<void> => {
      await db
        .insert(instances)
        .values({ id, host, version, settingsVersion })
        .onConflictDoUpdate({ target: instances.id, set: { settingsVersion, seenAt: sql`now()` } });
      await db
        .delete(instances)
        .where(and(ne(instances.id, id), sql`${instances.seenAt} < now() - ${FORGOTTEN_AFTER}::interval`));
    },

    delete: async (id: string): Promise<void> => {
      await db.delete(instances).where(eq(instances.id, id));
    },
  };
}

export type InstancesRepository = ReturnType<typeof createInstancesRepository>;
export type InstanceRow = Awaited<ReturnType<InstancesRepository['findAlive']>>[number];
