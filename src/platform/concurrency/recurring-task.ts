// Work that is done again and again beside the requests.
import type { Log } from '#platform/log/log.js';

interface Task {
  /** For the log. */
  readonly name: string;
  /** Ends soon when `signal` is aborted. */
  readonly run: (signal: AbortSignal) => Promise<unknown>;
  /** How long to wait before the first time and between two times, in milliseconds; asked each time. */
  readonly pause: () => number;
  readonly log: Log;
}

/**
 * Does a task after every pause until it is stopped; a failure is one line in the log, and the next time comes as ever. Keeps
 * no process alive. `stop` resolves when the task does not run any more.
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
