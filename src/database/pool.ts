// A pool of connections that heals: when one of them is stuck, all are replaced.
import type postgres from 'postgres';
import { override, type Queryable, withDeadline } from './deadline.js';

interface PoolOptions {
  /** Opens a client; its connections are made when they are needed. */
  readonly open: () => postgres.Sql;
  /** How long a caller waits for a connection and an answer, in milliseconds. */
  readonly deadline: number;
  /** Called when connections have been replaced; `why`: what they were. */
  readonly onReplaced: (why: 'stuck' | 'to a standby') => void;
}

/** How long queries may go on when their client is closed, in seconds. */
const END_SECONDS = 3;
/** Where a standby is all that can be reached, new connections lead to it too: they are tried no more often than this. */
const STANDBY_MILLISECONDS = 1000;

/**
 * A client for Drizzle, and what closes it. A network that drops packets, a machine that vanished, or a firewall that forgot
 * a connection leaves postgres.js waiting on it for as long as the kernel tries, minutes; with each such connection the pool
 * is smaller, and in the end it is none. After a failover, a connection that was made too early stays on the server that does
 * not write. postgres.js cannot give up a single connection, so a new client takes the place of the old one, whose other
 * queries may end.
 */
export function createPool({ open, deadline, onReplaced }: PoolOptions) {
  const ending = new Set<Promise<void>>();
  let closed = false;
  let replacedAt = Number.NEGATIVE_INFINITY;
  let current = open();
  let queryable = queryableOf(current);

  function queryableOf(client: postgres.Sql): Queryable {
    const replace = (why: 'stuck' | 'to a standby') => {
      // One of the many that wait on it comes first.
      if (closed || client !== current) return;
      current = open();
      queryable = queryableOf(current);
      replacedAt = performance.now();
      end(client);
      onReplaced(why);
    };
    return withDeadline(client, {
      milliseconds: deadline,
      onStuck: () => replace('stuck'),
      onReadOnly: () => {
        if (performance.now() - replacedAt > STANDBY_MILLISECONDS) replace('to a standby');
      },
    });
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
