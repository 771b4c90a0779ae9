// One connection to Postgres, which is used until it is lost and never reopened.
import type postgres from 'postgres';
import { endsConnection } from '#platform/errors/database-errors.js';

/** The connection was lost. The statement may or may not have taken effect. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly code = 'CONNECTION_CLOSED';

  constructor(options?: ErrorOptions) {
    super('the connection was lost', options);
  }
}

/**
 * The connection was lost before the statement was sent, or Postgres had given up the prepared statement, so it can be sent again. `cause` is
 * the reason for the missing connection.
 */
export class NotSent extends ConnectionLost {
  override readonly name = 'NotSent' as 'ConnectionLost';
}

/** Postgres no longer has a prepared statement, or its columns have changed. It has done nothing. */
class InvalidStatement extends Error {
  override readonly name = 'InvalidStatement';
}

/** Replaces members of a query. The same objects for all queries, so that none has functions of its own. */
const ORIGIN: PropertyDescriptor = { value: '' };
const RETRIED: PropertyDescriptor = {
  set(cause: unknown) {
    throw new InvalidStatement('the prepared statement is no longer valid', { cause });
  },
};

/** A query in progress. */
export interface RunningQuery {
  readonly result: Promise<unknown>;
  /**
   * To be called when the caller no longer waits: a query that has not been sent must not take effect later. A query that has been
   * sent is ended by the server (statement_timeout).
   */
  giveUp(): void;
}

/** A query of postgres.js, which is sent when it is awaited. */
export interface Query extends PromiseLike<unknown> {
  values(): Query;
}

/** Members of a query that the types of postgres.js do not declare. */
interface QueryInternals extends Query {
  /** The connection that the query was sent on; null before that. */
  readonly state: object | null;
  strings: readonly string[];
  args: readonly unknown[];
  /** The arguments as they were sent. */
  parameters?: readonly unknown[];
  /** `values` after a call of that. */
  readonly isRaw?: unknown;
  cancel(): void;
  /** Accepts the query, in the microtask after it was first awaited. */
  handler: (query: unknown) => void;
}

interface ConnectionOptions {
  /** Creates a client with one connection, which is opened when it is first needed. `onClosed` is called when it is closed. */
  readonly open: (onClosed: () => void) => postgres.Sql;
  /**
   * Called once. `closed`: the other end closed it; `abandoned`: the caller did. A number: when the overdue query was started
   * (`performance.now()`).
   */
  readonly onLost: (cause: 'closed' | 'abandoned' | number) => void;
  /** Called after each result; `error` is set if the query failed. */
  readonly onResult: (error?: unknown) => void;
  /** How long to wait before the connection is opened, in milliseconds. */
  readonly delay: number;
  /** After how long a connection without a response is dead, in milliseconds: later than the server ends a statement. */
  readonly deadAfter: number;
}

/** How long running queries may continue when their client is closed, in seconds. */
const END_SECONDS = 3;
/** After this time, a connection attempt that was abandoned has either succeeded or failed. */
const OPENED_MILLISECONDS = 2500;

const ignore = (): void => {};
const NOTHING: readonly never[] = [];

/**
 * The result of a query, which forgets it and its arguments. postgres.js gives each query functions that V8 allocates in its old generation,
 * because they are assigned to properties: all that the query refers to would stay in memory until that is collected.
 */
function takeFrom(query: QueryInternals, result: unknown): unknown {
  query.strings = NOTHING;
  query.args = NOTHING;
  query.parameters = NOTHING;
  // Other results have more members than their rows.
  return query.isRaw === 'values' ? (result as unknown[]).splice(0) : result;
}

interface Pending {
  readonly startedAt: number;
  lose: () => void;
}

/**
 * A postgres.js client with one connection. postgres.js reopens a lost connection, and may then deliver the result of one query to
 * another: a query that it accepts between the socket events `error` and `close` is never sent, and stays at the head of its queue
 * forever. Therefore everything after a loss is ignored: waiting queries are rejected, and a new client replaces this one.
 */
