// Bounds how much work runs at once and how much may wait for it. What could not begin in time is refused before it begins.

interface ConcurrencyLimiterOptions {
  /** How many may run at once. */
  readonly concurrency: number;
  /** How many may wait. */
  readonly queue: number;
  /** How long one may wait before it begins, in milliseconds. */
  readonly deadline: number;
  /**
   * How long a newcomer may have to wait once the queue has not been empty for long, in milliseconds. A burst is worked off within `deadline`;
   * in a lasting overload a long queue would serve no more requests than a short one, each of them later. Undefined: the work takes too unequal
   * times to tell who could not begin in time, so that only `deadline` decides.
   */
  readonly overloadDeadline?: number;
  /** Whether nothing new may begin, for another reason than the queue. */
  readonly isClosed?: () => boolean;
  /** The error for one that cannot run. */
  readonly refuse: () => Error;
}

/** Limits of one piece of work beside those of all. */
export interface WaitOptions {
  /** When it is too late to begin, on the clock of `performance.now()`. */
  readonly until?: number | undefined;
  /** Aborted: nobody wants the result any more. Work that has begun goes on. */
  readonly signal?: AbortSignal | undefined;
}

interface Waiter {
  readonly until: number;
  readonly begin: () => void;
  readonly refuse: () => void;
}

/** Over so many milliseconds of a queue that is never empty, what a newcomer may wait falls from `deadline` to `overloadDeadline`. */
const BURST_MILLISECONDS = 5_000;
/** How much the latest interval between two ends of work weighs in the average. */
const WEIGHT = 0.1;
/** The average says something after so many ends of work for each that may run at once. */
const ENOUGH_ENDS = 4;
/** By how much the average may be wrong before one that waits already is refused. */
const MARGIN = 1.5;

/** First come, first served. A place is held until the work ends, even if its caller no longer waits for the result. */
export function createConcurrencyLimiter({
  concurrency,
  queue,
  deadline,
  overloadDeadline,
  isClosed = () => false,
  refuse,
}: ConcurrencyLimiterOptions) {
  let running = 0;
  const waiting = new Set<Waiter>();
  // How quickly this queue moves. Nothing is known of that before some work has ended while others waited: how long it took earlier, on a
  // busier or a quieter machine, does not count.
  let queueSince = 0;
  let lastEnd = 0;
  let ends = 0;
  let interval = 0;

  async function run<T>(work: () => Promise<T>, options: WaitOptions = {}): Promise<T> {
    if (isClosed()) throw refuse();
    if (options.signal?.aborted) throw refuse();
    if (running >= concurrency) await turn(options);
    else running += 1;
    try {
      return await work();
    } finally {
      if (waiting.size > 0) measure();
      const [next] = waiting;
      // The place goes straight to the next in line, so that nobody can slip in between.
      if (next === undefined) running -= 1;
      else next.begin();
      refuseHopeless();
    }
  }

  function turn({ until = Number.POSITIVE_INFINITY, signal }: WaitOptions): Promise<void> {
    const now = performance.now();
    if (waiting.size === 0) beginQueue(now);
    if (isFull() || until <= now || isHopeless(waiting.size + 1, until - now)) return Promise.reject(refuse());
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', waiter.refuse);
        waiting.delete(waiter);
      };
      const waiter: Waiter = {
        until: Math.min(until, now + deadline),
        begin: () => {
          leave();
          resolve();
        },
        refuse: () => {
          leave();
          reject(refuse());
        },
      };
      const timer = setTimeout(waiter.refuse, waiter.until - now);
      signal?.addEventListener('abort', waiter.refuse);
      waiting.add(waiter);
    });
  }

  function beginQueue(now: number): void {
    queueSince = now;
    lastEnd = now;
    ends = 0;
    interval = 0;
  }

  function measure(): void {
    const now = performance.now();
    ends += 1;
    interval += (now - lastEnd - interval) * Math.max(WEIGHT, 1 / ends);
    lastEnd = now;
  }

  /** Whether the one at this place of the queue, from 1, would have to wait for longer than so many milliseconds, as far as can be told. */
  function isHopeless(place: number, milliseconds: number): boolean {
    return overloadDeadline !== undefined && ends >= ENOUGH_ENDS * concurrency && interval * place > milliseconds;
  }

  /** Who would only learn at the deadline that its turn does not come is refused as soon as that is known. */
  function refuseHopeless(): void {
    const now = performance.now();
    let place = 0;
    for (const waiter of waiting) {
      if (isHopeless(place + 1, MARGIN * (waiter.until - now))) waiter.refuse();
      else place += 1;
    }
  }

  function isFull(): boolean {
    if (running < concurrency) return false;
    if (waiting.size >= queue) return true;
    if (waiting.size === 0 || overloadDeadline === undefined) return false;
    const lasted = performance.now() - queueSince;
    return isHopeless(waiting.size + 1, Math.max(overloadDeadline, deadline * (1 - lasted / BURST_MILLISECONDS)));
  }

  /** Throws the refusal when nobody else may wait now. */
  function assertRoom(): void {
    if (isClosed() || isFull()) throw refuse();
  }

  /** Whether the next one would have to wait. */
  const isBusy = (): boolean => running >= concurrency;

  return { run, assertRoom, isBusy };
}

export type ConcurrencyLimiter = ReturnType<typeof createConcurrencyLimiter>;
