// Work is collected for two turns of the event loop.
import t from 'tap';
import { afterTwoTurns } from '#platform/concurrency/event-loop.js';

t.test('work is done after what the next turn brings, and before the turn after it', async (t) => {
  const seen: string[] = [];
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      seen.push('this turn');
      setImmediate(() => {
        seen.push('next turn');
        setImmediate(() => {
          seen.push('the turn after it');
          resolve();
        });
      });
    });
    afterTwoTurns(() => seen.push('work'));
  });
  t.strictSame(seen, ['this turn', 'next turn', 'work', 'the turn after it']);
});
