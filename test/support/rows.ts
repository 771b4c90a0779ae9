// The rows under a test: for looking at what is stored, and for letting time pass, which no client can do.
import postgres from 'postgres';
import type { Test } from 'tap';
import { until } from './until.js';

/** A connection of its own to a test's database, closed when the test ends. */
export function rowsOf(t: Pick<Test, 'teardown'>, databaseUrl: string) {
  const rows = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  // A test that failed may have left a transaction open.
  t.teardown(() => rows.end({ timeout: 1 }));
  return rows;
}

/** Resolves when a query of another connection to the same database waits for a lock; `count` of them. */
export function someoneWaits(rows: postgres.Sql, count = 1): Promise<true> {
  return until(`${count} wait for a lock`, async () => {
    const waiting = await rows`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return waiting.length >= count;
  });
}

/** As if so much time had passed for a user's sessions: Postgres's clock stays, and their past moves. */
export async function letPass(rows: postgres.Sql, userId: number, seconds: number): Promise<void> {
  await rows`
    update sessions set
      created_at = created_at - ${seconds} * interval '1 second',
      refreshed_at = refreshed_at - ${seconds} * interval '1 second',
      expires_at = expires_at - ${seconds} * interval '1 second',
      revoked_at = revoked_at - ${seconds} * interval '1 second'
    where user_id = ${userId}`;
}

/** The same for what is remembered of passwords that were tried, of all accounts. */
export async function letAttemptsPass(rows: postgres.Sql, seconds: number): Promise<void> {
  await rows`
    update throttles set
      attempted_at = attempted_at - ${seconds} * interval '1 second',
      known_until = known_until - ${seconds} * interval '1 second'`;
}

/** As if nobody had tried a password lately. */
export async function forgiveAll(rows: postgres.Sql): Promise<void> {
  await rows`delete from throttles`;
}
