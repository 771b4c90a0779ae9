// Shares one run of a function between concurrent callers.

/**
 * Calls made while `read` is running share one further run, which starts after them, so that none of them misses a change.
 * Resolves to true if any of these runs resolved to true. Rejects as `read` does.
 */
export function singleFlight(read: () => Promise<boolean>): () => Promise<boolean> {
  let running: Promise<boolean> | undefined;
  let again = false;

  // Turns a synchronous throw of `read` into a rejection. Otherwise `run` would end before its promise is assigned to `running`, and
  // every later call would get that rejection.
  const begin = async (): Promise<boolean> => read();

  async function run(): Promise<boolean> {
    let changed = false;
    try {
      while (again) {
        again = false;
        changed = (await begin()) || changed;
      }
      return changed;
    } finally {
      // In the same tick as the last check of `again`: a call in between would be answered by a run that has ended.
      running = undefined;
    }
  }

  return () => {
    again = true;
    running ??= run();
    return running;
  };
}
