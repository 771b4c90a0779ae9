// A connection pool that replaces broken connections and bounds the time that callers wait.
import type postgres from 'postgres';
import { createPauseDetector } from '#platform/concurrency/pause.js';
import { driverError } from '#platform/errors/database-errors.js';
import { createAdmission } from './admission.js';
import {
  type Connection,
  ConnectionLost,
  createConnection,
  NotSent,
  type Query,
  type RunningQuery,
} from './connection.js';
import { DatabaseTimeout, within } from './deadline.js';
import { override } from './override.js';

interface PoolOptions {
  /** Creates a client with one connection, which is opened when it is first needed. `onClosed` is called when it is closed. */
  readonly open: (onClosed: () => void) => postgres.Sql;
  /** The maximum number of connections. */
  readonly size: number;
  /** The maximum number of callers that wait for a result, including those whose query has been sent. */
  readonly maxCallers: number;
  /** How long a caller waits for a connection and a result, in milliseconds. */
  readonly deadline: number;
  /** After how long a connection without a response is dead, in milliseconds. */
  readonly deadAfter: number;
  /** How long a connection is used at most, in milliseconds. */
  readonly lifetime: number;
  /** Called when connections have been replaced. `reason` completes "connections were …". */
  readonly onReplaced: (reason: 'stuck' | 'to a standby' | 'open during a pause of the process') => void;
}

/** What a pool is doing, and has done since it was created. */
export interface PoolStatistics {
  /** The maximum number of connections. */
  readonly size: number;
  /** Connections that run a query or belong to a transaction. */
  readonly inUse: number;
  /** Queries and transactions that have not ended. */
  readonly callers: number;
  /** Those of them that wait for a connection. */
  readonly waiting: number;
  /** How often a caller was given no result in time. */
  readonly deadlineMisses: number;
  /** How often a query or transaction was refused because too many were waiting. */
  readonly refusals: number;
}

/** A connection that is lost within this time could not be opened; the next attempt is delayed by the same time. */
const REOPEN_DELAY_MILLISECONDS = 100;
/** A query without a result after this time waits for a lock, or the connection is dead. */
const SLOW_MILLISECONDS = 50;
/** SQLSTATE of a write that a standby rejects. */
const READ_ONLY = '25006';
/** The minimum time between replacements of connections to a standby, because new connections may lead to a standby again. */
const STANDBY_MILLISECONDS = 1000;
/** SQLSTATEs of a statement that was rolled back because of a concurrent one: serialization failure and deadlock. */
const CONFLICTS = new Set(['40001', '40P01']);
/** How long after its latest result the database counts as restarting: queries wait for it until their deadline. */
const RESTART_MILLISECONDS = 3000;
/** How often a statement or transaction is sent at most after it has been sent before: one that ends its server must not do so for long. */
const MAX_ATTEMPTS = 3;
/** Added to the load of slow connections: more than the number of queries on any connection. */
const SLOW_PENALTY = 1e9;
/** Added to the load of a connection by its state: queries that wait on an open connection before another is opened or tried. */
const STATE_PENALTY = { open: 0, new: 0.5, opening: 20, delayed: 20 };
/** Added to the load of a connection that may have been closed, so that a new one comes first. */
const DOUBT_PENALTY = 20;

type Parameters = readonly unknown[];
type Unsafe = (...parameters: Parameters) => Query;
type Run = (transaction: object) => unknown;

interface Slot {
  connection: Connection;
  /** When the connection is to be replaced (`performance.now()`). Random, so that they are not all replaced at the same time. */
  expiresAt: number;
  /** Whether a transaction uses the connection. */
  isReserved: boolean;
}

/**
 * Returns a client for Drizzle, and `close`. Queries are pipelined on the connection with the lowest load; a transaction uses its
 * connection exclusively. If a connection is lost, these run again on another one, within the deadline: a query that had not been sent, a
 * query that only reads, and the function of a transaction whose COMMIT had not been sent. Others reject with ConnectionLost; they may have
 * taken effect. Queries also reject with DatabaseTimeout and DatabaseQueueFull.
 */
