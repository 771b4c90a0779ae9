// Queries on settings and their history. Saving a change also notifies every instance of it.
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Act, AuditEventName } from '#audit/events.js';
import { createAuditRepository } from '#audit/repository.js';
import { settings, settingsHistory } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';

/** The channel on which a change is announced. */
export const SETTINGS_CHANNEL = 'latchkey_settings';

/** A change to save. */
export interface NewChange {
  readonly name: string;
  /** Null resets the setting to its default. */
  readonly value: unknown;
  /** The version that the row must have; 0 means that there must be no row. Undefined accepts any version. */
  readonly expectedVersion: number | undefined;
  readonly changedBy: string;
  readonly event: AuditEventName;
  readonly act: Act;
}

/** An overridden setting. */
export interface SettingRow {
  readonly name: string;
  readonly value: unknown;
  /** The id of the change that made this value. */
  readonly version: number;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/**
 * Reads a JSON column as text and parses it once. Driver and Drizzle would each parse it, which turns the string "45" into the number 45.
 */
const parsedOnce = (column: PgColumn) =>
  sql<unknown>`${column}::text`.mapWith((text: string): unknown => JSON.parse(text));

/** Prepares the statements on `db`. */
export function createSettingsRepository(db: Db) {
  const audit = createAuditRepository(db);
  const newest = db
    .select({ id: sql<number>`coalesce(max(${settingsHistory.id}), 0)`.as('newest_id') })
    .from(settingsHistory)
    .as('newest');
  const all = db
    .select({
      latest: newest.id,
      name: settings.name,
      value: parsedOnce(settings.value),
      version: settings.version,
      updatedAt: settings.updatedAt,
      updatedBy: settings.updatedBy,
    })
    .from(newest)
    .leftJoin(settings, sql`true`)
    .prepare('settings_all');
  const changes = {
    version: settingsHistory.id,
    value: parsedOnce(settingsHistory.value),
    changedAt: settingsHistory.changedAt,
    changedBy: settingsHistory.changedBy,
  };

  return {
    /** Every overridden setting, and the id of the latest change to any setting, from the same snapshot. */
    findAll: async (): Promise<{ rows: SettingRow[]; latest: number }> => {
      const found = await all.execute();
      // If `settings` is empty, the left join returns one row of nulls.
      const rows = found.flatMap(({ latest: _, ...row }) => (row.name === null ? [] : [row as SettingRow]));
      return { rows, latest: found[0]?.latest ?? 0 };
    },

    /** The changes of a setting that precede the change `before`, newest first. */
    findChanges: (name: string, before: number, limit: number) =>
      db
        .select(changes)
        .from(settingsHistory)
        .where(and(eq(settingsHistory.name, name), lt(settingsHistory.id, before)))
        .orderBy(desc(settingsHistory.id))
        .limit(limit),

    /** One change of a setting; undefined if the setting has no change with this id. */
    findChange: async (name: string, version: number) =>
      (
        await db
          .select(changes)
          .from(settingsHistory)
          .where(and(eq(settingsHistory.name, name), eq(settingsHistory.id, version)))
      )[0],

    /**
     * Records a change and applies it. Returns the id of the change; undefined, with nothing written, if the row does not have
     * the expected version.
     */
    save: ({ name, value, expectedVersion, changedBy, event, act }: NewChange): Promise<number | undefined> =>
      db.transaction(async (tx) => {
        // Changes are serialized, so that ids, history and final values have the same order, and the version that is compared
        // here is still current when the row is written. The lock is a statement of its own: the next statement must take its
        // snapshot after the previous change has committed.
        await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${SETTINGS_CHANNEL}, 0))`);
        const [before] = await tx
          .select({ value: parsedOnce(settings.value), version: settings.version })
          .from(settings)
          .where(eq(settings.name, name));
        if (expectedVersion !== undefined && expectedVersion !== (before?.version ?? 0)) return undefined;
        const [change] = await tx
          .insert(settingsHistory)
          .values({ name, value, changedBy })
          .returning({ id: settingsHistory.id });
        if (change === undefined) throw new Error('INSERT … RETURNING returned no row');
        const row = { value, version: change.id, updatedAt: sql`now()`, updatedBy: changedBy };
        const details = { from: before?.value ?? null, to: value };
        // Pipelined in one round trip, because other changes wait for the lock.
        await Promise.all([
          value === null
            ? tx.delete(settings).where(eq(settings.name, name))
            : tx
                .insert(settings)
                .values({ name, ...row })
                .onConflictDoUpdate({ target: settings.name, set: row }),
          audit.record({ ...act, event, target: { type: 'setting', id: name }, details }, tx),
          // Postgres delivers the notification only if the transaction commits.
          tx.execute(sql`select pg_notify(${SETTINGS_CHANNEL}, ${name})`),
        ]);
        return change.id;
      }),
  };
}

export type SettingsRepository = ReturnType<typeof createSettingsRepository>;
export type SettingChange = Awaited<ReturnType<SettingsRepository['findChanges']>>[number];
