// Notices that the process has not run for a while: a machine that was suspended, a laptop that slept, a frozen container.

/** The time without a run of the event loop, or the jump of the clock, that counts as a pause, in milliseconds. */
const PAUSE_MILLISECONDS = 5000;
const TICK_MILLISECONDS = 1000;

/**
 * `hasEnded` returns true once after each pause. It does not rely on a timer, because the first thing after a pause is what has arrived
 * meanwhile; timers come later. Some machines stop the monotonic clock while they are suspended, so the other clock counts too.
 */
export function createPauseDetector() {
  let lastTick = performance.now();
  let difference = Date.now() - lastTick;

  function observe(now: number): void {
    lastTick = now;
    difference = Date.now() - now;
  }

  /** Whether the process has not run since the last time that was observed, by either clock. */
  function hasPaused(now: number): boolean {
    return now - lastTick > PAUSE_MILLISECONDS || Math.abs(Date.now() - now - difference) >= PAUSE_MILLISECONDS;
  }

  function hasEnded(now: number): boolean {
    if (!hasPaused(now)) return false;
    observe(now);
    return true;
  }

  const timer = setInterval(() => {
    const now = performance.now();
    // A pause stays one until `hasEnded` has reported it.
    if (!hasPaused(now)) observe(now);
  }, TICK_MILLISECONDS).unref();

  return {
    /** `now`: the time on the clock of `performance.now()`. */
    hasEnded,
    stop: () => clearInterval(timer),
  };
}
