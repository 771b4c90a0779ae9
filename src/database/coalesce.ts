// Reading a table again, however many ask for it at once.

/**
 * Calls that come while `read` runs share one further run, which begins after them, so that none of them misses a change.
 * Resolves to whether any of the runs said so. Rejects as `read` does.
 */
export function coalesce(read: () => Promise<boolean>): () => Promise<boolean> {
  let running: Promise<boolean> | undefined;
  let again = false;

  async function run(): Promise<boolean> {
    let changed = false;
    while (again) {
      again = false;
      changed = (await read()) || changed;
    }
    return changed;
  }

  return () => {
    again = true;
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };
}
