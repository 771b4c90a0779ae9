// Clients that share a storage, as the tabs of a browser do: with Web Locks where the platform has them, and without.
import t from 'tap';
import { type LatchkeyStorage, memoryStorage } from '../../client/index.js';
import { CREDENTIALS, clientOf, serviceBehindProxy, sharedStorage, storedIn } from './support.js';

const TABS = 5;
const platform = (globalThis as { navigator?: { locks?: unknown } }).navigator?.locks;

/** As a storage in a database of the browser: each look and each write takes its turn. */
function slowStorage(name: string): LatchkeyStorage {
  const { get, set } = memoryStorage();
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    name,
    get: async () => {
      await turn();
      return get();
    },
    set: async (value) => {
      await turn();
      set(value);
    },
  };
}

for (const [kind, make] of [
  ['at once', sharedStorage],
  ['by promises', slowStorage],
] as const) {
  for (const locks of [undefined, null]) {
    const how = `${locks === null ? 'without locks' : 'with the locks of the platform'}, a storage that answers ${kind}`;
    t.test(`five tabs need a new token at the same time, many times: ${how}`, async (t) => {
      const { proxy, liveSessions } = await serviceBehindProxy(t);
      const storage = make(how);
      const tabs = Array.from({ length: TABS }, () => clientOf(proxy.origin, { storage, locks }));
      await tabs[0]?.login(CREDENTIALS);
      // Twice as many as the service remembers keys: a token that was left behind would end the session.
      for (let round = 0; round < 16; round += 1) {
        proxy.expire();
        const answers = await Promise.all(tabs.map(({ fetch }) => fetch(proxy.resource)));
        t.ok(answers.every(({ status }) => status === 200));
      }
      t.strictSame(
        tabs.flatMap(({ ends }) => ends),
        [],
      );
      t.equal(await liveSessions(), 1);
      const refreshes = proxy.requests('/api/refresh/');
      t.equal((await storedIn(storage))?.generation, 16, 'one generation a round');
      if (locks !== null && platform !== undefined) {
        // The first tab has the token of its login, the others found it in the storage: so one more, for all four.
        t.ok(refreshes.length <= 17, `${refreshes.length} requests for 16 rounds`);
      }
    });
  }
}

t.test('a tab that another one has refreshed for meanwhile makes no request', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const storage = sharedStorage('meanwhile');
  const [one, two] = [clientOf(proxy.origin, { storage }), clientOf(proxy.origin, { storage })];
  await one.login(CREDENTIALS);
  await two.me();
  await one.me();
  proxy.expire();
  await one.fetch(proxy.resource);
  const before = proxy.requests('/api/refresh/').length;
  await two.fetch(proxy.resource);
  t.equal(proxy.requests('/api/refresh/').length, before);
});

t.test('a lock that nobody gives back is not waited for for ever', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const never = {
    request: <T>(_name: string, { signal }: { signal: AbortSignal }): Promise<T> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  };
  const client = clientOf(proxy.origin, {
    storage: sharedStorage('stuck'),
    locks: never,
    timeoutMilliseconds: 200,
  });
  await client.login(CREDENTIALS);
  proxy.expire();
  t.equal((await client.fetch(proxy.resource)).status, 200);
});

t.test('a page that may not lock refreshes without', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const client = clientOf(proxy.origin, {
    storage: sharedStorage('forbidden'),
    locks: { request: () => Promise.reject(new Error('SecurityError')) },
  });
  await client.login(CREDENTIALS);
  proxy.expire();
  t.equal((await client.fetch(proxy.resource)).status, 200);
});

t.test('an older pair that comes back into the storage is not used by who knows the newer one', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const storage = memoryStorage();
  const client = clientOf(proxy.origin, { storage });
  await client.login(CREDENTIALS);
  const old = await storage.get();
  for (let generation = 0; generation < 3; generation += 1) {
    proxy.expire();
    await client.fetch(proxy.resource);
  }
  await storage.set(old);
  proxy.expire();
  t.equal((await client.fetch(proxy.resource)).status, 200);
  t.equal((await storedIn(storage))?.generation, 4);
  t.strictSame(client.ends, []);
});

t.test('a client that has only an older pair waits for its sharer, and is not logged out', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const storage = memoryStorage();
  const client = clientOf(proxy.origin, { storage });
  await client.login(CREDENTIALS);
  const old = await storage.get();
  for (let generation = 0; generation < 3; generation += 1) {
    proxy.expire();
    await client.fetch(proxy.resource);
  }
  const newest = await storage.get();
  await storage.set(old);
  const late = clientOf(proxy.origin, { storage });
  await t.rejects(late.me(), { code: 'refresh_token_used' }, 'not now');
  let tries = 0;
  proxy.holdAnswers(async ({ path }) => {
    if (path === '/api/refresh/' && ++tries === 3) await storage.set(newest);
  });
  t.equal((await late.me()).id, 1, 'as soon as the newer one is stored');
  t.strictSame(late.ends, []);
});
