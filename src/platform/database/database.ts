// Opens the connection pool and the Drizzle instance that uses it.
import type { PgSession } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import {
  type DatabaseAddress,
  type DatabaseHost,
  parseDatabaseUrl,
  quoteIdentifier,
} from '#platform/config/database-url.js';
import type { Log } from '#platform/log/log.js';
import type { Tracer } from '#platform/tracing/tracer.js';
import { DEFAULT_DEADLINE, limitsFor } from './deadline.js';
import { assertSupportedDriver } from './driver.js';
import { createPool } from './pool.js';
import { createDialer } from './socket.js';
import { startupParameters } from './startup-parameters.js';
import { createStatementNames } from './statement-names.js';
import { tracedClient } from './traced-client.js';

/** Runs the queries of repositories: the pool, or a transaction that a service has opened on it. */
export type Db = Omit<ReturnType<typeof connect>['db'], '$client'>;

/** How to connect to Postgres. */
export interface DatabaseOptions {
  readonly url: string;
  /** The maximum number of connections. */
  readonly poolSize: number;
  /** The maximum number of queries that wait in addition to those. */
  readonly queueSize?: number;
  /** Whether a pooler in transaction mode is in between: no named statements, no startup parameters that it rejects. */
  readonly transactionPooler: boolean;
  /** The schema of the tables, as found by `checkDatabase`; undefined: according to the search path of the role. */
  readonly schema?: string | undefined;
  /**
   * How long a caller waits for a connection and an answer, in milliseconds; DEFAULT_DEADLINE if undefined. The server's own limits follow.
   */
  readonly deadline?: number;
}

interface ClientOptions extends DatabaseOptions {
  /** The maximum number of queries that are sent while another one is running. */
  readonly maxPipeline?: number;
}

const MAX_PIPELINE = 100;
/** Milliseconds. Proxies of managed Postgres that are being replaced end connections after ten minutes; ours end earlier. */
const LIFETIME = 540_000;
/** Seconds. */
const CONNECT_TIMEOUT = 2;
/** A connection that is closed within this time counts as not opened, in milliseconds. */
const SHORT_LIVED = 1000;

/**
 * Creates a pool, which opens connections when they are needed. Throws UnsupportedDriver.
 * `close` waits up to 3 s for running queries. `tracer`: statements are traced.
 */
export function connect(options: DatabaseOptions, log?: Pick<Log, 'warn'>, tracer?: Tracer) {
  // The pool bounds the wait of a request, whatever the URL says.
  const address = { ...parseDatabaseUrl(options.url), connectSeconds: undefined };
  const { deadline = DEFAULT_DEADLINE } = options;
  const dial = dialerOf(address, options);
  // PgBouncer gives the server connection to another client when a query is answered, also if it has passed on the beginning of the next one,
  // whose answer is then lost (seen with 1.18). postgres.js calls its own `begin` only on connections that pipeline; the pool has another.
  const single = { ...options, poolSize: 1, maxPipeline: options.transactionPooler ? 0 : MAX_PIPELINE };
  assertSupportedDriver(openClient(address, single, dial));
  const { client, essential, statistics, close } = createPool({
    // Drizzle replaces the parsers of the client that it is given.
    open: (onClosed) => drizzle(openClient(address, single, dial, onClosed)).$client,
    size: options.poolSize,
    maxCallers: options.poolSize + (options.queueSize ?? Number.POSITIVE_INFINITY),
    deadline,
    deadAfter: limitsFor(deadline).dead,
    lifetime: LIFETIME,
    onReplaced: (reason) => log?.warn({}, `connections to the database were ${reason}: they have been replaced`),
  });
  const dbOn = (on: postgres.Sql) => (tracer === undefined ? drizzle(on) : tracedDb(on, tracer));
  return { db: dbOn(client), essentialDb: dbOn(essential), statistics, close };
}

function tracedDb(client: postgres.Sql, tracer: Tracer) {
  const names = createStatementNames();
  const db = drizzle(tracedClient(client, tracer, names.nameOf));
  // Drizzle's `session` is not in its types. postgres.js names statements by itself, so Drizzle does not pass on the names of prepared
  // ones.
  const { session } = db as unknown as { session: PgSession };
  const prepareQuery = session.prepareQuery.bind(session);
  session.prepareQuery = (query, fields, name, ...rest) => {
    if (name !== undefined) names.learn(query.sql, name);
    return prepareQuery(query, fields, name, ...rest);
  };
  return db;
}

/** A plain postgres.js client, for purposes other than the application's queries: LISTEN, migrations, probes. */
export function createClient(options: DatabaseOptions): postgres.Sql {
  const address = parseDatabaseUrl(options.url);
  return openClient(address, options, dialerOf(address, options));
}

type Dial = ReturnType<typeof createDialer>;

function dialerOf(address: DatabaseAddress, options: DatabaseOptions): Dial {
  const { connectSeconds } = address;
  return createDialer(address, {
    milliseconds: connectSeconds ? connectSeconds * 1000 : undefined,
    takesWrites: (host) => takesWrites(address, host, options),
  });
}

