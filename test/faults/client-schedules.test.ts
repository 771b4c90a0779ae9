// Random schedules of network faults for several clients at once: no client is logged out.
import fc from 'fast-check';
import t, { type Test } from 'tap';
import {
  CREDENTIALS,
  clientOf,
  codeOf,
  NOT_NOW,
  recovered,
  service,
  sharedStorage,
  tokensWithManyKeys,
} from '../client/support.js';
import { FAULTS, type Fault, startHttpProxy } from '../support/http-proxy.js';
import { until } from '../support/until.js';

/** The faults of one session, in steps: in each step, every client needs a new token at the same time. */
interface Schedule {
  readonly clients: number;
  readonly locks: boolean;
  readonly steps: readonly { readonly faults: readonly Fault[]; readonly deliver: boolean }[];
}

const schedules = fc.record<Schedule>({
  clients: fc.integer({ min: 1, max: 3 }),
  locks: fc.boolean(),
  steps: fc.array(
    fc.record({
      faults: fc.array(fc.constantFrom(...FAULTS), { maxLength: 6 }),
      deliver: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

const RUNS = 100;
const AT_ONCE = 8;

t.test(`${RUNS} random schedules, one session each`, async (t) => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  t.comment(`SEED=${seed}`);
  const real = await service(t);
  const queue = fc.sample(schedules, { seed, numRuns: RUNS });
  let ran = 0;
  let logins = 0;
  const worker = async () => {
    for (let schedule = queue.pop(); schedule !== undefined; schedule = queue.pop()) {
      const made = await run(t, real.origin, schedule, `schedule ${queue.length} of SEED=${seed}`);
      // Not in one statement with the await: other workers add to it meanwhile.
      logins += made;
      ran += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  t.equal(ran, RUNS);
  const live = await real.liveSessions();
  t.ok(live >= RUNS && live <= logins, `${live} live sessions after ${logins} logins: none was ended`);
  t.equal(await real.endedSessions(), 0);
});

/** Resolves to the number of login attempts. */
async function run(t: Test, origin: string, schedule: Schedule, name: string): Promise<number> {
  const proxy = await startHttpProxy(t, origin);
  // Short timeouts, so that slow faults cost little; the login has the usual one.
  const storage = sharedStorage(name);
  const options = { storage, timeoutMilliseconds: 1000, ...(schedule.locks ? {} : { locks: null }) };
  const clients = Array.from({ length: schedule.clients }, () => clientOf(proxy.origin, options));
  const logins = await logIn(clientOf(proxy.origin, { storage }));
  const codes: string[] = [];
  for (const { faults, deliver } of schedule.steps) {
    const coming = [...faults];
    proxy.decide(({ path }) => (path === '/api/refresh/' && coming.shift()) || 'pass');
    proxy.expire();
    codes.push(...(await Promise.all(clients.map(({ fetch }) => codeOf(fetch(proxy.resource))))));
    if (deliver) await proxy.deliver();
  }
  // Then the network is good, and the last duplicates arrive.
  proxy.decide(() => 'pass');
  await proxy.deliver();
  proxy.expire();
  const statuses = await Promise.all(clients.map((client) => recovered(client, proxy.resource)));
  const outcome = {
    ends: clients.flatMap(({ ends }) => ends),
    unexpected: codes.filter((code) => !NOT_NOW.test(code)),
    statuses: new Set(statuses),
  };
  const ok = { ends: [], unexpected: [], statuses: new Set([200]) };
  const manyKeys = tokensWithManyKeys(proxy);
  t.strictSame({ ...outcome, manyKeys }, { ...ok, manyKeys: [] }, name, { schedule });
  return logins;
}

/** Retries, since a busy machine answers 503; such a login may still have taken effect. */
async function logIn({ login }: { login: (credentials: typeof CREDENTIALS) => Promise<void> }): Promise<number> {
  let logins = 0;
  await until('a login', async () => {
    logins += 1;
    return (await codeOf(login(CREDENTIALS))) === 'it succeeded';
  });
  return logins;
}
