// Queries for backup and restore: listing tables, columns and sequences, copying rows with COPY, and recreating the tables.
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type postgres from 'postgres';
import { ALIVE_SECONDS } from '#instances/repository.js';
import { quoteIdentifier } from '#platform/config/database-url.js';
import {
  MIGRATIONS_FOLDER,
  MIGRATIONS_LOCK,
  MIGRATIONS_TABLE,
  ownTables,
  statementIn,
} from '#platform/database/migrations.js';
import type { AppliedMigration, SequenceState, TableHeader } from './format.js';

/** The part of a postgres.js query that its types omit and COPY needs. */
interface CopyQuery {
  reject: (error: unknown) => void;
}

/** A foreign key of one column. */
export interface ForeignKey {
  readonly name: string;
  readonly table: string;
  readonly column: string;
  readonly parent: string;
  readonly parentColumn: string;
  /** As in `add constraint`. */
  readonly definition: string;
}

/** How long a statement waits for a lock that another transaction holds; the same as for a migration. */
const LOCK_TIMEOUT = '60s';

/** The migrations of this version, oldest first. */
export function knownMigrations(): AppliedMigration[] {
  return readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER }).map(({ hash, folderMillis }) => ({
    hash,
    createdAt: folderMillis,
  }));
}

/** The functions that migrations create; all of them without parameters. */
function ownFunctions(): string[] {
  const statements = readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER }).flatMap(({ sql }) => sql);
  return statements.flatMap((each) => /create (?:or replace )?function "(\w+)"\(\)/i.exec(each)?.[1] ?? []);
}

