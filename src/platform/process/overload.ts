// Whether the process has more to do than it can.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** From where on it is overload; 0: never. */
export interface OverloadLimits {
  /** How late everything is on average, milliseconds. */
  readonly delayMilliseconds: number;
  /** Memory of the process. */
  readonly rssBytes: number;
}

const SAMPLE_MILLISECONDS = 500;
/** How often the event loop is looked at. */
const RESOLUTION_MILLISECONDS = 10;

/** Measures from now on, until it is stopped. */
export function createOverload({ delayMilliseconds, rssBytes }: OverloadLimits) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MILLISECONDS });
  histogram.enable();
  // A process that was suspended, or blocked once, is late in one sample and then no more; overload lasts.
  let delays = [0, 0, 0];
  let memory = 0;
  const timer = setInterval(() => {
    delays = [...delays.slice(1), histogram.mean / 1e6 - RESOLUTION_MILLISECONDS];
    histogram.reset();
    if (rssBytes > 0) memory = residentBytes() ?? memory;
  }, SAMPLE_MILLISECONDS).unref();

  return {
    /** Whether a limit is exceeded, in each of the last three samples. */
    isPresent: (): boolean =>
      (delayMilliseconds > 0 && Math.min(...delays) > delayMilliseconds) || (rssBytes > 0 && memory > rssBytes),
    stop: (): void => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}

export type Overload = ReturnType<typeof createOverload>;

/** Undefined when the limit of open files is reached: Linux tells it in a file. */
function residentBytes(): number | undefined {
  try {
    return process.memoryUsage.rss();
  } catch {
    return undefined;
  }
}
