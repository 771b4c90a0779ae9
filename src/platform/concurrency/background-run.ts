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

    /** As `run`, for callers that do not wait. `onError` is called once for each run that fails, however often it was asked for. */
    begin: (onError: (error: unknown) => void): void => {
      const before = running;
      running = runAgain();
      // A run can take for ever. Each `catch` would be kept until it ends.
      if (running !== before) running.catch(onError);
    },

    /** Resolves when no run is in progress, however it ended. */
    settled: async (): Promise<void> => {
      await running.catch(() => {});
    },
  };
}
