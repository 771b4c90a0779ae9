// Queries on running instances: each process updates a row of its own periodically.
import { and, desc, eq, ne, sql } from 'drizzle-orm';
import { instances, settingsHistory } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';

/** What a process reports about itself. */
export interface Heartbeat {
  readonly id: string;
  readonly host: string;
  readonly version: string;
  /** The id of the latest change of a setting that it has applied. */
  readonly settingsVersion: number;
}

/** An instance that was seen within this time counts as running (seconds). */
export const ALIVE_SECONDS = 30;

/** The rows of instances that have not been seen for this long are deleted (Postgres interval). */
const RETENTION = '1 day';

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
    /** The instances that are running, oldest first. */
    findAlive: () => alive.execute({ seconds: ALIVE_SECONDS }),

    /** The id of the latest change to any setting; 0 if there was none. */
    findSettingsVersion: async (): Promise<number> => (await latest.execute())[0]?.id ?? 0,

    /** Writes the row of one instance, and deletes the rows of those that have not been seen for a day. */
    save: async ({ id, host, version, settingsVersion }: Heartbeat): Promise<void> => {
      await db
        .insert(instances)
        .values({ id, host, version, settingsVersion })
        .onConflictDoUpdate({ target: instances.id, set: { settingsVersion, seenAt: sql`now()` } });
      await db
        .delete(instances)
        .where(and(ne(instances.id, id), sql`${instances.seenAt} < now() - ${RETENTION}::interval`));
    },

    delete: async (id: string): Promise<void> => {
      await db.delete(instances).where(eq(instances.id, id));
    },
  };
}

export type InstancesRepository = ReturnType<typeof createInstancesRepository>;
export type InstanceRow = Awaited<ReturnType<InstancesRepository['findAlive']>>[number];
