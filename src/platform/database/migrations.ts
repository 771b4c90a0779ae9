// Applies the migrations in drizzle/migrations, and reports which of them are applied.
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
import { checkDatabase } from './probe.js';
import { readSessionFacts, type SessionFacts } from './session-facts.js';

/** The folder that contains the migrations and Drizzle's journal. */
export const MIGRATIONS_FOLDER = join(packageRoot, 'drizzle', 'migrations');
/** The table that lists the applied migrations, in the format of Drizzle's migrator. */
export const MIGRATIONS_TABLE = 'schema_migrations';
/** The advisory lock that a migrating process takes. Any fixed number would do; this is "latchkey" in ASCII. */
export const MIGRATIONS_LOCK = '7809632219746739577';

/**
 * How long a statement may wait for a lock on a table (Postgres interval). All queries on that table queue behind it, so it gives up
 * before they time out (DEFAULT_DEADLINE in deadline.ts), lets them proceed, and tries again later.
 */
const TABLE_LOCK_TIMEOUT = '500ms';
const RETRY_MILLISECONDS = 1000;
/** SQLSTATE of a lock timeout. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Options of `migrateDatabase`. */
export interface MigrationOptions {
  /** The folder that contains the migrations; for tests. */
  readonly folder?: string;
  /** How long to keep trying while another transaction has a table locked, in milliseconds. */
  readonly patience?: number;
  /** The environment variable that contains the URL, for messages. */
  readonly variable?: 'DATABASE_URL' | 'DATABASE_DIRECT_URL';
  /** Called with each warning, which is one line for the operator. */
  readonly onWarning?: (line: string) => void;
}

/** Postgres has refused a statement of a migration. All of them were rolled back. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
  /** The SQLSTATE. */
  readonly code: string | undefined;

  constructor(migration: string, cause: unknown) {
    const { code, message } = driverError(cause);
    super(`the migration ${migration} failed: ${message} (${code})`, { cause });
    this.code = code;
  }
}

/** Migrations of this version have not been applied. */
export class NotMigrated extends Error {
  override readonly name = 'NotMigrated';
}

/** A table or the lock of migrations was held by others for longer than `patience`. Nothing was changed. */
export class MigrationBlocked extends Error {
  override readonly name = 'MigrationBlocked';
  readonly code = LOCK_NOT_AVAILABLE;

  constructor(cause: unknown) {
    super(
      `another migration, or a long transaction on a table that the migration changes, has held its lock for more than a minute; nothing was changed (${LOCK_NOT_AVAILABLE}: ${driverError(cause).message})`,
      { cause },
    );
  }
}

/**
 * Applies all pending migrations in a single transaction, so that a process which is killed half-way leaves nothing behind. Several
 * processes may run it at the same time: it takes an advisory lock, whose scope is the transaction, so that it also works through a
 * pooler. Resolves to the names of the applied migrations. Throws UnsafeDatabase if the service could not use the tables.
 */
export async function migrateDatabase(
  url: string,
  { folder = MIGRATIONS_FOLDER, patience = 60_000, variable, onWarning = () => {} }: MigrationOptions = {},
): Promise<string[]> {
  const options = { url, poolSize: 1, transactionPooler: false };
  const { poolerFound, facts, warnings } = await checkDatabase({ ...options, variable });
  for (const warning of warnings) onWarning(warning);
  const client = createClient({ ...options, transactionPooler: poolerFound });
  try {
    const schema = targetSchema(facts, url);
    const end = performance.now() + patience;
    for (;;) {
      const applied = await tryToMigrate(client, schema, folder, () => performance.now() > end);
      if (applied !== undefined) return applied;
      await sleep(RETRY_MILLISECONDS);
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
      `the search path (${searchPath}) contains no schema that exists and that this role may use; create one, or name it in the URL: ?schema=<name>`,
    );
  }
  return found;
}

/** The schema that the URL names; it is created if it does not exist. */
function namedSchema(url: string): string | undefined {
  const [, quoted, plain] = /^(?:"((?:[^"]|"")+)"|([a-z_][a-z0-9_$]*))$/i.exec(searchPathOf(url)) ?? [];
  return quoted?.replaceAll('""', '"') ?? plain?.toLowerCase();
}

function searchPathOf(url: string): string {
  return parseDatabaseUrl(url).parameters.search_path ?? '';
}

/**
 * Resolves to the names of the applied migrations, or to undefined if another transaction has a table locked and nothing was changed.
 * On the last attempt, rejects with MigrationBlocked instead.
 */
