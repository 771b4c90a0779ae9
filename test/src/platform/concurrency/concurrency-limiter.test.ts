// The limiter for password hashes: how many run at once, how many wait, and for how long.
import t from 'tap';
import { createConcurrencyLimiter } from '#platform/concurrency/concurrency-limiter.js';

class Refused extends Error {}
const REFUSED = { message: 'no place' };

function limiterOf({ concurrency = 2, queue = 3, deadline = 60_000 } = {}) {
  return createConcurrencyLimiter({
    concurrency,
    queue,
    deadline,
    overloadDeadline: deadline,
    refuse: () => new Refused('no place'),
  });
}

/** Work that ends when `end` is called. */
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

/** Waits until all pending callbacks have run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

t.test('work runs up to the concurrency limit, and the rest in order of arrival', async (t) => {
  const limiter = limiterOf();
  const works = Array.from({ length: 5 }, work);
  const results = works.map(({ run }) => limiter.run(run));
  const started = () => works.map((each) => each.started());
  await settle();
  t.strictSame(started(), [true, true, false, false, false]);
  works[1]?.end();
  await settle();
  t.strictSame(started(), [true, true, true, false, false], 'the first in the queue gets the free place');
  works[0]?.end();
  works[2]?.end();
  await settle();
  t.strictSame(started(), [true, true, true, true, true]);
  for (const each of works) each.end();
  t.strictSame(await Promise.all(results), Array(5).fill('done'));
});

t.test('one more work runs while many wait', async (t) => {
  const limiter = createConcurrencyLimiter({
    concurrency: 1,
    reserveFrom: 3,
    queue: 10,
    deadline: 60_000,
    refuse: () => new Refused('no place'),
  });
  const works = Array.from({ length: 5 }, work);
  const started = () => works.filter((each) => each.started()).length;
  const results = works.slice(0, 3).map(({ run }) => limiter.run(run));
  await settle();
  t.equal(started(), 1, 'two wait');
  results.push(...works.slice(3).map(({ run }) => limiter.run(run)));
  await settle();
  t.strictSame([started(), limiter.load()], [2, { running: 2, waiting: 3 }], 'three wait');
  works[0]?.end();
  await settle();
  t.strictSame([started(), limiter.load()], [3, { running: 2, waiting: 2 }], 'three waited when one ended');
  works[1]?.end();
  await settle();
  t.strictSame([started(), limiter.load()], [3, { running: 1, waiting: 2 }], 'two wait again');
  for (const each of works) each.end();
  t.strictSame(await Promise.all(results), Array(5).fill('done'));
  t.strictSame(limiter.load(), { running: 0, waiting: 0 });
});

t.test('work beyond the queue is refused at once and never runs', async (t) => {
  const limiter = limiterOf();
  const works = Array.from({ length: 6 }, work);
  const results = works.map(({ run }) => limiter.run(run));
  await t.rejects(results[5] as Promise<unknown>, REFUSED);
  t.notOk(works[5]?.started());
  for (const each of works) each.end();
  await Promise.all(results.slice(0, 5));
  t.notOk(works[5]?.started());
  const next = work();
  next.end();
  t.equal(await limiter.run(next.run), 'done', 'there is a free place again');
});

t.test('work that waits beyond its deadline is refused and never runs', async (t) => {
  const limiter = limiterOf({ concurrency: 1, deadline: 1 });
  const [first, late] = [work(), work()];
  const running = limiter.run(first.run);
  await t.rejects(limiter.run(late.run), REFUSED);
  first.end();
  await running;
  await settle();
  t.notOk(late.started());
  const next = work();
  next.end();
  t.equal(await limiter.run(next.run), 'done', 'its place in the queue is free again');
});

t.test('running work is not affected by the deadline', async (t) => {
  const limiter = limiterOf({ concurrency: 1, deadline: 1 });
  const first = work();
  const running = limiter.run(first.run);
  // Waits for a deadline that is no earlier than that of the first.
  await t.rejects(limiter.run(work().run), REFUSED);
  first.end();
  t.equal(await running, 'done');
});

t.test('failed work releases its place', async (t) => {
  const limiter = limiterOf({ concurrency: 1 });
  const [first, second] = [work(), work()];
  const failing = limiter.run(first.run);
  const waiting = limiter.run(second.run);
  first.end(new Error('failed'));
  await t.rejects(failing, /failed/);
  second.end();
  t.equal(await waiting, 'done');
  await t.rejects(
    limiter.run(() => {
      throw new Error('before it began');
    }),
    /before it began/,
  );
  const third = work();
  third.end();
  t.equal(await limiter.run(third.run), 'done');
});

t.test('abandoned work keeps its place until it ends', async (t) => {
  const limiter = limiterOf({ concurrency: 1 });
  const [abandoned, next] = [work(), work()];
  // As when the client disconnects: the caller no longer waits for the work.
  t.equal(await Promise.race([limiter.run(abandoned.run), Promise.resolve('client left')]), 'client left');
  const waiting = limiter.run(next.run);
  await settle();
  t.notOk(next.started());
  abandoned.end();
  next.end();
  t.equal(await waiting, 'done');
});

t.test('the concurrency limit is never exceeded', async (t) => {
  const limiter = limiterOf({ concurrency: 3, queue: 50, deadline: 60_000 });
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
      return limiter.run(() => one(i % 7));
    }),
  );
  t.equal(most, 3);
  t.equal(running, 0);
  const reasons = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  t.ok(reasons.some((reason) => reason instanceof Refused) && reasons.some((reason) => !(reason instanceof Refused)));
});

t.test('admit throws at once when the limiter is full', async (t) => {
  const limiter = limiterOf({ concurrency: 1, queue: 1 });
  const works = [work(), work()];
  limiter.admit().leave();
  const results = works.map(({ run }) => limiter.run(run));
  await settle();
  t.throws(() => limiter.admit(), REFUSED);
  t.throws(() => limiter.assertOpen(), REFUSED);
  works[0]?.end();
  await settle();
  limiter.assertOpen();
  limiter.admit().leave();
  works[1]?.end();
  await Promise.all(results);
});

/** A limiter of one work at a time, with a queue that moves by one work in about 20 ms. `stop` ends it. */
async function measuredLimiter(options: { stormDeadline: number; burst: number }) {
  const limiter = createConcurrencyLimiter({
    concurrency: 1,
    queue: 1000,
    deadline: 60_000,
    overloadDeadline: 1,
    ...options,
    refuse: () => new Refused('no place'),
  });
  let completed = 0;
  let stopped = false;
  const one = async () => {
    if (!stopped) await new Promise((resolve) => setTimeout(resolve, 20));
    completed += 1;
  };
  const waiting = Array.from({ length: 30 }, () => limiter.run(one));
  while (completed < 10) await settle();
  return {
    limiter,
    stop: () => {
      stopped = true;
      return Promise.all(waiting);
    },
  };
}

