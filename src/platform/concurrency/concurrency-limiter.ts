// Limits how much work runs at once and how much may wait. Work that could not begin in time is refused before it begins.

interface ConcurrencyLimiterOptions {
  /** The number of tasks that may run at once. */
  readonly concurrency: number;
  /**
   * One more task runs while at least this many wait, so that no thread is idle until this process hands out the next task. Undefined:
   * never.
   */
  readonly reserveFrom?: number;
  /** The number of tasks that may wait. */
  readonly queue: number;
  /** How long work may wait before it begins, in milliseconds. */
  readonly deadline: number;
  /**
   * How long new work may have to wait in a lasting overload, in milliseconds. A burst is finished within `deadline`; when the queue has
   * not been empty for a while, a long queue would serve no more requests than a short one, each of them later. Undefined: the duration of
   * the work varies too much to be predicted, so only `deadline` applies.
   */
  readonly overloadDeadline?: number;
  /** The length below which a queue is short: a few clients cause it, even where each task takes long because cores are busy. */
  readonly burst?: number;
  /** Replaces `overloadDeadline` for a short queue. */
  readonly shortQueueDeadline?: number;
  /** Replaces `deadline` for new work behind a queue that is not short. */
  readonly stormDeadline?: number;
  /** Called when work begins, with the time that it has waited, in milliseconds. */
  readonly onBegin?: (milliseconds: number) => void;
  /** Whether new work is refused for a reason other than the queue. */
  readonly isClosed?: () => boolean;
  /** The error for work that is refused. */
  readonly refuse: () => Error;
}

/** Additional limits for one task. */
export interface WaitOptions {
  /** The time, on the clock of `performance.now()`, after which the work is not to begin. */
  readonly until?: number | undefined;
  /** Aborted when the result is no longer needed. Work that has begun continues. */
  readonly signal?: AbortSignal | undefined;
  /** The work was admitted before. */
  readonly admission?: Admission | undefined;
}

/** A place ahead of the queue, for work that has something to do first. */
export interface Admission {
  /** Gives the place up. `run` does so too; a second call has no effect. */
  readonly leave: () => void;
}

interface Waiter {
  readonly until: number;
  readonly begin: () => void;
  readonly refuse: () => void;
}

/** While the queue is never empty, the longest wait of new work falls from `deadline` to `overloadDeadline` within this time. */
const BURST_MILLISECONDS = 5_000;
/** The weight of the latest interval between two completions in the moving average. */
const WEIGHT = 0.1;
/** The number of completions, for each task that may run at once, after which the average is meaningful. */
const MIN_COMPLETIONS = 4;
/** The error of the average that is tolerated before waiting work is refused. */
const MARGIN = 1.5;

/** First in, first out. Work counts as running until it ends, even if its caller no longer waits for the result. */
export function createConcurrencyLimiter({
  concurrency,
  reserveFrom = Number.POSITIVE_INFINITY,
  queue,
  deadline,
  overloadDeadline,
  burst = 0,
  shortQueueDeadline = 0,
  stormDeadline = deadline,
  onBegin = () => {},
  isClosed = () => false,
  refuse,
}: ConcurrencyLimiterOptions) {
  let running = 0;
  /** The number of tasks that are admitted and have not called `run` yet. */
  let admitted = 0;
  const waiting = new Set<Waiter>();
  // How quickly this queue moves, measured only while work is waiting: earlier durations, on a busier or a quieter machine, do not count.
  let queueSince = 0;
  let lastCompletion = 0;
  let completions = 0;
  let interval = 0;

  async function run<T>(work: () => Promise<T>, options: WaitOptions = {}): Promise<T> {
    options.admission?.leave();
    if (isClosed()) throw refuse();
    if (options.signal?.aborted) throw refuse();
    if (running >= concurrency) {
      const since = performance.now();
      await waitForTurn(options);
      onBegin(performance.now() - since);
    } else {
      running += 1;
      onBegin(0);
    }
    try {
      return await work();
    } finally {
      if (waiting.size > 0) measure();
      running -= 1;
      // In the same tick, so that new work cannot overtake it.
      beginWaiting();
      refuseHopeless();
    }
  }

  /** Begins waiting work, in order of arrival, as long as there is a place. */
  function beginWaiting(): void {
    for (const next of waiting) {
      if (running >= concurrency + (waiting.size >= reserveFrom ? 1 : 0)) return;
      running += 1;
      next.begin();
    }
  }

  function waitForTurn({ until = Number.POSITIVE_INFINITY, signal, admission }: WaitOptions): Promise<void> {
    const now = performance.now();
    if (waiting.size === 0) beginQueue(now);
    // Admitted work was judged at its admission. It has used the database since, so only the greatest length of the queue applies.
    const isRefused = admission === undefined ? isFull() : waiting.size >= queue;
    if (isRefused || until <= now || isHopeless(waiting.size + 1, until - now)) return Promise.reject(refuse());
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
      beginWaiting();
    });
  }

  function beginQueue(now: number): void {
    queueSince = now;
    lastCompletion = now;
    completions = 0;
    interval = 0;
  }

  function measure(): void {
    const now = performance.now();
    completions += 1;
    interval += (now - lastCompletion - interval) * Math.max(WEIGHT, 1 / completions);
    lastCompletion = now;
  }

  /** Whether work at this position of the queue, from 1, is expected to wait for longer than `milliseconds`. */
  function isHopeless(position: number, milliseconds: number): boolean {
    return (
      overloadDeadline !== undefined &&
      completions >= MIN_COMPLETIONS * concurrency &&
      interval * position > milliseconds
    );
  }

  /** Refuses waiting work as soon as it is known that it will not begin in time. */
  function refuseHopeless(): void {
    const now = performance.now();
    let position = 0;
    for (const waiter of waiting) {
      if (isHopeless(position + 1, MARGIN * (waiter.until - now))) waiter.refuse();
      else position += 1;
    }
  }

  function isFull(): boolean {
    if (running < concurrency) return false;
    if (waiting.size >= queue) return true;
    if (waiting.size === 0 || overloadDeadline === undefined) return false;
    const ahead = waiting.size + admitted;
    const falling = deadline * (1 - (performance.now() - queueSince) / BURST_MILLISECONDS);
    const longest =
      ahead < burst
        ? Math.max(overloadDeadline, shortQueueDeadline, falling)
        : Math.max(overloadDeadline, Math.min(stormDeadline, falling));
    return isHopeless(ahead + 1, longest);
  }

  /** Throws the error of a refusal if new work would be refused now. */
  function assertOpen(): void {
    if (isClosed() || isFull()) throw refuse();
  }

  /**
   * Reserves a place for work that will call `run` later, so that those that come after it count it too. Throws the error of a refusal if
   * new work would be refused now.
   */
  function admit(): Admission {
    assertOpen();
    admitted += 1;
    let isCounted = true;
    return {
      leave: () => {
        if (isCounted) admitted -= 1;
        isCounted = false;
      },
    };
  }

  /** Whether new work would have to wait. */
  const isBusy = (): boolean => running >= concurrency;

  /** How much work runs, and how much waits. */
  const load = () => ({ running, waiting: waiting.size });

  return { run, admit, assertOpen, isBusy, load };
}

export type ConcurrencyLimiter = ReturnType<typeof createConcurrencyLimiter>;
