// Brings the tables up to date with drizzle/migrations, and tells whether they are.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { packageRoot } from '../root.js';
import { createClient, type Db } from './database.js';

const FOLDER = join(packageRoot, 'drizzle', 'migrations');
const TABLE = { migrationsSchema: 'public', migrationsTable: 'schema_migrations' };
// Any fixed number: "latchkey" in ASCII fits a bigint. Whoever migrates holds this advisory lock.
const LOCK = '7809632219746739577';

/**
 * Applies the migrations that are not applied yet, all of them in one transaction, so that a kill half-way leaves nothing
 * behind. Safe to run from many processes at once: Drizzle's migrator takes no lock, so we take an advisory one.
 * `url` must lead to Postgres itself, not to a pooler in transaction mode, where a session's lock means nothing.
 */
export async function migrateDatabase(url: string): Promise<void> {
  const client = createClient({ url, poolSize: 1, transactionPooler: false });
  try {
    // Waits for another migration; then never makes the traffic wait long behind a lock on a table.
    await client`set statement_timeout = 0`;
    await client`set lock_timeout = '60s'`;
    await client`select pg_advisory_lock(${LOCK}::bigint)`;
    await client`set lock_timeout = '5s'`;
    await migrate(drizzle(client), { migrationsFolder: FOLDER, ...TABLE });
  } finally {
    // Ends the connection and with it the lock.
    await client.end({ timeout: 5 });
  }
}

/** Whether every migration of this version is applied. Newer ones may be: version n runs on the tables of n + 1. */
export async function isMigrated(db: Db): Promise<boolean> {
  const [{ exists } = { exists: false }] = await db.execute<{ exists: boolean }>(
    sql`select to_regclass(${`${TABLE.migrationsSchema}.${TABLE.migrationsTable}`}) is not null as exists`,
  );
  if (!exists) return false;
  const [{ latest } = { latest: null }] = await db.execute<{ latest: string | null }>(
    sql`select max(created_at) as latest from ${sql.identifier(TABLE.migrationsSchema)}.${sql.identifier(TABLE.migrationsTable)}`,
  );
  return Number(latest ?? 0) >= latestMigration();
}

function latestMigration(): number {
  const journal = JSON.parse(readFileSync(join(FOLDER, 'meta', '_journal.json'), 'utf8')) as {
    entries: { when: number }[];
  };
  return Math.max(...journal.entries.map(({ when }) => when));
}
