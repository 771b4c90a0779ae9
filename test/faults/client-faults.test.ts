// A network that loses, duplicates, cuts and delays requests never logs a client out and never gives it a second session.
import t from 'tap';
import { memoryStorage } from '../../client/index.js';
import {
  CREDENTIALS,
  clientOf,
  codeOf,
  NOT_NOW,
  recovered,
  service,
  serviceBehindProxy,
  storedIn,
} from '../client/support.js';
import { FAULTS } from '../support/http-proxy.js';

for (const fault of FAULTS) {
  t.test(`one refresh meets the fault: ${fault}`, async (t) => {
    const { proxy, liveSessions } = await serviceBehindProxy(t);
    const storage = memoryStorage();
    const client = clientOf(proxy.origin, { storage });
    await client.login(CREDENTIALS);
    const { key } = (await storedIn(storage)) ?? {};
    proxy.expire();
    const faults = [fault];
    proxy.decide(({ path }) => (path === '/api/refresh/' && faults.pop()) || 'pass');
    t.equal((await client.fetch(proxy.resource)).status, 200);
    await proxy.deliver();
    proxy.expire();
    t.equal((await client.fetch(proxy.resource)).status, 200, 'the next refresh works');
    const keys = proxy.requests('/api/refresh/').map((each) => each.key);
    t.ok(keys.slice(0, -1).every((each) => each === key));
    t.equal(new Set(keys).size, 2, 'one key for each token');
    t.strictSame(client.ends, []);
    t.equal(await liveSessions(), 1);
  });

  t.test(`every refresh meets the fault until it ends: ${fault}`, async (t) => {
    const { proxy, liveSessions } = await serviceBehindProxy(t);
    const storage = await storageOfAnotherPage(proxy.origin);
    const client = clientOf(proxy.origin, { storage, timeoutMilliseconds: 1000 });
    proxy.expire();
    proxy.decide(({ path }) => (path === '/api/refresh/' ? fault : 'pass'));
    const code = await codeOf(client.fetch(proxy.resource));
    t.match(code, NOT_NOW);
    t.strictSame(client.ends, []);
    proxy.decide(() => 'pass');
    await proxy.deliver();
    t.equal(await recovered(client, proxy.resource), 200);
    t.equal(await liveSessions(), 1);
  });
}

t.test('a Retry-After of more than half a minute is reported at once, without further attempts', async (t) => {
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
