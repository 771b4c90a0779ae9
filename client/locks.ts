// One at a time, across tabs where the browser has Web Locks.

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request<T>(name: string, options: { signal: AbortSignal }, work: () => Promise<T>): Promise<T>;
}

/** Runs `work` when nobody else runs work of this kind. */
export type Exclusive = <T>(kind: 'refresh' | 'write', work: () => Promise<T>) => Promise<T>;

/** `navigator.locks`; undefined where there is none: Node before 24, pages that are not served by https. */
export function platformLocks(): Locks | undefined {
  return (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks;
}

/**
 * The lock saves requests; what keeps a session whole is its one Idempotency-Key. So whoever waits for longer than
 * `milliseconds` (a tab that was stopped in a debugger holds its locks) goes on without, as does a page that may not lock.
 */
export function exclusiveBy(locks: Locks | undefined, name: string | undefined, milliseconds: number): Exclusive {
  if (locks === undefined || name === undefined) return (_kind, work) => work();
  return async (kind, work) => {
    let granted = false;
    try {
      return await locks.request(`latchkey:${name}:${kind}`, { signal: AbortSignal.timeout(milliseconds) }, () => {
        granted = true;
        return work();
      });
    } catch (error) {
      if (granted) throw error;
      return work();
    }
  };
}

/** Runs what it is given one after the other, in order. */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}
