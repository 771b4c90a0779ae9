// Diagnoses the database of the service: its version, clock, and privileges.
import { sql } from 'drizzle-orm';
import type { Db } from './database.js';
import { UnsafeDatabase } from './durability.js';
import { isMigrated, MIGRATIONS_TABLE, NotMigrated, ownTables, whyNotMigrated } from './migrations.js';
import { readSessionFacts, type SessionFacts } from './session-facts.js';

/** Privileges that the service needs on every table. */
const PRIVILEGES = ['select', 'insert', 'update', 'delete'] as const;

/** Facts about the server. */
export interface ServerFacts {
  /** `server_version_num`: 150004 is 15.4. */
  readonly version: number;
  readonly user: string;
}

/** Reads facts about the server and the current user. */
export async function inspectServer(db: Db): Promise<ServerFacts> {
  const [facts] = await db.execute<{ [name in keyof ServerFacts]: ServerFacts[name] }>(sql`
    select current_setting('server_version_num')::int as version,
      current_user::text as "user"`);
  return facts as ServerFacts;
}

/** What tells databases apart. */
export interface DatabaseIdentity {
  /** The cluster and the database in it; a standby has that of its primary. */
  readonly id: string;
  readonly isStandby: boolean;
}

/** Reads which database a connection leads to. */
export async function readIdentity(db: Pick<Db, 'execute'>): Promise<DatabaseIdentity> {
  const [identity] = await db.execute<{ [name in keyof DatabaseIdentity]: DatabaseIdentity[name] }>(sql`
    select system_identifier || '/' || pg_database.oid as id, pg_is_in_recovery() as "isStandby"
    from pg_control_system(), pg_catalog.pg_database where datname = current_database()`);
  if (identity === undefined) throw new Error('the current database has no row');
  return identity;
}

/** How far the clock of Postgres is ahead of ours, in seconds; negative if it is behind. */
export async function clockDifference(db: Db, now: () => number = Date.now): Promise<number> {
  const before = now();
  const [row] = await db.execute<{ at: number }>(sql`select extract(epoch from clock_timestamp())::float8 as at`);
  // Postgres read its clock at some point between sending the query and receiving the result.
  return (row?.at ?? 0) - (before + now()) / 2000;
}

/** The missing privileges on tables of this version, such as `select on users`. Tables that do not exist are not reported. */
export async function missingPrivileges(db: Db, facts: SessionFacts): Promise<string[]> {
  const { tables: found } = facts;
  if (found === null) return missingUsage(db, facts);
  const missing = await db.execute<{ table: string; privilege: string }>(sql`
    with needed ("table", privilege, place) as (
      select "table", privilege, place from unnest(${sql.raw(arrayOf(ownTables()))}) as "table"
      cross join unnest(${sql.raw(arrayOf(PRIVILEGES))}) with ordinality as privileges (privilege, place)
      union all select ${MIGRATIONS_TABLE}::text, 'select', 1)
    select "table", privilege from needed
    join pg_catalog.pg_class on relname = "table" and relkind in ('r', 'p')
      and relnamespace = (select oid from pg_catalog.pg_namespace where nspname = ${found})
    where not has_table_privilege(pg_class.oid, privilege)
    order by "table", place`);
  return missing.map(({ table, privilege }) => `${privilege} on ${table}`);
}

/**
 * Throws if the tables are older than this version (NotMigrated), or if the role lacks a privilege (UnsafeDatabase). Otherwise the service
 * would start, report that it is ready, and fail the requests that need the privilege: for example after a migration by a role for which
 * there are no default privileges.
 */
export async function assertUsable(db: Db): Promise<void> {
  const facts = await readSessionFacts(db);
  await assertMigrated(db, facts);
  refuseMissing(await missingPrivileges(db, facts));
}

/** Throws if the tables are older than this version (NotMigrated), or in a schema that the role may not use (UnsafeDatabase). */
export async function assertMigrated(db: Db, facts: SessionFacts): Promise<void> {
  if (await isMigrated(db, facts)) return;
  refuseMissing(await missingUsage(db, facts));
  throw new NotMigrated(whyNotMigrated(facts));
}

function refuseMissing(missing: readonly string[]): void {
  if (missing.length > 0) throw new UnsafeDatabase(describeMissing(missing));
}

/** One line for the operator about missing privileges. */
export function describeMissing(missing: readonly string[]): string {
  return `the database user lacks ${missing.join(', ')}; docs/database.md lists the grants`;
}

/** An SQL array of names that contain no quotes. */
function arrayOf(names: readonly string[]): string {
  return `array['${names.join("', '")}']`;
}

/** A schema without the usage privilege is not on the effective search path. */
async function missingUsage(db: Db, { tables, elsewhere }: SessionFacts): Promise<string[]> {
  const isHidden = tables === null && elsewhere !== null && !(await isUsable(db, elsewhere));
  return isHidden ? [`usage on schema ${elsewhere}`] : [];
}

async function isUsable(db: Db, name: string): Promise<boolean> {
  const [row] = await db.execute<{ usable: boolean }>(sql`
    select has_schema_privilege(oid, 'usage') as usable from pg_catalog.pg_namespace where nspname = ${name}`);
  return row?.usable !== false;
}

/** The number of accounts that have this role and can log in. */
export async function countWithRole(db: Db, role: string): Promise<number> {
  const [row] = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from users
    where roles @> array[${role}]::text[] and roles <> '{}'::text[]
      and disabled_at is null and password_hash is not null`);
  return row?.count ?? 0;
}
