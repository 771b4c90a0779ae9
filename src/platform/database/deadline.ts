// Bounds the time that a caller waits for the database.
import { driverError } from '#platform/errors/database-errors.js';

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
    const timer = setTimeout(() => {
      reject(new DatabaseTimeout(milliseconds));
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
