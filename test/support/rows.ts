// The rows under a test: for looking at what is stored, and for letting time pass, which no client can do.
import postgres from 'postgres';
import type { Test } from 'tap';

/** A connection of its own to a test's database, closed when the test ends. */
export function rowsOf(t: Pick<Test, 'teardown'>, databaseUrl: string) {
  const rows = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  t.teardown(() => rows.end());
  return rows;
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
