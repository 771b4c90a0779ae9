// Uncaught errors: the process logs them, finishes accepted requests and exits with 1, to be restarted.
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { matchAll } from '../support/match.js';
import { startService } from '../support/service.js';
import { until } from '../support/until.js';

/** Preloaded into the service: SIGUSR2 executes the statement. */
const preload = (statement: string) =>
  `--import=data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => setImmediate(() => { ${statement} }))`)}`;

const FAULTS: Readonly<Record<string, string>> = {
  uncaughtException: "throw new Error('planted')",
  unhandledRejection: "Promise.reject(new Error('planted'))",
};

for (const [event, statement] of Object.entries(FAULTS)) {
  t.test(`an ${event} lets accepted requests finish and ends the process`, async (t) => {
    // A password hash that takes long enough to be in flight.
    const env = { NODE_OPTIONS: preload(statement), ARGON2_MEMORY_KIB: '65536', ARGON2_TIME_COST: '3' };
    const service = await startService(t, await testDatabase(t), env);
    t.equal((await service.register('user@example.com')).statusCode, 201);
    let answered = 0;
    const inFlight = Array.from({ length: 4 }, () =>
      service.login('user@example.com').finally(() => {
        answered += 1;
      }),
    );
    // Four logins are hashed one after the other, so the others are still in progress.
    await until('one is answered', () => answered > 0);
    service.child.kill('SIGUSR2');
    for (const { statusCode } of await Promise.all(inFlight))
      t.equal(statusCode, 200, 'accepted requests are answered');
    t.equal((await service.ended).code, 1);
    matchAll(
      t,
      service.logLines().filter(({ level }) => level === 'fatal'),
      [{ msg: event, err: { message: 'planted' } }],
      'once',
    );
    t.equal(service.logLines().at(-1)?.msg, 'stopped', 'an orderly stop');
  });
}
