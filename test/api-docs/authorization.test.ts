// The page /docs/ stays authorized: it takes over tokens, refreshes them, keeps them for its tab and forgets them.
import t, { type Test } from 'tap';
import { exampleTokenPair } from '#schemas/token-pair.js';
import { createAuthorization } from '../../api-docs/authorization.js';
import type { OutgoingRequest } from '../../api-docs/swagger-ui.js';
import { testApp } from '../support/app.js';
import { claimsOf } from '../support/service.js';

/** A page with a real service, whose clock can be moved. */
async function page(t: Test, { keeps = true } = {}) {
  const service = await testApp(t);
  const origin = await service.app.listen({ host: '127.0.0.1', port: 0 });
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  let clock = Date.now();
  const tokens: (string | null)[] = [];
  const open = () =>
    createAuthorization({
      serviceUrl: `${origin}/`,
      storage: keeps ? storage : undefined,
      onChange: (token) => void tokens.push(token),
      fetch,
      now: () => clock,
    });
  let authorization = open();
  /** Sends a request as Swagger UI does. */
  const send = async (method: string, path: string, body?: object) => {
    const token = authorization.current();
    const request = await authorization.prepare({
      url: `${origin}${path}`,
      method,
      headers: {
        ...(token !== null && { Authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    } satisfies OutgoingRequest);
    const { url, headers } = request;
    const response = await fetch(url, { method, headers, ...(body && { body: String(request.body) }) });
    const text = await response.text();
    authorization.observe({ url, status: response.status, text });
    return { status: response.status, sent: request, body: text === '' ? undefined : JSON.parse(text) };
  };
  await service.register();
  return {
    service,
    kept,
    tokens,
    send,
    pass: (seconds: number) => {
      clock += seconds * 1000;
    },
    reload: () => {
      authorization = open();
    },
    current: () => authorization.current(),
    set: (token: string | null) => authorization.set(token),
    login: () => send('POST', '/api/login/', { email: 'user@example.com', password: 'password' }),
  };
}

t.test('a login authorizes the page, a reload keeps it, and a logout ends it', async (t) => {
  const { login, send, current, tokens, reload, kept } = await page(t);
  const { body } = await login();
  t.equal(current(), body.access_token);
  t.strictSame(tokens, [body.access_token]);
  reload();
  t.equal(current(), body.access_token);
  t.equal((await send('GET', '/api/me/')).status, 200);
  t.equal((await send('POST', '/api/logout/', { refresh_token: exampleTokenPair.refresh_token })).status, 200);
  t.equal(current(), null, 'the refresh token of the example stands for that of the session');
  t.equal(kept.size, 0);
});

t.test('an expired token is refreshed once before requests are sent', async (t) => {
  const { login, send, current, pass } = await page(t);
  const first = (await login()).body;
  pass(27);
  t.equal((await send('GET', '/api/me/')).sent.headers.Authorization, `Bearer ${first.access_token}`);
  pass(2);
  const answers = await Promise.all([send('GET', '/api/me/'), send('GET', '/api/me/sessions/')]);
  t.strictSame(
    answers.map(({ status }) => status),
    [200, 200],
  );
  t.not(current(), first.access_token);
  t.equal(new Set(answers.map(({ sent }) => sent.headers.Authorization)).size, 1);
  t.equal(claimsOf({ ...first, access_token: String(current()) }).sid, claimsOf(first).sid);
});

t.test(
  'a refresh on the page is one of the session, and its example stands for the token of the session',
  async (t) => {
    const { login, send, current } = await page(t);
    const first = (await login()).body;
    const { status, body } = await send('POST', '/api/refresh/', { refresh_token: exampleTokenPair.refresh_token });
    t.equal(status, 200);
    t.equal(current(), body.access_token);
    t.not(body.refresh_token, first.refresh_token);
  },
);

t.test('a session that has ended elsewhere is forgotten when its token is to be refreshed', async (t) => {
  const { login, send, current, pass, service, tokens } = await page(t);
  const { body } = await login();
  await service.logout(body.refresh_token);
  pass(31);
  t.equal((await send('GET', '/api/me/')).status, 401);
  t.equal(current(), null);
  t.equal(tokens.at(-1), null);
});

t.test('after a step-up the session continues with the new access token', async (t) => {
  const { login, send, current, pass } = await page(t);
  const { body } = await login();
  const raised = await send('POST', '/api/me/step-up/', { current_password: 'password' });
  t.equal(raised.status, 200);
  t.not(raised.body.access_token, body.access_token);
  t.equal(current(), raised.body.access_token);
  pass(31);
  t.equal((await send('GET', '/api/me/')).status, 200);
  t.not(current(), raised.body.access_token, 'it is refreshed as before');
});

t.test('a token that was pasted is kept too, and is not refreshed', async (t) => {
  const { set, current, service, pass, send, reload } = await page(t);
  const { access_token: token } = await service.login();
  set(token);
  pass(31);
  reload();
  t.equal((await send('GET', '/api/me/')).sent.headers.Authorization, `Bearer ${token}`);
  t.equal(current(), token);
  set(null);
  reload();
  t.equal(current(), null);
});

t.test('a refused request changes nothing, and another token is sent as it was written', async (t) => {
  const { login, send, current } = await page(t);
  const { body } = await login();
  t.equal((await send('POST', '/api/login/', { email: 'user@example.com', password: 'wrong' })).status, 401);
  const other = '00000000-0000-4000-8000-000000000000';
  t.equal(
    (await send('POST', '/api/logout/', { refresh_token: other })).sent.body,
    JSON.stringify({ refresh_token: other }),
  );
  t.equal(current(), body.access_token);
});

t.test('without a storage, a reload forgets the session', async (t) => {
  const { login, current, reload, kept } = await page(t, { keeps: false });
  await login();
  t.not(current(), null);
  reload();
  t.equal(current(), null);
  t.equal(kept.size, 0);
});
