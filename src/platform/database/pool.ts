// A pool of connections that heals by itself, and that keeps nobody waiting for long.
import type postgres from 'postgres';
import { type Asked, type Connection, ConnectionLost, createConnection, NotSent, type Query } from './connection.js';
import { DatabaseTimeout, within } from './deadline.js';

/** Too many wait for the database already. The statement was not sent. */
export class DatabaseQueueFull extends Error {
  override readonly name = 'DatabaseQueueFull';
  readonly code = 'DATABASE_QUEUE_FULL';
}

interface PoolOptions {
  /** Makes a client of one connection, which is opened when it is first needed; `onClosed`: called when it is closed again. */
  readonly open: (onClosed: () => void) => postgres.Sql;
  /** Connections at most. */
  readonly size: number;
  /** How many callers may wait for an answer at once, those whose query has been sent included. */
  readonly callers: number;
  /** How long a caller waits for a connection and an answer, in milliseconds. */
  readonly deadline: number;
  /** How long a connection is used at most, in milliseconds. */
  readonly lifetime: number;
  /** Called when connections have been replaced; `why`: what they were. */
  readonly onReplaced: (why: 'stuck' | 'to a standby') => void;
}

/** A connection that was lost so soon after it was made was not made at all: the next one is not tried at once, milliseconds. */
const REST_MILLISECONDS = 100;
/** A connection whose query has not been answered for so long waits for a lock, or for nothing, milliseconds. */
const SLOW_MILLISECONDS = 50;
/** SQLSTATE of a write that a standby refuses. */
const READ_ONLY = '25006';
/** Where a standby is all that can be reached, new connections lead to it too: they are tried no more often than this, milliseconds. */
const STANDBY_MILLISECONDS = 1000;
/** More than can wait on one connection. */
const BUSY = 1e9;
/** How many may wait on an open connection before another one is opened, and before one is tried that may never be open. */
const BURDEN = { open: 0, new: 0.5, opening: 20, resting: 20 };

type Parameters = readonly unknown[];
type Unsafe = (...parameters: Parameters) => Query;
type Run = (transaction: object) => unknown;

interface Slot {
  connection: Connection;
  /** When it is old (`performance.now()`): not all at once. */
  oldAt: number;
  /** A transaction has it. */
  isReserved: boolean;
}

/**
 * What Drizzle queries with, and what closes it. Queries are sent down the connection with the fewest before them, one behind
 * the other; a transaction has its connection to itself. A query that was not sent when its connection was lost is sent once
 * more; of one that was, nobody knows: ConnectionLost. Rejects with DatabaseTimeout and DatabaseQueueFull too.
 */
