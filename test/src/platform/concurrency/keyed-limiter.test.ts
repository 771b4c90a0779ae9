// Work on one key runs in order, and nothing is kept for a key without work.
import t from 'tap';
import { createKeyedLimiter } from '#platform/concurrency/keyed-limiter.js';

const REFUSED = { message: 'refused' };

const limiterOf = (deadline = 60_000) => createKeyedLimiter({ deadline, refuse: () => new Error('refused') });

/** Work that has begun, and ends when it is told to. */
function makeWork() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      begun.push(name);
      ends.set(name, () => resolve(name));
    });
  return { begun, work, end: (name: string) => ends.get(name)?.() };
}

t.test('work on one key runs one after the other, and on another key beside it', async (t) => {
  const limiter = limiterOf();
  const { begun, work, end } = makeWork();
  t.notOk(limiter.isBusy('a'));
  const results = ['first', 'second', 'third'].map((name) => limiter.run('a', 1, work(name)));
  const other = limiter.run('b', 1, work('other'));
  t.strictSame(begun, ['first', 'other']);
  t.ok(limiter.isBusy('a'));
  end('first');
  t.equal(await results[0], 'first');
  t.ok(limiter.isBusy('a'));
  end('second');
  t.equal(await results[1], 'second');
  t.strictSame(begun, ['first', 'other', 'second', 'third']);
  end('third');
  end('other');
  t.strictSame(await Promise.all([results[2], other]), ['third', 'other']);
  t.notOk(limiter.isBusy('a'));
  const again = limiter.run('a', 1, work('again'));
  t.equal(begun.at(-1), 'again', 'it begins at once');
  end('again');
  await again;
});

t.test('as much work as is allowed runs at once', async (t) => {
  const limiter = limiterOf();
  const { begun, work, end } = makeWork();
  const results = ['1', '2', '3'].map((name) => limiter.run('a', 2, work(name)));
  t.strictSame(begun, ['1', '2']);
  t.ok(limiter.isBusy('a'));
  end('1');
  await results[0];
  t.strictSame(begun, ['1', '2', '3']);
  for (const name of ['2', '3']) end(name);
  await Promise.all(results);
});

t.test('work that fails gives up its place', async (t) => {
  const limiter = limiterOf();
  const { begun, work, end } = makeWork();
  const failing = limiter.run('a', 1, () => Promise.reject(new Error('failed')));
  const next = limiter.run('a', 1, work('next'));
  await t.rejects(failing, { message: 'failed' });
  await Promise.resolve();
  t.strictSame(begun, ['next']);
  end('next');
  await next;
  await t.rejects(
    limiter.run('a', 1, () => Promise.reject(new Error('alone'))),
    { message: 'alone' },
  );
  t.notOk(limiter.isBusy('a'));
});

t.test('work whose client has left does not begin, and work that waits too long is refused', async (t) => {
  const limiter = limiterOf(1);
  const { begun, work, end } = makeWork();
  await t.rejects(limiter.run('a', 1, work('left'), { signal: AbortSignal.abort() }), REFUSED);
  const running = limiter.run('a', 1, work('running'));
  await t.rejects(limiter.run('a', 1, work('late')), REFUSED);
  end('running');
  await running;
  t.strictSame(begun, ['running']);
});
