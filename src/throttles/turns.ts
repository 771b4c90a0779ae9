// Attempts on one account take turns within a process, so that right passwords that come together do not count as guesses.
import { createGate, type Gate } from '../passwords/gate.js';

/** So many may wait for their turn on one account. */
const LINE = 256;
/** Longer than that nobody waits, in milliseconds. */
const DEADLINE = 5000;

/** One line for each key that has somebody in it; nothing is kept of the others. `refuse`: the error for one that cannot wait. */
export function createTurns(refuse: () => Error) {
  const lines = new Map<string, { readonly gate: Gate; people: number }>();

  /** Runs `work` as one of at most `concurrency` at a time. */
  return async function inTurn<T>(key: string, concurrency: number, work: () => Promise<T>): Promise<T> {
    const line = lines.get(key) ?? {
      gate: createGate({ concurrency, queue: LINE, deadline: DEADLINE, refuse }),
      people: 0,
    };
    lines.set(key, line);
    line.people += 1;
    try {
      return await line.gate.run(work);
    } finally {
      line.people -= 1;
      if (line.people === 0) lines.delete(key);
    }
  };
}

export type Turns = ReturnType<typeof createTurns>;
