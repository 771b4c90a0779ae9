// Reads the schema of a database, to compare it with another one.
import postgres from 'postgres';
import type { Test } from 'tap';

/** A connection, closed when the test ends. */
export function connectTo(t: Pick<Test, 'teardown'>, url: string): postgres.Sql {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  t.teardown(() => sql.end());
  return sql;
}

/** All columns, indexes, constraints and options of the tables, and the number of applied migrations. */
export async function schemaOf(sql: postgres.Sql) {
  const columns = await sql`
    select table_name, column_name, data_type, is_nullable, column_default, is_identity
    from information_schema.columns where table_schema = 'public' order by 1, 2`;
  const indexes = await sql`select tablename, indexdef from pg_indexes where schemaname = 'public' order by 1, 2`;
  const constraints = await sql`
    select conrelid::regclass::text as table_name, conname, pg_get_constraintdef(oid) as definition
    from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2`;
  const options = await sql`
    select relname, reloptions from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`;
  const list = columns.length === 0 ? [] : await sql`select hash from schema_migrations order by id`;
  const applied = list.length;
  return {
    columns: [...columns],
    indexes: [...indexes],
    constraints: [...constraints],
    options: [...options],
    applied,
  };
}
