// Confirms changes that were found rather than made.
import { sql } from 'drizzle-orm';
import type { Db } from './database.js';

/**
 * Resolves when all that a statement can see now is on the standbys for which commits wait. A response that reports a change of an earlier
 * request as done must wait for this: if Postgres ended the earlier connection or was restarted while the commit waited, the change is
 * visible on this server, but a failover undoes it. Rejects with DatabaseTimeout if no standby answers. Without synchronous standbys it
 * writes nothing.
 */
export async function untilReplicated(db: Pick<Db, 'execute'>): Promise<void> {
  // A commit that has written anything waits for the standbys to have the log up to there.
  await db.execute(sql`
    select case when current_setting('synchronous_standby_names') <> ''
      then pg_logical_emit_message(true, 'latchkey', '') end`);
}
