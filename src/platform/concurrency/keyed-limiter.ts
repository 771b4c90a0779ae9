// Limits how much work on one key, such as an account or a session, runs at once in this process.
import { type ConcurrencyLimiter, createConcurrencyLimiter, type WaitOptions } from './concurrency-limiter.js';

interface KeyedLimiterOptions {
  /** How long work may wait, in milliseconds. */
  readonly deadline: number;
  /** The error for work that cannot wait. */
  readonly refuse: () => Error;
}

/** The greatest length of the queue of one key. */
const QUEUE = 256;

export type KeyedLimiter = ReturnType<typeof createKeyedLimiter>;

/** The work on a key for which more has come while the first ran. */
interface Shared {
  readonly limiter: ConcurrencyLimiter;
  /** How much work runs or waits. */
  users: number;
  /** To be called when the first has ended. */
  firstEnded: () => void;
}

/** Limits the work on each key that has work running or waiting. Nothing is kept for other keys. */
export function createKeyedLimiter({ refuse, ...limits }: KeyedLimiterOptions) {
  // A number while one work runs and no other has come, as nearly always: its `concurrency`. A Map that entries come to and leave all the time
  // replaces its table again and again, and V8 keeps what the old tables refer to until the old generation is collected.
  const entries = new Map<string, Shared | number>();

  async function runAlone<T>(
    key: string,
    concurrency: number,
    work: () => Promise<T>,
    { admission, signal }: WaitOptions = {},
  ): Promise<T> {
    admission?.leave();
    if (signal?.aborted) throw refuse();
    entries.set(key, concurrency);
    try {
      return await work();
    } finally {
      const entry = entries.get(key);
      if (typeof entry === 'object') entry.firstEnded();
      else entries.delete(key);
    }
  }

  /** Makes a limiter in which the work that runs already has a place. */
  function share(key: string, concurrency: number): Shared {
    const limiter = createConcurrencyLimiter({ concurrency, queue: QUEUE, refuse, ...limits });
    const shared: Shared = { limiter, users: 1, firstEnded: () => {} };
    const first = limiter.run(
      () =>
        new Promise<void>((resolve) => {
          shared.firstEnded = resolve;
        }),
    );
    void first.then(() => leave(key, shared));
    entries.set(key, shared);
    return shared;
  }

  function leave(key: string, shared: Shared): void {
    shared.users -= 1;
    if (shared.users === 0) entries.delete(key);
  }

  return {
    /** Runs `work` when fewer than `concurrency` others with the same key are running. */
    async run<T>(key: string, concurrency: number, work: () => Promise<T>, options?: WaitOptions): Promise<T> {
      const entry = entries.get(key);
      if (entry === undefined) return runAlone(key, concurrency, work, options);
      const shared = typeof entry === 'object' ? entry : share(key, concurrency);
      shared.users += 1;
      try {
        return await shared.limiter.run(work, options);
      } finally {
        leave(key, shared);
      }
    },

    /** Whether new work with this key would have to wait. */
    isBusy: (key: string): boolean => {
      const entry = entries.get(key);
      return typeof entry === 'object' ? entry.limiter.isBusy() : entry === 1;
    },
  };
}
