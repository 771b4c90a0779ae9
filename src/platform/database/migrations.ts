// Brings the tables up to date with drizzle/migrations, and tells whether they are.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import type postgres from 'postgres';
import { driverError } from '#platform/errors/database-errors.js';
import { packageRoot } from '#platform/process/package-info.js';
import { createClient, type Db } from './database.js';

/** Where the migrations are, with Drizzle's journal. */
export const MIGRATIONS_FOLDER = join(packageRoot, 'drizzle', 'migrations');
/** Where Postgres keeps which of them are applied. */
export const MIGRATIONS_TABLE = { migrationsSchema: 'public', migrationsTable: 'schema_migrations' };
/** Whoever migrates holds this advisory lock. Any fixed number would do: "latchkey" in ASCII fits a bigint. */
export const MIGRATIONS_LOCK = '7809632219746739577';

/**
 * How long a statement may wait for a lock on a table (Postgres interval). Every query on that table waits behind it, so it gives up
 * before they do (DEADLINE in database.ts), lets them through, and comes again.
 */
const TABLE_LOCK_TIMEOUT = '500ms';
const PAUSE_MILLISECONDS = 1000;
/** SQLSTATE of a lock that was not had in time. */
const LOCK_NOT_AVAILABLE = '55P03';

interface MigrationOptions {
  /** For tests: where the migrations are. */
  readonly folder?: string;
  /** How long it comes again for a table that somebody holds, in milliseconds. */
  readonly patience?: number;
}

/**
 * Applies the migrations that are not applied yet, all of them in one transaction, so that a kill half-way leaves nothing
 * behind. Safe to run from many processes at once: Drizzle's migrator takes no lock, so we take an advisory one.
 * `url` must lead to Postgres itself, not to a pooler in transaction mode, where a session's lock means nothing. Resolves to the names of
 * those that were applied.
 */
export async function migrateDatabase(
  url: string,
  { folder = MIGRATIONS_FOLDER, patience = 60_000 }: MigrationOptions = {},
): Promise<string[]> {
  const client = createClient({ url, poolSize: 1, transactionPooler: false });
  try {
    // Waits for another migration.
    await client`set statement_timeout = 0`;
    await client`set lock_timeout = '60s'`;
    await client`select pg_advisory_lock(${MIGRATIONS_LOCK}::bigint)`;
    await client.unsafe(`set lock_timeout = '${TABLE_LOCK_TIMEOUT}'`);
    // Whoever had the lock before may have applied some: these are what is left for us.
    const pending = (await readMigrations(drizzle(client), folder)).filter(({ isApplied }) => !isApplied);
    const end = performance.now() + patience;
    while (!(await tryToMigrate(client, folder, () => performance.now() > end))) await sleep(PAUSE_MILLISECONDS);
    return pending.map(({ name }) => name);
  } finally {
    // Ends the connection and with it the lock.
    await client.end({ timeout: 5 });
  }
}

/** False when somebody held a table, and nothing was changed. Rejects with that when it was the `last` time. */
async function tryToMigrate(client: postgres.Sql, folder: string, last: () => boolean): Promise<boolean> {
  try {
    await migrate(drizzle(client), { migrationsFolder: folder, ...MIGRATIONS_TABLE });
    return true;
  } catch (error) {
    if (driverError(error).code !== LOCK_NOT_AVAILABLE || last()) throw error;
    return false;
  }
}

/** A migration of this version. */
export interface Migration {
  /** Its file in drizzle/migrations, without `.sql`. */
  readonly name: string;
  readonly isApplied: boolean;
}

/** Every migration of this version, in their order. It changes nothing. */
export async function listMigrations(url: string): Promise<Migration[]> {
  const client = createClient({ url, poolSize: 1, transactionPooler: false });
  try {
    return await readMigrations(drizzle(client), MIGRATIONS_FOLDER);
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function readMigrations(db: Executor, folder: string): Promise<Migration[]> {
  const latest = await latestApplied(db);
  // As Drizzle decides it: by the time at which they were made.
  return journalOf(folder).map(({ tag, when }) => ({ name: tag, isApplied: when <= latest }));
}

/** Whether every migration of this version is applied. Newer ones may be: version n runs on the tables of n + 1. */
export async function isMigrated(db: Db): Promise<boolean> {
  return (await latestApplied(db)) >= Math.max(...journalOf(MIGRATIONS_FOLDER).map(({ when }) => when));
}

type Executor = Pick<Db, 'execute'>;

/** Of the migrations that are applied the latest, as the journal has it; -1: none is. */
async function latestApplied(db: Executor): Promise<number> {
  const [{ exists } = { exists: false }] = await db.execute<{ exists: boolean }>(
    sql`select to_regclass(${`${MIGRATIONS_TABLE.migrationsSchema}.${MIGRATIONS_TABLE.migrationsTable}`}) is not null as exists`,
  );
  if (!exists) return -1;
  const [{ latest } = { latest: null }] = await db.execute<{ latest: string | null }>(
    sql`select max(created_at) as latest from ${sql.identifier(MIGRATIONS_TABLE.migrationsSchema)}.${sql.identifier(MIGRATIONS_TABLE.migrationsTable)}`,
  );
  return Number(latest ?? -1);
}

function journalOf(folder: string): readonly { readonly tag: string; readonly when: number }[] {
  return JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')).entries;
}
