// A network that loses, doubles, cuts and delays never logs a client out, nor gives it a second session.
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { memoryStorage } from '../../client/index.js';
import { FATES, type Fate, type Seen, startHttpProxy } from '../support/http-proxy.js';
import { CREDENTIALS, clientOf, codeOf, service, serviceBehindProxy, sharedStorage, storedIn } from './support.js';

for (const fate of FATES) {
  t.test(`one refresh meets this: ${fate}`, async (t) => {
    const { proxy, liveSessions } = await serviceBehindProxy(t);
    const storage = memoryStorage();
    const client = clientOf(proxy.origin, { storage, timeoutMilliseconds: 300 });
    await client.login(CREDENTIALS);
    const { key } = (await storedIn(storage)) ?? {};
    proxy.expire();
    const fates = [fate];
    proxy.decide(({ path }) => (path === '/api/refresh/' && fates.pop()) || 'pass');
    t.equal((await client.fetch(proxy.resource)).status, 200);
    await proxy.deliver();
    proxy.expire();
    t.equal((await client.fetch(proxy.resource)).status, 200, 'and the next refresh works');
    const keys = proxy.requests('/api/refresh/').map((each) => each.key);
    t.ok(keys.slice(0, -1).every((each) => each === key));
    t.equal(new Set(keys).size, 2, 'one key for each token');
    t.strictSame(client.ends, []);
    t.equal(await liveSessions(), 1);
  });

  t.test(`every refresh meets this, and then none: ${fate}`, async (t) => {
    const { proxy, liveSessions } = await serviceBehindProxy(t);
    const client = clientOf(proxy.origin, { timeoutMilliseconds: 300 });
    await client.login(CREDENTIALS);
    proxy.expire();
    proxy.decide(({ path }) => (path === '/api/refresh/' ? fate : 'pass'));
    const code = await codeOf(client.fetch(proxy.resource));
    t.match(code, /^(it succeeded|unavailable|unexpected_answer)$/);
    t.strictSame(client.ends, []);
    proxy.decide(() => 'pass');
    await proxy.deliver();
    t.equal((await client.fetch(proxy.resource)).status, 200);
    t.equal(await liveSessions(), 1);
  });
}

t.test('who is asked to wait for longer than half a minute gives up, and says for how long', async (t) => {
  const { origin } = await service(t);
  let refreshes = 0;
  const client = clientOf(origin, {
    fetch: async (request) => {
      if (!request.url.endsWith('/api/refresh/')) return fetch(request);
      refreshes += 1;
      return new Response('', { status: 429, headers: { 'retry-after': '3600' } });
    },
    storage: await storageOfAnotherPage(origin),
  });
  const error = await client.me().catch((each: unknown) => each);
  t.match(error, { status: 429, retryAfterSeconds: 3600 });
  t.equal(refreshes, 1);
  t.strictSame(client.ends, []);
});

async function storageOfAnotherPage(origin: string) {
  const storage = memoryStorage();
  await clientOf(origin, { storage }).login(CREDENTIALS);
  return storage;
}

/** What happens to the requests of one session, in steps: in each, every client needs a new token at the same time. */
interface Schedule {
  readonly clients: number;
  readonly locks: boolean;
  readonly steps: readonly { readonly fates: readonly Fate[]; readonly deliver: boolean }[];
}

const schedules = fc.record<Schedule>({
  clients: fc.integer({ min: 1, max: 3 }),
  locks: fc.boolean(),
  steps: fc.array(
    fc.record({
      fates: fc.array(fc.constantFrom(...FATES), { maxLength: 6 }),
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
  const worker = async () => {
    for (let schedule = queue.pop(); schedule !== undefined; schedule = queue.pop()) {
      await run(t, real.origin, schedule, `schedule ${queue.length} of SEED=${seed}`);
      ran += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  t.equal(ran, RUNS);
  t.equal(await real.liveSessions(), RUNS, 'each has exactly one session that lives');
});

async function run(t: Test, origin: string, schedule: Schedule, name: string): Promise<void> {
  const proxy = await startHttpProxy(t, origin);
  const storage = sharedStorage(name);
  const options = { storage, timeoutMilliseconds: 300, ...(schedule.locks ? {} : { locks: null }) };
  const clients = Array.from({ length: schedule.clients }, () => clientOf(proxy.origin, options));
  await clients[0]?.login(CREDENTIALS);
  const codes: string[] = [];
  for (const { fates, deliver } of schedule.steps) {
    const coming = [...fates];
    proxy.decide(({ path }) => (path === '/api/refresh/' && coming.shift()) || 'pass');
    proxy.expire();
    codes.push(...(await Promise.all(clients.map(({ fetch }) => codeOf(fetch(proxy.resource))))));
    if (deliver) await proxy.deliver();
  }
  // Then the network is good, and the latest duplicates arrive.
  proxy.decide(() => 'pass');
  await proxy.deliver();
  proxy.expire();
  const statuses = await Promise.all(clients.map(async ({ fetch }) => (await fetch(proxy.resource)).status));
  const outcome = {
    ends: clients.flatMap(({ ends }) => ends),
    others: codes.filter((code) => !/^(it succeeded|unavailable|unexpected_answer|refresh_token_used)$/.test(code)),
    statuses: new Set(statuses),
  };
  const ok = { ends: [], others: [], statuses: new Set([200]) };
  const keysOf = groupBy(proxy.requests('/api/refresh/'));
  const manyKeys = [...keysOf.values()].filter((requests) => new Set(requests.map(({ key }) => key)).size > 1);
  t.strictSame({ ...outcome, manyKeys }, { ...ok, manyKeys: [] }, name, { schedule });
}

/** Map.groupBy is not there on Node 20. */
function groupBy(requests: readonly Seen[]): Map<string, Seen[]> {
  const groups = new Map<string, Seen[]>();
  for (const each of requests) groups.set(each.body, [...(groups.get(each.body) ?? []), each]);
  return groups;
}
