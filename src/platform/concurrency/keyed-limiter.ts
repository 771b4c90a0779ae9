// Work on one thing takes turns within a process: what comes together does not get in each other's way.
import { type ConcurrencyLimiter, createConcurrencyLimiter, type WaitOptions } from './concurrency-limiter.js';

interface KeyedLimiterOptions {
  /** How long one may wait, in milliseconds. */
  readonly deadline: number;
  /** The error for one that cannot wait. */
  readonly refuse: () => Error;
}

/** So many may wait for their turn at one thing. */
const LINE = 256;

/** One queue for each key that has work running or waiting; nothing is kept for other keys. */
export function createKeyedLimiter({ refuse, ...limits }: KeyedLimiterOptions) {
  const lines = new Map<string, { readonly gate: ConcurrencyLimiter; people: number }>();

  /** Runs `work` as one of at most `concurrency` at a time. */
  async function inTurn<T>(
    key: string,
    concurrency: number,
    work: () => Promise<T>,
    options?: WaitOptions,
  ): Promise<T> {
    const line = lines.get(key) ?? {
      gate: createConcurrencyLimiter({ concurrency, queue: LINE, refuse, ...limits }),
      people: 0,
    };
    lines.set(key, line);
    line.people += 1;
    try {
      return await line.gate.run(work, options);
    } finally {
      line.people -= 1;
      if (line.people === 0) lines.delete(key);
    }
  }

  return {
    inTurn,
    /** Whether the next one would have to wait. */
    isBusy: (key: string): boolean => lines.get(key)?.gate.isBusy() ?? false,
  };
}
