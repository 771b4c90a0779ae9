// Recurring tasks: repeated until stopped, whatever their outcome.
import t from 'tap';
import { createRecurringTask } from '#platform/concurrency/recurring-task.js';
import { matchAll } from '../../../support/match.js';
import { until } from '../../../support/until.js';

/** A log that collects its warnings. */
function logOf() {
  const warnings: unknown[] = [];
  const log = { debug: () => {}, info: () => {}, error: () => {}, warn: (line: unknown) => warnings.push(line) };
  return { log: log as never, warnings };
}

t.test('a task runs again after each pause, and a failure is one log line', async (t) => {
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
  t.equal(pauses.length, 0, 'not before the start');
  task.start();
  t.equal(runs, 0, 'the first run comes after a pause');
  await until('five runs', () => runs >= 5);
  await task.stop();
  matchAll(t, warnings, [{ task: 'test', err: { message: 'the second fails' } }]);
  t.strictSame(pauses.slice(0, 5), [0, 1, 2, 3, 4], 'a new pause before each run');
});

t.test('stop aborts the current run, waits for its end, and prevents further runs', async (t) => {
  const { log } = logOf();
  let runs = 0;
  let end = () => {};
  let received: AbortSignal | undefined;
  const task = createRecurringTask({
    name: 'test',
    run: (signal) => {
      runs += 1;
      received = signal;
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
  t.equal(received?.aborted, true);
  t.equal(stopped, false);
  end();
  await stopping;
  t.equal(runs, 1);
});

t.test('a task can be stopped before its first run', async (t) => {
  const { log } = logOf();
  const options = { name: 'test', run: async () => t.fail('the task must not run'), pause: () => 1, log };
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
  await until('a task started later has run', () => later);
  await other.stop();
});
