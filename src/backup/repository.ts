// Queries of backup and restore: which tables, columns and sequences there are, their rows by COPY, and making them anew.
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { getTableName, is } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { PgTable } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';
import * as schema from '#drizzle/schema.js';
import { MIGRATIONS_FOLDER, MIGRATIONS_LOCK, MIGRATIONS_TABLE } from '#platform/database/migrations.js';
import type { AppliedMigration, SequenceState, TableHeader } from './format.js';

/** A query of postgres.js, as much more of it as COPY needs. */
interface CopyQuery {
  reject: (error: unknown) => void;
}

const JOURNAL = MIGRATIONS_TABLE;
/** How long a statement waits for a lock that another transaction holds: as long as a migration does. */
const LOCK_TIMEOUT = '60s';
/**
 * A process says every few seconds that it serves; one that has not for so long is gone (seconds). As in
 * src/instances/service.ts.
 */
const ALIVE_SECONDS = 30;

/** Every table that drizzle/schema.ts declares: a new one is backed up without a change here. */
export function ownTables(): string[] {
  return Object.values(schema)
    .filter((value) => is(value, PgTable))
    .map(getTableName)
    .sort();
}

/** The migrations of this version, the oldest first. */
export function knownMigrations(): AppliedMigration[] {
  return readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER }).map(({ hash, folderMillis }) => ({
    hash,
    createdAt: folderMillis,
  }));
}

