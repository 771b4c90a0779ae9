// Noticing that the process has not run for a while.
import { mock } from 'node:test';
import t from 'tap';
import { createPauseDetector } from '#platform/concurrency/pause.js';

const HOUR = 3_600_000;

t.test('a pause is noticed once, by either clock', async (t) => {
  const pause = createPauseDetector();
  t.teardown(pause.stop);
  const now = performance.now();
  t.equal(pause.hasEnded(now), false);
  t.equal(pause.hasEnded(now + 4000), false, 'a busy event loop is none');

  const { now: clock } = Date;
  const moved = mock.method(Date, 'now', () => clock() + HOUR);
  t.equal(pause.hasEnded(now), true, 'the monotonic clock stood still');
  t.equal(pause.hasEnded(now), false);
  moved.mock.restore();
  t.equal(pause.hasEnded(now), true, 'the clock was set back');
  t.equal(pause.hasEnded(now), false);

  mock.method(Date, 'now', () => clock() + HOUR);
  t.teardown(() => mock.restoreAll());
  t.equal(pause.hasEnded(now + HOUR), true, 'both clocks went on');
  t.equal(pause.hasEnded(now + HOUR), false);
});
