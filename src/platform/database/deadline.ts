// A bound on how long anybody waits for the database.

/** The database did not answer in time. Whether the statement took effect is not known. */
export class DatabaseTimeout extends Error {
  override readonly name = 'DatabaseTimeout';
  readonly code = 'DATABASE_TIMEOUT';

  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
  }
}

/** As `pending`, or rejected with DatabaseTimeout after so many milliseconds; then `giveUp` is called. */
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
