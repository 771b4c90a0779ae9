// Logout: it takes effect at once in the client, is retried on the service, and no late answer restores the session.
import t from 'tap';
import { memoryStorage } from '../../client/index.js';
import type { Fault, SeenRequest } from '../support/http-proxy.js';
import { CREDENTIALS, clientOf, codeOf, sharedServices, sharedStorage, storedIn } from './support.js';

const { serviceBehindProxy } = sharedServices(t);

t.test('a logout that cannot reach the service deletes the session and reports `revoked: false`', async (t) => {
  const { proxy, liveSessions } = await serviceBehindProxy(t);
  const storage = memoryStorage();
  const client = clientOf(proxy.origin, { storage });
  await client.login(CREDENTIALS);
  proxy.decide(() => 'lose-request');
  t.strictSame(await client.logout(), { revoked: false });
  t.equal(await storage.get(), null);
  t.equal(proxy.requests('/api/logout/').length, 5, 'five attempts');
  t.equal(await liveSessions(), 1);
  t.equal(await codeOf(client.me()), 'signed_out');
  t.strictSame(client.ends, []);
});

t.test('a logout is retried until the service answers', async (t) => {
  const { proxy, liveSessions } = await serviceBehindProxy(t);
  const client = clientOf(proxy.origin);
  await client.login(CREDENTIALS);
  const faults: Fault[] = ['busy', 'lose-request', 'lose-answer'];
  proxy.decide(() => faults.shift() ?? 'pass');
  t.strictSame(await client.logout(), { revoked: true });
  t.equal(await liveSessions(), 0);
});

for (const when of ['before the service has the refresh', 'before the answer to the refresh is there']) {
  t.test(`a logout ${when} is final`, async (t) => {
    const { proxy, liveSessions } = await serviceBehindProxy(t);
    const storage = memoryStorage();
    const client = clientOf(proxy.origin, { storage });
    await client.login(CREDENTIALS);
    proxy.expire();
    const logOut = async ({ path }: SeenRequest): Promise<Fault> => {
      if (path === '/api/refresh/') t.strictSame(await client.logout(), { revoked: true });
      return 'pass';
    };
    if (when.includes('answer')) proxy.holdAnswers(logOut);
    else proxy.decide(logOut);
    t.equal(await codeOf(client.fetch(proxy.resource)), 'signed_out');
    t.equal(await storage.get(), null, 'the late answer was not stored');
    t.equal(proxy.requests('/api/refresh/').length, 1);
    t.equal(proxy.requests('/api/refresh/')[0]?.status, when.includes('answer') ? 200 : 401);
    t.equal(await liveSessions(), 0);
    t.strictSame(client.ends, []);
    t.equal(await codeOf(client.me()), 'signed_out');
  });
}

t.test('a logout in one tab ends the session in all tabs and is reported once to each', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const storage = sharedStorage('logout');
  const [one, two] = [clientOf(proxy.origin, { storage }), clientOf(proxy.origin, { storage })];
  await one.login(CREDENTIALS);
  t.equal((await two.me()).id, 1);
  await one.logout();
  t.equal(await codeOf(two.me()), 'signed_out', 'although its access token is still good');
  t.equal(await codeOf(two.me()), 'signed_out');
  t.strictSame([one.ends, two.ends], [[], ['ended_elsewhere']]);
});

t.test('another login in one tab ends the session of the other tabs, which continue with the new one', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const storage = sharedStorage('login');
  const [one, two] = [clientOf(proxy.origin, { storage }), clientOf(proxy.origin, { storage })];
  await one.register({ email: 'other@example.com', password: 'password' });
  await one.login(CREDENTIALS);
  await two.me();
  await one.login({ email: 'other@example.com', password: 'password' });
  t.equal((await two.me()).email, 'other@example.com');
  t.strictSame([one.ends, two.ends], [[], ['ended_elsewhere']]);
});

t.test('a refresh that is answered after another login does not replace its session', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const storage = memoryStorage();
  const client = clientOf(proxy.origin, { storage });
  await client.login(CREDENTIALS);
  const before = await storedIn(storage);
  proxy.expire();
  proxy.holdAnswers(async ({ path }) => {
    if (path === '/api/refresh/') await client.login(CREDENTIALS);
  });
  t.equal((await client.fetch(proxy.resource)).status, 200);
  const after = await storedIn(storage);
  t.not(after?.session, before?.session);
  t.equal(after?.generation, 0);
});
