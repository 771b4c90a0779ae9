import t from 'tap';
import { backgroundRun } from '#platform/concurrency/background-run.js';

t.test('runs do not overlap, each call is followed by a run, and the end of the last can be awaited', async (t) => {
  const log: string[] = [];
  const { run, settled } = backgroundRun(async () => {
    log.push('begin');
    await new Promise((resolve) => setTimeout(resolve, 5));
    log.push('end');
  });
  await settled();
  t.strictSame(log, [], 'nothing has begun');
  const first = run();
  const second = run();
  await settled();
  t.strictSame(log, ['begin', 'end', 'begin', 'end']);
  await Promise.all([first, second]);
});

t.test('a failed run rejects, and is over', async (t) => {
  const { run, settled } = backgroundRun(async () => {
    throw new Error('the database does not respond');
  });
  const failed = run();
  await settled();
  await t.rejects(failed, /does not respond/);
});

t.test('a run that fails is reported once, however often it was begun meanwhile', async (t) => {
  const errors: unknown[] = [];
  let fail = (_error: Error) => {};
  let runs = 0;
  const { begin, settled } = backgroundRun(
    () =>
      new Promise((_resolve, reject) => {
        runs += 1;
        fail = reject;
      }),
  );
  const beginOften = () => {
    for (let i = 0; i < 10; i += 1) begin((error) => errors.push(error));
  };
  beginOften();
  const first = new Error('first');
  fail(first);
  await settled();
  t.strictSame([errors, runs], [[first], 1]);
  beginOften();
  const second = new Error('second');
  fail(second);
  await settled();
  t.strictSame([errors, runs], [[first, second], 2]);
});
