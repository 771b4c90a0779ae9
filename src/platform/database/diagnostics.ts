// What can be found out about the database that the service is given: its version, rights and clock.
import { sql } from 'drizzle-orm';
import type { Db } from './database.js';
import { readSession } from './session.js';

/** Rights that the service needs on every table. */
const RIGHTS = ['select', 'insert', 'update', 'delete'] as const;

/** What is asked about the server. */
export interface ServerFacts {
  /** As `server_version_num`: 150004 is 15.4. */
  readonly version: number;
  readonly user: string;
}

/** The server, as this connection has it. */
export async function inspectServer(db: Db): Promise<ServerFacts> {
  const [facts] = await db.execute<{ [name in keyof ServerFacts]: ServerFacts[name] }>(sql`
    select current_setting('server_version_num')::int as version,
      current_user::text as "user"`);
  return facts as ServerFacts;
}

/** By how much the clock of Postgres is ahead of ours, in seconds; negative: behind. */
export async function clockDifference(db: Db, now: () => number = Date.now): Promise<number> {
  const before = now();
  const [row] = await db.execute<{ at: number }>(sql`select extract(epoch from clock_timestamp())::float8 as at`);
  // It was read somewhere between the question and the answer.
  return (row?.at ?? 0) - (before + now()) / 2000;
}

/** The rights that are missing, as `select on users`; of a table that is not there, nothing. */
export async function missingRights(db: Db): Promise<string[]> {
  const { tables: found, elsewhere } = await readSession(db);
  // A schema that may not be used is not on the search path.
  if (found === null && elsewhere !== null && !(await isUsable(db, elsewhere))) return [`usage on schema ${elsewhere}`];
  const tables = await db.execute<{ name: string }>(sql`
    select relname::text as name from pg_catalog.pg_class
    where relnamespace = (select relnamespace from pg_catalog.pg_class where oid = to_regclass('schema_migrations'))
      and relkind in ('r', 'p') and relname <> 'schema_migrations' order by relname`);
  const missing: string[] = [];
  for (const { name } of tables) {
    for (const right of RIGHTS) if (await lacks(db, name, right)) missing.push(`${right} on ${name}`);
  }
  if (await lacks(db, 'schema_migrations', 'select')) missing.push('select on schema_migrations');
  return missing;
}

async function isUsable(db: Db, name: string): Promise<boolean> {
  const [row] = await db.execute<{ usable: boolean }>(sql`
    select has_schema_privilege(oid, 'usage') as usable from pg_catalog.pg_namespace where nspname = ${name}`);
  return row?.usable !== false;
}

async function lacks(db: Db, table: string, right: string): Promise<boolean> {
  const [row] = await db.execute<{ given: boolean | null }>(
    sql`select has_table_privilege(to_regclass(${table}::text), ${right}::text) as given`,
  );
  return row?.given === false;
}

/** How many can log in and have this role. */
export async function countWithRole(db: Db, role: string): Promise<number> {
  const [row] = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from users
    where roles @> array[${role}]::text[] and roles <> '{}'::text[]
      and disabled_at is null and password_hash is not null`);
  return row?.count ?? 0;
}