/** Queries on a connection or in a transaction, for the tables in `schema`. */
export function createBackupRepository(sql: postgres.Sql | postgres.TransactionSql, schema: string) {
  const table = (name: string) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
  const namespace = () => sql`(select oid from pg_catalog.pg_namespace where nspname = ${schema})`;

  /** The declared tables that exist. */
  const existingTables = async (): Promise<string[]> => {
    const rows = await sql<{ relname: string }[]>`
      select relname from pg_class where relnamespace = ${namespace()} and relkind in ('r', 'p')`;
    const found = new Set(rows.map(({ relname }) => relname));
    return ownTables().filter((name) => found.has(name));
  };

  /** Other tools have a table of this name as well. */
  const hasJournal = async (): Promise<boolean> => {
    const [row] = await sql<{ exists: boolean }[]>`
      select exists (
        select from pg_catalog.pg_attribute
        where attrelid = to_regclass(${table(MIGRATIONS_TABLE)}) and attname = 'hash' and not attisdropped) as exists`;
    return row?.exists === true;
  };

  const apply = async (migrations: readonly AppliedMigration[]): Promise<void> => {
    const wanted = new Set(migrations.map(({ createdAt }) => createdAt));
    for (const { sql: statements, hash, folderMillis } of readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER })) {
      if (!wanted.has(folderMillis)) continue;
      for (const statement of statements) await sql.unsafe(statementIn(schema, statement));
      await sql.unsafe(`insert into ${table(MIGRATIONS_TABLE)} (hash, created_at) values ($1, $2)`, [
        hash,
        folderMillis,
      ]);
    }
  };

  return {
    /**
     * Makes the output and input of COPY independent of the settings of server, database and role, and disables the timeouts that a
     * slow reader or a large table would exceed. For the transaction only: behind a pooler, other clients use the connection afterwards.
     */
    prepareTransaction: async (): Promise<void> => {
      await sql.unsafe(
        `set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
         select set_config(name, '0', true) from pg_catalog.pg_settings where name = 'transaction_timeout';
         set local lock_timeout = '${LOCK_TIMEOUT}'; set local client_encoding = 'UTF8'; set local datestyle = 'ISO, YMD';
         set local intervalstyle = 'postgres'; set local timezone = 'UTC'; set local bytea_output = 'hex';
         set local extra_float_digits = 3; set local search_path = ${quoteIdentifier(schema)}; set local row_security = off;
         set local synchronous_commit = on`,
      );
    },

    /** Blocks migrations until the end of the transaction. */
    lockMigrations: async (): Promise<void> => {
      await sql`select pg_advisory_xact_lock(${MIGRATIONS_LOCK}::bigint)`;
    },

    /** The applied migrations, oldest first; none if their table does not exist. */
    appliedMigrations: async (): Promise<AppliedMigration[]> => {
      if (!(await hasJournal())) return [];
      const rows = await sql.unsafe<{ hash: string; created_at: string }[]>(
        `select hash, created_at::text from ${table(MIGRATIONS_TABLE)} order by created_at, id`,
      );
      return rows.map(({ hash, created_at: createdAt }) => ({ hash, createdAt: Number(createdAt) }));
    },

    existingTables,

    /** Tables and views of another application with the names of ours. */
    foreignTables: async (): Promise<string[]> => {
      if (await hasJournal()) return [];
      const names = [...ownTables(), MIGRATIONS_TABLE];
      const rows = await sql<{ name: string }[]>`
        select relname::text as name from pg_catalog.pg_class where relnamespace = ${namespace()}
          and relname in ${sql(names)} order by relname`;
      return rows.map(({ name }) => name);
    },

    /** Tables of another application that refer to ours; `views`: and its views on them. With their schemas. */
    dependents: async (views: boolean): Promise<string[]> => {
      const names = [...(await existingTables()), MIGRATIONS_TABLE];
      const own = sql`(select oid from pg_catalog.pg_class where relnamespace = ${namespace()} and relname in ${sql(names)})`;
      const rows = await sql<{ name: string }[]>`
        select conrelid::regclass::text as name from pg_catalog.pg_constraint
        where contype = 'f' and confrelid in ${own} and conrelid not in ${own}
        union
        select r.ev_class::regclass::text from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid
        where ${views} and d.classid = 'pg_catalog.pg_rewrite'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
          and d.refobjid in ${own} and r.ev_class not in ${own}
        order by 1`;
      return rows.map(({ name }) => name);
    },

    /** The existing tables, each after the tables that it references, with their columns except generated ones. */
    describeTables: async (): Promise<TableHeader[]> => {
      const names = await existingTables();
      const columns = await sql<{ name: string; column: string }[]>`
        select c.relname as name, a.attname as column
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = ${namespace()} and c.relname in ${sql(names)}
          and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        order by c.relname, a.attnum`;
      const references = await sql<{ name: string; parent: string }[]>`
        select child.relname as name, parent.relname as parent
        from pg_constraint f join pg_class child on child.oid = f.conrelid join pg_class parent on parent.oid = f.confrelid
        where f.contype = 'f' and child.relnamespace = ${namespace()} and child.oid <> parent.oid`;
      return parentsFirst(names, references).map((name) => ({
        name,
        columns: columns.filter((each) => each.name === name).map(({ column }) => column),
      }));
    },

    /** Prevents changes to the tables' definitions until the end of the transaction; reads and writes continue. */
    lockTables: async (names: readonly string[]): Promise<void> => {
      await sql.unsafe(`lock table ${names.map(table).join(', ')} in access share mode`);
    },

    /** The rows of a table, in the text format of COPY. */
    async *read({ name, columns }: TableHeader): AsyncGenerator<Buffer> {
      const query = sql.unsafe(`copy ${table(name)} (${columns.map(quoteIdentifier).join(', ')}) to stdout`);
      const copy: Readable = await query.readable();
      yield* copy;
      // postgres.js pauses the connection when rows arrive faster than they are read, and resumes it on the next read. There is no read
      // after the last row, so without this one the end of the command might never arrive.
      copy._read(0);
    },

    /** Drops the foreign keys, and disables the triggers, which would change rows; returns the keys for `addForeignKeys`. */
    dropForeignKeys: async (names: readonly string[]): Promise<ForeignKey[]> => {
      const keys = await sql<ForeignKey[]>`
        select f.conname as name, child.relname as table, c.attname as column, parent.relname as parent,
          p.attname as "parentColumn", pg_get_constraintdef(f.oid) as definition
        from pg_constraint f
        join pg_class child on child.oid = f.conrelid join pg_class parent on parent.oid = f.confrelid
        join pg_attribute c on c.attrelid = child.oid and c.attnum = f.conkey[1]
        join pg_attribute p on p.attrelid = parent.oid and p.attnum = f.confkey[1]
        where f.contype = 'f' and child.relnamespace = ${namespace()} and child.relname in ${sql([...names])}
        order by child.relname, f.conname`;
      for (const name of names) await sql.unsafe(`alter table ${table(name)} disable trigger user`);
      for (const key of keys) {
        await sql.unsafe(`alter table ${table(key.table)} drop constraint ${quoteIdentifier(key.name)}`);
      }
      return keys;
    },

    /**
     * Adds the foreign keys, and enables the triggers again. Deletes the rows that refer to none and returns their number: in a backup of a
     * distributed database, which has no snapshot of all nodes, sessions may be newer than the accounts.
     */
    addForeignKeys: async (names: readonly string[], keys: readonly ForeignKey[]): Promise<number> => {
      let deleted = 0;
      for (const { name, table: child, column, parent, parentColumn, definition } of keys) {
        const { count } = await sql.unsafe(`
          delete from ${table(child)} c where c.${quoteIdentifier(column)} is not null and not exists (
            select 1 from ${table(parent)} p where p.${quoteIdentifier(parentColumn)} = c.${quoteIdentifier(column)})`);
        await sql.unsafe(`alter table ${table(child)} add constraint ${quoteIdentifier(name)} ${definition}`);
        deleted += count;
      }
      for (const name of names) await sql.unsafe(`alter table ${table(name)} enable trigger user`);
      return deleted;
    },

    /** Inserts rows in the text format of COPY. */
    async write({ name, columns }: TableHeader, rows: AsyncIterable<Buffer>): Promise<void> {
      const query = sql.unsafe(`copy ${table(name)} (${columns.map(quoteIdentifier).join(', ')}) from stdin`);
      const copy: Writable = await query.writable();
      // postgres.js resolves the query when COPY begins, and does not report rows that are rejected after the last byte.
      const rejected = new Promise<never>((_, reject) => Object.assign(query as unknown as CopyQuery, { reject }));
      rejected.catch(() => {});
      const completed = finished(copy);
      completed.catch(() => {});
      const send = async () => {
        for await (const chunk of rows) {
          if (!copy.write(chunk)) await Promise.race([onDrain(copy), completed]);
        }
        copy.end();
        await completed;
      };
      try {
        await Promise.race([send(), rejected]);
      } catch (error) {
        copy.destroy(error as Error);
        throw error;
      }
    },

    /** The next values of the identity columns. Read them after the rows, because sequences are not part of a snapshot. */
    readSequences: async (names: readonly string[]): Promise<SequenceState[]> => {
      const found = await sql<{ table: string; column: string; sequence: string }[]>`
        select c.relname as table, a.attname as column,
          pg_get_serial_sequence(quote_ident(${schema}) || '.' || quote_ident(c.relname), a.attname) as sequence
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = ${namespace()} and c.relname in ${sql([...names])}
          and a.attnum > 0 and not a.attisdropped and a.attidentity <> ''
        order by c.relname, a.attnum`;
      const states: SequenceState[] = [];
      for (const { sequence, ...column } of found) {
        const [row] = await sql.unsafe<{ next: string }[]>(
          `select (last_value + (case when is_called then 1 else 0 end))::text as next from ${sequence}`,
        );
        if (row !== undefined) states.push({ ...column, next: row.next });
      }
      return states;
    },

    /** Unlike setval(), this is rolled back with its transaction. */
    restartSequence: async ({ table: name, column, next }: SequenceState): Promise<void> => {
      await sql.unsafe(
        `alter table ${table(name)} alter column ${quoteIdentifier(column)} restart with ${BigInt(next)}`,
      );
    },

    /** The tables with rows other than those that the service creates when it starts. */
    tablesInUse: async (): Promise<string[]> => {
      const used: string[] = [];
      for (const name of await existingTables()) {
        if (name === 'signing_keys' || name === 'instances') continue;
        const [row] = await sql.unsafe<{ used: boolean }[]>(`select exists (select 1 from ${table(name)}) as used`);
        if (row?.used) used.push(name);
      }
      return used;
    },

    /** The hosts of the processes that are running on these tables. */
    livingInstances: async (): Promise<string[]> => {
      if (!(await existingTables()).includes('instances')) return [];
      const rows = await sql<{ host: string }[]>`
        select host from instances where seen_at > now() - ${ALIVE_SECONDS}::int * interval '1 second' order by host`;
      return rows.map(({ host }) => host);
    },

    /** Deletes all rows. */
    empty: async (): Promise<void> => {
      await sql.unsafe(`truncate ${(await existingTables()).map(table).join(', ')}`);
    },

    /** Drops every table and recreates them with these migrations. */
    async recreateTables(migrations: readonly AppliedMigration[]): Promise<void> {
      await sql.unsafe(`create schema if not exists ${quoteIdentifier(schema)}`);
      for (const name of [...(await existingTables()), MIGRATIONS_TABLE]) {
        await sql.unsafe(`drop table if exists ${table(name)} cascade`);
      }
      // Of triggers: `drop table` leaves them in place.
      for (const name of ownFunctions()) await sql.unsafe(`drop function if exists ${table(name)}()`);
      // The same definition as in Drizzle's migrator and in src/platform/database/migrations.ts.
      await sql.unsafe(
        `create table ${table(MIGRATIONS_TABLE)} (id serial primary key, hash text not null, created_at bigint)`,
      );
      await apply(migrations);
    },

    apply,

    /** The instances that were running when the backup was made are not running here. */
    deleteInstances: async (): Promise<void> => {
      if ((await existingTables()).includes('instances')) await sql`delete from instances`;
    },
  };
}

export type BackupRepository = ReturnType<typeof createBackupRepository>;

function onDrain(stream: Writable): Promise<void> {
  return new Promise((resolve) => stream.once('drain', resolve));
}

function parentsFirst(
  names: readonly string[],
  references: readonly { readonly name: string; readonly parent: string }[],
): string[] {
  const sorted: string[] = [];
  const visit = (name: string): void => {
    if (sorted.includes(name) || !names.includes(name)) return;
    for (const each of references) if (each.name === name) visit(each.parent);
    sorted.push(name);
  };
  for (const name of names) visit(name);
  return sorted;
}
