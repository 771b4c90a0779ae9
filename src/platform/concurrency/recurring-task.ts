// Runs background work periodically.
import type { Log } from '#platform/log/log.js';

interface Task {
  /** For the log. */
  readonly name: string;
  /** Ends soon when `signal` is aborted. */
  readonly run: (signal: AbortSignal) => Promise<unknown>;
  /** The wait before each run, including the first, in milliseconds. Called once per run. */
  readonly pause: () => number;
  readonly log: Log;
}

/**
 * Runs a task after each pause until it is stopped. A failed run is logged in one line, and the next run follows after the usual pause.
 * The timer does not keep the process alive. `stop` resolves when no run is in progress.
 */
export function createRecurringTask({ name, run, pause, log }: Task) {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  async function once(): Promise<void> {
    try {
      await run(stopping.signal);
    } catch (err) {
      log.warn({ err, task: name }, 'a task in the background failed: it is tried again later');
    }
    if (!stopping.signal.aborted) schedule();
  }

  function schedule(): void {
    timer = setTimeout(() => {
      running = once();
    }, pause()).unref();
  }

  return {
    start: schedule,
    stop: async (): Promise<void> => {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