async function takesWrites(address: DatabaseAddress, host: DatabaseHost, options: DatabaseOptions): Promise<boolean> {
  const single = { ...address, hosts: [host] as const };
  const client = openClient(single, { ...options, poolSize: 1 }, dialerOf(single, options));
  try {
    const [row] = await client.unsafe<{ standby: boolean }[]>('select pg_is_in_recovery() as standby');
    return row?.standby === false;
  } finally {
    void client.end({ timeout: 1 }).catch(() => {});
  }
}

/**
 * The function of Postgres that warns when the wait of a commit for its synchronous standby was cancelled (`pg_cancel_backend`). It then reports
 * the commit as successful, although a failover would undo it. The connection counts as lost instead, so that the change is looked up and confirmed
 * when the standby has it.
 */
const CANCELLED_WAIT = 'SyncRepWaitForLSN';

/** Parses both output formats of Postgres, because `bytea_output` cannot be set behind a pooler. */
const bytea = {
  to: 17,
  from: [17],
  serialize: (value: Uint8Array) => `\\x${Buffer.from(value).toString('hex')}`,
  parse: (text: string) => (text.startsWith('\\x') ? Buffer.from(text.slice(2), 'hex') : unescapeBytes(text)),
};

function unescapeBytes(text: string): Buffer {
  return Buffer.from(
    text.replace(/\\(\\|[0-7]{3})/g, (_, code: string) =>
      code === '\\' ? code : String.fromCharCode(Number.parseInt(code, 8)),
    ),
    'latin1',
  );
}

function openClient(
  address: DatabaseAddress,
  {
    poolSize,
    transactionPooler,
    schema: tables,
    deadline = DEFAULT_DEADLINE,
    maxPipeline = MAX_PIPELINE,
  }: ClientOptions,
  dial: Dial,
  onClosed: () => void = () => {},
): postgres.Sql {
  // All options are given explicitly; otherwise postgres.js reads PGHOST, PGPASSWORD and so on. This one cannot be given.
  delete process.env.PGTARGETSESSIONATTRS;
  const [{ host, port }] = address.hosts;
  const parameters = { ...(tables !== undefined && { search_path: quoteIdentifier(tables) }), ...address.parameters };
  const guarded = guard(dial, onClosed);
  const client = postgres({
    // For messages only: `socket` opens the connection.
    host: [host],
    port: [port],
    socket: guarded.open,
    ssl: false,
    sslnegotiation: null,
    database: address.database,
    user: address.user,
    pass: () => address.password,
    max: poolSize,
    max_pipeline: maxPipeline,
    prepare: !transactionPooler,
    // We declare array types ourselves, which saves a query per connection and works behind a pooler.
    fetch_types: false,
    // A constant short delay, so that a database which becomes available again is noticed immediately.
    backoff: () => 0.1,
    connect_timeout: address.connectSeconds || CONNECT_TIMEOUT,
    keep_alive: 60,
    idle_timeout: null,
    // The pool decides: postgres.js would reject queries while it closes an old connection.
    max_lifetime: null,
    publications: '',
    debug: false,
    onclose: onClosed,
    onnotice: ({ routine }: postgres.Notice) => {
      if (routine === CANCELLED_WAIT) onClosed();
    },
    types: { bytea },
    connection: startupParameters(parameters, serverTimeouts(deadline), transactionPooler),
    // The types of postgres.js lack `socket`, `pass` as a function, and `max_pipeline`.
  } as unknown as postgres.Options<Record<string, never>>) as postgres.Sql;
  const { end } = client;
  client.end = (options) => end(options).finally(guarded.close);
  return client;
}

function serverTimeouts(deadline: number) {
  const { statement, idleInTransaction } = limitsFor(deadline);
  return {
    statement_timeout: statement,
    lock_timeout: statement,
    idle_in_transaction_session_timeout: idleInTransaction,
  };
}

/**
 * postgres.js does not report a connection whose socket could not be opened, and reconnects endlessly without a pause to a server
 * that closes connections before it sends anything. This reports the former and stops the latter.
 */
function guard(dial: Dial, onFailed: () => void) {
  let isEnded = false;
  let closedEarly = false;

  return {
    open: async () => {
      try {
        if (closedEarly) throw closed();
        const socket = await dial();
        const openedAt = performance.now();
        socket.once('close', () => {
          closedEarly = performance.now() - openedAt < SHORT_LIVED;
        });
        if (!isEnded) return socket;
        socket.destroy();
        throw closed();
      } catch (error) {
        closedEarly = false;
        setImmediate(onFailed);
        throw error;
      }
    },
    close: () => {
      isEnded = true;
    },
  };
}

function closed(): Error {
  return Object.assign(new Error('the server closes the connection before it sends anything'), {
    code: 'CONNECTION_CLOSED',
  });
}

/** Runs the queries of repositories in a transaction of a plain client; nested transactions are savepoints in it. */
export function dbInTransaction(client: postgres.Sql, transaction: postgres.TransactionSql): Db {
  // Besides queries, Drizzle uses only `options` and `begin` of a client.
  const begin = (work: (nested: postgres.TransactionSql) => Promise<unknown>) => transaction.savepoint(work);
  const inside = Object.assign(transaction, { options: client.options, begin });
  return drizzle(inside as unknown as postgres.Sql);
}