t.test('admitted work counts as waiting until it runs or leaves', async (t) => {
  const burst = 50;
  const { limiter, stop } = await measuredLimiter({ stormDeadline: 1, burst });
  const { waiting } = limiter.load();
  const admissions = Array.from({ length: burst - waiting }, () => limiter.admit());
  t.throws(() => limiter.admit(), REFUSED);
  await t.rejects(
    limiter.run(async () => {}),
    REFUSED,
    'work that was not admitted is refused',
  );
  const [admission, left] = admissions;
  const ran = limiter.run(async () => 'done', { admission });
  t.equal(limiter.load().waiting, waiting + 1, 'admitted work is not refused');
  t.throws(() => limiter.admit(), REFUSED, 'work that waits has moved from one count to the other');
  admission?.leave();
  t.throws(() => limiter.admit(), REFUSED, 'and is subtracted once');
  left?.leave();
  limiter.admit().leave();
  await stop();
  t.equal(await ran, 'done');
});

t.test('a queue that is longer than a burst has a shorter deadline', async (t) => {
  const storm = await measuredLimiter({ stormDeadline: 100, burst: 10 });
  t.throws(() => storm.limiter.admit(), REFUSED, 'about 20 works of 20 ms are longer than 100 ms');
  await storm.stop();
  const burst = await measuredLimiter({ stormDeadline: 100, burst: 40 });
  burst.limiter.admit().leave();
  await burst.stop();
  t.same(burst.limiter.load(), { running: 0, waiting: 0 });
});

