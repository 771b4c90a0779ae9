// Detects that the process is overloaded.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The process is overloaded above these limits; 0 disables a limit. */
export interface OverloadLimits {
  /** Average event loop delay, in milliseconds. */
  readonly delayMilliseconds: number;
  /** Resident memory of the process, in bytes. */
  readonly rssBytes: number;
}

const SAMPLE_MILLISECONDS = 500;
/** The number of samples of which `delays` returns the longest delay: 15 s. */
const KEPT_SAMPLES = 30;
/** The sampling interval of the event loop delay. */
const RESOLUTION_MILLISECONDS = 10;

/** Measures until `stop`. */
export function createOverload({ delayMilliseconds, rssBytes }: OverloadLimits) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MILLISECONDS });
  histogram.enable();
  // A process that was suspended or blocked once is late in a single sample; overload shows in several.
  let delays = [0, 0, 0];
  let memory = 0;
  const longest = new Float64Array(KEPT_SAMPLES);
  let sample = 0;
  const timer = setInterval(() => {
    delays = [...delays.slice(1), histogram.mean / 1e6 - RESOLUTION_MILLISECONDS];
    longest[sample % KEPT_SAMPLES] = histogram.max / 1e6 - RESOLUTION_MILLISECONDS;
    sample += 1;
    histogram.reset();
    if (rssBytes > 0) memory = residentBytes() ?? memory;
  }, SAMPLE_MILLISECONDS).unref();

  return {
    /** Whether a limit is exceeded; for the delay, in each of the last three samples. */
    isPresent: (): boolean =>
      (delayMilliseconds > 0 && Math.min(...delays) > delayMilliseconds) || (rssBytes > 0 && memory > rssBytes),
    /** In seconds: the average of the last sample, and the longest delay of the last 15 s. */
    delays: () => ({ mean: Math.max(0, delays[2] || 0) / 1000, longest: Math.max(0, ...longest) / 1000 }),
    stop: (): void => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}

export type Overload = ReturnType<typeof createOverload>;

/** Undefined if the limit of open files is reached, because Linux provides the value in a file. */
function residentBytes(): number | undefined {
  try {
    return process.memoryUsage.rss();
  } catch {
    return undefined;
  }
}
