// Reading a table again, however many ask for it at once.

/**
 * Calls that come while `read` runs share one further run, which begins after them, so that none of them misses a change.
 * Resolves to whether any of the runs said so. Rejects as `read` does.
 */
export function singleFlight(read: () => Promise<boolean>): () => Promise<boolean> {
  let running: Promise<boolean> | undefined;
  let again = false;

  // What `read` throws at once becomes a rejection too. Otherwise `run` would end before its promise is kept in `running`, and every
  // later call would get that rejection.
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
      // In the same breath as the last look at `again`: a call in between would be answered by a run that has ended.
      running = undefined;
    }
  }

  return () => {
    again = true;
    running ??= run();
    return running;
  };
}
