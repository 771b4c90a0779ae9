// Mutual exclusion: across tabs by Web Locks, where the browser has them, and within one client by a queue.

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request<T>(name: string, options: { signal: AbortSignal }, work: () => Promise<T>): Promise<T>;
}

/** Runs `work` while no other work of the same kind runs. */
export type Exclusive = <T>(kind: 'refresh' | 'write', work: () => Promise<T>) => Promise<T>;

/** `navigator.locks`; undefined in Node before 24 and on pages that are not served over https. */
export function platformLocks(): Locks | undefined {
  return (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks;
}

/**
 * Runs work under the lock `latchkey:<name>:<kind>`. The lock only saves requests; correctness comes from the session's single
 * Idempotency-Key. So a client that has waited for `milliseconds` (a tab stopped in a debugger keeps its locks) continues
 * without the lock, as does a page that is not allowed to lock.
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

/** Returns a function that runs tasks one at a time, in order. */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}
