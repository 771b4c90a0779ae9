// What nobody catches: the process says so, finishes what it has accepted, and ends with 1, to be started anew.
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { matchAll } from '../support/match.js';
import { startService } from '../support/service.js';
import { until } from '../support/until.js';

/** Loaded into the service, which throws when it is told to. */
const preload = (statement: string) =>
  `--import=data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => setImmediate(() => { ${statement} }))`)}`;

const FAULTS: Readonly<Record<string, string>> = {
  uncaughtException: "throw new Error('planted')",
  unhandledRejection: "Promise.reject(new Error('planted'))",
};

for (const [event, statement] of Object.entries(FAULTS)) {
  t.test(`an ${event} drains the process and ends it`, async (t) => {
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
    // Of four that are hashed in turn, some are there by now.
    await until('one is answered', () => answered > 0);
    service.child.kill('SIGUSR2');
    for (const { statusCode } of await Promise.all(inFlight)) t.equal(statusCode, 200, 'what was accepted is answered');
    t.equal((await service.ended).code, 1);
    matchAll(
      t,
      service.logLines().filter(({ level }) => level === 'fatal'),
      [{ msg: event, err: { message: 'planted' } }],
      'once',
    );
    t.equal(service.logLines().at(-1)?.msg, 'stopped', 'in order');
  });
}
