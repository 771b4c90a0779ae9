// The refresh token in a cookie (REFRESH_COOKIE, and the console): when it is set, which pages may use it, and when it is cleared.
import { randomUUID } from 'node:crypto';
import t, { type Test } from 'tap';
import { testApp } from '../../support/app.js';
import { matchAll } from '../../support/match.js';
import { isProblem } from '../../support/problem.js';

const OWN = 'https://www.example.com';
const SIBLING = 'https://app.example.com';
const NAME = '__Host-latchkey-refresh';
const MODE = { 'x-refresh-token-mode': 'cookie' };
const CREDENTIALS = { email: 'user@example.com', password: 'password' };

const PAGE = { origin: OWN };
const ATTRIBUTES =
  /^__Host-latchkey-refresh=([0-9a-f-]{36})\.([\w-]{22}); Max-Age=(\d+); Path=\/; HttpOnly; Secure; SameSite=Strict$/;
const CLEARED = '__Host-latchkey-refresh=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict';

const ENV = {
  REFRESH_COOKIE: 'true',
  PUBLIC_URL: `${OWN}/auth`,
  CORS_ORIGINS: `${SIBLING},https://*.preview.example.com`,
};

/** A service with an account, and a browser that keeps the cookie of the last answer. */
async function start(t: Test, env: Record<string, string> = ENV) {
  const service = await testApp(t, { env });
  await service.register();
  const jar = { cookie: '' };
  const take = (answer: { headers: Record<string, unknown> }) => {
    const line = answer.headers['set-cookie'];
    if (typeof line === 'string') jar.cookie = /Max-Age=0/.test(line) ? '' : (line.split(';', 1)[0] ?? '');
  };
  const ask = async (path: string, headers: Record<string, string> = {}, payload?: object) => {
    const cookie = jar.cookie === '' ? {} : { cookie: jar.cookie };
    const answer = await service.inject({
      method: 'POST',
      url: path,
      headers: { ...cookie, ...PAGE, ...headers },
      ...(payload && { payload }),
    });
    take(answer);
    return answer;
  };
  const logIn = async () => ask('/api/login/', MODE, CREDENTIALS);
  return { ...service, jar, ask, logIn };
}

t.test('in cookie mode the body has no refresh token; without it the answer is as in the contract', async (t) => {
  const { ask, jar, logIn, login } = await start(t);
  const answer = await logIn();
  t.equal(answer.statusCode, 200);
  t.strictSame(Object.keys(answer.json()), ['access_token']);
  const line = String(answer.headers['set-cookie']);
  const [, token, key, maxAge] = ATTRIBUTES.exec(line) ?? [];
  t.ok(token && key, line);
  t.equal(maxAge, String(30 * 86_400), 'the lifetime of the token');

  const next = await ask('/api/refresh/');
  t.equal(next.statusCode, 200, 'without a body and without the header');
  t.strictSame(Object.keys(next.json()), ['access_token']);
  const [, nextToken, nextKey] = ATTRIBUTES.exec(String(next.headers['set-cookie'])) ?? [];
  t.not(nextToken, token);
  t.not(nextKey, key);
  t.equal(
    (await ask('/api/refresh/', { 'content-type': 'application/json' })).statusCode,
    200,
    'with a content type but no body',
  );
  t.equal((await ask('/api/refresh/', MODE)).statusCode, 200);

  const gone = await ask('/api/logout/');
  t.strictSame(gone.json(), { success: 'User logged out.' });
  t.equal(gone.headers['set-cookie'], CLEARED);
  t.equal(jar.cookie, '');

  const pair = await login();
  t.strictSame(Object.keys(pair), ['access_token', 'refresh_token']);
  const plain = await ask('/api/refresh/', {}, { refresh_token: pair.refresh_token });
  t.strictSame(Object.keys(plain.json()), ['access_token', 'refresh_token']);
  t.equal(plain.headers['set-cookie'], undefined);
  const moved = await ask('/api/refresh/', MODE, { refresh_token: plain.json().refresh_token });
  t.strictSame(Object.keys(moved.json()), ['access_token'], 'a session moves from the body to the cookie');
  t.equal((await ask('/api/refresh/')).statusCode, 200);
});

