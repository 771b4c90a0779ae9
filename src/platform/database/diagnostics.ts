// Diagnoses the database of the service: its version, clock, and privileges.
import { sql } from 'drizzle-orm';
import type { Db } from './database.js';
import { readSessionFacts } from './session-facts.js';

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

/** How far the clock of Postgres is ahead of ours, in seconds; negative if it is behind. */
export async function clockDifference(db: Db, now: () => number = Date.now): Promise<number> {
  const before = now();
  const [row] = await db.execute<{ at: number }>(sql`select extract(epoch from clock_timestamp())::float8 as at`);
  // Postgres read its clock at some point between sending the query and receiving the result.
  return (row?.at ?? 0) - (before + now()) / 2000;
}

/** The missing privileges, such as `select on users`. Tables that do not exist are not reported. */
export async function missingPrivileges(db: Db): Promise<string[]> {
  const { tables: found, elsewhere } = await readSessionFacts(db);
  // A schema without the usage privilege is not on the effective search path.
  if (found === null && elsewhere !== null && !(await isUsable(db, elsewhere))) return [`usage on schema ${elsewhere}`];
  if (found === null) return [];
  const tables = await db.execute<{ name: string }>(sql`
    select relname::text as name from pg_catalog.pg_class
    where relnamespace = (select oid from pg_catalog.pg_namespace where nspname = ${found})
      and relkind in ('r', 'p') and relname <> 'schema_migrations' order by relname`);
  const missing: string[] = [];
  for (const { name } of tables) {
    for (const privilege of PRIVILEGES) if (await lacks(db, name, privilege)) missing.push(`${privilege} on ${name}`);
  }
  if (await lacks(db, 'schema_migrations', 'select')) missing.push('select on schema_migrations');
  return missing;
}

async function isUsable(db: Db, name: string): Promise<boolean> {
  const [row] = await db.execute<{ usable: boolean }>(sql`
    select has_schema_privilege(oid, 'usage') as usable from pg_catalog.pg_namespace where nspname = ${name}`);
  return row?.usable !== false;
}

async function lacks(db: Db, table: string, privilege: string): Promise<boolean> {
  const [row] = await db.execute<{ given: boolean | null }>(
    sql`select has_table_privilege(to_regclass(${table}::text), ${privilege}::text) as given`,
  );
  return row?.given === false;
}

/** The number of accounts that have this role and can log in. */
export async function countWithRole(db: Db, role: string): Promise<number> {
  const [row] = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from users
    where roles @> array[${role}]::text[] and roles <> '{}'::text[]
      and disabled_at is null and password_hash is not null`);
  return row?.count ?? 0;
}
