// Reading a table again, however many ask for it at once.

/**
 * Calls that come while `read` runs share one further run, which begins after them, so that none of them misses a change.
 * Resolves to whether any of the runs said so. Rejects as `read` does.
 */
export function singleFlight(read: () => Promise<boolean>): () => Promise<boolean> {
  let running: Promise<boolean> | undefined;
  let again = false;

  async function run(): Promise<boolean> {
    let changed = false;
    try {
      while (again) {
        again = false;
        changed = (await read()) || changed;
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
