// What the runner and the processes that it measures say to each other: warm up, wait, measure, tell.
import { createRecorder, type Latencies } from './statistics.js';

/** For how long, seconds. */
export interface Timing {
  readonly warmUp: number;
  readonly seconds: number;
}

/** What a process has done in the time that was measured. */
export interface Outcome extends Latencies {
  readonly operations: number;
  /** Until the last answer was there. */
  readonly seconds: number;
  /** How often an answer was not what it must be, and the first of those. */
  readonly wrong: number;
  readonly firstWrong: readonly string[];
  /** Access tokens that were answered, for the runner to verify. */
  readonly tokens: readonly string[];
}

/** The first message of a server that is ready. */
export interface Ready {
  readonly port: number;
}

export type ToChild<Task> = { readonly task: Task } | 'go';
export type FromChild = 'warm' | { readonly outcome: Outcome } | Ready;

/**
 * In a child: takes its task from the runner, works for the time of warming up, tells the runner, which then reads the clocks of
 * the processor, and works for the time that is measured. `prepare` makes of the task what works for so many seconds.
 */
export function measured<Task extends Timing>(
  prepare: (task: Task) => (seconds: number) => Promise<Outcome> | Outcome,
): void {
  let work: ((seconds: number) => Promise<Outcome> | Outcome) | undefined;
  let seconds = 0;
  endWithRunner();
  process.on('message', async (message: ToChild<Task>) => {
    if (message === 'go') {
      tell({ outcome: (await work?.(seconds)) ?? NOTHING });
      return;
    }
    work = prepare(message.task);
    seconds = message.task.seconds;
    if (message.task.warmUp > 0) await work(message.task.warmUp);
    tell('warm');
  });
}

/** Repeats an operation one after the other, as often as it can, in so many lines at once. */
export async function repeat(seconds: number, lines: number, operation: (line: number) => Promise<void>) {
  const recorder = createRecorder();
  const begun = performance.now();
  const end = begun + seconds * 1000;
  await Promise.all(
    Array.from({ length: lines }, async (_, line) => {
      for (let at = performance.now(); at < end; ) {
        await operation(line);
        const now = performance.now();
        recorder.record(now - at);
        at = now;
      }
    }),
  );
  return outcomeOf(recorder, begun);
}

/** Of work that checks itself: what is wrong there ends the process. */
export function outcomeOf({ count, latencies }: ReturnType<typeof createRecorder>, begun: number): Outcome {
  const seconds = (performance.now() - begun) / 1000;
  return { ...latencies(), operations: count(), seconds, wrong: 0, firstWrong: [], tokens: [] };
}

export function tell(message: FromChild): void {
  process.send?.(message);
}

/** A child never outlives its runner. */
export function endWithRunner(): void {
  process.once('disconnect', () => process.exit());
}

const NOTHING: Outcome = { operations: 0, seconds: 0, p50: 0, p99: 0, wrong: 0, firstWrong: [], tokens: [] };
