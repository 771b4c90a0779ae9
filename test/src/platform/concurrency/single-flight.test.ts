// Single flight for reloads: a caller never gets the result of a reload that started before its call.
import t from 'tap';
import { singleFlight } from '#platform/concurrency/single-flight.js';

t.test('every call is answered by a reload that starts after it', async (t) => {
  // There are a few microtasks between the end of a reload and its answer; one call falls on each of them.
  for (let ticks = 0; ticks < 12; ticks += 1) {
    let begun = 0;
    const reload = singleFlight(async () => {
      begun += 1;
      return false;
    });
    const first = reload();
    for (let i = 0; i < ticks; i += 1) await undefined;
    const before = begun;
    await reload();
    t.ok(begun > before, `after ${ticks} microtasks`);
    await first;
  }
});

t.test('calls during a reload share the next reload and its result', async (t) => {
  const results = [false, true, false];
  let begun = 0;
  let end = () => {};
  const reload = singleFlight(async () => {
    begun += 1;
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    return results[begun - 1] ?? false;
  });
  const calls = [reload(), reload(), reload(), reload()];
  t.equal(begun, 1);
  end();
  while (begun < 2) await undefined;
  end();
  t.strictSame(await Promise.all(calls), [true, true, true, true]);
  t.equal(begun, 2);
});

t.test('a failed reload rejects its callers, and the next call reloads again', async (t) => {
  let fails = true;
  const reload = singleFlight(async () => {
    if (fails) throw new Error('away');
    return true;
  });
  await t.rejects(reload(), { message: 'away' });
  fails = false;
  t.equal(await reload(), true);
});

t.test('a reload that throws synchronously rejects its callers, and the next call reloads again', async (t) => {
  let fails = true;
  const reload = singleFlight(() => {
    if (fails) throw new Error('broken');
    return Promise.resolve(true);
  });
  for (let i = 0; i < 2; i += 1) await t.rejects(reload(), { message: 'broken' });
  fails = false;
  t.equal(await reload(), true);
});
