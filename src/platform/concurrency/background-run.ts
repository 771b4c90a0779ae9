// Work that is begun again whenever there may be more of it, and whose end can be awaited when the process stops.
import { singleFlight } from './single-flight.js';

/** `work` does all that there is to do, and returns early when the process stops. Its runs never overlap. */
export function backgroundRun(work: () => Promise<void>) {
  let running: Promise<unknown> = Promise.resolve();
  const runAgain = singleFlight(async () => {
    await work();
    return false;
  });

  return {
    /** Resolves when all that there was to do at the call is done. Rejects as `work` does. */
    run: (): Promise<unknown> => {
      running = runAgain();
      return running;
    },

    /** Resolves when no run is in progress, however it ended. */
    settled: async (): Promise<void> => {
      await running.catch(() => {});
    },
  };
}
