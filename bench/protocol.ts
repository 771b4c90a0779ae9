// The messages between the runner and the measured processes: warm up, wait, measure, report.
import { createRecorder, type Latencies } from './statistics.js';

/** Durations in seconds. */
export interface Timing {
  readonly warmUp: number;
  readonly seconds: number;
}

/** The work that a process did during the measurement. */
export interface Outcome extends Latencies {
  readonly operations: number;
  /** The time until the last response. */
  readonly seconds: number;
  /** The number of wrong responses, and descriptions of the first ones. */
  readonly wrong: number;
  readonly firstWrong: readonly string[];
  /** Returned access tokens, for the runner to verify. */
  readonly tokens: readonly string[];
}

/** The first message of a server when it is ready. */
export interface Ready {
  readonly port: number;
}

export type ToChild<Task> = { readonly task: Task } | 'go';
export type FromChild = 'warm' | { readonly outcome: Outcome } | Ready;

/**
 * In a child process: receives its task from the runner, warms up, and reports that; the runner then reads the processor times and starts
 * the measurement. `prepare` turns the task into a function that works for a number of seconds.
 */
export function measured<Task extends Timing>(
  prepare: (task: Task) => (seconds: number) => Promise<Outcome> | Outcome,
): void {
  let work: ((seconds: number) => Promise<Outcome> | Outcome) | undefined;
  let seconds = 0;
  endWithRunner();
  process.on('message', async (message: ToChild<Task>) => {
    if (message === 'go') {
      report({ outcome: (await work?.(seconds)) ?? NOTHING });
      return;
    }
    work = prepare(message.task);
    seconds = message.task.seconds;
    if (message.task.warmUp > 0) await work(message.task.warmUp);
    report('warm');
  });
}

/** Repeats an operation as often as possible, in a number of concurrent sequences. */
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

/** The outcome of work that checks itself and ends the process on an error. */
export function outcomeOf({ count, latencies }: ReturnType<typeof createRecorder>, begun: number): Outcome {
  const seconds = (performance.now() - begun) / 1000;
  return { ...latencies(), operations: count(), seconds, wrong: 0, firstWrong: [], tokens: [] };
}

export function report(message: FromChild): void {
  process.send?.(message);
}

/** Ends this process when the runner ends. */
export function endWithRunner(): void {
  process.once('disconnect', () => process.exit());
}

const NOTHING: Outcome = { operations: 0, seconds: 0, p50: 0, p99: 0, wrong: 0, firstWrong: [], tokens: [] };