export function createPool({ open, size, callers, deadline, lifetime, onReplaced }: PoolOptions) {
  const slots = Array.from({ length: size }, () => makeSlot());
  const wakened: (() => void)[] = [];
  let waiting = 0;
  let leftAt = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  function makeSlot(): Slot {
    const slot = { isReserved: false } as Slot;
    slot.connection = connect(slot, 0);
    return slot;
  }

  function connect(slot: Slot, rest: number): Connection {
    const made = performance.now();
    slot.oldAt = made + lifetime * (0.8 + 0.2 * Math.random());
    const connection = createConnection({
      open,
      rest,
      onAnswer: (error) => {
        if ((error as { code?: string } | undefined)?.code === READ_ONLY) leaveStandby();
        wake();
      },
      onLost: (stuckSince) => {
        if (isClosed || slot.connection !== connection) return;
        slot.connection = connect(slot, performance.now() - made < REST_MILLISECONDS + rest ? REST_MILLISECONDS : 0);
        slot.isReserved = false;
        wake();
        if (stuckSince !== undefined) replaceUnproven(stuckSince);
      },
    });
    return connection;
  }

  /** What took one connection has most often taken them all: those that have said nothing since then, and owe nothing new. */
  function replaceUnproven(stuckSince: number): void {
    const now = performance.now();
    for (const { connection } of slots) {
      const owesNothingNew = connection.load() === 0 || isStuck(connection, now);
      if (connection.provenAt() < stuckSince && owesNothingNew) connection.lose();
    }
    onReplaced('stuck');
  }

  /** After a failover, what was connected too early stays with the server that does not write. */
  function leaveStandby(): void {
    const now = performance.now();
    if (now - leftAt < STANDBY_MILLISECONDS) return;
    leftAt = now;
    for (const { connection } of slots) connection.lose();
    onReplaced('to a standby');
  }

  /** Whoever asked has been told that there is no answer: nothing more is asked there until one comes. */
  function isStuck(connection: Connection, now: number): boolean {
    return now - connection.oldest() > deadline;
  }

  /** The best connection that no transaction has and that is not stuck; undefined when there is none. */
  function pick(): Slot | undefined {
    const now = performance.now();
    let best: Slot | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const slot of slots) {
      if (slot.isReserved) continue;
      const { connection } = slot;
      const burden = connection.load() + BURDEN[connection.state()];
      if (burden === 0) return fresh(slot, now);
      if (isStuck(connection, now)) continue;
      const weighed = burden + (now - connection.oldest() > SLOW_MILLISECONDS ? BUSY : 0);
      if (weighed < least) [best, least] = [slot, weighed];
    }
    return best;
  }

  /** Proxies and firewalls forget connections that are old; one that is idle can be replaced at no cost. */
  function fresh(slot: Slot, now: number): Slot {
    if (now > slot.oldAt) {
      const old = slot.connection;
      slot.connection = connect(slot, 0);
      void old.end();
    }
    return slot;
  }

  /** Those who wait choose for themselves, in order; what is chosen and marked must be so in one breath. */
  function wake(): void {
    if (wakened.length === 0 || pick() === undefined) return;
    for (const tell of wakened.splice(0)) tell();
  }

  function turn(): Promise<void> {
    return new Promise((resolve) => wakened.push(resolve));
  }

  async function counted<T>(ask: () => Promise<T>): Promise<T> {
    if (waiting >= callers) throw new DatabaseQueueFull(`${callers} wait for the database already`);
    waiting += 1;
    try {
      return await ask();
    } finally {
      waiting -= 1;
    }
  }

  function query(make: (client: postgres.Sql) => Query): Promise<unknown> {
    return counted(() => {
      let asked: Asked | undefined;
      let isGivenUp = false;
      let cause: unknown;
      const answer = async () => {
        for (let attempt = 1; ; attempt += 1) {
          let slot = pick();
          while (slot === undefined) {
            await turn();
            if (isGivenUp) throw new DatabaseTimeout(deadline);
            slot = pick();
          }
          asked = slot.connection.ask(make);
          try {
            return await asked.answer;
          } catch (error) {
            if (!(error instanceof NotSent)) throw error;
            // Why there was no connection; of one that was given up with another nothing is known.
            cause ??= error.cause;
            if (attempt > 1 || isGivenUp) throw cause ?? error;
          }
        }
      };
      return within(answer(), deadline, () => {
        isGivenUp = true;
        asked?.giveUp();
      });
    });
  }

  /** A connection of the caller's own, which owes no answer to anybody else. */
  async function reserve(isGivenUp: () => boolean): Promise<Slot> {
    for (;;) {
      const slot = pick();
      if (slot === undefined) {
        await turn();
        if (isGivenUp()) throw new DatabaseTimeout(deadline);
        continue;
      }
      const { connection } = slot;
      slot.isReserved = true;
      await connection.drained();
      if (isGivenUp()) release(slot, connection);
      if (isGivenUp()) throw new DatabaseTimeout(deadline);
      if (!connection.isLost()) return slot;
    }
  }

  function release(slot: Slot, connection: Connection): void {
    // Another one has taken its place, and perhaps another transaction that one.
    if (slot.connection !== connection) return;
    slot.isReserved = false;
    wake();
  }

  function transaction(run: Run): Promise<unknown> {
    return counted(async () => {
      const { slot, connection } = await begin();
      // Its statements are bounded one by one; this bounds all of them.
      const timer = setTimeout(connection.lose, 2 * deadline);
      try {
        return await transact(connection, run);
      } catch (error) {
        throw error instanceof NotSent ? new ConnectionLost({ cause: error.cause }) : error;
      } finally {
        clearTimeout(timer);
        release(slot, connection);
      }
    });
  }

  /** A connection of the caller's own, with a transaction that has begun on it. */
  async function begin(): Promise<{ slot: Slot; connection: Connection }> {
    let cause: unknown;
    for (let attempt = 1; ; attempt += 1) {
      let isGivenUp = false;
      const slot = await within(
        reserve(() => isGivenUp),
        deadline,
        () => {
          isGivenUp = true;
        },
      );
      const { connection } = slot;
      try {
        await say(connection, 'begin');
        return { slot, connection };
      } catch (error) {
        // It may have begun all the same, or begin later: what others ask would be a part of it, and be lost with it.
        connection.lose();
        if (!(error instanceof NotSent)) throw error;
        cause ??= error.cause;
        if (attempt > 1) throw cause ?? error;
      }
    }
  }

  /** One that is not answered in time is the end of its connection: behind it everything would wait. The server rolls back. */
  function ask(connection: Connection, make: (client: postgres.Sql) => Query): Promise<unknown> {
    const { answer, giveUp } = connection.ask(make);
    return within(answer, deadline, () => {
      giveUp();
      connection.lose();
    });
  }

  function say(connection: Connection, words: string): Promise<unknown> {
    return ask(connection, (client) => client.unsafe(words) as unknown as Query);
  }

  async function transact(connection: Connection, run: Run): Promise<unknown> {
    const { client } = connection;
    let result: unknown;
    try {
      result = await run(override(client, { unsafe: lazily((make) => ask(connection, make)) }));
    } catch (error) {
      if (!connection.isLost()) await say(connection, 'rollback').catch(connection.lose);
      throw error;
    }
    try {
      const { command } = (await say(connection, 'commit')) as { command?: string };
      if (command === 'COMMIT') return result;
      // Of a transaction in which a statement failed, and nobody said so, Postgres makes a rollback.
      throw new Error(`the transaction ended with ${command}`);
    } catch (error) {
      connection.lose();
      throw error;
    }
  }

  const [first] = slots;
  if (first === undefined) throw new Error('a pool needs a connection');
  // What Drizzle reads besides is the same on all of them.
  const client = override(first.connection.client, { unsafe: lazily(query), begin: transaction });

  return {
    client,
    close: async (): Promise<void> => {
      isClosed = true;
      await Promise.all(slots.map(({ connection }) => connection.end()));
    },
  };
}

/** Statements as Drizzle asks them: of no effect until they are awaited. */
function lazily(ask: (make: (client: postgres.Sql) => Query) => Promise<unknown>) {
  return (...parameters: Parameters) => {
    const make = (client: postgres.Sql) => (client.unsafe as unknown as Unsafe)(...parameters);
    return {
      // biome-ignore lint/suspicious/noThenProperty: it stands in for a query, which is a thenable
      then: (...settle: [(value: unknown) => unknown, (error: unknown) => unknown]) => ask(make).then(...settle),
      values: () => ask((client) => make(client).values()),
    };
  };
}

/** The same object, with some of its members replaced. */
function override<T extends object>(target: T, members: object): T {
  return new Proxy(target, {
    get: (object, key, receiver) =>
      Object.hasOwn(members, key) ? Reflect.get(members, key) : Reflect.get(object, key, receiver),
  });
}
