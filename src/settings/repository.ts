// Queries on settings and their history, and the notification that tells every instance of a change.
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Act, AuditEventName } from '#audit/events.js';
import { createAuditRepository } from '#audit/repository.js';
import { settings, settingsHistory } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';

/** The channel on which a change is announced. */
export const SETTINGS_CHANNEL = 'latchkey_settings';

/** What is to be written. */
export interface NewChange {
  readonly name: string;
  /** Null: back to the default. */
  readonly value: unknown;
  /** The version that the row must have, 0 for no row; undefined: whatever it is. */
  readonly expected: number | undefined;
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

/** As text, parsed once: driver and Drizzle each parse a JSON column, which makes the number 45 of the string "45". */
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
    /** Every overridden setting, and the id of the last change of any: both of one moment. */
    findAll: async (): Promise<{ rows: SettingRow[]; latest: number }> => {
      const found = await all.execute();
      // Without a row in `settings` the join gives one of nulls.
      const rows = found.flatMap(({ latest: _, ...row }) => (row.name === null ? [] : [row as SettingRow]));
      return { rows, latest: found[0]?.latest ?? 0 };
    },

    /** The changes of a setting before the change `before`, the newest first. */
    findChanges: (name: string, before: number, limit: number) =>
      db
        .select(changes)
        .from(settingsHistory)
        .where(and(eq(settingsHistory.name, name), lt(settingsHistory.id, before)))
        .orderBy(desc(settingsHistory.id))
        .limit(limit),

    /** One change of a setting; undefined when it has none of this number. */
    findChange: async (name: string, version: number) =>
      (
        await db
          .select(changes)
          .from(settingsHistory)
          .where(and(eq(settingsHistory.name, name), eq(settingsHistory.id, version)))
      )[0],

    /**
     * Writes a change down and puts it into force; returns its id, and undefined, with nothing written, when the row has not
     * the version that is expected.
     */
    save: ({ name, value, expected, changedBy, event, act }: NewChange): Promise<number | undefined> =>
      db.transaction(async (tx) => {
        // One change after the other: their ids, the history, and what is in force in the end are in one order; and what is
        // compared here is still so when it is written. Alone: what is read next must be what the one before has left.
        await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${SETTINGS_CHANNEL}, 0))`);
        const [before] = await tx
          .select({ value: parsedOnce(settings.value), version: settings.version })
          .from(settings)
          .where(eq(settings.name, name));
        if (expected !== undefined && expected !== (before?.version ?? 0)) return undefined;
        const [change] = await tx
          .insert(settingsHistory)
          .values({ name, value, changedBy })
          .returning({ id: settingsHistory.id });
        if (change === undefined) throw new Error('INSERT … RETURNING gave no row');
        const row = { value, version: change.id, updatedAt: sql`now()`, updatedBy: changedBy };
        const details = { from: before?.value ?? null, to: value };
        // Together, in one round trip: others wait for the lock.
        await Promise.all([
          value === null
            ? tx.delete(settings).where(eq(settings.name, name))
            : tx
                .insert(settings)
                .values({ name, ...row })
                .onConflictDoUpdate({ target: settings.name, set: row }),
          audit.record({ ...act, event, target: { type: 'setting', id: name }, details }, tx),
          // Sent by Postgres when, and only when, the transaction commits.
          tx.execute(sql`select pg_notify(${SETTINGS_CHANNEL}, ${name})`),
        ]);
        return change.id;
      }),
  };
}

export type SettingsRepository = ReturnType<typeof createSettingsRepository>;
export type SettingChange = Awaited<ReturnType<SettingsRepository['findChanges']>>[number];
