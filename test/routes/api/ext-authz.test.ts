// /api/verify/ext-authz/…: requests as Envoy sends them, with any method, any path and the headers of the original request.
import t, { type Test } from 'tap';
import { users } from '#drizzle/schema.js';
import { testApp } from '../../support/app.js';
import { type Answer, isProblem } from '../../support/problem.js';
import { converse } from '../../support/wire.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const PREFIX = '/api/verify/ext-authz';

/** Paths of checked requests. */
const PATHS = [
  '/',
  '//',
  '/orders',
  '/orders/',
  '/orders/17/lines/',
  '/orders?page=2&sort=%2Fname',
  '/?',
  '/a%2Fb/%2e%2e/c',
  '/%E2%82%AC/%20x',
  '/../../login/',
  '/./.././api/me/',
  '/*',
  "/a:b@c;d=e,f/(g)!$&'*+",
  '/api/verify/ext-authz/x',
  '/index.html#top',
  `/${'x'.repeat(12_000)}`,
  `/${'x/'.repeat(6000)}`,
];

t.test('a valid token returns 200 without a body, whatever the method and path of the original request', async (t) => {
  const { ask, bearer, userId } = await envoy(t);
  for (const path of PATHS) {
    for (const method of METHODS) {
      isAllowed(t, await ask(method, `${PREFIX}${path}`, bearer), userId, `${method} ${path.slice(0, 60)}`);
    }
  }
  for (const method of METHODS) isAllowed(t, await ask(method, PREFIX, bearer), userId, `${method} without a path`);
});

t.test('headers and body of the original request do not matter', async (t) => {
  const { ask, bearer, userId } = await envoy(t);
  const cases: Record<string, [headers: string, body?: string]> = {
    'JSON without a body': ['Content-Type: application/json\r\nContent-Length: 0\r\n'],
    'JSON without a length': ['Content-Type: application/json\r\n'],
    'malformed JSON': ['Content-Type: application/json\r\nContent-Length: 1\r\n', '{'],
    'a form': ['Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n', 'a=b'],
    'an invalid media type': ['Content-Type: nonsense\r\nContent-Length: 3\r\n', 'abc'],
    compressed: ['Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n', '\x1f'],
    'a body over the limit': ['Content-Length: 20000\r\n', 'x'.repeat(20_000)],
    chunks: ['Transfer-Encoding: chunked\r\n', '1\r\nx\r\n0\r\n\r\n'],
    'headers of its own': ['X-User-Id: 99\r\nX-User-Roles: admin\r\nX-Envoy-Internal: true\r\nIf-None-Match: *\r\n'],
  };
  for (const [what, [headers, body]] of Object.entries(cases)) {
    for (const method of METHODS) {
      isAllowed(t, await ask(method, `${PREFIX}/orders`, `${bearer}${headers}`, body), userId, `${method} ${what}`);
    }
  }
});

t.test('a connection can be reused', async (t) => {
  const { bytes, bearer, port, userId } = await envoy(t);
  const json = `${bearer}Content-Type: application/json\r\nContent-Length: 2\r\n`;
  const questions = [
    bytes('POST', `${PREFIX}/a`, json, '{}'),
    bytes('DELETE', `${PREFIX}/b`, bearer),
    bytes('PUT', `${PREFIX}/c`, json, '{}'),
  ];
  const { answers } = await converse(port, questions.join(''), { answers: questions.length });
  t.equal(answers.length, questions.length);
  for (const answer of answers) isAllowed(t, answer, userId, 'in a row');
});

t.test('without a valid token the response is 401', async (t) => {
  const { ask } = await envoy(t);
  for (const method of METHODS.filter((each) => each !== 'HEAD')) {
    for (const path of ['', '/', '/orders/17?x=1', '/../livez']) {
      const json = 'Content-Type: application/json\r\nContent-Length: 1\r\n';
      const url = `${PREFIX}${path}`;
      isProblem(t, await ask(method, url, ''), 'missing_token', `${method} ${url}`);
      isProblem(t, await ask(method, url, json, '{'), 'missing_token', `${method} ${url} with a body`);
      isProblem(t, await ask(method, url, 'Authorization: Bearer a.b.c\r\n'), 'invalid_token', `${method} ${url}`);
    }
  }
  t.equal((await ask('HEAD', `${PREFIX}/`, '')).statusCode, 401);
});

t.test('an expired token is rejected', async (t) => {
  let now = Date.now();
  const { ask, bearer, userId } = await envoy(t, () => now);
  isAllowed(t, await ask('POST', `${PREFIX}/`, bearer), userId, 'before it expires');
  now += 30_000;
  isProblem(t, await ask('POST', `${PREFIX}/`, bearer), 'invalid_token', 'from its expiry on');
});

t.test('other paths never return 200', async (t) => {
  const { ask, bearer } = await envoy(t);
  isProblem(t, await ask('GET', `${PREFIX}x`, bearer), 'not_found', 'a path with a longer last segment');
  isProblem(t, await ask('OPTIONS', `${PREFIX}*`, bearer), 'not_found', 'OPTIONS *');
  isProblem(t, await ask('GET', `${PREFIX}/%zz`, bearer), 'malformed_request', 'a path that cannot be decoded');
  isProblem(t, await ask('PROPFIND', `${PREFIX}/`, bearer), 'method_not_allowed', 'an unsupported method');
  isProblem(t, await ask('POST', '/api/verify/', bearer), 'method_not_allowed', 'the route for other proxies');
});

t.test('a role name with a comma cannot be mistaken for two roles', async (t) => {
  const { ask, bearerWithRoles } = await envoy(t);
  const answer = await ask('GET', `${PREFIX}/`, await bearerWithRoles(['admin', 'a,b', 'ö']));
  t.equal(answer.headers['x-user-roles'], 'admin,a%2Cb,%C3%B6');
});

function isAllowed(t: Test, { statusCode, headers, body }: Answer, userId: number, what: string): void {
  const { 'x-user-id': id, 'x-user-roles': roles, 'cache-control': cacheControl } = headers;
  t.strictSame(
    { statusCode, body, id, roles, cacheControl },
    { statusCode: 200, body: '', id: String(userId), roles: '', cacheControl: 'no-store' },
    what,
  );
  t.match(headers['x-request-id'], /./, what);
}

/** A listening service with a user, and calls as Envoy makes them for a request of this user. */
async function envoy(t: Test, now?: () => number) {
  const service = await testApp(t, { ...(now && { now }) });
  await service.app.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' });
  const address = service.app.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;
  const { id } = (await service.register()).json();
  const login = async () => `Authorization: Bearer ${(await service.login()).access_token}\r\n`;
  const bytes = (method: string, path: string, headers: string, body = '') =>
    `${method} ${path} HTTP/1.1\r\nHost: orders.example.com\r\n${headers}\r\n${body}`;
  return {
    port,
    userId: Number(id),
    bearer: await login(),
    bytes,
    bearerWithRoles: async (roles: readonly string[]) => {
      await service.app.db.update(users).set({ roles: [...roles] });
      return login();
    },
    ask: async (method: string, path: string, headers: string, body?: string): Promise<Answer> => {
      const options = { answers: 1, head: method === 'HEAD' };
      const [answer] = (await converse(port, bytes(method, path, headers, body), options)).answers;
      if (answer === undefined) throw new Error(`no answer to ${method} ${path}`);
      return answer;
    },
  };
}
