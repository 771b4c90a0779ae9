// CORS: what origins listed in CORS_ORIGINS may call; for all other origins answers are as without CORS.
import t, { type Test } from 'tap';
import { operationsOf } from '../../openapi/document.js';
import { testApp } from '../../support/app.js';
import { isProblem } from '../../support/problem.js';

const ORIGIN = 'https://app.example.com';
const OTHER = 'http://localhost:5173';
const STRANGERS = [
  'https://evil.example',
  'https://app.example.com.evil.example',
  'https://evil-app.example.com',
  'http://app.example.com',
  'https://app.example.com:8443',
  'https://app.example.com/',
  'https://APP.example.com',
  `${ORIGIN},${OTHER}`,
  `${ORIGIN} ${OTHER}`,
  'null',
  '*',
  '',
];

type Headers = Readonly<Record<string, unknown>>;

const corsHeadersOf = (headers: Headers) => Object.keys(headers).filter((name) => name.startsWith('access-control-'));

const start = (t: Test, origins = `${ORIGIN}, ${OTHER}`) => testApp(t, { env: { CORS_ORIGINS: origins } });

const preflight = (url: string, method: string, origin = ORIGIN) => ({
  method: 'OPTIONS' as const,
  url,
  headers: {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': 'authorization,content-type,idempotency-key,x-anything',
  },
});

t.test('without CORS_ORIGINS no answer says anything of origins, and OPTIONS is no method', async (t) => {
  const { inject, routes } = await testApp(t);
  for (const origin of [ORIGIN, 'null']) {
    for (const method of ['GET', 'PUT', 'OPTIONS', 'DELETE', 'PATCH'] as const) {
      for (const url of ['/api/me/', '/livez', '/nothing', '/docs/', '/.well-known/jwks.json']) {
        const answer = await inject({ method, url, headers: { origin, 'access-control-request-method': 'GET' } });
        t.strictSame(corsHeadersOf(answer.headers), [], `${method} ${url}`);
        t.notMatch(String(answer.headers.vary), /origin/i, `${method} ${url}`);
      }
    }
  }
  isProblem(t, await inject(preflight('/api/login/', 'POST')), 'method_not_allowed', 'a preflight');
  t.notOk(routes.some(({ url }) => url === '*'));
});

t.test('a preflight from a listed origin is answered with the methods of the path', async (t) => {
  const { inject } = await start(t);
  const methods: Record<string, string> = {
    '/api/login': 'POST',
    '/api/register': 'POST',
    '/api/refresh': 'POST',
    '/api/me': 'DELETE, GET, HEAD, PUT',
    '/api/me/sessions/5': 'DELETE',
    '/.well-known/jwks.json': 'GET, HEAD',
  };
  for (const [path, expected] of Object.entries(methods)) {
    for (const url of [path, `${path}/`, `${path}?query=1`]) {
      for (const origin of [ORIGIN, OTHER]) {
        const { statusCode, headers, body } = await inject(preflight(url, 'POST', origin));
        t.equal(statusCode, 204, url);
        t.equal(body, '');
        t.strictSame(Object.fromEntries(corsHeadersOf(headers).map((name) => [name, headers[name]])), {
          'access-control-allow-origin': origin,
          'access-control-allow-methods': expected,
          'access-control-allow-headers':
            'authorization, content-type, idempotency-key, if-none-match, x-refresh-token-mode, traceparent, tracestate, baggage, sentry-trace',
          'access-control-max-age': '600',
          'access-control-expose-headers':
            'x-request-id, retry-after, www-authenticate, etag, content-disposition, ratelimit-limit, ratelimit-remaining, ratelimit-reset',
        });
        t.match(headers, { 'x-request-id': /\S/, 'cache-control': 'no-store' });
        t.equal(headers.vary, 'Origin');
        t.notOk('access-control-allow-credentials' in headers, 'credentials are never allowed');
      }
    }
  }
});

t.test('a page can send and read every header that the OpenAPI document names', async (t) => {
  const { inject, app } = await start(t);
  const listOf = (value: unknown) => String(value).split(', ');
  // Always readable (the Fetch standard calls them CORS-safelisted). Those of /api/verify/ are for the proxy that calls it.
  const readable = ['cache-control', 'x-user-id', 'x-user-roles'];
  let examined = 0;
  for (const { path, method, parameters = [], responses } of operationsOf(app.swagger())) {
    if (!/^\/(api\/(?!admin\/)|\.well-known\/)/.test(path)) continue;
    const { headers } = await inject(preflight(path.replace(/\{\w+\}/g, '1'), method));
    const allowed = listOf(headers['access-control-allow-headers']);
    const exposed = [...readable, ...listOf(headers['access-control-expose-headers'])];
    const sent = parameters.filter((each) => each.in === 'header').map(({ name }) => name);
    const read = Object.values(responses).flatMap((response) => Object.keys(response.headers ?? {}));
    t.strictSame(
      sent.filter((name) => !allowed.includes(name.toLowerCase())),
      [],
      `${path}: sent`,
    );
    t.strictSame(
      read.filter((name) => !exposed.includes(name.toLowerCase())),
      [],
      `${path}: read`,
    );
    examined += sent.length + read.length;
  }
  t.ok(examined > 20, `${examined} headers`);
});

