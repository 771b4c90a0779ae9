// The client against the real service: what each call does, which errors it throws, and where it sends the token.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { createLatchkeyClient, LatchkeyError, memoryStorage, webStorage } from '../../client/index.js';
import { startHttpProxy } from '../support/http-proxy.js';
import { matchAll } from '../support/match.js';
import { until } from '../support/until.js';
import { CREDENTIALS, clientOf, codeOf, sharedServices, storedIn } from './support.js';

const { service, serviceBehindProxy } = sharedServices(t);

t.test('a user registers, logs in, reads and changes the account, and logs out', async (t) => {
  const { origin } = await service(t);
  const client = createLatchkeyClient({ baseUrl: origin });
  const account = { email: 'New@Example.com', password: 'password' };
  t.strictSame(await client.register(account), { id: 2, email: 'new@example.com' });
  await client.login(account);
  t.strictSame(await client.me(), { id: 2, username: '', email: 'new@example.com' });
  t.equal((await client.updateMe({ username: 'Jörg' })).username, 'Jörg');
  t.strictSame(await client.logout(), { revoked: true });
  t.equal(await codeOf(client.me()), 'signed_out');
  t.equal(await codeOf(client.getAccessToken()), 'signed_out');
  t.strictSame(await client.logout(), { revoked: true }, 'logging out twice is not an error');
});

t.test('all other operations are typed and send the token when there is a session', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const client = clientOf(proxy.origin);
  const before = await client.api.GET('/api/me/');
  t.equal(before.error?.code, 'missing_token');
  await client.login(CREDENTIALS);
  const { data } = await client.api.GET('/api/me/');
  const email: string | undefined = data?.email;
  t.equal(email, CREDENTIALS.email);
  // @ts-expect-error: a path that does not exist.
  t.equal((await client.api.GET('/api/nowhere/')).response.status, 404);
  // @ts-expect-error: the client refreshes by itself, so the operation is left out of the types.
  t.equal((await client.api.POST('/api/refresh/', { body: {} })).response.status, 400);
});

t.test('an error carries the code, the status, the fields and the request id of the answer', async (t) => {
  const { origin } = await service(t);
  const client = clientOf(origin);
  const wrong = await client.login({ ...CREDENTIALS, password: 'wrong password' }).catch((error: unknown) => error);
  t.ok(wrong instanceof LatchkeyError && wrong instanceof Error);
  matchAll(t, wrong, { name: 'LatchkeyError', code: 'invalid_credentials', status: 401, requestId: /\S/, errors: [] });
  const invalid = await client.register({ email: 'x', password: '' }).catch((error: unknown) => error);
  // The address is invalid for several reasons.
  t.match(invalid, { code: 'validation_failed', status: 400, errors: [{ path: '/email' }] });
  t.equal(await codeOf(client.register(CREDENTIALS)), 'email_taken');
});

t.test('no error contains a token, even when the answer is cut in the middle of one', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const client = clientOf(proxy.origin, { timeoutMilliseconds: 1000 });
  for (const fate of ['cut-answer', 'lose-answer', 'portal', 'other-portal', 'slow-answer'] as const) {
    proxy.decide(() => fate);
    const error = await client.login(CREDENTIALS).catch((each: unknown) => each);
    t.ok(error instanceof LatchkeyError, fate);
    t.match(error, { code: /^(unavailable|unexpected_answer)$/ }, fate);
    t.notMatch(describe(error), /eyJ|password|[0-9a-f]{8}-[0-9a-f]{4}-4/, fate);
  }
});