t.test('Max-Age follows the lifetime settings', async (t) => {
  const env = { ...ENV, SETTING_REFRESH_TOKEN_LIFETIME: '7200', SETTING_SESSION_MAX_LIFETIME: '3600' };
  const { logIn } = await start(t, env);
  t.match((await logIn()).headers['set-cookie'], /; Max-Age=3600;/);
});

t.test('SameSite follows the configuration', async (t) => {
  for (const sameSite of ['lax', 'none']) {
    const { logIn } = await start(t, { ...ENV, REFRESH_COOKIE_SAMESITE: sameSite });
    t.match((await logIn()).headers['set-cookie'], new RegExp(`; SameSite=${sameSite}$`, 'i'));
  }
});

t.test('without REFRESH_COOKIE the header and a cookie have no effect', async (t) => {
  const { ask, inject } = await start(t, { PUBLIC_URL: OWN });
  const answer = await ask('/api/login/', { ...MODE, origin: 'https://evil.example' }, CREDENTIALS);
  t.strictSame(Object.keys(answer.json()), ['access_token', 'refresh_token']);
  t.equal(answer.headers['set-cookie'], undefined);
  const cookie = `${NAME}=${answer.json().refresh_token}.${'a'.repeat(22)}`;
  const refused = await inject({ method: 'POST', url: '/api/refresh/', headers: { ...PAGE, cookie } });
  isProblem(t, refused, 'validation_failed', 'a refresh without a body');
  const { refresh_token } = answer.json();
  const both = await inject({ method: 'POST', url: '/api/refresh/', payload: { refresh_token }, headers: { cookie } });
  t.equal(both.statusCode, 200);
});

/** Sources of requests, by the headers that a browser sends, and whether the cookie is accepted from them. */
const SOURCES: readonly [what: string, headers: Record<string, string>, allowed: boolean][] = [
  ['our own page', { origin: OWN, 'sec-fetch-site': 'same-origin' }, true],
  ['our own page in an old browser', { origin: OWN }, true],
  ['a listed origin', { origin: SIBLING, 'sec-fetch-site': 'same-site' }, true],
  ['no origin, but the browser says that the page is ours', { origin: '', 'sec-fetch-site': 'same-origin' }, true],
  ['neither', { origin: '' }, false],
  ['no origin, a sibling', { origin: '', 'sec-fetch-site': 'same-site' }, false],
  ['no origin, another site', { origin: '', 'sec-fetch-site': 'cross-site' }, false],
  ['no origin, the address bar', { origin: '', 'sec-fetch-site': 'none' }, false],
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, false],
  ['another site that says otherwise', { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, false],
  ['another site that has its own host', { origin: 'https://evil.example', host: 'evil.example' }, false],
  ['a sandboxed page', { origin: 'null', 'sec-fetch-site': 'cross-site' }, false],
  ['a name below a wildcard', { origin: 'https://a.preview.example.com', 'sec-fetch-site': 'same-site' }, false],
  ['our host without TLS', { origin: 'http://www.example.com', 'sec-fetch-site': 'cross-site' }, false],
  ['our host on another port', { origin: `${OWN}:8443`, 'sec-fetch-site': 'same-site' }, false],
  ['our host as a part', { origin: `${OWN}.evil.example` }, false],
  ['our URL with its path', { origin: `${OWN}/auth` }, false],
  ['a list', { origin: `${OWN}, https://evil.example` }, false],
];

