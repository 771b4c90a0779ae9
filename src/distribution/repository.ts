// Where each table is in a database that Citus spreads over several nodes, and the statements that move it there.
import { getTableName } from 'drizzle-orm';
import type postgres from 'postgres';
import * as schema from '#drizzle/schema.js';
import { quoteIdentifier } from '#platform/config/database-url.js';
import { MIGRATIONS_LOCK } from '#platform/database/migrations.js';

/** Where rows are: all of them on every node, those of one account on one node, or all of them on the coordinator. */
export type Place = 'every node' | 'by account' | 'coordinator';

/** A table, and where it belongs. */
export interface PlacedTable {
  readonly name: string;
  readonly place: Place;
}

/**
 * The place of each table, after that of the tables that it refers to; one without a place does not compile. Tables that are distributed
 * by account have a column `user_id`, and every statement that a request waits for compares it with one account.
 */
const PLACES: Readonly<Record<keyof typeof schema, Place>> = {
  // Its unique index keeps one account for each address, and sessions are joined with it on their own node.
  users: 'every node',
  sessions: 'by account',
  knownDevices: 'by account',
  // Few rows, some of them found by an id, a credential or a challenge alone.
  totpFactors: 'coordinator',
  passkeys: 'coordinator',
  usedPasskeyChallenges: 'coordinator',
  recoveryCodes: 'coordinator',
  // Found by a token, which does not contain the account.
  accountTokens: 'coordinator',
  // An event can belong to two accounts, the one that acted and the one that it concerns, or to none.
  auditEvents: 'coordinator',
  // Queues: workers skip rows that others have locked, which Citus supports on one node only.
  jobs: 'coordinator',
  mails: 'coordinator',
  // Counted by address, whether or not there is an account, and by the clock of the row's node.
  throttles: 'coordinator',
  quotas: 'coordinator',
  // Small, and not joined with sessions. A copy on every node could be changed only while all nodes are available.
  settings: 'coordinator',
  settingsHistory: 'coordinator',
  signingKeys: 'coordinator',
  roles: 'coordinator',
  instances: 'coordinator',
  activity: 'coordinator',
};

/** The column that tables are distributed by. */
const ACCOUNT = 'user_id';
/** The table that all others are colocated with. */
const FIRST = getTableName(schema.sessions);
/** How long a statement waits for a lock that another transaction holds; the same as for a migration. */
const LOCK_TIMEOUT = '60s';

/** Every table with its place, a table after those that it refers to. */
export function placedTables(): PlacedTable[] {
  const tables = new Map(Object.entries(schema));
  return Object.entries(PLACES).flatMap(([key, place]) => {
    const table = tables.get(key);
    return table === undefined ? [] : [{ name: getTableName(table), place }];
  });
}

/** What the database says about Citus. */
export interface Cluster {
  /** Whether the database is one of the coordinator. */
  readonly isCoordinator: boolean;
  /** Whether the coordinator has been registered as a node, which foreign keys between its tables and copied ones require. */
  readonly hasCoordinator: boolean;
  /** The number of active workers. */
  readonly workers: number;
}

/** Queries on a connection or in a transaction, for the tables in `schemaName`. */
export function createDistributionRepository(sql: postgres.Sql | postgres.TransactionSql, schemaName: string) {
  const quoted = (name: string) => `${quoteIdentifier(schemaName)}.${quoteIdentifier(name)}`;
  const isOfTable = (name: string) => sql`(
    select oid from pg_catalog.pg_class where relname = ${name}
      and relnamespace = (select oid from pg_catalog.pg_namespace where nspname = ${schemaName}))`;

  /** Citus distributes no table with a trigger. Ours set columns for an earlier version, which does not run on a distributed database. */
  const dropTriggers = async (table: string): Promise<void> => {
    const triggers = await sql<{ name: string }[]>`
      select tgname::text as name from pg_catalog.pg_trigger where tgrelid = ${isOfTable(table)} and not tgisinternal`;
    for (const { name } of triggers) await sql.unsafe(`drop trigger ${quoteIdentifier(name)} on ${quoted(table)}`);
  };

  return {
    /** Waits for a migration, and prepares the transaction: moving a table may take longer than other statements. */
    begin: async (): Promise<void> => {
      await sql.unsafe(`
        set local statement_timeout = 0;
        set local lock_timeout = '${LOCK_TIMEOUT}';
        set local idle_in_transaction_session_timeout = 0;
        select set_config(name, '0', true) from pg_catalog.pg_settings where name = 'transaction_timeout';
        select pg_advisory_xact_lock(${MIGRATIONS_LOCK});
        set local search_path = ${quoteIdentifier(schemaName)};
        set local citus.multi_shard_modify_mode = 'sequential'`);
    },

    /** Undefined if the database does not have the extension. */
    findCluster: async (): Promise<Cluster | undefined> => {
      const [extension] = await sql`select from pg_catalog.pg_extension where extname = 'citus'`;
      if (extension === undefined) return undefined;
      const [row] = await sql<Cluster[]>`
        select citus_is_coordinator() as "isCoordinator",
          exists (select from pg_catalog.pg_dist_node where groupid = 0) as "hasCoordinator",
          (select count(*)::int from pg_catalog.pg_dist_node
            where groupid <> 0 and isactive and noderole = 'primary') as workers`;
      return row;
    },

    /** Where the tables are that Citus manages; none without Citus. A table that it does not know is on the coordinator. */
    findPlaces: async (): Promise<ReadonlyMap<string, Place>> => {
      const [extension] = await sql`select to_regclass('pg_catalog.pg_dist_partition') is not null as exists`;
      if (!extension?.exists) return new Map();
      const rows = await sql<PlacedTable[]>`
        select c.relname::text as name,
          case when d.partmethod = 'h' then 'by account' when d.repmodel = 't' then 'every node' else 'coordinator' end as place
        from pg_catalog.pg_dist_partition d join pg_catalog.pg_class c on c.oid = d.logicalrelid
        where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = ${schemaName})`;
      return new Map(rows.map(({ name, place }) => [name, place]));
    },

    /** Copies a table to every node. Changes of its rows wait until the transaction ends. */
    copyToEveryNode: async (table: string): Promise<void> => {
      await sql`select create_reference_table(${quoted(table)}::text::regclass)`;
    },

    /** Distributes the rows of a table by account. Changes of its rows wait until the transaction ends. */
    distributeByAccount: async (table: string): Promise<void> => {
      await dropTriggers(table);
      const colocated = table === FIRST ? 'none' : quoted(FIRST);
      await sql`select create_distributed_table(${quoted(table)}::text::regclass, ${ACCOUNT}, colocate_with => ${colocated})`;
    },

    /** Deletes the rows that were copied or distributed, from where they were before. Locks the table only if there are any. */
    deleteRowsLeftBehind: async (table: string): Promise<void> => {
      await sql`
        select truncate_local_data_after_distributing_table(c.oid) from pg_catalog.pg_class c
        where c.oid = ${isOfTable(table)} and pg_catalog.pg_relation_size(c.oid) > 0`;
    },
  };
}

export type DistributionRepository = ReturnType<typeof createDistributionRepository>;
