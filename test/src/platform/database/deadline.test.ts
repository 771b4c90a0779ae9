// How long a caller waits for the database: a late answer, an answer that arrives while the process stands still, and answers at start.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { DatabaseTimeout, duringStart, within } from '#platform/database/deadline.js';

/** Rejects with `error` the first `times` times. */
function failing(error: Error, times: number) {
  const calls = { count: 0 };
  const run = async () => {
    calls.count += 1;
    if (calls.count <= times) throw error;
    return 'read';
  };
  return { calls, run };
}

t.test('a caller gives up at its deadline, once', async (t) => {
  let givenUp = 0;
  const giveUp = () => {
    givenUp += 1;
  };
  await t.rejects(within(new Promise(() => {}), 1, giveUp), new DatabaseTimeout(1));
  t.equal(givenUp, 1);
  t.equal(await within(Promise.resolve('answer'), 1, giveUp), 'answer');
  await t.rejects(within(Promise.reject(new Error('no')), 1, giveUp), /no/);
  t.equal(givenUp, 1);
});

t.test(
  'an answer that arrived in time counts, although the process could not read it before the deadline',
  async (t) => {
    const deadline = 20;
    const sent = new Int32Array(new SharedArrayBuffer(4));
    const sender = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
    parentPort.once('message', () => {
      parentPort.postMessage('answer');
      Atomics.store(workerData, 0, 1);
      Atomics.notify(workerData, 0);
    });`,
      { eval: true, workerData: sent },
    );
    t.teardown(() => sender.terminate());
    await once(sender, 'online');
    const answered = once(sender, 'message').then(([answer]) => answer);
    const begun = performance.now();
    const result = within(answered, deadline, () => t.fail('given up'));
    sender.postMessage('question');
    // This thread stands still, as on a machine whose cores are busy, until the answer is there and the deadline has passed.
    Atomics.wait(sent, 0, 0);
    while (performance.now() < begun + 2 * deadline);
    t.equal(await result, 'answer');
  },
);

t.test('an answer that took too long is asked for again, five times in all', async (t) => {
  const timeout = new DatabaseTimeout(900);
  const four = failing(timeout, 4);
  t.equal(await duringStart(four.run), 'read');
  t.equal(four.calls.count, 5);
  const always = failing(timeout, Number.POSITIVE_INFINITY);
  await t.rejects(duringStart(always.run), timeout);
  t.equal(always.calls.count, 5);
});

t.test('any other failure ends the start at once', async (t) => {
  const other = failing(new Error('relation "settings" does not exist'), 1);
  await t.rejects(duringStart(other.run), /does not exist/);
  t.equal(other.calls.count, 1);
});
