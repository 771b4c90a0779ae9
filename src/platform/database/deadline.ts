// Bounds the time that a caller waits for the database.
import { driverError } from '#platform/errors/database-errors.js';

/** How long a caller waits for a connection and an answer unless it says otherwise, in milliseconds. */
export const DEFAULT_DEADLINE = 900;

/**
 * The other limits that follow from the deadline of the callers, in milliseconds. The server gives up shortly after the caller, so that no
 * abandoned statement keeps running, but never before it. A connection without a response for even longer is dead.
 */
export function limitsFor(deadline: number) {
  return { statement: deadline + 1100, dead: deadline + 2100, idleInTransaction: deadline + 4100 };
}

/** The database did not answer in time. The statement may or may not have taken effect. */
export class DatabaseTimeout extends Error {
  override readonly name = 'DatabaseTimeout';
  readonly code = 'DATABASE_TIMEOUT';

  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
  }
}

/** Settles like `pending`, or rejects with DatabaseTimeout after `milliseconds` and calls `giveUp`. */
export function within<T>(pending: PromiseLike<T>, milliseconds: number, giveUp: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let isSettled = false;
    const timer = setTimeout(() => {
      // A process that got no processor time for a while runs its timers before it reads what has arrived meanwhile. An answer that has
      // is read in between.
      setImmediate(() => {
        if (isSettled) return;
        reject(new DatabaseTimeout(milliseconds));
        giveUp();
      });
    }, milliseconds);
    const settle = () => {
      isSettled = true;
      clearTimeout(timer);
    };
    pending.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error) => {
        settle();
        reject(error);
      },
    );
  });
}

const START_ATTEMPTS = 5;

/**
 * Runs what a start needs from the database, again if the answer takes too long: while several instances start on a busy machine, an
 * answer may take longer than a request may wait for it. `run` must be repeatable.
 */
export async function duringStart<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt === START_ATTEMPTS || driverError(error).code !== 'DATABASE_TIMEOUT') throw error;
    }
  }
}