export function createPool({ open, size, maxCallers, deadline, deadAfter, lifetime, onReplaced }: PoolOptions) {
  const slots = Array.from({ length: size }, () => makeSlot());
  const waiters: (() => void)[] = [];
  const admission = createAdmission({ maxCallers, connections: size, deadline, idleTime });
  let leftStandbyAt = Number.NEGATIVE_INFINITY;
  /** When the other end last closed an open connection. */
  let closedAt = Number.NEGATIVE_INFINITY;
  const pause = createPauseDetector();
  /** When a connection that has been lost since then received its latest result. */
  let reachedAt = Number.NEGATIVE_INFINITY;
  let isClosed = false;
  let deadlineMisses = 0;

  /** Bounds the wait of a caller. */
  function inTime<T>(pending: PromiseLike<T>, giveUp: () => void): Promise<T> {
    return within(pending, deadline, () => {
      deadlineMisses += 1;
      giveUp();
    });
  }

  function makeSlot(): Slot {
    const slot = { isReserved: false } as Slot;
    slot.connection = connect(slot, 0);
    return slot;
  }

  function connect(slot: Slot, delay: number): Connection {
    const createdAt = performance.now();
    slot.expiresAt = createdAt + lifetime * (0.8 + 0.2 * Math.random());
    const connection = createConnection({
      open,
      delay,
      deadAfter,
      onResult: (error) => {
        if ((error as { code?: string } | undefined)?.code === READ_ONLY) leaveStandby();
        wake();
      },
      onLost: (cause) => {
        const wasOpen = connection.state() === 'open';
        if (wasOpen) reachedAt = Math.max(reachedAt, connection.lastResultAt());
        // The old connection of a slot is closed on purpose.
        if (isClosed || slot.connection !== connection) return;
        if (wasOpen && cause === 'closed') closedAt = performance.now();
        const couldNotOpen = performance.now() - createdAt < REOPEN_DELAY_MILLISECONDS + delay;
        slot.connection = connect(slot, couldNotOpen ? REOPEN_DELAY_MILLISECONDS : 0);
        slot.isReserved = false;
        wake();
        if (typeof cause === 'number') replaceSilent(cause);
      },
    });
    return connection;
  }

  /** What breaks one connection usually breaks all: replaces those without a result since then, unless a newer query is running. */
  function replaceSilent(stuckSince: number): void {
    const now = performance.now();
    for (const { connection } of slots) {
      const hasNoNewQuery = connection.load() === 0 || isStuck(connection, now);
      if (connection.lastResultAt() < stuckSince && hasNoNewQuery) connection.lose();
    }
    onReplaced('stuck');
  }

  /** After a failover, connections that were opened too early lead to a server that does not accept writes. */
  function leaveStandby(): void {
    const now = performance.now();
    if (now - leftStandbyAt < STANDBY_MILLISECONDS) return;
    leftStandbyAt = now;
    for (const { connection } of slots) connection.lose();
    onReplaced('to a standby');
  }

  /**
   * Whether what a lost connection has interrupted can wait for another one, and still be answered in time: the database has answered a
   * moment ago, so that it probably restarts or another server takes over. When it has been away for longer, callers are refused quickly.
   */
  function canWait(begunAt: number): boolean {
    const now = performance.now();
    if (now - begunAt > deadline - 2 * REOPEN_DELAY_MILLISECONDS) return false;
    return (
      slots.reduce(
        (latest, { connection }) =>
          connection.state() === 'open' ? Math.max(latest, connection.lastResultAt()) : latest,
        reachedAt,
      ) >
      now - RESTART_MILLISECONDS
    );
  }

  /** Whether the oldest query has passed its deadline. Such a connection receives no new queries until a result arrives. */
  function isStuck(connection: Connection, now: number): boolean {
    return now - connection.oldestStart() > deadline;
  }

  /**
   * Whether the connection may have been closed together with another, which is noticed one connection after the other. A query that is
   * repeated must not get one such connection after the other.
   */
  function isDoubtful(connection: Connection): boolean {
    return connection.provenAt() < closedAt && connection.state() === 'open';
  }

  /** The connection with the lowest load that is neither reserved nor stuck; undefined if there is none. */
  function pick(): Slot | undefined {
    const now = performance.now();
    if (pause.hasEnded(now)) replaceIdle();
    let best: Slot | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const slot of slots) {
      if (slot.isReserved) continue;
      const { connection } = slot;
      const load = connection.load() + STATE_PENALTY[connection.state()] + (isDoubtful(connection) ? DOUBT_PENALTY : 0);
      if (load === 0) return renewed(slot, now);
      if (isStuck(connection, now)) continue;
      const cost = load + (now - connection.oldestStart() > SLOW_MILLISECONDS ? SLOW_PENALTY : 0);
      if (cost < least) [best, least] = [slot, cost];
    }
    if (best?.connection.load() === 0 && isDoubtful(best.connection)) renew(best);
    return best;
  }

  /** Replaces an idle connection that has expired: proxies and firewalls drop old connections, and replacing an idle one costs nothing. */
  function renewed(slot: Slot, now: number): Slot {
    if (now > slot.expiresAt) renew(slot);
    return slot;
  }

  function renew(slot: Slot): void {
    const old = slot.connection;
    slot.connection = connect(slot, 0);
    void old.end();
  }

  /** After a pause, the other end, or a proxy or firewall in between, may have dropped the connections without closing them. */
  function replaceIdle(): void {
    const idle = slots.filter(
      ({ isReserved, connection }) => !isReserved && connection.load() === 0 && connection.state() === 'open',
    );
    for (const slot of idle) renew(slot);
    if (idle.length > 0) onReplaced('open during a pause of the process');
  }

  /** Waiters pick a connection in FIFO order. Picking and marking happen synchronously, so two waiters never get the same one. */
  function wake(): void {
    if (waiters.length === 0 || pick() === undefined) return;
    for (const notify of waiters.splice(0)) notify();
  }

  function untilWoken(): Promise<void> {
    return new Promise((resolve) => waiters.push(resolve));
  }

  async function admit<T>(run: () => Promise<T>, isEssential = false): Promise<T> {
    admission.enter({ isEssential });
    let hasResult = true;
    try {
      return await run();
    } catch (error) {
      // Every other error is a result too, also that of a lost connection.
      hasResult = !(driverError(error) instanceof DatabaseTimeout);
      throw error;
    } finally {
      admission.leave({ hasResult });
    }
  }

  function query(make: (client: postgres.Sql) => Query, text: unknown, isEssential = false): Promise<unknown> {
    return admit(() => {
      let running: RunningQuery | undefined;
      let isGivenUp = false;
      let cause: unknown;
      let sent = 0;
      const begunAt = performance.now();
      const result = async () => {
        for (let attempt = 1; ; attempt += 1) {
          let slot = pick();
          while (slot === undefined) {
            await untilWoken();
            if (isGivenUp) throw new DatabaseTimeout(deadline);
            slot = pick();
          }
          running = slot.connection.run(make);
          try {
            return await running.result;
          } catch (error) {
            if (error instanceof NotSent) {
              // The reason for the missing connection. It is unknown for a connection that was abandoned together with another.
              cause ??= error.cause;
            } else {
              sent += 1;
              if (sent === MAX_ATTEMPTS || !(hadNoEffect(error, sent) || (isLost(error) && isRead(text)))) throw error;
            }
            if (isGivenUp || (attempt > 1 && !canWait(begunAt))) throw cause ?? error;
          }
        }
      };
      return inTime(result(), () => {
        isGivenUp = true;
        running?.giveUp();
      });
    }, isEssential);
  }

  /** Reserves a connection for exclusive use, and waits until its earlier queries have ended. */
  async function reserve(isGivenUp: () => boolean): Promise<Slot> {
    for (;;) {
      const slot = pick();
      if (slot === undefined) {
        await untilWoken();
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
    // The connection has been replaced, and another transaction may have reserved the new one.
    if (slot.connection !== connection) return;
    slot.isReserved = false;
    wake();
  }

  function transaction(run: Run): Promise<unknown> {
    return admit(async () => {
      const begunAt = performance.now();
      for (let attempt = 1; ; attempt += 1) {
        const { slot, connection } = await begin(begunAt);
        let isOverdue = false;
        let isCommitting = false;
        // Each statement has its own deadline; this one is for the whole transaction.
        const timer = setTimeout(() => {
          isOverdue = true;
          connection.lose();
        }, 2 * deadline);
        const onCommit = () => {
          isCommitting = true;
        };
        try {
          return await transact(connection, run, onCommit);
        } catch (error) {
          const inner = driverError(error);
          const isRolledBack = !isCommitting || inner instanceof NotSent;
          const canRepeat = hadNoEffect(inner, attempt) || (isLost(inner) && connection.isLost());
          const inTime = !isOverdue && performance.now() - begunAt < deadline;
          if (isRolledBack && canRepeat && inTime && attempt < MAX_ATTEMPTS) continue;
          throw error instanceof NotSent ? new ConnectionLost({ cause: error.cause }) : error;
        } finally {
          clearTimeout(timer);
          release(slot, connection);
        }
      }
    });
  }

  /** Reserves a connection and begins a transaction on it. */
  async function begin(begunAt: number): Promise<{ slot: Slot; connection: Connection }> {
    let cause: unknown;
    for (let attempt = 1; ; attempt += 1) {
      let isGivenUp = false;
      const slot = await inTime(
        reserve(() => isGivenUp),
        () => {
          isGivenUp = true;
        },
      );
      const { connection } = slot;
      try {
        await command(connection, 'begin');
        return { slot, connection };
      } catch (error) {
        // The transaction may have begun nevertheless, or begin later; queries of other callers would become part of it.
        connection.lose();
        if (!isLost(error)) throw error;
        cause ??= (error as Error).cause;
        if (attempt > 1 && !canWait(begunAt)) throw cause ?? error;
      }
    }
  }

  /** Runs a statement of a transaction. On a timeout the connection is abandoned, and the server rolls back. */
  function statement(connection: Connection, make: (client: postgres.Sql) => Query): Promise<unknown> {
    const { result, giveUp } = connection.run(make);
    return inTime(result, () => {
      giveUp();
      connection.lose();
    });
  }

  function command(connection: Connection, text: string): Promise<unknown> {
    return statement(connection, (client) => client.unsafe(text) as unknown as Query);
  }

  async function transact(connection: Connection, run: Run, onCommit: () => void): Promise<unknown> {
    const { client } = connection;
    let result: unknown;
    try {
      result = await run(override(client, { unsafe: lazily((make) => statement(connection, make)) }));
    } catch (error) {
      if (!connection.isLost()) await command(connection, 'rollback').catch(connection.lose);
      throw error;
    }
    onCommit();
    try {
      const { command: outcome } = (await command(connection, 'commit')) as { command?: string };
      if (outcome === 'COMMIT') return result;
      // If a statement failed and the caller ignored that, Postgres rolls back instead.
      throw new Error(`the transaction ended with ${outcome}`);
    } catch (error) {
      connection.lose();
      throw error;
    }
  }

  const [first] = slots;
  if (first === undefined) throw new Error('a pool needs a connection');
  // The other members that Drizzle reads are the same on all connections.
  const client = override(first.connection.client, { unsafe: lazily(query), begin: transaction });
  const essential = override(client, { unsafe: lazily((make, text) => query(make, text, true)) });

  return {
    client,
    /** The same, but its queries are not refused because they would probably wait for too long. */
    essential,
    statistics: (): PoolStatistics => ({
      size,
      inUse: slots.filter(({ isReserved, connection }) => isReserved || connection.load() > 0).length,
      callers: admission.callers(),
      waiting: waiters.length,
      deadlineMisses,
      refusals: admission.refusals(),
    }),
    close: async (): Promise<void> => {
      isClosed = true;
      pause.stop();
      await Promise.all(slots.map(({ connection }) => connection.end()));
    },
  };
}

function isLost(error: unknown): boolean {
  return error instanceof ConnectionLost;
}

/**
 * Whether the server has certainly not done what it was asked to, and may do so the next time. `attempt`: after a failed write to a standby
 * the connections are replaced only once.
 */
function hadNoEffect(error: unknown, attempt: number): boolean {
  const { code } = error as { code?: string };
  return code !== undefined && (CONFLICTS.has(code) || (code === READ_ONLY && attempt === 1));
}

/**
 * Whether a statement may run twice. A statement with a part that writes begins with WITH. The functions that our queries call may run
 * twice.
 */
function isRead(text: unknown): boolean {
  return typeof text === 'string' && /^\s*select\b/i.test(text);
}

/** Returns an `unsafe` for Drizzle, whose queries run only when they are awaited. */
function lazily(run: (make: (client: postgres.Sql) => Query, text: unknown) => Promise<unknown>) {
  return (...parameters: Parameters) => {
    const make = (client: postgres.Sql) => (client.unsafe as unknown as Unsafe)(...parameters);
    return {
      // biome-ignore lint/suspicious/noThenProperty: it stands in for a query, which is a thenable
      then: (...settle: [(value: unknown) => unknown, (error: unknown) => unknown]) =>
        run(make, parameters[0]).then(...settle),
      values: () => run((client) => make(client).values(), parameters[0]),
    };
  };
}

/** How long the process has waited for something to do, in milliseconds. */
function idleTime(): number {
  return performance.eventLoopUtilization().idle;
}