/** On a connection, or in a transaction of its own. */
export function createBackupRepository(sql: postgres.Sql | postgres.TransactionSql) {
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const table = (name: string) => `public.${quoted(name)}`;

  /** Those of ours that are there. */
  const existingTables = async (): Promise<string[]> => {
    const rows = await sql<{ relname: string }[]>`
      select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`;
    const found = new Set(rows.map(({ relname }) => relname));
    return ownTables().filter((name) => found.has(name));
  };

  const hasJournal = async (): Promise<boolean> => {
    const [row] = await sql<{ there: boolean }[]>`select to_regclass(${table(JOURNAL)}) is not null as there`;
    return row?.there === true;
  };

  const apply = async (migrations: readonly AppliedMigration[]): Promise<void> => {
    const wanted = new Set(migrations.map(({ createdAt }) => createdAt));
    for (const { sql: statements, hash, folderMillis } of readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER })) {
      if (!wanted.has(folderMillis)) continue;
      for (const statement of statements) await sql.unsafe(statement);
      await sql.unsafe(`insert into ${table(JOURNAL)} (hash, created_at) values ($1, $2)`, [hash, folderMillis]);
    }
  };

  return {
    /**
     * What COPY prints and reads must not depend on how the server, the database or the role are set up; and no statement ends
     * because a reader or a table is slow.
     */
    settle: async (): Promise<void> => {
      await sql.unsafe(
        `set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = '${LOCK_TIMEOUT}';
         set client_encoding = 'UTF8'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set timezone = 'UTC';
         set bytea_output = 'hex'; set extra_float_digits = 3; set search_path = public; set row_security = off;
         set synchronous_commit = on`,
      );
    },

    /** Until the end of the session nobody migrates. */
    lockMigrations: async (): Promise<void> => {
      await sql`select pg_advisory_lock(${MIGRATIONS_LOCK}::bigint)`;
    },

    /** The oldest first; none where there is no table of them. */
    appliedMigrations: async (): Promise<AppliedMigration[]> => {
      if (!(await hasJournal())) return [];
      const rows = await sql.unsafe<{ hash: string; created_at: string }[]>(
        `select hash, created_at::text from ${table(JOURNAL)} order by created_at, id`,
      );
      return rows.map(({ hash, created_at: createdAt }) => ({ hash, createdAt: Number(createdAt) }));
    },

    existingTables,

    /** Those of ours that are there, each after those that it refers to, with the columns that have a value of their own. */
    describeTables: async (): Promise<TableHeader[]> => {
      const names = await existingTables();
      const columns = await sql<{ name: string; column: string }[]>`
        select c.relname as name, a.attname as column
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relname in ${sql(names)}
          and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        order by c.relname, a.attnum`;
      const references = await sql<{ name: string; parent: string }[]>`
        select child.relname as name, parent.relname as parent
        from pg_constraint f join pg_class child on child.oid = f.conrelid join pg_class parent on parent.oid = f.confrelid
        where f.contype = 'f' and child.relnamespace = 'public'::regnamespace and child.oid <> parent.oid`;
      return parentsFirst(names, references).map((name) => ({
        name,
        columns: columns.filter((each) => each.name === name).map(({ column }) => column),
      }));
    },

    /** Nobody changes their shape until the end of the transaction; reading and writing go on. */
    lockTables: async (names: readonly string[]): Promise<void> => {
      await sql.unsafe(`lock table ${names.map(table).join(', ')} in access share mode`);
    },

    /** Their rows, in the text format of COPY. */
    async *read({ name, columns }: TableHeader): AsyncGenerator<Buffer> {
      const query = sql.unsafe(`copy ${table(name)} (${columns.map(quoted).join(', ')}) to stdout`);
      const copy: Readable = await query.readable();
      yield* copy;
      // postgres.js pauses the connection when rows come faster than they are read, and goes on when it is asked for more. Nobody asks
      // after the last one: the end of the command would never arrive.
      copy._read(0);
    },

    /** Adds rows in the text format of COPY. */
    async write({ name, columns }: TableHeader, rows: AsyncIterable<Buffer>): Promise<void> {
      const query = sql.unsafe(`copy ${table(name)} (${columns.map(quoted).join(', ')}) from stdin`);
      const copy: Writable = await query.writable();
      // postgres.js has resolved the query when COPY began, and is silent about rows that are refused after the last byte.
      const refused = new Promise<never>((_, reject) => Object.assign(query as unknown as CopyQuery, { reject }));
      refused.catch(() => {});
      const whole = finished(copy);
      whole.catch(() => {});
      const send = async () => {
        for await (const chunk of rows) {
          if (!copy.write(chunk)) await Promise.race([onDrain(copy), whole]);
        }
        copy.end();
        await whole;
      };
      try {
        await Promise.race([send(), refused]);
      } catch (error) {
        copy.destroy(error as Error);
        throw error;
      }
    },

    /** How far the identities have counted. Read them after the rows: sequences know no snapshot. */
    readSequences: async (names: readonly string[]): Promise<SequenceState[]> => {
      const found = await sql<{ table: string; column: string; sequence: string }[]>`
        select c.relname as table, a.attname as column,
          pg_get_serial_sequence(quote_ident('public') || '.' || quote_ident(c.relname), a.attname) as sequence
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relname in ${sql([...names])}
          and a.attnum > 0 and not a.attisdropped and a.attidentity <> ''
        order by c.relname, a.attnum`;
      const states: SequenceState[] = [];
      for (const { sequence, ...where } of found) {
        const [row] = await sql.unsafe<{ next: string }[]>(
          `select (last_value + (case when is_called then 1 else 0 end))::text as next from ${sequence}`,
        );
        if (row !== undefined) states.push({ ...where, next: row.next });
      }
      return states;
    },

    /** Unlike setval() it is undone with its transaction. */
    restartSequence: async ({ table: name, column, next }: SequenceState): Promise<void> => {
      await sql.unsafe(`alter table ${table(name)} alter column ${quoted(column)} restart with ${BigInt(next)}`);
    },

    /** The tables that hold anything but what a start of the service makes by itself. */
    tablesInUse: async (): Promise<string[]> => {
      const used: string[] = [];
      for (const name of await existingTables()) {
        if (name === 'signing_keys' || name === 'instances') continue;
        const [row] = await sql.unsafe<{ used: boolean }[]>(`select exists (select from ${table(name)}) as used`);
        if (row?.used) used.push(name);
      }
      return used;
    },

    /** The hosts of the processes that serve on these tables. */
    livingInstances: async (): Promise<string[]> => {
      if (!(await existingTables()).includes('instances')) return [];
      const rows = await sql<{ host: string }[]>`
        select host from instances where seen_at > now() - ${ALIVE_SECONDS}::int * interval '1 second' order by host`;
      return rows.map(({ host }) => host);
    },

    empty: async (): Promise<void> => {
      await sql.unsafe(`truncate ${(await existingTables()).map(table).join(', ')}`);
    },

    /** Drops every table of ours, and makes them as these migrations do. */
    async make(migrations: readonly AppliedMigration[]): Promise<void> {
      for (const name of [...(await existingTables()), JOURNAL]) {
        await sql.unsafe(`drop table if exists ${table(name)} cascade`);
      }
      // As Drizzle's migrator makes it: it goes on with the same table.
      await sql.unsafe(`create table ${table(JOURNAL)} (id serial primary key, hash text not null, created_at bigint)`);
      await apply(migrations);
    },

    apply,

    /** Those who served when the backup was made do not serve here. */
    forgetInstances: async (): Promise<void> => {
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
