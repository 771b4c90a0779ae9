// Requests are counted by key, in windows by the monotonic clock.
import t from 'tap';
import { createRequestWindows } from '#platform/http/request-windows.js';

const WINDOW = 60_000;

/** A store with a clock that the test moves, and the result of counting a request. */
function windowsOf(maxKeys = 10) {
  const clock = { time: 1000 };
  const Windows = createRequestWindows(() => clock.time);
  const windows = new Windows({ cache: maxKeys });
  const countOn = (store: typeof windows, key: string) => {
    let counted: unknown;
    store.incr(key, (_error, result) => (counted = result), WINDOW);
    return counted;
  };
  return { clock, windows, count: (key: string) => countOn(windows, key), countOn };
}

t.test('requests are counted until the window ends, and then anew', async (t) => {
  const { clock, count } = windowsOf();
  const first = count('a');
  t.strictSame(first, { current: 1, ttl: WINDOW });
  clock.time += 1000;
  t.strictSame(count('a'), { current: 2, ttl: WINDOW - 1000 });
  t.strictSame(first, { current: 1, ttl: WINDOW }, 'an earlier result stays the same');
  t.strictSame(count('b'), { current: 1, ttl: WINDOW }, 'another key');
  clock.time += WINDOW - 1001;
  t.strictSame(count('a'), { current: 3, ttl: 1 });
  clock.time += 1;
  t.strictSame(count('a'), { current: 1, ttl: WINDOW });
});

t.test('beyond the maximum the key that was not used for longest is dropped', async (t) => {
  const { count } = windowsOf(2);
  for (const key of ['a', 'b', 'a', 'c']) count(key);
  t.match(count('a'), { current: 3 });
  t.match(count('b'), { current: 1 });
});

t.test('a child counts by itself', async (t) => {
  const { windows, count, countOn } = windowsOf();
  count('a');
  t.match(countOn(windows.child({ cache: 1 }), 'a'), { current: 1 });
});
