// Brings the tables up to date with drizzle/migrations, and tells whether they are.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import { parseDatabaseUrl, quoteIdentifier } from '#platform/config/database-url.js';
import { driverError } from '#platform/errors/database-errors.js';
import { packageRoot } from '#platform/process/package-info.js';
import { createClient, type Db } from './database.js';
import { UnsafeDatabase } from './durability.js';
import { reachDatabase } from './reach.js';
import { readSession, type SessionFacts } from './session.js';

/** The folder of the migrations, with Drizzle's journal. */
export const MIGRATIONS_FOLDER = join(packageRoot, 'drizzle', 'migrations');
/** The table that lists the applied migrations, as Drizzle's migrator makes it. */
export const MIGRATIONS_TABLE = 'schema_migrations';
/** The advisory lock of a process that migrates. Any fixed number would do: "latchkey" in ASCII fits a bigint. */
export const MIGRATIONS_LOCK = '7809632219746739577';

/**
 * How long a statement may wait for a lock on a table (Postgres interval). Every query on that table waits behind it, so it gives up
 * before they do (DEADLINE in database.ts), lets them through, and comes again.
 */
const TABLE_LOCK_TIMEOUT = '500ms';
const PAUSE_MILLISECONDS = 1000;
/** SQLSTATE of a lock that was not had in time. */
const LOCK_NOT_AVAILABLE = '55P03';

/** How `migrateDatabase` works. */
export interface MigrationOptions {
  /** For tests: where the migrations are. */
  readonly folder?: string;
  /** How long it comes again for a table that somebody holds, in milliseconds. */
  readonly patience?: number;
  /** The variable that the URL comes from, for messages. */
  readonly variable?: 'DATABASE_URL' | 'DATABASE_DIRECT_URL';
  /** Called with what is to be known and keeps nothing from working: one line for the operator. */
  readonly onWarning?: (line: string) => void;
}

/**
 * Applies the migrations that are not applied yet, all of them in one transaction, so that a kill half-way leaves nothing
 * behind. Safe to run from many processes at once: it holds an advisory lock, of that transaction, so that it works through a
 * pooler too. Resolves to the names of the migrations that were applied. Throws UnsafeDatabase where the tables would be of no use.
 */
export async function migrateDatabase(
  url: string,
  { folder = MIGRATIONS_FOLDER, patience = 60_000, variable, onWarning = () => {} }: MigrationOptions = {},
): Promise<string[]> {
  const options = { url, poolSize: 1, transactionPooler: false };
  const { poolerFound, facts, warnings } = await reachDatabase({ ...options, variable });
  for (const warning of warnings) onWarning(warning);
  const client = createClient({ ...options, transactionPooler: poolerFound });
  try {
    const schema = targetSchema(facts, url);
    const end = performance.now() + patience;
    for (;;) {
      const applied = await tryToMigrate(client, schema, folder, () => performance.now() > end);
      if (applied !== undefined) return applied;
      await sleep(PAUSE_MILLISECONDS);
    }
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** The schema for the tables: where they are, otherwise where the search path leads. Throws UnsafeDatabase if that is nowhere. */
export function targetSchema({ tables, schema, searchPath }: SessionFacts, url: string): string {
  const found = tables ?? schema ?? namedSchema(url);
  if (found === undefined) {
    throw new UnsafeDatabase(
      `the search path (${searchPath}) names no schema that there is and may be used; make one, or name it in the URL: ?schema=<name>`,
    );
  }
  return found;
}

/** The schema that the URL names, to be made where there is none of that name. */
function namedSchema(url: string): string | undefined {
  const [, quoted, plain] = /^(?:"((?:[^"]|"")+)"|([a-z_][a-z0-9_$]*))$/i.exec(searchPathOf(url)) ?? [];
  return quoted?.replaceAll('""', '"') ?? plain?.toLowerCase();
}

function searchPathOf(url: string): string {
  return parseDatabaseUrl(url).parameters.search_path ?? '';
}

/** The names of the migrations that were applied; undefined when another transaction held a table, and nothing was changed. Rejects with that when it was the `last` time. */
async function tryToMigrate(
  client: postgres.Sql,
  schema: string,
  folder: string,
  last: () => boolean,
): Promise<string[] | undefined> {
  let isLocked = false;
  try {
    return await client.begin(async (transaction) => {
      // Waits for another migration.
      await transaction.unsafe(`
        set local statement_timeout = 0;
        set local lock_timeout = '60s';
        set local idle_in_transaction_session_timeout = 0;
        select set_config(name, '0', true) from pg_catalog.pg_settings where name = 'transaction_timeout';
        select pg_advisory_xact_lock(${MIGRATIONS_LOCK})`);
      isLocked = true;
      await transaction.unsafe(`set local lock_timeout = '${TABLE_LOCK_TIMEOUT}'`);
      return applyMissing(transaction, schema, folder);
    });
  } catch (error) {
    if (driverError(error).code !== LOCK_NOT_AVAILABLE || !isLocked || last()) throw error;
    return undefined;
  }
}