export function createConnection({ open, onLost, onResult, delay, deadAfter }: ConnectionOptions) {
  const pending = new Set<Pending>();
  const opensAt = performance.now() + delay;
  const drained: (() => void)[] = [];
  let isLost = false;
  let hasResult = false;
  let lastResultAt = opensAt;
  let provenAt = opensAt;
  const client = open(() => lose('closed'));

  function run(make: (client: postgres.Sql) => Query): RunningQuery {
    const startedAt = performance.now();
    const query = make(client) as QueryInternals;
    // postgres.js caches the origin of each failed query forever, under a key that is a new object each time.
    Object.defineProperty(query, 'origin', ORIGIN);
    // It assigns this before it sends an invalid prepared statement again, in two parts. Other queries get in between, and from then on each
    // caller on the connection would be given the rows of another one.
    Object.defineProperty(query, 'retried', RETRIED);
    let isAwaited = false;
    const result = new Promise<unknown>((resolve, reject) => {
      const entry: Pending = {
        startedAt,
        lose: () => {
          const unsent = query.state === null;
          // Keeps the query out of the client's queue, or removes it: otherwise the client would reconnect for it.
          if (unsent) query.handler = ignore;
          if (unsent && isAwaited) query.cancel();
          reject(unsent ? new NotSent() : new ConnectionLost());
        },
      };
      const settled = (error?: unknown) => {
        lastResultAt = performance.now();
        provenAt = Math.max(provenAt, startedAt);
        hasResult = true;
        // A Set keeps what it contained in tables that V8 collects late: the query and its result would stay with it.
        entry.lose = ignore;
        if (pending.delete(entry) && pending.size === 0) for (const notify of drained.splice(0)) notify();
        onResult(error);
      };
      const send = () => {
        if (isLost) return;
        isAwaited = true;
        query.then(
          (value) => {
            settled();
            resolve(takeFrom(query, value));
          },
          (error) => {
            // Rejected before it was sent: there is no connection.
            if (query.state === null) {
              pending.delete(entry);
              reject(new NotSent({ cause: error }));
              return;
            }
            if (error instanceof InvalidStatement) {
              reject(new NotSent());
              lose('closed');
              return;
            }
            settled(error);
            reject(endsConnection(error) ? new ConnectionLost({ cause: error }) : error);
          },
        );
      };
      pending.add(entry);
      if (isLost) entry.lose();
      else if (startedAt < opensAt) setTimeout(send, opensAt - startedAt);
      else send();
    });
    const giveUp = () => {
      // If the query that a connection is being opened for were cancelled, the connection would never be used.
      if (query.state === null) Object.assign(query, { strings: ['select 1'], args: [] });
      const timer = setTimeout(() => lose(startedAt), startedAt + deadAfter - performance.now()).unref();
      const settled = () => clearTimeout(timer);
      result.then(settled, settled);
    };
    return { result, giveUp };
  }

  function lose(cause: 'closed' | 'abandoned' | number): void {
    if (isLost) return;
    isLost = true;
    for (const entry of pending) entry.lose();
    pending.clear();
    for (const notify of drained.splice(0)) notify();
    void client.end({ timeout: 0 }).catch(() => {});
    // A connection whose TLS handshake was in progress would otherwise stay open forever.
    setTimeout(() => void (client as unknown as { close(): Promise<void> }).close(), OPENED_MILLISECONDS).unref();
    onLost(cause);
  }

  return {
    client,
    run,
    /** Abandons the connection: the server rolls back an open transaction. */
    lose: () => lose('abandoned'),
    isLost: () => isLost,
    /** The number of queries without a result. */
    load: () => pending.size,
    /** When the oldest query without a result was started (`performance.now()`). */
    oldestStart: (): number => {
      const [first] = pending;
      return first?.startedAt ?? Number.POSITIVE_INFINITY;
    },
    /** `open`: a query has had a result. `delayed`: the previous connection could not be opened. */
    state: (): 'open' | 'new' | 'opening' | 'delayed' => {
      if (hasResult) return 'open';
      if (delay > 0) return 'delayed';
      return pending.size > 0 ? 'opening' : 'new';
    },
    /** When the latest result arrived (`performance.now()`). */
    lastResultAt: () => lastResultAt,
    /** When the connection was created, or the latest query that has a result was started (`performance.now()`). */
    provenAt: () => provenAt,
    /** Resolves when no query is waiting for a result, or the connection is lost. */
    drained: (): Promise<void> | undefined =>
      pending.size === 0 ? undefined : new Promise((resolve) => drained.push(resolve)),
    /** Closes the connection when its queries have ended; queries that take longer than a few seconds are aborted. */
    end: (): Promise<void> => client.end({ timeout: END_SECONDS }).catch(() => {}),
  };
}

export type Connection = ReturnType<typeof createConnection>;
