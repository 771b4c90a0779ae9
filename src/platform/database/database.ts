// The pool of connections to Postgres, and the Drizzle instance on it.
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from '#drizzle/schema.js';
import type { Log } from '#platform/log/log.js';
import { assertDriver } from './driver.js';
import { createPool } from './pool.js';

/** What repositories query with: the pool, or the transaction that a service has opened on it. */
export type Db = Omit<ReturnType<typeof connect>['db'], '$client'>;

/** How to reach Postgres. */
export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** Queries that may wait beyond those. */
  readonly queueSize?: number;
  /** Behind PgBouncer in transaction mode: no named statements, no start-up parameters that it refuses. */
  readonly transactionPooler: boolean;
  /** How long a caller waits for a connection and an answer, in milliseconds. */
  readonly deadline?: number;
}

const DEADLINE = 900;
// Milliseconds: before proxies of managed Postgres, which end connections after ten minutes when they are replaced, end ours.
const LIFETIME = 540_000;
// The server gives up a little after the caller did, so that no statement runs on for nobody.
const SERVER_TIMEOUTS = { statement_timeout: 2000, lock_timeout: 2000, idle_in_transaction_session_timeout: 5000 };

/**
 * Opens a pool; connections are made when they are needed. Throws UnsupportedDriver.
 * `close` waits up to 3 s for running queries.
 */
export function connect(options: DatabaseOptions, log?: Pick<Log, 'warn'>) {
  assertDriver(createClient({ ...options, poolSize: 1 }));
  const { client, close } = createPool({
    // Drizzle sets the parsers of a client that it is given.
    open: (onClosed) => drizzle(createClient({ ...options, poolSize: 1 }, onClosed)).$client,
    size: options.poolSize,
    callers: options.poolSize + (options.queueSize ?? Number.POSITIVE_INFINITY),
    deadline: options.deadline ?? DEADLINE,
    lifetime: LIFETIME,
    onReplaced: (why) => log?.warn({}, `connections to the database were ${why}: they have been replaced`),
  });
  return { db: drizzle(client, { schema }), close };
}

/** A bare postgres.js client, for what is not a query of the application: LISTEN, migrations, probes. */
export function createClient(
  { url, poolSize, transactionPooler }: DatabaseOptions,
  onClosed: () => void = () => {},
): postgres.Sql {
  return postgres(url, {
    max: poolSize,
    prepare: !transactionPooler,
    // Array types are ours to know: this saves a query at each connect, and works behind a pooler.
    fetch_types: false,
    // A database that comes back must be noticed at once: try again soon and at a steady pace.
    backoff: () => 0.1,
    connect_timeout: 2,
    // Ours to decide: postgres.js would refuse what is asked while it ends one.
    max_lifetime: null,
    onclose: onClosed,
    onnotice: () => {},
    connection: transactionPooler ? {} : { application_name: 'latchkey', ...SERVER_TIMEOUTS },
  });
}

/** What repositories query with in a transaction of a bare client; their own transactions are savepoints in it. */
export function dbInTransaction(client: postgres.Sql, transaction: postgres.TransactionSql): Db {
  // All that Drizzle asks of a client beyond queries: its options, and `begin`.
  const begin = (work: (nested: postgres.TransactionSql) => Promise<unknown>) => transaction.savepoint(work);
  const inside = Object.assign(transaction, { options: client.options, begin });
  return drizzle(inside as unknown as postgres.Sql, { schema });
}