t.test('no error contains a token, even when the answer is malformed at the token', async (t) => {
  const { origin } = await service(t);
  let garbled = '';
  const client = clientOf(origin, {
    fetch: async (request) => {
      garbled = (await (await fetch(request)).text()).replace('"access_token":"', '"access_token":');
      return new Response(garbled, { headers: { 'content-type': 'application/json' } });
    },
  });
  const error = await client.login(CREDENTIALS).catch((each: unknown) => each);
  t.match(garbled, /^\{"access_token":eyJ/);
  t.match(error, { code: 'unavailable' });
  t.notMatch(describe(error), /eyJ/);
});

t.test(
  'when the access token is rejected, the client refreshes once and repeats the request with its body',
  async (t) => {
    const { proxy } = await serviceBehindProxy(t);
    const client = clientOf(proxy.origin);
    await client.login(CREDENTIALS);
    t.equal((await client.fetch(proxy.resource)).status, 200);
    proxy.expire();
    const response = await client.fetch(proxy.resource, { method: 'POST', body: 'the body' });
    t.equal(response.status, 200);
    t.strictSame(
      proxy.requests('/resource').map(({ body }) => body),
      ['', 'the body', 'the body'],
    );
    t.equal(proxy.requests('/api/refresh/').length, 1);
  },
);

t.test('when the new token is rejected too, the client does not refresh again', async (t) => {
  const { proxy, origin } = await serviceBehindProxy(t);
  // The resource of another proxy accepts none of these tokens.
  const elsewhere = await startHttpProxy(t, origin);
  const client = clientOf(proxy.origin, { tokenOrigins: [elsewhere.origin] });
  await client.login(CREDENTIALS);
  t.equal((await client.fetch(elsewhere.resource)).status, 401, 'the answer is passed on');
  t.equal(elsewhere.requests('/resource').length, 2);
  t.equal(proxy.requests('/api/refresh/').length, 1);
});

t.test('the token is sent to the service and to listed origins only', async (t) => {
  const { proxy, origin } = await serviceBehindProxy(t);
  const listed = await startHttpProxy(t, origin);
  const stranger = await startHttpProxy(t, origin);
  const client = clientOf(proxy.origin, { tokenOrigins: [listed.origin] });
  await client.login(CREDENTIALS);
  await client.fetch(listed.resource);
  await client.fetch(stranger.resource);
  await client.api.GET('/api/me/', { baseUrl: stranger.origin });
  t.match(listed.requests('/resource')[0]?.authorization, /^Bearer eyJ/);
  t.equal(stranger.requests('/resource')[0]?.authorization, undefined);
  t.equal(stranger.requests('/api/me/')[0]?.authorization, undefined);
  await client.fetch(listed.resource, { headers: { authorization: 'Bearer mine' } });
  t.equal(listed.requests('/resource').at(-1)?.authorization, 'Bearer mine', "the caller's own header is not replaced");
});

t.test('a redirect does not send passwords to another host', async (t) => {
  const { origin } = await service(t);
  const stranger = await startHttpProxy(t, origin);
  const redirecting = createServer((request, response) => {
    response.writeHead(307, { location: `${stranger.origin}${request.url}` }).end();
  });
  redirecting.listen(0, '127.0.0.1');
  await once(redirecting, 'listening');
  t.teardown(() => redirecting.close());
  const { port } = redirecting.address() as AddressInfo;
  t.equal(await codeOf(clientOf(`http://127.0.0.1:${port}`).login(CREDENTIALS)), 'unavailable');
  t.strictSame(stranger.requests('/api/login/'), []);
});

t.test('concurrent calls share one refresh', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const client = clientOf(proxy.origin);
  await client.login(CREDENTIALS);
  proxy.expire();
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.fetch(proxy.resource)));
  t.ok(answers.every(({ status }) => status === 200));
  t.equal(proxy.requests('/api/refresh/').length, 1);
});

t.test('a session that the service ended is reported once and removed from the storage', async (t) => {
  const { proxy, rows } = await serviceBehindProxy(t);
  const storage = memoryStorage();
  const client = clientOf(proxy.origin, { storage });
  await client.login(CREDENTIALS);
  await rows`update sessions set revoked_at = now(), revoked_reason = 'logout'`;
  proxy.expire();
  const codes = await Promise.all(Array.from({ length: 5 }, () => codeOf(client.fetch(proxy.resource))));
  t.strictSame(new Set(codes), new Set(['invalid_refresh_token']));
  t.strictSame(client.ends, ['invalid_refresh_token']);
  t.equal(await storage.get(), null);
  t.equal(await codeOf(client.me()), 'signed_out');
  t.equal((await client.fetch(proxy.resource)).status, 401, 'without a session the request is sent without a token');
  t.strictSame(client.ends, ['invalid_refresh_token']);
  await client.login(CREDENTIALS);
  t.equal((await client.me()).id, 1, 'the next login works');
});

