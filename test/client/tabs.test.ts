// Clients that share a storage, as the tabs of a browser do, with and without Web Locks.
import t, { type Test } from 'tap';
import { type LatchkeyStorage, memoryStorage } from '../../client/index.js';
import {
  CREDENTIALS,
  clientOf,
  recovered,
  sharedServices,
  sharedStorage,
  storedIn,
  tokensWithManyKeys,
} from './support.js';

const { serviceBehindProxy } = sharedServices(t);

const TABS = 5;
const platform = (globalThis as { navigator?: { locks?: unknown } }).navigator?.locks;

/** An asynchronous storage, such as IndexedDB: every read and write takes a turn of the event loop. */
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
    t.test(`five tabs that need a new token at the same time keep their session: ${how}`, async (t) => {
      const { proxy, liveSessions } = await serviceBehindProxy(t);
      const storage = make(how);
      const tabs = Array.from({ length: TABS }, () => clientOf(proxy.origin, { storage, locks }));
      await tabs[0]?.login(CREDENTIALS);
      // Twice as many as the keys that the service remembers, so a client left behind with an old token would end the session.
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
      // Between read and write of a slow storage without locks, two clients may store the same token: the last key counts.
      if (make === sharedStorage) t.strictSame(tokensWithManyKeys(proxy), []);
      const refreshes = proxy.requests('/api/refresh/');
      t.equal((await storedIn(storage))?.generation, 16, 'one generation a round');
      if (locks !== null && platform !== undefined) {
        // The first tab has the token of its login. The others found it in the storage: one more refresh for all four.
        t.ok(refreshes.length <= 17, `${refreshes.length} requests for 16 rounds`);
      }
    });
  }
}

t.test('a tab uses the token that another tab has refreshed, without a request', async (t) => {
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

t.test('an answer that arrives after another tab has refreshed again does not restore the older pair', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const storage = sharedStorage('further');
  const [slow, quick] = [0, 1].map(() => clientOf(proxy.origin, { storage, locks: null }));
  await slow?.login(CREDENTIALS);
  let held = 0;
  proxy.holdAnswers(async ({ path }) => {
    if (path !== '/api/refresh/' || held++ > 0) return;
    for (let round = 0; round < 2; round += 1) {
      proxy.expire();
      t.equal((await quick?.fetch(proxy.resource))?.status, 200);
    }
  });
  proxy.expire();
  t.equal((await slow?.fetch(proxy.resource))?.status, 200);
  const { generation, key } = (await storedIn(storage)) ?? {};
  t.equal(generation, 2);
  proxy.expire();
  await slow?.fetch(proxy.resource);
  t.equal(proxy.requests('/api/refresh/').at(-1)?.key, key);
  t.strictSame(tokensWithManyKeys(proxy), []);
});

t.test('a lock that is never released delays a client only until its timeout', async (t) => {
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
    timeoutMilliseconds: 1000,
  });
  await client.login(CREDENTIALS);
  proxy.expire();
  t.equal(await recovered(client, proxy.resource), 200);
});

t.test('a page that is not allowed to lock refreshes without a lock', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const client = clientOf(proxy.origin, {
    storage: sharedStorage('forbidden'),
    locks: { request: () => Promise.reject(new Error('SecurityError')) },
  });
  await client.login(CREDENTIALS);
  proxy.expire();
  t.equal((await client.fetch(proxy.resource)).status, 200);
});

t.test('a client ignores an older pair that reappears in the storage', async (t) => {
  const { proxy, storage, client, old } = await threeRefreshesLater(t);
  await storage.set(old);
  proxy.expire();
  t.equal((await client.fetch(proxy.resource)).status, 200);
  t.equal((await storedIn(storage))?.generation, 4);
  t.strictSame(client.ends, []);
});

t.test('a client that finds only an older pair fails temporarily, and is not logged out', async (t) => {
  const { proxy, storage, old } = await threeRefreshesLater(t);
  const newest = await storage.get();
  await storage.set(old);
  const late = clientOf(proxy.origin, { storage });
  await t.rejects(late.me(), { code: 'refresh_token_used' }, 'a temporary failure');
  let tries = 0;
  proxy.holdAnswers(async ({ path }) => {
    if (path === '/api/refresh/' && ++tries === 3) await storage.set(newest);
  });
  t.equal((await late.me()).id, 1, 'it works once the newer pair is stored');
  t.strictSame(late.ends, []);
});

/** A session after three refreshes, and the pair that was stored at its start. */
async function threeRefreshesLater(t: Test) {
  const { proxy } = await serviceBehindProxy(t);
  const storage = memoryStorage();
  const client = clientOf(proxy.origin, { storage });
  await client.login(CREDENTIALS);
  const old = await storage.get();
  for (let generation = 0; generation < 3; generation += 1) {
    proxy.expire();
    await client.fetch(proxy.resource);
  }
  return { proxy, storage, client, old };
}
