// Runs what a button or a form does, one at a time, and keeps its error for display.
import { useState } from 'preact/hooks';

export function useAction() {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  /** Runs the action, unless another one is running. Never rejects: what the action throws becomes `error`. */
  async function run(action: () => Promise<void>): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await action();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  }

  return { run, error, isBusy };
}
