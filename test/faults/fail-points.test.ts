// F40: the process is killed before and after every message between it and Postgres, in every operation.
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { check } from './harness/checker.js';
import { createClient } from './harness/clients.js';
import { isFull, randomNumbers, report, timeout } from './harness/figures.js';
import { newHistory, type Operation } from './harness/history.js';
import { startInstance } from './harness/service.js';

const OPERATIONS: readonly Operation[] = ['register', 'login', 'refresh', 'logout', 'password'];
/** The share of the points of an operation that the short run tries. */
const SHARE = isFull ? 1 : 0.25;
const ROUNDS = isFull ? 4 : 1;

t.test(
  'F40: an operation whose process is killed at any point is done completely or not at all',
  { timeout },
  async (t) => {
    const databaseUrl = await testDatabase(t);
    const proxy = await startTcpProxy(t, databaseUrl);
    let service = await startInstance(t, proxy.url);
    const history = newHistory();
    const random = randomNumbers(t);
    const client = createClient(() => service, history, 'failing', random);
    const points: Record<string, number> = {};

    /** Resolves to whether the operation reached the point. */
    async function killAt(point: number, operation: Operation): Promise<boolean> {
      let seen = 0;
      let isKilled = false;
      proxy.intercept(() => {
        seen += 1;
        if (seen === point) {
          isKilled = true;
          service.child.kill('SIGKILL');
        }
        return !isKilled;
      });
      await client.perform(operation);
      proxy.intercept();
      if (!isKilled) return false;
      await service.ended;
      service = await startInstance(t, proxy.url);
      return true;
    }

    for (let round = 0; round < ROUNDS; round++) {
      for (const operation of OPERATIONS) {
        for (let point = 1; ; point++) {
          await client.prepare();
          // Prepares its statements, so that each is one message and one answer.
          await client.perform(operation);
          await client.prepare();
          if (random() > SHARE && point > 1) {
            if (point > 30) break;
            continue;
          }
          if (!(await killAt(point, operation))) break;
          points[operation] = (points[operation] ?? 0) + 1;
        }
      }
    }
    t.strictSame(await check(history, () => service, databaseUrl), [], 'every invariant holds');
    for (const operation of OPERATIONS) t.ok(points[operation], `${operation} was killed`);
    report(t, 'F40 SIGKILL before and after each message to Postgres', points);
  },
);
