// Waiting in tests for a condition, never for a fixed time.
import { setTimeout as sleep } from 'node:timers/promises';
import { isFull } from './full-run.js';

const PAUSE_MILLISECONDS = 20;

/** Whether this process runs a test in test/faults. */
export const isFaultTest = /[/\\]test[/\\]faults[/\\]/.test(process.argv[1] ?? '');

/**
 * The default limit of a wait. The full run of the fault tests asserts how soon the service recovers. All other tests promise nothing about
 * time and must pass on a busy machine, so their limit only ends a test that hangs.
 */
export const MAX_WAIT_MILLISECONDS = isFaultTest ? (isFull ? 10_000 : 60_000) : 240_000;

/** Repeats `ask` until it returns something other than false or undefined, and returns that. Rejects after `milliseconds`. */
export async function until<T>(
  what: string,
  ask: () => T | false | undefined | Promise<T | false | undefined>,
  milliseconds = MAX_WAIT_MILLISECONDS,
): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await sleep(PAUSE_MILLISECONDS);
  }
}