t.test('the cookie is accepted only from pages of the service and of listed origins', async (t) => {
  const { inject, jar, logIn, logLines } = await start(t);
  for (const [what, { origin = '', ...rest }, allowed] of SOURCES) {
    const source = { ...rest, ...(origin && { origin }) };
    for (const path of ['/api/login/', '/api/refresh/', '/api/logout/']) {
      await logIn();
      const isLogin = path === '/api/login/';
      const answer = await inject({
        method: 'POST',
        url: path,
        headers: { ...source, ...(isLogin ? MODE : { cookie: jar.cookie }) },
        ...(isLogin && { payload: CREDENTIALS }),
      });
      const name = `${path} ${what}`;
      if (allowed) t.equal(answer.statusCode, 200, name);
      else {
        isProblem(t, answer, 'origin_not_allowed', name);
        t.equal(answer.headers['set-cookie'], undefined, 'the cookie is left alone');
        matchAll(
          t,
          logLines().filter((line) => line.request_id === answer.headers['x-request-id'] && line.level === 'warn'),
          [{ event: 'origin_not_allowed' }],
        );
      }
    }
  }
});

t.test('without PUBLIC_URL the origin must match the Host header', async (t) => {
  const { inject } = await start(t, { REFRESH_COOKIE: 'true' });
  for (const [headers, status] of [
    [{ host: 'localhost:3000', origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' }, 200],
    [{ host: 'localhost:3000', origin: 'http://localhost:3000' }, 200],
    [{ host: 'auth.example.com', origin: 'https://auth.example.com', 'sec-fetch-site': 'same-origin' }, 200],
    [{ host: 'localhost:3000', origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' }, 403],
    [{ host: 'auth.example.com', origin: 'http://auth.example.com', 'sec-fetch-site': 'cross-site' }, 403],
    [{ host: 'auth.example.com', origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, 403],
  ] as const) {
    const request = {
      method: 'POST',
      url: '/api/login/',
      headers: { ...MODE, ...headers },
      payload: CREDENTIALS,
    } as const;
    t.equal((await inject(request)).statusCode, status, JSON.stringify(headers));
  }
});

/** When the console gets a cookie without REFRESH_COOKIE: its page, and the cookie's name; undefined: the token is in the body. */
const CONSOLES: readonly [what: string, env: Record<string, string>, page: string, name: string | undefined][] = [
  ["on a developer's machine", {}, 'http://localhost:3000', 'latchkey-console'],
  ['with an origin of its own', { PUBLIC_URL: OWN }, OWN, '__Host-latchkey-console'],
  ['in production', { PUBLIC_URL: OWN, NODE_ENV: 'production' }, OWN, '__Host-latchkey-console'],
  ['under another name', { PUBLIC_URL: OWN }, 'https://other.example.com', undefined],
  ['from a listed origin', { PUBLIC_URL: OWN, CORS_ORIGINS: SIBLING }, SIBLING, undefined],
  ['below a path of another site', { PUBLIC_URL: `${OWN}/auth` }, OWN, undefined],
  ['in production, where the origin is not known', { NODE_ENV: 'production' }, OWN, undefined],
];

for (const [what, env, page, name] of CONSOLES) {
  t.test(`the cookie of the console, ${what}`, async (t) => {
    const { app, register } = await testApp(t, { env });
    await register();
    const headers = { host: new URL(page).host, origin: page, 'x-refresh-token-mode': 'console-cookie' };
    // Not by the `inject` of the tests: the document describes what other clients get.
    const post = (url: string, more: object = {}, payload?: object) =>
      app.inject({ method: 'POST', url, headers: { ...headers, ...more }, ...(payload && { payload }) });
    const answer = await post('/api/login/', {}, CREDENTIALS);
    t.equal(answer.statusCode, 200);
    const line = String(answer.headers['set-cookie'] ?? '');
    if (name === undefined) {
      t.strictSame([Object.keys(answer.json()), line], [['access_token', 'refresh_token'], '']);
      return;
    }
    t.strictSame(Object.keys(answer.json()), ['access_token']);
    const secure = name.startsWith('__Host-') ? 'Secure; ' : '';
    const attributes = new RegExp(`^${name}=[0-9a-f-]{36}\\.[\\w-]{22}; Path=/; HttpOnly; ${secure}SameSite=Strict$`);
    t.match(line, attributes, 'for the time of the browser');
    const [cookie = ''] = line.split(';', 1);
    const unasked = await post('/api/refresh/', { cookie, 'x-refresh-token-mode': 'cookie' });
    isProblem(t, unasked, 'validation_failed', 'only the console uses it');
    const foreign = { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    isProblem(t, await post('/api/refresh/', foreign), 'origin_not_allowed', 'another site');
    const next = await post('/api/refresh/', { cookie });
    t.strictSame([next.statusCode, Object.keys(next.json())], [200, ['access_token']]);
    t.match(next.headers['set-cookie'], attributes);
    const [successor = ''] = String(next.headers['set-cookie']).split(';', 1);
    const gone = await post('/api/logout/', { cookie: successor });
    t.strictSame(gone.json(), { success: 'User logged out.' });
    t.equal(gone.headers['set-cookie'], `${name}=; Max-Age=0; Path=/; HttpOnly; ${secure}SameSite=Strict`);
    isProblem(t, await post('/api/refresh/', { cookie: successor }), 'invalid_refresh_token', 'after the logout');
  });
}

t.test('a request with a token in the body and another in the cookie is refused', async (t) => {
  const { ask, logIn, login } = await start(t);
  const { refresh_token } = await login();
  await logIn();
  for (const path of ['/api/refresh/', '/api/logout/']) {
    isProblem(t, await ask(path, {}, { refresh_token }), 'two_refresh_tokens', path);
  }
  t.equal((await ask('/api/refresh/')).statusCode, 200, 'no token was used');
  const console = await ask(
    '/api/refresh/',
    { cookie: `__Host-latchkey-console=${randomUUID()}.${'a'.repeat(22)}` },
    { refresh_token },
  );
  t.equal(console.statusCode, 200, 'the cookie of the console is independent');
});

t.test('the cookie of an ended session is cleared, and a missing one is answered as an ended session', async (t) => {
  const { ask, inject, jar, logIn } = await start(t);
  await logIn();
  const old = jar.cookie;
  await ask('/api/logout/');
  const dead = await ask('/api/refresh/', { cookie: old });
  isProblem(t, dead, 'invalid_refresh_token', 'the session has ended');
  t.equal(dead.headers['set-cookie'], CLEARED);
  for (const cookie of ['', `${NAME}=`, `${NAME}=x.y`, `${NAME}=${randomUUID()}`, 'other=1']) {
    const headers = { ...PAGE, ...(cookie && { cookie }) };
    const missing = await inject({ method: 'POST', url: '/api/refresh/', headers: { ...headers, ...MODE } });
    isProblem(t, missing, 'invalid_refresh_token', `asked for ${cookie}`);
    t.equal((await inject({ method: 'POST', url: '/api/logout/', headers: { ...headers, ...MODE } })).statusCode, 200);
    isProblem(
      t,
      await inject({ method: 'POST', url: '/api/refresh/', headers }),
      'validation_failed',
      `not asked for ${cookie}`,
    );
  }
});

t.test('a cookie sent twice at once gets the same successor; sent again much later it counts as reuse', async (t) => {
  const { ask, app, jar, logIn } = await start(t);
  await logIn();
  const first = jar.cookie;
  const [one, two] = await Promise.all([
    ask('/api/refresh/', { cookie: first }),
    ask('/api/refresh/', { cookie: first }),
  ]);
  t.strictSame([one.statusCode, two.statusCode], [200, 200]);
  const tokenOf = (answer: { headers: Record<string, unknown> }) =>
    ATTRIBUTES.exec(String(answer.headers['set-cookie']))?.[1];
  t.equal(tokenOf(one), tokenOf(two), 'the key in the cookie makes the refresh repeatable');
  const thief = String(one.headers['set-cookie']).split(';', 1)[0] ?? '';
  jar.cookie = String(two.headers['set-cookie']).split(';', 1)[0] ?? '';
  t.equal((await ask('/api/refresh/')).statusCode, 200);
  const successor = jar.cookie;
  isProblem(t, await ask('/api/refresh/', { cookie: thief }), 'refresh_token_used', 'with another key, at once');
  t.equal(jar.cookie, successor, 'the cookie is kept');
  await app.db.execute("update sessions set refreshed_at = now() - interval '1 minute'");
  const reused = await ask('/api/refresh/', { cookie: thief });
  isProblem(t, reused, 'refresh_token_reused', 'later');
  t.equal(reused.headers['set-cookie'], CLEARED);
  isProblem(t, await ask('/api/refresh/', { cookie: successor }), 'invalid_refresh_token', 'the session has ended');
});

t.test('a login in cookie mode ends the session whose cookie it replaces', async (t) => {
  const { ask, jar, logIn } = await start(t);
  await logIn();
  const replaced = jar.cookie;
  await logIn();
  t.not(jar.cookie, replaced);
  const successor = jar.cookie;
  isProblem(t, await ask('/api/refresh/', { cookie: replaced }), 'invalid_refresh_token', 'the one before');
  jar.cookie = successor;
  t.equal((await ask('/api/refresh/')).statusCode, 200);
});

t.test('the cookie is cleared when its session ends, and kept when another session ends', async (t) => {
  const { inject, jar, logIn } = await start(t);
  const bearer = async () => {
    const answer = await logIn();
    const { access_token: token } = answer.json();
    const { sid } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    return { headers: { ...PAGE, authorization: `Bearer ${token}`, cookie: jar.cookie }, sid };
  };
  let { headers, sid } = await bearer();
  const changed = await inject({ method: 'PUT', url: '/api/me/', headers, payload: { password: 'another password' } });
  t.equal(changed.headers['set-cookie'], undefined, 'a password change keeps the session that makes it');
  CREDENTIALS.password = 'another password';
  const others = await inject({ method: 'DELETE', url: '/api/me/sessions/', headers });
  t.strictSame([others.statusCode, others.headers['set-cookie']], [204, undefined]);
  const own = await inject({ method: 'DELETE', url: `/api/me/sessions/${sid}/`, headers });
  t.strictSame([own.statusCode, own.headers['set-cookie']], [204, CLEARED]);
  ({ headers, sid } = await bearer());
  const all = await inject({ method: 'POST', url: '/api/logout/all/', headers });
  t.strictSame([all.statusCode, all.headers['set-cookie']], [200, CLEARED]);
  ({ headers, sid } = await bearer());
  const payload = { current_password: CREDENTIALS.password };
  const deleted = await inject({ method: 'DELETE', url: '/api/me/', headers, payload });
  t.strictSame([deleted.statusCode, deleted.headers['set-cookie']], [204, CLEARED]);
  CREDENTIALS.password = 'password';
});

t.test('cross-origin credentials are allowed for listed origins and the API only', async (t) => {
  const { inject } = await start(t);
  for (const [origin, url, credentials] of [
    [SIBLING, '/api/refresh/', 'true'],
    ['https://a.preview.example.com', '/api/refresh/', undefined],
    [SIBLING, '/.well-known/jwks.json', undefined],
  ] as const) {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-refresh-token-mode',
    };
    const answer = await inject({ method: 'OPTIONS', url, headers });
    t.equal(answer.headers['access-control-allow-origin'], origin);
    t.equal(answer.headers['access-control-allow-credentials'], credentials, `${origin} ${url}`);
    t.match(answer.headers['access-control-allow-headers'], /x-refresh-token-mode/);
  }
});
