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

/** One limiter for each key that has work running or waiting. Nothing is kept for other keys. */
export function createKeyedLimiter({ refuse, ...limits }: KeyedLimiterOptions) {
  const entries = new Map<string, { readonly limiter: ConcurrencyLimiter; users: number }>();

  return {
    /** Runs `work` when fewer than `concurrency` others with the same key are running. */
    async run<T>(key: string, concurrency: number, work: () => Promise<T>, options?: WaitOptions): Promise<T> {
      const entry = entries.get(key) ?? {
        limiter: createConcurrencyLimiter({ concurrency, queue: QUEUE, refuse, ...limits }),
        users: 0,
      };
      entries.set(key, entry);
      entry.users += 1;
      try {
        return await entry.limiter.run(work, options);
      } finally {
        entry.users -= 1;
        if (entry.users === 0) entries.delete(key);
      }
    },

    /** Whether new work with this key would have to wait. */
    isBusy: (key: string): boolean => entries.get(key)?.limiter.isBusy() ?? false,
  };
}
