// Tasks in the background: again and again, whatever happens to them, until they are stopped.
import t from 'tap';
import { createRecurringTask } from '#platform/concurrency/recurring-task.js';
import { matchAll } from '../../../support/match.js';
import { until } from '../../../support/until.js';

/** A log that keeps its warnings. */
function logOf() {
  const warnings: unknown[] = [];
  const log = { debug: () => {}, info: () => {}, error: () => {}, warn: (line: unknown) => warnings.push(line) };
  return { log: log as never, warnings };
}

t.test('a task is done again after each pause, and a failure is one line in the log', async (t) => {
  const { log, warnings } = logOf();
  let runs = 0;
  const pauses: number[] = [];
  const task = createRecurringTask({
    name: 'test',
    run: async () => {
      runs += 1;
      if (runs === 2) throw new Error('the second fails');
    },
    pause: () => {
      pauses.push(runs);
      return 1;
    },
    log,
  });
  t.equal(pauses.length, 0, 'not before it is started');
  task.start();
  t.equal(runs, 0, 'a pause comes first');
  await until('it was done five times', () => runs >= 5);
  await task.stop();
  matchAll(t, warnings, [{ task: 'test', err: { message: 'the second fails' } }]);
  t.strictSame(pauses.slice(0, 5), [0, 1, 2, 3, 4], 'a pause before each, asked for anew');
});

t.test('to stop is to wait for what runs, to tell it, and to do it no more', async (t) => {
  const { log } = logOf();
  let runs = 0;
  let end = () => {};
  let told: AbortSignal | undefined;
  const task = createRecurringTask({
    name: 'test',
    run: (signal) => {
      runs += 1;
      told = signal;
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    },
    pause: () => 1,
    log,
  });
  task.start();
  await until('it runs', () => runs === 1);
  let stopped = false;
  const stopping = task.stop().then(() => {
    stopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  t.equal(told?.aborted, true);
  t.equal(stopped, false);
  end();
  await stopping;
  t.equal(runs, 1);
});

t.test('one that was never started, or waits for its first time, can be stopped', async (t) => {
  const { log } = logOf();
  const options = { name: 'test', run: async () => t.fail('it must not run'), pause: () => 1, log };
  await createRecurringTask(options).stop();
  const task = createRecurringTask(options);
  let later = false;
  const other = createRecurringTask({
    ...options,
    run: async () => {
      later = true;
    },
  });
  task.start();
  other.start();
  await task.stop();
  await until('one that was started later has run', () => later);
  await other.stop();
});
