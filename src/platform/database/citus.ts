// Whether the database belongs to a Citus cluster, for the few statements that Citus would reject or serialize.
import { sql } from 'drizzle-orm';
import type { Db } from './database.js';

/** Resolves to whether the database belongs to a Citus cluster. */
export type CitusCheck = (on?: Db) => Promise<boolean>;

/**
 * Returns a function that finds out once, also for callers that ask at the same time. It asks through the transaction that it is given, if
 * any, so that it never waits for another connection. A process that runs when the extension is added has to be restarted.
 */
export function createCitusCheck(db: Db): CitusCheck {
  let answer: boolean | undefined;
  let asking: Promise<boolean> | undefined;
  const ask = async (on: Db) => {
    const rows = await on.execute(sql`select 1 from pg_catalog.pg_extension where extname = 'citus'`);
    answer = rows.length > 0;
    return answer;
  };
  return async (on) => {
    if (answer !== undefined) return answer;
    if (on !== undefined) return ask(on);
    asking ??= ask(db).finally(() => {
      asking = undefined;
    });
    return asking;
  };
}