async function tryToMigrate(
  client: postgres.Sql,
  schema: string,
  folder: string,
  isLastAttempt: () => boolean,
): Promise<string[] | undefined> {
  let isLocked = false;
  try {
    return await client.begin(async (transaction) => {
      // Waits for another process that is migrating.
      await transaction.unsafe(`
        set local statement_timeout = 0;
        set local lock_timeout = '60s';
        set local idle_in_transaction_session_timeout = 0;
        select set_config(name, '0', true) from pg_catalog.pg_settings where name = 'transaction_timeout';
        -- Citus: one connection to each node, so that a migration can change copied and distributed tables.
        select set_config(name, 'sequential', true) from pg_catalog.pg_settings where name = 'citus.multi_shard_modify_mode';
        select pg_advisory_xact_lock(${MIGRATIONS_LOCK})`);
      isLocked = true;
      await transaction.unsafe(`set local lock_timeout = '${TABLE_LOCK_TIMEOUT}'`);
      return applyMissing(transaction, schema, folder);
    });
  } catch (error) {
    const reason = error instanceof MigrationFailed ? error.cause : error;
    if (driverError(reason).code !== LOCK_NOT_AVAILABLE) throw error;
    if (!isLocked || isLastAttempt()) throw new MigrationBlocked(reason);
    return undefined;
  }
}

/**
 * Does the same as Drizzle's migrator and uses its table, which an earlier version may have created. Drizzle's migrator itself commits
 * before it creates tables, requires the right to create schemas, and supports `public` only, which drizzle-kit writes in foreign keys.
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
    const name = names.get(folderMillis) ?? hash;
    try {
      for (const statement of statements) await transaction.unsafe(statementIn(schema, statement));
    } catch (error) {
      // The server has refused it; anything else concerns the connection.
      throw driverError(error).severity === 'ERROR' ? new MigrationFailed(name, error) : error;
    }
    await transaction.unsafe(`insert into ${journal} (hash, created_at) values (${literal(hash)}, ${folderMillis})`);
    applied.push(name);
  }
  return applied;
}

/** A statement of a migration for the tables in this schema: drizzle-kit names `public` in each foreign key. */
export function statementIn(schema: string, statement: string): string {
  return statement.replaceAll('"public".', `${quoteIdentifier(schema)}.`);
}

/** An SQL string literal; requires standard_conforming_strings. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A migration of this version. */
export interface Migration {
  /** The name of the file in drizzle/migrations, without `.sql`. */
  readonly name: string;
  readonly isApplied: boolean;
}

/** All migrations of this version, in order. Changes nothing. */
export async function listMigrations(url: string): Promise<Migration[]> {
  const options = { url, poolSize: 1, transactionPooler: false };
  const { poolerFound, facts } = await checkDatabase(options);
  const client = createClient({ ...options, transactionPooler: poolerFound, schema: facts.tables ?? undefined });
  try {
    const db = drizzle(client);
    const latest = await latestApplied(db, await readSessionFacts(db));
    // Drizzle, too, compares the times at which migrations were generated.
    return journalOf(MIGRATIONS_FOLDER).map(({ tag, when }) => ({ name: tag, isApplied: when <= latest }));
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Whether all migrations of this version are applied. Later ones may be as well: version n runs on the tables of n + 1. */
export async function isMigrated(db: Db, facts: SessionFacts): Promise<boolean> {
  return (await latestApplied(db, facts)) >= Math.max(...journalOf(MIGRATIONS_FOLDER).map(({ when }) => when));
}

/** The time of the latest applied migration, as in the journal; -1 if none is applied. */
async function latestApplied(db: Pick<Db, 'execute'>, { tables }: SessionFacts): Promise<number> {
  if (tables === null) return -1;
  const [{ latest } = { latest: null }] = await db.execute<{ latest: string | null }>(
    sql`select max(created_at) as latest from ${sql.identifier(tables)}.${sql.identifier(MIGRATIONS_TABLE)}`,
  );
  return Number(latest ?? -1);
}

/** Explains in one line why tables are missing; the command to run follows it. A schema outside the search path is named. */
export function whyNotMigrated({ tables, elsewhere, searchPath }: SessionFacts): string {
  return tables === null && elsewhere !== null
    ? `the search path (${searchPath}) does not contain the schema ${elsewhere}, which has the tables: add ?schema=${encodeURIComponent(elsewhere)} to DATABASE_URL; to create new tables instead`
    : 'the database is not migrated to this version';
}

/**
 * The names of the tables that this version uses, without that of the migrations: as drizzle-kit has recorded them with the last one, so that
 * a new table needs no change where all of them are listed.
 */
export function ownTables(): string[] {
  const last = String(journalOf(MIGRATIONS_FOLDER).length - 1).padStart(4, '0');
  const file = join(MIGRATIONS_FOLDER, 'meta', `${last}_snapshot.json`);
  const { tables } = JSON.parse(readFileSync(file, 'utf8')) as { tables: Record<string, { name: string }> };
  return Object.values(tables)
    .map(({ name }) => name)
    .sort();
}

function journalOf(folder: string): readonly { readonly tag: string; readonly when: number }[] {
  return JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')).entries;
}
