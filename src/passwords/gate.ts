// Bounds how much work runs at once and how much may wait for it: the rest is refused before any work is done.

interface GateOptions {
  /** How many may run at once. */
  readonly concurrency: number;
  /** How many may wait. */
  readonly queue: number;
  /** How long one may wait, in milliseconds. */
  readonly deadline: number;
  /** Whether nothing new may begin, for another reason than the line. */
  readonly isClosed?: () => boolean;
  /** The error for one that cannot run. */
  readonly refuse: () => Error;
}

/** First come, first served. A place is held until the work ends, whether or not anybody still waits for its result. */
export function createGate({ concurrency, queue, deadline, isClosed = () => false, refuse }: GateOptions) {
  let running = 0;
  const waiting = new Set<() => void>();

  async function run<T>(work: () => Promise<T>): Promise<T> {
    if (isClosed()) throw refuse();
    if (running >= concurrency) await turn();
    else running += 1;
    try {
      return await work();
    } finally {
      const [next] = waiting;
      // The place goes straight to the next in line, so that nobody can slip in between.
      if (next === undefined) running -= 1;
      else next();
    }
  }

  function turn(): Promise<void> {
    if (waiting.size >= queue) return Promise.reject(refuse());
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

  /** Throws the refusal when nobody else may wait now. */
  function assertRoom(): void {
    if (running >= concurrency && waiting.size >= queue) throw refuse();
  }

  return { run, assertRoom };
}

export type Gate = ReturnType<typeof createGate>;