t.test('a stolen refresh token that is used ends the session for the thief and the user', async (t) => {
  const { proxy, origin, rows } = await serviceBehindProxy(t);
  const storage = memoryStorage();
  const client = clientOf(proxy.origin, { storage });
  await client.login(CREDENTIALS);
  const thief = clientOf(origin, { storage: { get: () => copy, set: (text) => (copy = String(text)) } });
  let copy = String(await storage.get());
  await thief.getAccessToken();
  await rows`update sessions set refreshed_at = refreshed_at - interval '1 minute'`;
  await thief.fetch(`${origin}/api/me/`);
  // The thief copied the key with the token, so both get the same successor; the theft is detected when it is used.
  proxy.expire();
  await client.fetch(proxy.resource);
  const copied = JSON.parse(copy);
  t.equal((await storedIn(storage))?.refreshToken, copied.refreshToken);
  t.not((await storedIn(storage))?.key, copied.key);
  proxy.expire();
  await client.fetch(proxy.resource);
  await rows`update sessions set refreshed_at = refreshed_at - interval '1 minute'`;
  const restarted = clientOf(origin, { storage: { get: () => copy, set: (text) => (copy = String(text)) } });
  t.equal(await codeOf(restarted.getAccessToken()), 'refresh_token_reused');
  proxy.expire();
  t.equal(await codeOf(client.fetch(proxy.resource)), 'invalid_refresh_token');
  t.strictSame([client.ends, restarted.ends], [['invalid_refresh_token'], ['refresh_token_reused']]);
});

t.test('a login replaces the current session and ends it on the service', async (t) => {
  const { origin, liveSessions } = await service(t);
  const client = clientOf(origin);
  await client.login(CREDENTIALS);
  await client.login(CREDENTIALS);
  await until('one session is left', async () => (await liveSessions()) === 1);
  t.equal((await client.me()).id, 1);
  t.strictSame(client.ends, [], 'a replaced session is not reported');
});

t.test('a failed login leaves the session alone', async (t) => {
  const { origin } = await service(t);
  const client = clientOf(origin);
  await client.login(CREDENTIALS);
  t.equal(await codeOf(client.login({ ...CREDENTIALS, password: 'wrong password' })), 'invalid_credentials');
  t.equal((await client.me()).id, 1);
});

t.test('a session in localStorage survives a page load', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const items = new Map<string, string>();
  const storage = () =>
    webStorage({
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => items.set(key, value),
      removeItem: (key) => items.delete(key),
    });
  await clientOf(proxy.origin, { storage: storage() }).login(CREDENTIALS);
  const next = clientOf(proxy.origin, { storage: storage() });
  t.equal((await next.me()).id, 1);
  t.equal(proxy.requests('/api/refresh/').length, 1, 'the age of the stored token is unknown, so it is refreshed');
  await next.logout();
  t.equal(items.size, 0);
  for (const rubbish of ['', 'null', '[]', '{"session":1}', '{']) {
    items.set('latchkey', rubbish);
    t.equal(await codeOf(clientOf(proxy.origin, { storage: storage() }).me()), 'signed_out', rubbish);
  }
});

t.test('after a failed write to the storage the same refresh is repeated with its key', async (t) => {
  const { proxy } = await serviceBehindProxy(t);
  const kept = memoryStorage();
  let isFull = false;
  const client = clientOf(proxy.origin, {
    storage: {
      get: () => kept.get(),
      set: (value) => {
        if (isFull) throw new Error('the disk is full');
        kept.set(value);
      },
    },
  });
  await client.login(CREDENTIALS);
  proxy.expire();
  isFull = true;
  await t.rejects(client.fetch(proxy.resource), { message: 'the disk is full' });
  isFull = false;
  t.equal((await client.fetch(proxy.resource)).status, 200);
  const [first, second] = proxy.requests('/api/refresh/');
  t.strictSame([second?.key, second?.status], [first?.key, 200], 'with the same key');
});

function describe(error: unknown): string {
  return [error, (error as Error).cause, ((error as Error).cause as Error | undefined)?.cause]
    .map((each) => `${(each as Error | undefined)?.stack} ${JSON.stringify(each)}`)
    .join('\n');
}
