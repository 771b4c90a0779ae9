// Bounds how much work runs at once and how much may wait for it: the rest is refused before any work is done.

interface ConcurrencyLimiterOptions {
  /** How many may run at once. */
  readonly concurrency: number;
  /** How many may wait. */
  readonly queue: number;
  /** How long one may wait, in milliseconds. */
  readonly deadline: number;
  /** Who would have to wait for longer than this, by how long the work has taken lately, is refused at once, milliseconds. */
  readonly patience?: number;
  /** Whether nothing new may begin, for another reason than the line. */
  readonly isClosed?: () => boolean;
  /** The error for one that cannot run. */
  readonly refuse: () => Error;
}

/** Of the work that has just ended, in the average. */
const WEIGHT = 0.1;

/** First come, first served. A place is held until the work ends, whether or not anybody still waits for its result. */
export function createConcurrencyLimiter({
  concurrency,
  queue,
  deadline,
  patience = Number.POSITIVE_INFINITY,
  isClosed = () => false,
  refuse,
}: ConcurrencyLimiterOptions) {
  let running = 0;
  const waiting = new Set<() => void>();
  /** Of the last ones, a moving average in milliseconds. */
  let duration = 0;

  async function run<T>(work: () => Promise<T>): Promise<T> {
    if (isClosed()) throw refuse();
    if (running >= concurrency) await turn();
    else running += 1;
    const begun = performance.now();
    try {
      return await work();
    } finally {
      duration += (performance.now() - begun - duration) * WEIGHT;
      const [next] = waiting;
      // The place goes straight to the next in line, so that nobody can slip in between.
      if (next === undefined) running -= 1;
      else next();
    }
  }

  function turn(): Promise<void> {
    if (isFull()) return Promise.reject(refuse());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(enter);
        reject(refuse());
      }, deadline);
      const enter = () => {
        clearTimeout(timer);
        waiting.delete(enter);
        resolve();
      };
      waiting.add(enter);
    });
  }

  function isFull(): boolean {
    if (running < concurrency) return false;
    return waiting.size >= queue || (duration * (waiting.size + 1)) / concurrency > patience;
  }

  /** Throws the refusal when nobody else may wait now. */
  function assertRoom(): void {
    if (isClosed() || isFull()) throw refuse();
  }

  return { run, assertRoom };
}

export type ConcurrencyLimiter = ReturnType<typeof createConcurrencyLimiter>;