t.test('a listed origin can read answers, errors and their headers', async (t) => {
  const service = await start(t);
  await service.register();
  const { access_token: token } = await service.login();
  const headers = { origin: ORIGIN };
  const answers = {
    good: await service.inject({ url: '/api/me/', headers: { ...headers, authorization: `Bearer ${token}` } }),
    'without a token': await service.inject({ url: '/api/me/', headers }),
    'malformed body': await service.inject({
      method: 'POST',
      url: '/api/login/',
      payload: '{',
      headers: { ...headers, 'content-type': 'application/json' },
    }),
    'another type': await service.inject({
      method: 'POST',
      url: '/api/login/',
      payload: 'x',
      headers: { ...headers, 'content-type': 'text/plain' },
    }),
    'wrong method': await service.inject({ method: 'PATCH', url: '/api/me/', headers }),
  };
  t.equal(answers.good.statusCode, 200);
  for (const [what, { headers }] of Object.entries(answers)) {
    t.equal(headers['access-control-allow-origin'], ORIGIN, what);
    t.match(headers['access-control-expose-headers'], /x-request-id, retry-after/, what);
    t.equal(headers.vary, 'Origin', what);
    t.notOk('access-control-allow-credentials' in headers, what);
  }
});

t.test('for any other origin an answer is as without CORS, except for `Vary: Origin`', async (t) => {
  const { inject } = await start(t);
  for (const origin of STRANGERS) {
    for (const url of ['/api/me/', '/api/login', '/.well-known/jwks.json', '/nothing']) {
      const asked = await inject(preflight(url, 'GET', origin));
      isProblem(t, asked, url === '/nothing' ? 'not_found' : 'method_not_allowed', `${origin} ${url}`);
      const got = await inject({ url, headers: { origin } });
      for (const answer of [asked, got]) {
        t.strictSame(corsHeadersOf(answer.headers), [], `${origin} ${url}`);
        t.match(answer.headers.vary, /^Origin(, Accept)?$/, `${origin} ${url}`);
      }
    }
  }
  t.strictSame(corsHeadersOf((await inject({ url: '/livez' })).headers), [], 'without an Origin header');
});

t.test('what caches may store says that it depends on the origin', async (t) => {
  const { inject } = await start(t);
  for (const url of ['/openapi.json', '/openapi.yaml', '/.well-known/jwks.json', '/.well-known/openid-configuration']) {
    const { headers } = await inject({ url, headers: { origin: ORIGIN } });
    const conditions = { origin: ORIGIN, 'if-none-match': String(headers.etag) };
    for (const answer of [await inject({ url, headers: conditions }), await inject({ url }), { headers }]) {
      t.match(answer.headers.vary, /^Origin(, |$)/, url);
    }
    const refused = await inject({ url, headers: { origin: ORIGIN, 'accept-encoding': 'identity;q=0, x' } });
    t.match(refused.headers.vary, /^Origin(, |$)/, `${url}, ${refused.statusCode}`);
  }
});

t.test('pages and operations of operators have no CORS headers, however their path is written', async (t) => {
  const { inject } = await start(t);
  const paths = ['/admin', '/admin/', '/docs/', '/api/admin/users/', '/api/admin/settings', '/api/%61dmin/users/', '/'];
  for (const url of [...paths, '/api/verify/ext-authz/x']) {
    for (const request of [preflight(url, 'GET'), { url, headers: { origin: ORIGIN } }]) {
      const { headers, statusCode } = await inject(request);
      t.strictSame(corsHeadersOf(headers), [], url);
      t.not(statusCode, 204, url);
    }
  }
});

t.test('OPTIONS requests that are not preflights are answered as without CORS', async (t) => {
  const { inject } = await start(t);
  for (const url of ['/api/me/', '/livez', '/api/login']) {
    const answer = await inject({ method: 'OPTIONS', url, headers: { origin: ORIGIN } });
    isProblem(t, answer, 'method_not_allowed', url);
    t.match(answer.headers.allow, /^(?!.*OPTIONS)[A-Z, ]+$/);
  }
  for (const url of ['/nothing', '/api/nothing/', '*']) {
    isProblem(t, await inject(preflight(url, 'GET')), 'not_found', `a preflight of ${url}`);
    isProblem(t, await inject({ method: 'OPTIONS', url }), 'not_found', url);
  }
  const typed = {
    method: 'OPTIONS',
    url: '/api/me/',
    payload: 'x',
    headers: { 'content-type': 'text/plain' },
  } as const;
  isProblem(t, await inject(typed), 'method_not_allowed', 'its body is ignored');
});
