// Bounds the time that a caller waits for the database.

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
