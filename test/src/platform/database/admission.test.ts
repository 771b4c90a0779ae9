// How many callers may wait for the database.
import t from 'tap';
import { createAdmission, DatabaseQueueFull } from '#platform/database/admission.js';

const DEADLINE = 900;

/** An admission with a clock of its own. */
function start({ maxCallers = 1000, connections = 10 } = {}) {
  let time = 1000;
  const admission = createAdmission({ maxCallers, connections, deadline: DEADLINE, idleTime: () => time });
  /** Admits callers until one is refused, `limit` at most; returns how many there are then. */
  const fill = (limit: number) => {
    while (admission.callers() < limit) {
      try {
        admission.enter();
      } catch {
        break;
      }
    }
    return admission.callers();
  };
  /** A caller is not answered in time. */
  const miss = () => {
    if (admission.callers() === 0) admission.enter();
    admission.leave({ hasResult: false });
  };
  /** Lets the database answer every `interval` milliseconds, and as many callers as possible come, up to `limit`. */
  const serve = (milliseconds: number, interval: number, limit: number) => {
    const end = time + milliseconds;
    while (time < end) {
      time += interval;
      if (admission.callers() > 0) admission.leave({ hasResult: true });
      fill(limit);
    }
    return admission.callers();
  };
  const pass = (milliseconds: number) => {
    time += milliseconds;
  };
  return { ...admission, fill, serve, miss, pass };
}

t.test('no more callers than the maximum are admitted', async (t) => {
  const { enter, leave, refusals, fill } = start({ maxCallers: 30 });
  t.equal(fill(100), 30);
  t.throws(enter, {
    name: DatabaseQueueFull.name,
    code: 'DATABASE_QUEUE_FULL',
    message: '30 callers are already waiting for the database',
  });
  t.equal(refusals(), 2);
  leave({ hasResult: true });
  t.doesNotThrow(enter);
});

t.test('a burst is admitted if not every connection was busy before', async (t) => {
  const { serve, fill } = start();
  serve(5000, 50, 9);
  t.equal(fill(500), 500);
});

t.test(
  'while more callers come than the database can answer, those are admitted that it can answer within half the deadline',
  async (t) => {
    const { serve, miss } = start();
    miss();
    // 100 results a second; half the deadline is 450 ms.
    t.equal(serve(400, 10, 500), 500, 'before the rate is known');
    t.equal(serve(9000, 10, 500), 45);
    miss();
    t.equal(serve(2000, 2, 500), 225, 'a faster one gets more callers');
    t.equal(serve(5000, 10, 500), 45, 'and a slower one fewer again');
    t.equal(serve(5000, 10, 500), 500, 'nobody was late for ten seconds');
  },
);

t.test('nobody is refused while everybody is answered in time', async (t) => {
  const { serve } = start();
  t.equal(serve(60_000, 10, 500), 500);
});

t.test('a few callers are admitted whatever the rate', async (t) => {
  const { serve, miss } = start();
  miss();
  serve(6000, 10, 500);
  miss();
  t.equal(serve(8000, 100, 500), 20);
});

t.test('when the callers have become few, a burst is admitted again', async (t) => {
  const { serve, miss, leave, callers, fill } = start();
  miss();
  t.equal(serve(9000, 10, 500), 45);
  while (callers() > 5) leave({ hasResult: true });
  t.equal(fill(500), 500);
});

t.test('a time without any result does not reduce the number of callers', async (t) => {
  const { serve, miss, pass, fill } = start();
  miss();
  t.equal(serve(3000, 1, 1000), 450);
  pass(5000);
  t.equal(serve(1000, 1, 1000), 450, 'after an interruption');
  t.equal(fill(1000), 450);
});

t.test('a database that answers nobody gets as many callers as there may be', async (t) => {
  const { fill, pass, leave, callers } = start();
  t.equal(fill(500), 500);
  pass(DEADLINE);
  while (callers() > 100) leave({ hasResult: false });
  t.equal(fill(500), 500);
});

t.test('an essential caller is admitted however long it will wait, but not beyond the maximum', async (t) => {
  const { serve, miss, enter, fill } = start({ maxCallers: 60 });
  miss();
  t.equal(serve(9000, 10, 60), 45);
  t.throws(enter);
  for (let i = 45; i < 60; i += 1) enter({ isEssential: true });
  t.throws(() => enter({ isEssential: true }), { name: DatabaseQueueFull.name });
  t.equal(fill(100), 60);
});
