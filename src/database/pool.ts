// A pool of connections that heals: when one of them is stuck, all are replaced.
import type postgres from 'postgres';
import { override, type Queryable, withDeadline } from './deadline.js';

interface PoolOptions {
  /** Opens a client; its connections are made when they are needed. */
  readonly open: () => postgres.Sql;
  /** How long a caller waits for a connection and an answer, in milliseconds. */
  readonly deadline: number;
  /** How many callers may wait at once. */
  readonly callers: number;
  /** Called when connections have been replaced. */
  readonly onReplaced: () => void;
}

/** How long queries may go on when their client is closed, in seconds. */
const END_SECONDS = 3;

/**
 * A client for Drizzle, and what closes it. A network that drops packets, a machine that vanished, or a firewall that forgot
 * a connection leaves postgres.js waiting on it for as long as the kernel tries, minutes; with each such connection the pool
 * is smaller, and in the end it is none. postgres.js cannot give up a single connection, so a new client takes the place of
 * the old one, whose other queries may end.
 */
export function createPool({ open, deadline, callers, onReplaced }: PoolOptions) {
  const ending = new Set<Promise<void>>();
  let closed = false;
  let current = open();
  let queryable = queryableOf(current);

  function queryableOf(client: postgres.Sql): Queryable {
    const onStuck = () => {
      // One of the many that wait on it comes first.
      if (closed || client !== current) return;
      current = open();
      queryable = queryableOf(current);
      end(client);
      onReplaced();
    };
    return withDeadline(client, { milliseconds: deadline, callers, onStuck });
  }

  function end(client: postgres.Sql): Promise<void> {
    const ended: Promise<void> = client
      .end({ timeout: END_SECONDS })
      .catch(() => {})
      .finally(() => ending.delete(ended));
    ending.add(ended);
    return ended;
  }

  // What Drizzle reads besides is the same on all of them.
  const client = override(current, {
    get unsafe() {
      return queryable.unsafe;
    },
    get begin() {
      return queryable.begin;
    },
  });

  return {
    client,
    close: async (): Promise<void> => {
      closed = true;
      end(current);
      await Promise.all(ending);
    },
  };
}
