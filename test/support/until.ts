// Waiting in tests: for a condition, never for a time.
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MILLISECONDS = 20;

/**
 * How long a condition may take where the test promises nothing about time. Fault tests do: they say how soon all is well again. The others
 * also run beside a build, a video call and another test run, and wait for as long as it takes.
 */
export const PATIENCE_MILLISECONDS = /[/\\]test[/\\]faults[/\\]/.test(process.argv[1] ?? '') ? 10_000 : 240_000;

/** Asks until the answer is neither false nor undefined, and returns it. Rejects after `milliseconds`. */
export async function until<T>(
  what: string,
  ask: () => T | false | undefined | Promise<T | false | undefined>,
  milliseconds = PATIENCE_MILLISECONDS,
): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await sleep(PAUSE_MILLISECONDS);
  }
}