/**
 * As Drizzle's migrator, on the same table, which an earlier version may have made; that one commits before the tables are made,
 * needs the right to make schemas, and knows `public` only: drizzle-kit names it in each foreign key.
 */
async function applyMissing(transaction: postgres.TransactionSql, schema: string, folder: string): Promise<string[]> {
  const inSchema = quoteIdentifier(schema);
  const journal = `${inSchema}.${quoteIdentifier(MIGRATIONS_TABLE)}`;
  const [{ exists } = { exists: false }] = await transaction.unsafe<{ exists: boolean }[]>(
    `select exists (select from pg_catalog.pg_namespace where nspname = ${literal(schema)})`,
  );
  if (!exists) await transaction.unsafe(`create schema ${inSchema}`);
  await transaction.unsafe(`set local search_path = ${inSchema}`);
  await transaction.unsafe(
    `create table if not exists ${journal} (id serial primary key, hash text not null, created_at bigint)`,
  );
  const [{ latest } = { latest: null }] = await transaction.unsafe<{ latest: string | null }[]>(
    `select max(created_at) as latest from ${journal}`,
  );
  const names = new Map(journalOf(folder).map(({ tag, when }) => [when, tag]));
  const applied: string[] = [];
  for (const { sql: statements, folderMillis, hash } of readMigrationFiles({ migrationsFolder: folder })) {
    if (latest !== null && folderMillis <= Number(latest)) continue;
    for (const statement of statements) await transaction.unsafe(statementIn(schema, statement));
    await transaction.unsafe(`insert into ${journal} (hash, created_at) values (${literal(hash)}, ${folderMillis})`);
    applied.push(names.get(folderMillis) ?? hash);
  }
  return applied;
}

/** A statement of a migration for the tables in this schema: drizzle-kit names `public` in each foreign key. */
export function statementIn(schema: string, statement: string): string {
  return statement.replaceAll('"public".', `${quoteIdentifier(schema)}.`);
}

/** With standard_conforming_strings on. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A migration of this version. */
export interface Migration {
  /** Its file in drizzle/migrations, without `.sql`. */
  readonly name: string;
  readonly isApplied: boolean;
}

/** Every migration of this version, in their order. Changes nothing. */
export async function listMigrations(url: string): Promise<Migration[]> {
  const options = { url, poolSize: 1, transactionPooler: false };
  const { poolerFound, facts } = await reachDatabase(options);
  const client = createClient({ ...options, transactionPooler: poolerFound, schema: facts.tables ?? undefined });
  try {
    const latest = await latestApplied(drizzle(client));
    // As Drizzle decides it: by the time at which they were made.
    return journalOf(MIGRATIONS_FOLDER).map(({ tag, when }) => ({ name: tag, isApplied: when <= latest }));
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Whether every migration of this version is applied. Newer ones may be: version n runs on the tables of n + 1. */
export async function isMigrated(db: Db): Promise<boolean> {
  return (await latestApplied(db)) >= Math.max(...journalOf(MIGRATIONS_FOLDER).map(({ when }) => when));
}

/** The time of the latest applied migration, as the journal has it; -1 when none is applied. */
async function latestApplied(db: Pick<Db, 'execute'>): Promise<number> {
  const [{ exists } = { exists: false }] = await db.execute<{ exists: boolean }>(
    sql`select to_regclass(${MIGRATIONS_TABLE}) is not null as exists`,
  );
  if (!exists) return -1;
  const [{ latest } = { latest: null }] = await db.execute<{ latest: string | null }>(
    sql`select max(created_at) as latest from ${sql.identifier(MIGRATIONS_TABLE)}`,
  );
  return Number(latest ?? -1);
}

/** In one line, without what to do: tables that are there and are not found are named. */
export async function whyNotMigrated(db: Db): Promise<string> {
  const { tables, elsewhere, searchPath } = await readSession(db);
  return tables === null && elsewhere !== null
    ? `the search path (${searchPath}) does not lead to the tables in the schema ${elsewhere}: add ?schema=${encodeURIComponent(elsewhere)} to DATABASE_URL; to make new tables in its place`
    : 'the database is not migrated to this version';
}

function journalOf(folder: string): readonly { readonly tag: string; readonly when: number }[] {
  return JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')).entries;
}
