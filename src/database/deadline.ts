// A bound on how long a query may keep its caller waiting, the wait for a free connection included.
import type postgres from 'postgres';

/** The database did not answer in time. Whether the statement took effect is not known. */
export class DatabaseTimeout extends Error {
  override readonly name = 'DatabaseTimeout';
  readonly code = 'DATABASE_TIMEOUT';
}

/** As much of a postgres.js query as Drizzle uses. It runs when it, or its `values()`, is awaited. */
interface Query extends PromiseLike<unknown> {
  values(): PromiseLike<unknown>;
  cancel(): void;
}
type Unsafe = (...parameters: unknown[]) => Query;
type Begin = (run: (transaction: object) => unknown) => Promise<unknown>;

/**
 * The same client, whose queries are rejected with DatabaseTimeout after `milliseconds`. postgres.js bounds neither the
 * wait for a connection nor the wait for an answer: with a frozen server its callers would wait for ever.
 */
export function withDeadline(client: postgres.Sql, milliseconds: number): postgres.Sql {
  const begin: Begin = (run) => {
    const transaction = (client.begin as Begin)((inner) => run(withBoundedQueries(inner, milliseconds)));
    // Its statements are bounded one by one; this bounds the wait for its connection too.
    return race(transaction, 3 * milliseconds, () => {});
  };
  return override(withBoundedQueries(client, milliseconds), { begin });
}

function withBoundedQueries<T extends object>(client: T, milliseconds: number): T {
  const run = (client as T & { unsafe: Unsafe }).unsafe;
  const unsafe: Unsafe = (...parameters) => bounded(run(...parameters), milliseconds);
  return override(client, { unsafe });
}

function bounded(query: Query, milliseconds: number): Query {
  const within = (pending: PromiseLike<unknown>) => race(pending, milliseconds, () => query.cancel());
  return {
    // biome-ignore lint/suspicious/noThenProperty: it stands in for a query, which is a thenable
    then: (resolve, reject) => within(query).then(resolve, reject),
    values: () => within(query.values()),
    cancel: () => query.cancel(),
  };
}

function override<T extends object>(target: T, members: Record<string, unknown>): T {
  return new Proxy(target, {
    get: (object, key, receiver) =>
      typeof key === 'string' && key in members ? members[key] : Reflect.get(object, key, receiver),
  });
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
