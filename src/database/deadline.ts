// A bound on how long a query may keep its caller waiting, the wait for a free connection included.
import type postgres from 'postgres';

/** The database did not answer in time. Whether the statement took effect is not known. */
export class DatabaseTimeout extends Error {
  override readonly name = 'DatabaseTimeout';
  readonly code = 'DATABASE_TIMEOUT';
}

/** The connection was lost. Whether the statement took effect is not known. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly code = 'CONNECTION_CLOSED';
}

/** How long a caller waits, and who is told when a query never ends. */
export interface Deadline {
  readonly milliseconds: number;
  /** Called when a query has not ended although its server must have ended it: its connection leads nowhere. */
  readonly onStuck: () => void;
  /** Called when the server refuses to write: it is a standby. */
  readonly onReadOnly: () => void;
}

/** After this long a query is stuck: the server ends each after 2 s, and a connection is open or given up after 2 s. */
const STUCK_MILLISECONDS = 3000;

/** SQLSTATE of a write that a standby refuses. */
const READ_ONLY = '25006';

/** As much of a postgres.js query as Drizzle uses. It runs when it, or its `values()`, is awaited. */
interface Query extends PromiseLike<unknown> {
  values(): PromiseLike<unknown>;
}

/** What else a query is to postgres.js, and its types do not tell. */
interface QueryInside extends Query {
  /** The connection that it was sent on; null before. */
  readonly state: object | null;
  strings: readonly string[];
  args: readonly unknown[];
}
type Unsafe = (...parameters: unknown[]) => Query;
type Begin = (run: (transaction: object) => unknown) => Promise<unknown>;

/** As much of a client as Drizzle queries with. */
export interface Queryable {
  readonly unsafe: Unsafe;
  readonly begin: Begin;
}

/**
 * Queries on `client` that are rejected with DatabaseTimeout when their time is over. postgres.js bounds neither the wait for
 * a connection nor the wait for an answer: with a frozen server its callers would wait for ever.
 */
export function withDeadline(client: postgres.Sql, deadline: Deadline): Queryable {
  const { milliseconds } = deadline;
  const begin: Begin = async (run) => {
    let givenUp = false;
    let begun = () => {};
    const started = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const transaction = (client.begin as Begin)(async (inner) => {
      if (givenUp) throw new DatabaseTimeout('nobody waits for this transaction any more');
      const unsafe = boundedUnsafe(inner as Queryable, deadline);
      await assertBegun(unsafe);
      begun();
      return run(override(inner, { unsafe }));
    });
    await race(Promise.race([started, transaction]), milliseconds, () => {
      givenUp = true;
      watch(transaction, deadline);
    });
    // Its statements are bounded one by one; this bounds commit and rollback too.
    return race(transaction, 2 * milliseconds, () => watch(transaction, deadline));
  };
  return { unsafe: boundedUnsafe(client as unknown as Queryable, deadline), begin };
}

/** The same object, with some of its members replaced. */
export function override<T extends object>(target: T, members: object): T {
  return new Proxy(target, {
    get: (object, key, receiver) =>
      Object.hasOwn(members, key) ? Reflect.get(members, key) : Reflect.get(object, key, receiver),
  });
}

function boundedUnsafe({ unsafe }: Pick<Queryable, 'unsafe'>, deadline: Deadline): Unsafe {
  return (...parameters) => bounded(unsafe(...parameters), deadline);
}

function bounded(query: Query, deadline: Deadline): Query {
  const within = (pending: PromiseLike<unknown>) =>
    race(pending, deadline.milliseconds, () => {
      empty(query as QueryInside);
      watch(pending, deadline);
    }).then(answered, (error) => {
      if ((error as { code?: string }).code === READ_ONLY) deadline.onReadOnly();
      throw error;
    });
  return {
    // biome-ignore lint/suspicious/noThenProperty: it stands in for a query, which is a thenable
    then: (resolve, reject) => within(query).then(resolve, reject),
    values: () => within(query.values()),
  };
}

/**
 * What postgres.js says of a query that it gave to a connection which had just been reset, between the socket's events `error`
 * and `close`: once the connection is made anew, that it succeeded, without rows. Only an answer of the server names a command.
 */
function answered(result: unknown): unknown {
  if ((result as { command?: string | null }).command === null) throw new ConnectionLost('the connection was reset');
  return result;
}

/** The same may befall BEGIN, whose result postgres.js keeps: what follows would be no transaction. */
async function assertBegun(unsafe: Unsafe): Promise<void> {
  try {
    await unsafe('savepoint begun');
  } catch (error) {
    const NO_TRANSACTION = '25P01';
    throw (error as { code?: string }).code === NO_TRANSACTION ? new ConnectionLost('the connection was reset') : error;
  }
}

/**
 * A query that still waits for a connection must not take effect later, for nobody. `query.cancel()` is not the way: when the
 * connection is being opened for this very query, postgres.js never uses that connection again. One that has been sent is
 * ended by the server (statement_timeout).
 */
function empty(query: QueryInside): void {
  if (query.state === null) Object.assign(query, { strings: ['select 1'], args: [] });
}

function watch(pending: PromiseLike<unknown>, { milliseconds, onStuck }: Deadline): void {
  const timer = setTimeout(onStuck, STUCK_MILLISECONDS - milliseconds).unref();
  const settled = () => clearTimeout(timer);
  pending.then(settled, settled);
}

function race<T>(pending: PromiseLike<T>, milliseconds: number, giveUp: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new DatabaseTimeout(`no answer within ${milliseconds} ms`));
      giveUp();
    }, milliseconds);
    pending.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