t.test('work that can no longer start in time is refused early, from the end of the queue', async (t) => {
  const limiter = limiterOf({ concurrency: 1, queue: 1000 });
  const begun: number[] = [];
  let over = false;
  const outcomes = Array.from({ length: 1001 }, (_, i) =>
    limiter
      .run(async () => {
        begun.push(i);
        // A minute is not enough for a thousand of these. Once `over`, the rest is skipped.
        if (!over) await new Promise((resolve) => setTimeout(resolve, 100));
      })
      .then(
        () => 'served',
        () => 'refused',
      ),
  );
  t.equal(await outcomes[1000], 'refused', 'long before its deadline');
  t.ok(begun.length < 50, 'after a few have run');
  over = true;
  const all = await Promise.all(outcomes);
  t.strictSame(
    begun,
    [...begun].sort((one, other) => one - other),
    'first come, first served',
  );
  t.equal(all.filter((outcome) => outcome === 'served').length, begun.length, 'refused work never ran');
  t.ok(begun.length > 100);
});

t.test('durations from before the queue formed do not cause refusals', async (t) => {
  const limiter = limiterOf({ concurrency: 1, queue: 100, deadline: 5_000 });
  const slow = () => new Promise((resolve) => setTimeout(resolve, 150));
  await Promise.all(Array.from({ length: 8 }, () => limiter.run(slow)));
  const works = Array.from({ length: 100 }, work);
  const results = works.map(({ run }) => limiter.run(run));
  for (const each of works) each.end();
  t.strictSame(await Promise.all(results), Array(100).fill('done'));
});

t.test('aborted work leaves the queue and never runs', async (t) => {
  const limiter = limiterOf({ concurrency: 1, queue: 2 });
  const [first, left, next] = [work(), work(), work()];
  const running = limiter.run(first.run);
  const client = new AbortController();
  const leaving = limiter.run(left.run, { signal: client.signal });
  const waiting = limiter.run(next.run, { signal: new AbortController().signal });
  client.abort();
  await t.rejects(leaving, REFUSED);
  limiter.admit().leave();
  first.end();
  next.end();
  await Promise.all([running, waiting]);
  t.notOk(left.started());
  await t.rejects(limiter.run(left.run, { signal: client.signal }), REFUSED, 'also when there is a free place');
  t.notOk(left.started());
});

t.test('running work continues when it is aborted and keeps its place', async (t) => {
  const limiter = limiterOf({ concurrency: 1 });
  const [abandoned, next] = [work(), work()];
  const client = new AbortController();
  const running = limiter.run(abandoned.run, { signal: client.signal });
  const waiting = limiter.run(next.run);
  client.abort();
  await settle();
  t.notOk(next.started());
  abandoned.end();
  t.equal(await running, 'done');
  next.end();
  t.equal(await waiting, 'done');
});

t.test('work with an earlier deadline is refused earlier', async (t) => {
  const limiter = limiterOf({ concurrency: 1 });
  const [first, hurried] = [work(), work()];
  const running = limiter.run(first.run);
  await t.rejects(limiter.run(hurried.run, { until: performance.now() + 1 }), REFUSED);
  await t.rejects(limiter.run(hurried.run, { until: performance.now() - 1 }), REFUSED, 'at once');
  first.end();
  await running;
  t.notOk(hurried.started());
});
