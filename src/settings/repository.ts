// Queries on settings and their history, and the notification that tells every instance of a change.
import { eq, getTableColumns, sql } from 'drizzle-orm';
import { settings, settingsHistory } from '../../drizzle/schema.js';
import type { Db } from '../database/database.js';

/** The channel on which a change is announced. */
export const SETTINGS_CHANNEL = 'latchkey_settings';

/** As text, parsed once: driver and Drizzle each parse a JSON column, which makes the number 45 of the string "45". */
const parsedOnce = sql<unknown>`${settings.value}::text`.mapWith((text: string): unknown => JSON.parse(text));

/** Prepares the statements on `db`. */
export function createSettingsRepository(db: Db) {
  const all = db
    .select({ ...getTableColumns(settings), value: parsedOnce })
    .from(settings)
    .prepare('settings_all');

  return {
    /** Every overridden setting. */
    findAll: () => all.execute(),

    /** Sets a value, or removes the override when `value` is null; returns the id of the change. */
    save: (name: string, value: unknown, changedBy: string): Promise<number> =>
      db.transaction(async (tx) => {
        // One change after the other: their ids, the history, and what is in force in the end are in one order.
        await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${SETTINGS_CHANNEL}, 0))`);
        const [change] = await tx
          .insert(settingsHistory)
          .values({ name, value, changedBy })
          .returning({ id: settingsHistory.id });
        if (change === undefined) throw new Error('INSERT … RETURNING gave no row');
        if (value === null) {
          await tx.delete(settings).where(eq(settings.name, name));
        } else {
          const row = { value, version: change.id, updatedAt: sql`now()`, updatedBy: changedBy };
          await tx
            .insert(settings)
            .values({ name, ...row })
            .onConflictDoUpdate({ target: settings.name, set: row });
        }
        // Sent by Postgres when, and only when, the transaction commits.
        await tx.execute(sql`select pg_notify(${SETTINGS_CHANNEL}, ${name})`);
        return change.id;
      }),
  };
}

export type SettingsRepository = ReturnType<typeof createSettingsRepository>;
export type SettingRow = Awaited<ReturnType<SettingsRepository['findAll']>>[number];
