// One connection to Postgres, used until it is lost and never again.
import type postgres from 'postgres';

/** The connection was lost. Whether the statement took effect is not known. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly code = 'CONNECTION_CLOSED';

  constructor(options?: ErrorOptions) {
    super('the connection was lost', options);
  }
}

/** The same, and the statement was never sent: it can be asked again. Its cause is why there was no connection. */
export class NotSent extends ConnectionLost {
  override readonly name = 'NotSent' as 'ConnectionLost';
}

/** A query that has been asked, as much of it as its caller needs. */
export interface Asked {
  readonly answer: Promise<unknown>;
  /**
   * Nobody waits for it any more: it must not take effect later, for nobody. One that has been sent is ended by the server
   * (statement_timeout).
   */
  giveUp(): void;
}

/** What postgres.js makes of a statement. It runs when it is awaited. */
export interface Query extends PromiseLike<unknown> {
  values(): Query;
}

/** What else it is, and the types of postgres.js do not tell. */
interface QueryInside extends Query {
  /** The connection that it was sent on; null before. */
  readonly state: object | null;
  strings: readonly string[];
  args: readonly unknown[];
  cancel(): void;
  /** Takes it, in the microtask after it was first awaited. */
  handler: (query: unknown) => void;
}

interface ConnectionOptions {
  /** Makes a client of one connection, which is opened when it is first needed; `onClosed`: called when it is closed again. */
  readonly open: (onClosed: () => void) => postgres.Sql;
  /** Called once. `stuckSince`: when the query was asked that should have ended long ago; undefined when it was closed. */
  readonly onLost: (stuckSince?: number) => void;
  /** Called after each answer; `error`: when it was one. */
  readonly onAnswer: (error?: unknown) => void;
  /** How long to wait before it is opened, in milliseconds. */
  readonly rest: number;
}

/** A server ends each statement after 2 s, and a connection is open or given up after 2 s: after this long it leads nowhere. */
const STUCK_MILLISECONDS = 3000;
/** How long queries may go on when their client is closed, in seconds. */
const END_SECONDS = 3;
/** When a connection that was being opened as it was given up is there, or will never be. */
const OPENED_MILLISECONDS = 2500;

interface Pending {
  readonly begun: number;
  lose(): void;
}

/**
 * A postgres.js client of one connection. postgres.js opens a connection that was lost again, and may then take what is
 * answered to one query for the answer to another: a query that it takes between the socket's events `error` and `close`
 * is never sent, and waits at the head of the line for ever. So nothing that comes after a loss counts: whatever waits is
 * rejected, and another client takes the place of this one.
 */
export function createConnection({ open, onLost, onAnswer, rest }: ConnectionOptions) {
  const pending = new Set<Pending>();
  const opensAt = performance.now() + rest;
  const drained: (() => void)[] = [];
  let isLost = false;
  let hasAnswered = false;
  let provenAt = opensAt;
  const client = open(() => lose());

  function ask(make: (client: postgres.Sql) => Query): Asked {
    const begun = performance.now();
    const query = make(client) as QueryInside;
    // Of a query that fails postgres.js keeps where it came from, for ever: an entry for each, since no two are the same object.
    Object.defineProperty(query, 'origin', { value: '' });
    let asked = false;
    const answer = new Promise<unknown>((resolve, reject) => {
      const entry: Pending = {
        begun,
        lose: () => {
          const unsent = query.state === null;
          // Out of the queue, or not into it, or its client would connect again for its sake.
          if (unsent) query.handler = () => {};
          if (unsent && asked) query.cancel();
          reject(unsent ? new NotSent() : new ConnectionLost());
        },
      };
      const settled = (error?: unknown) => {
        provenAt = performance.now();
        hasAnswered = true;
        if (pending.delete(entry) && pending.size === 0) for (const tell of drained.splice(0)) tell();
        onAnswer(error);
      };
      const send = () => {
        if (isLost) return;
        asked = true;
        query.then(
          (value) => {
            settled();
            resolve(value);
          },
          (error) => {
            // Refused before it was sent: there is no connection.
            if (query.state === null) {
              pending.delete(entry);
              reject(new NotSent({ cause: error }));
              return;
            }
            settled(error);
            reject(error);
          },
        );
      };
      pending.add(entry);
      if (isLost) entry.lose();
      else if (begun < opensAt) setTimeout(send, opensAt - begun);
      else send();
    });
    const giveUp = () => {
      // Cancelled, one that a connection is being opened for would leave that connection unused for ever.
      if (query.state === null) Object.assign(query, { strings: ['select 1'], args: [] });
      const timer = setTimeout(() => lose(begun), begun + STUCK_MILLISECONDS - performance.now()).unref();
      const settled = () => clearTimeout(timer);
      answer.then(settled, settled);
    };
    return { answer, giveUp };
  }

  function lose(stuckSince?: number): void {
    if (isLost) return;
    isLost = true;
    for (const entry of pending) entry.lose();
    pending.clear();
    for (const tell of drained.splice(0)) tell();
    void client.end({ timeout: 0 }).catch(() => {});
    // One whose TLS was being set up goes on, and would stay for ever.
    setTimeout(() => void (client as unknown as { close(): Promise<void> }).close(), OPENED_MILLISECONDS).unref();
    onLost(stuckSince);
  }

  return {
    client,
    ask,
    /** Gives it up: the server rolls back what is not committed. */
    lose: () => lose(),
    isLost: () => isLost,
    /** How many queries wait for an answer. */
    load: () => pending.size,
    /** When the one that has waited longest was asked (`performance.now()`). */
    oldest: (): number => {
      const [first] = pending;
      return first?.begun ?? Number.POSITIVE_INFINITY;
    },
    /** `open`: it has answered. `resting`: the one before it could not be opened. */
    state: (): 'open' | 'new' | 'opening' | 'resting' => {
      if (hasAnswered) return 'open';
      if (rest > 0) return 'resting';
      return pending.size > 0 ? 'opening' : 'new';
    },
    /** When it last answered (`performance.now()`). */
    provenAt: () => provenAt,
    /** Resolves when no query waits for an answer, or the connection is lost. */
    drained: (): Promise<void> | undefined =>
      pending.size === 0 ? undefined : new Promise((resolve) => drained.push(resolve)),
    /** Closes it when its queries have ended; those that take longer than a few seconds are cut. */
    end: (): Promise<void> => client.end({ timeout: END_SECONDS }).catch(() => {}),
  };
}

export type Connection = ReturnType<typeof createConnection>;
