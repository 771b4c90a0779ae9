// The gate before the password hashes: how much runs at once, how much waits, and for how long.
import t from 'tap';
import { createConcurrencyLimiter } from '#platform/concurrency/concurrency-limiter.js';

class Refused extends Error {}
const REFUSED = { message: 'no place' };

function gateOf({ concurrency = 2, queue = 3, deadline = 60_000 } = {}) {
  return createConcurrencyLimiter({
    concurrency,
    queue,
    deadline,
    overloadDeadline: deadline,
    refuse: () => new Refused('no place'),
  });
}

/** Work that ends when it is told to. */
function work() {
  let started = false;
  let end: (failure?: Error) => void = () => {};
  const done = new Promise<string>((resolve, reject) => {
    end = (failure) => (failure === undefined ? resolve('done') : reject(failure));
  });
  return {
    run: () => {
      started = true;
      return done;
    },
    end: (failure?: Error) => end(failure),
    started: () => started,
  };
}

/** Lets everything that is due happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

t.test('as many run at once as may, and the others in the order in which they came', async (t) => {
  const gate = gateOf();
  const works = Array.from({ length: 5 }, work);
  const results = works.map(({ run }) => gate.run(run));
  const started = () => works.map((each) => each.started());
  await settle();
  t.strictSame(started(), [true, true, false, false, false]);
  works[1]?.end();
  await settle();
  t.strictSame(started(), [true, true, true, false, false], 'the first in line has the place that is free');
  works[0]?.end();
  works[2]?.end();
  await settle();
  t.strictSame(started(), [true, true, true, true, true]);
  for (const each of works) each.end();
  t.strictSame(await Promise.all(results), Array(5).fill('done'));
});

t.test('one more than may wait is refused at once, without any work', async (t) => {
  const gate = gateOf();
  const works = Array.from({ length: 6 }, work);
  const results = works.map(({ run }) => gate.run(run));
  await t.rejects(results[5] as Promise<unknown>, REFUSED);
  t.notOk(works[5]?.started());
  for (const each of works) each.end();
  await Promise.all(results.slice(0, 5));
  t.notOk(works[5]?.started());
  const next = work();
  next.end();
  t.equal(await gate.run(next.run), 'done', 'there is room again');
});

t.test('one that has waited too long is refused and never runs', async (t) => {
  const gate = gateOf({ concurrency: 1, deadline: 1 });
  const [first, late] = [work(), work()];
  const running = gate.run(first.run);
  await t.rejects(gate.run(late.run), REFUSED);
  first.end();
  await running;
  await settle();
  t.notOk(late.started());
  const next = work();
  next.end();
  t.equal(await gate.run(next.run), 'done', 'and has left no hole in the line');
});

t.test('one that runs is never cut short by the deadline', async (t) => {
  const gate = gateOf({ concurrency: 1, deadline: 1 });
  const first = work();
  const running = gate.run(first.run);
  // Waits for its own deadline, which is no earlier than that of the first.
  await t.rejects(gate.run(work().run), REFUSED);
  first.end();
  t.equal(await running, 'done');
});

t.test('work that fails gives its place on', async (t) => {
  const gate = gateOf({ concurrency: 1 });
  const [first, second] = [work(), work()];
  const failing = gate.run(first.run);
  const waiting = gate.run(second.run);
  first.end(new Error('failed'));
  await t.rejects(failing, /failed/);
  second.end();
  t.equal(await waiting, 'done');
  await t.rejects(
    gate.run(() => {
      throw new Error('before it began');
    }),
    /before it began/,
  );
  const third = work();
  third.end();
  t.equal(await gate.run(third.run), 'done');
});

t.test('a place is kept until the work ends, although nobody waits for it any more', async (t) => {
  const gate = gateOf({ concurrency: 1 });
  const [abandoned, next] = [work(), work()];
  // The client has left: what it asked for is raced by something that is over.
  t.equal(await Promise.race([gate.run(abandoned.run), Promise.resolve('client left')]), 'client left');
  const waiting = gate.run(next.run);
  await settle();
  t.notOk(next.started());
  abandoned.end();
  next.end();
  t.equal(await waiting, 'done');
});

t.test('never do more run than may, whatever comes and goes', async (t) => {
  const gate = gateOf({ concurrency: 3, queue: 50, deadline: 60_000 });
  let running = 0;
  let most = 0;
  const one = async (turns: number) => {
    running += 1;
    most = Math.max(most, running);
    for (let i = 0; i < turns; i += 1) await settle();
    running -= 1;
    if (turns % 4 === 0) throw new Error('fails');
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 200 }, async (_, i) => {
      for (let j = 0; j < i % 17; j += 1) await settle();
      return gate.run(() => one(i % 7));
    }),
  );
  t.equal(most, 3);
  t.equal(running, 0);
  const reasons = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  t.ok(reasons.some((reason) => reason instanceof Refused) && reasons.some((reason) => !(reason instanceof Refused)));
});

t.test('whether there is room is told without waiting', async (t) => {
  const gate = gateOf({ concurrency: 1, queue: 1 });
  const works = [work(), work()];
  gate.assertRoom();
  const results = works.map(({ run }) => gate.run(run));
  await settle();
  t.throws(() => gate.assertRoom(), REFUSED);
  works[0]?.end();
  await settle();
  gate.assertRoom();
  works[1]?.end();
  await Promise.all(results);
});

t.test('who can no longer begin in time is refused as soon as that is known, from the end of the queue', async (t) => {
  const gate = gateOf({ concurrency: 1, queue: 1000 });
  const begun: number[] = [];
  let over = false;
  const outcomes = Array.from({ length: 1001 }, (_, i) =>
    gate
      .run(async () => {
        begun.push(i);
        // A minute is not enough for a thousand of these; nobody waits here for those that come after.
        if (!over) await new Promise((resolve) => setTimeout(resolve, 100));
      })
      .then(
        () => 'served',
        () => 'refused',
      ),
  );
  t.equal(await outcomes[1000], 'refused', 'long before its deadline');
  t.ok(begun.length < 50, 'when a few have ended');
  over = true;
  const all = await Promise.all(outcomes);
  t.strictSame(
    begun,
    [...begun].sort((one, other) => one - other),
    'first come, first served',
  );
  t.equal(all.filter((outcome) => outcome === 'served').length, begun.length, 'and the refused never began');
  t.ok(begun.length > 100);
});

t.test('a newcomer is not judged by how long work took before the queue began', async (t) => {
  const gate = gateOf({ concurrency: 1, queue: 100, deadline: 5_000 });
  const slow = () => new Promise((resolve) => setTimeout(resolve, 150));
  await Promise.all(Array.from({ length: 8 }, () => gate.run(slow)));
  const works = Array.from({ length: 100 }, work);
  const results = works.map(({ run }) => gate.run(run));
  for (const each of works) each.end();
  t.strictSame(await Promise.all(results), Array(100).fill('done'));
});

t.test('who has left does not wait any more, and what it asked for never begins', async (t) => {
  const gate = gateOf({ concurrency: 1, queue: 2 });
  const [first, left, next] = [work(), work(), work()];
  const running = gate.run(first.run);
  const client = new AbortController();
  const leaving = gate.run(left.run, { signal: client.signal });
  const waiting = gate.run(next.run, { signal: new AbortController().signal });
  client.abort();
  await t.rejects(leaving, REFUSED);
  gate.assertRoom();
  first.end();
  next.end();
  await Promise.all([running, waiting]);
  t.notOk(left.started());
  await t.rejects(gate.run(left.run, { signal: client.signal }), REFUSED, 'nor when there is room');
  t.notOk(left.started());
});

t.test('work that has begun goes on when its client leaves, and keeps its place', async (t) => {
  const gate = gateOf({ concurrency: 1 });
  const [abandoned, next] = [work(), work()];
  const client = new AbortController();
  const running = gate.run(abandoned.run, { signal: client.signal });
  const waiting = gate.run(next.run);
  client.abort();
  await settle();
  t.notOk(next.started());
  abandoned.end();
  t.equal(await running, 'done');
  next.end();
  t.equal(await waiting, 'done');
});

t.test('one that may wait for less than the others is refused earlier', async (t) => {
  const gate = gateOf({ concurrency: 1 });
  const [first, hurried] = [work(), work()];
  const running = gate.run(first.run);
  await t.rejects(gate.run(hurried.run, { until: performance.now() + 1 }), REFUSED);
  await t.rejects(gate.run(hurried.run, { until: performance.now() - 1 }), REFUSED, 'at once');
  first.end();
  await running;
  t.notOk(hurried.started());
});
