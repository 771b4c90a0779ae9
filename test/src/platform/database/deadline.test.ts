// What a start needs from the database is asked for again when the answer takes too long.
import t from 'tap';
import { DatabaseTimeout, duringStart } from '#platform/database/deadline.js';

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
