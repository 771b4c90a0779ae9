// Direct access to the rows of a test, to inspect them and to simulate the passing of time.
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import type { Test } from 'tap';
import type { App } from '#app.js';
import { workers } from './citus.js';
import { until } from './until.js';

/** A new connection to the database of a test, closed when the test ends. */
export function rowsOf(t: Pick<Test, 'teardown'>, databaseUrl: string) {
  const rows = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  // A test that failed may have left a transaction open.
  t.teardown(() => rows.end({ timeout: 1 }));
  return rows;
}

/** Resolves when `count` queries of other connections to the same database wait for a lock. */
export function untilBlocked(rows: postgres.Sql, count = 1): Promise<true> {
  return until(`${count} wait for a lock`, async () => {
    const here = "from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    // Not `citus_lock_waits`, which does not contain statements that wait on the coordinator alone.
    const onNodes =
      workers().length > 0
        ? await rows`select result as waiting from run_command_on_all_nodes(${`select count(*) ${here}`})`
        : await rows.unsafe(`select count(*) as waiting ${here}`);
    return onNodes.reduce((sum, { waiting }) => sum + Number(waiting), 0) >= count;
  });
}

/** Makes the sessions of a user older by moving their times into the past. */
export async function ageSessions(rows: postgres.Sql, userId: number, seconds: number): Promise<void> {
  // Without a time zone, since Citus evaluates no difference that could depend on that of the session.
  const earlier = (column: string) =>
    rows`(${rows(column)} at time zone 'UTC' - ${seconds} * interval '1 second') at time zone 'UTC'`;
  await rows`
    update sessions set created_at = ${earlier('created_at')}, refreshed_at = ${earlier('refreshed_at')},
      expires_at = ${earlier('expires_at')}, revoked_at = ${earlier('revoked_at')}
    where user_id = ${userId}`;
}

/** The same for the throttles of all accounts. */
export async function ageThrottles(rows: postgres.Sql, seconds: number): Promise<void> {
  await rows`
    update throttles set
      attempted_at = attempted_at - ${seconds} * interval '1 second',
      known_until = known_until - ${seconds} * interval '1 second'`;
}

/** Deletes all accounts and what is stored about them. New ones begin with id 1 again. */
export async function deleteAccounts(db: Pick<App['db'], 'execute'>): Promise<void> {
  for (const table of ['mails', 'users', 'audit_events', 'jobs', 'throttles', 'quotas']) {
    await db.execute(sql`delete from ${sql.identifier(table)}`);
  }
  for (const table of ['mails', 'users', 'audit_events', 'totp_factors']) {
    await db.execute(sql`select setval(pg_get_serial_sequence(${table}, 'id'), 1, false)`);
  }
  // Citus restarts no sequence.
  await db.execute(sql`
    select setval('passkeys_id_seq', (select seqstart from pg_sequence where seqrelid = 'passkeys_id_seq'::regclass), false)`);
}

/** Resets all throttles. */
export async function clearThrottles(rows: postgres.Sql): Promise<void> {
  await rows`delete from throttles`;
}
