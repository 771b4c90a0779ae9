// The pool of connections to Postgres, and the Drizzle instance on it.
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import {
  type DatabaseAddress,
  type DatabaseHost,
  parseDatabaseUrl,
  quoteIdentifier,
} from '#platform/config/database-url.js';
import type { Log } from '#platform/log/log.js';
import { assertDriver } from './driver.js';
import { createPool } from './pool.js';
import { sessionParameters } from './session-parameters.js';
import { createDialer } from './socket.js';

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
  /** Where the tables are, as `reachDatabase` has found them; undefined: where the search path of the role leads. */
  readonly schema?: string | undefined;
  /** How long a caller waits for a connection and an answer, in milliseconds. */
  readonly deadline?: number;
}

const DEADLINE = 900;
// Milliseconds: before proxies of managed Postgres, which end connections after ten minutes when they are replaced, end ours.
const LIFETIME = 540_000;
// The server gives up a little after the caller did, so that no statement runs on for nobody.
const SERVER_TIMEOUTS = { statement_timeout: 2000, lock_timeout: 2000, idle_in_transaction_session_timeout: 5000 };
/** Seconds. */
const CONNECT_TIMEOUT = 2;
/** A connection that was closed so soon after it was opened was not made at all, milliseconds. */
const SHORT_LIVED = 1000;

/**
 * Opens a pool; connections are made when they are needed. Throws UnsupportedDriver.
 * `close` waits up to 3 s for running queries.
 */
export function connect(options: DatabaseOptions, log?: Pick<Log, 'warn'>) {
  // A request does not wait for longer than that, whatever the URL says.
  const address = { ...parseDatabaseUrl(options.url), connectSeconds: undefined };
  const dial = dialerOf(address, options);
  assertDriver(openClient(address, { ...options, poolSize: 1 }, dial));
  const { client, close } = createPool({
    // Drizzle sets the parsers of a client that it is given.
    open: (onClosed) => drizzle(openClient(address, { ...options, poolSize: 1 }, dial, onClosed)).$client,
    size: options.poolSize,
    callers: options.poolSize + (options.queueSize ?? Number.POSITIVE_INFINITY),
    deadline: options.deadline ?? DEADLINE,
    lifetime: LIFETIME,
    onReplaced: (why) => log?.warn({}, `connections to the database were ${why}: they have been replaced`),
  });
  return { db: drizzle(client), close };
}

/** A bare postgres.js client, for what is not a query of the application: LISTEN, migrations, probes. */
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

/** Both forms that Postgres has for output: behind a pooler `bytea_output` cannot be set. */
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
  { poolSize, transactionPooler, schema: tables }: DatabaseOptions,
  dial: Dial,
  onClosed: () => void = () => {},
): postgres.Sql {
  // Everything is said, or postgres.js takes it from PGHOST, PGPASSWORD and the like. This one cannot be said.
  delete process.env.PGTARGETSESSIONATTRS;
  const [{ host, port }] = address.hosts;
  const parameters = { ...(tables !== undefined && { search_path: quoteIdentifier(tables) }), ...address.parameters };
  const guarded = guard(dial, onClosed);
  const client = postgres({
    // For messages only: `socket` is what connects.
    host: [host],
    port: [port],
    socket: guarded.open,
    ssl: false,
    sslnegotiation: null,
    database: address.database,
    user: address.user,
    pass: () => address.password,
    max: poolSize,
    max_pipeline: 100,
    prepare: !transactionPooler,
    // Array types are ours to know: this saves a query at each connect, and works behind a pooler.
    fetch_types: false,
    // A database that comes back must be noticed at once: try again soon and at a steady pace.
    backoff: () => 0.1,
    connect_timeout: address.connectSeconds || CONNECT_TIMEOUT,
    keep_alive: 60,
    idle_timeout: null,
    // Ours to decide: postgres.js would refuse what is asked while it ends one.
    max_lifetime: null,
    publications: '',
    debug: false,
    onclose: onClosed,
    onnotice: () => {},
    types: { bytea },
    connection: sessionParameters(parameters, SERVER_TIMEOUTS, transactionPooler),
    // The types of postgres.js do not know `socket`, `pass` as a function and `max_pipeline`.
  } as unknown as postgres.Options<Record<string, never>>) as postgres.Sql;
  const { end } = client;
  client.end = (options) => end(options).finally(guarded.close);
  return client;
}

/**
 * postgres.js forgets a connection whose socket could not be opened, and opens one without end and without a pause to a server that
 * closes it before it says anything: here the one is told of, and the other ends.
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
  return Object.assign(new Error('the server closes the connection before it says anything'), {
    code: 'CONNECTION_CLOSED',
  });
}

/** What repositories query with in a transaction of a bare client; their own transactions are savepoints in it. */
export function dbInTransaction(client: postgres.Sql, transaction: postgres.TransactionSql): Db {
  // All that Drizzle asks of a client beyond queries: its options, and `begin`.
  const begin = (work: (nested: postgres.TransactionSql) => Promise<unknown>) => transaction.savepoint(work);
  const inside = Object.assign(transaction, { options: client.options, begin });
  return drizzle(inside as unknown as postgres.Sql);
}
