// Every connection of the pool waits for a lock: the queue is bounded, requests beyond it are refused at once, and the service recovers.
import postgres from 'postgres';
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { isProblem } from '../support/problem.js';
import { startService, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';

const REQUESTS = 300;
const ROUNDS = 3;
/** Connections of the pool and places in its queue. */
const PLACES = 4 + 40;

t.test(
  'while the table of users is locked, 300 requests are answered 503; afterwards all are served again',
  async (t) => {
    const databaseUrl = await testDatabase(t);
    const service = await startService(t, databaseUrl, {
      DATABASE_POOL_SIZE: '4',
      DATABASE_QUEUE_SIZE: '40',
      SETTING_ACCESS_TOKEN_LIFETIME: '600',
    });
    t.equal((await service.register('user@example.com')).statusCode, 201);
    const pair = tokensOf(await service.login('user@example.com'));
    const rows = postgres(databaseUrl, { max: 2, onnotice: () => {} });
    t.teardown(() => rows.end());

    let unlock = () => {};
    const locked = new Promise<void>((resolve) => {
      unlock = resolve;
    });
    let isLocked = false;
    const holding = rows.begin(async (sql) => {
      await sql`lock table users in access exclusive mode`;
      isLocked = true;
      await locked;
    });
    await until('the table is locked', () => isLocked);

    let verifying = true;
    const verified = (async () => {
      let count = 0;
      for (; verifying; count += 1) {
        const { statusCode } = await service.as(pair.access_token, 'GET', '/api/verify/');
        if (statusCode !== 204) t.equal(statusCode, 204, 'requests that need no database are served');
      }
      return count;
    })();
    for (let round = 0; round < ROUNDS; round += 1) {
      const times: number[] = [];
      const answers = await Promise.all(
        Array.from({ length: REQUESTS }, async () => {
          const begun = performance.now();
          // A write, because concurrent reads would share one statement.
          const answer = await service.updateMe(pair.access_token, { username: 'Locked' });
          times.push(performance.now() - begun);
          return answer;
        }),
      );
      for (const answer of answers) isProblem(t, answer, 'database_unavailable', 'while the table is locked');
      times.sort((a, b) => a - b);
      t.comment(`round ${round}: median ${times[REQUESTS / 2]?.toFixed(0)} ms, slowest ${times.at(-1)?.toFixed(0)} ms`);
    }
    verifying = false;
    t.ok((await verified) > 0, 'tokens were verified throughout');

    const failures = () => service.logLines().filter(({ msg }) => msg === 'request failed');
    await until('every request is in the log', () => failures().length === ROUNDS * REQUESTS);
    const causes = failures().map(({ err }) => (err as { code?: string }).code);
    const refused = causes.filter((code) => code === 'DATABASE_QUEUE_FULL').length;
    t.ok(refused > 0, 'some requests found the queue full');
    t.ok(causes.length - refused >= PLACES, 'every place was taken');
    t.comment(`${refused} of ${causes.length} refused at once`);

    unlock();
    await holding;
    await until('as many requests as places are served at once', async () => {
      const answers = await Promise.all(Array.from({ length: PLACES }, () => service.me(pair.access_token)));
      return answers.every(({ statusCode }) => statusCode === 200);
    });
    t.equal((await service.refresh(pair.refresh_token)).statusCode, 200);
    t.equal(service.child.exitCode, null);
  },
);
