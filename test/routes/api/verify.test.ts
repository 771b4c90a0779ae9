// GET /api/verify/: the verification of access tokens for proxies.
import t from 'tap';
import { testApp } from '../../support/app.js';
import { dropDatabase } from '../../support/keys.js';
import { isProblem } from '../../support/problem.js';
import { rowsOf } from '../../support/rows.js';
import { httpClient } from '../../support/service.js';

let now = Date.now();
const service = await testApp(t, { now: () => now });
const { inject, refresh, login } = service;
const rows = rowsOf(t, service.databaseUrl);
await service.register();

const verify = (authorization?: string, headers: Record<string, string> = {}) =>
  inject({
    method: 'GET',
    url: '/api/verify/',
    headers: { ...headers, ...(authorization !== undefined && { authorization }) },
  });

/** An access token of the account with these roles. */
async function tokenWith(roles: readonly string[]): Promise<string> {
  const pair = await login();
  await rows`update users set roles = ${roles as string[]}`;
  return (await refresh(pair.refresh_token)).json().access_token;
}

t.test('a valid token returns 204 with the user id and the roles, without a body', async (t) => {
  const answer = await verify(`Bearer ${(await login()).access_token}`);
  t.equal(answer.statusCode, 204);
  t.equal(answer.body, '');
  t.match(answer.headers, { 'x-user-id': /^1$/, 'x-user-roles': /^$/, 'cache-control': /^no-store$/ });
  t.notOk('content-type' in answer.headers || 'content-length' in answer.headers);
  t.equal((await inject({ method: 'GET', url: '/api/verify', headers: answer.headers as never })).statusCode, 401);
});

t.test('every role is one item of the header, whatever its name', async (t) => {
  const cases: [roles: string[], header: string][] = [
    [['admin'], 'admin'],
    [['admin', 'editor'], 'admin,editor'],
    [['a,b', 'c'], 'a%2Cb,c'],
    [['x\r\nX-User-Id: 2', 'y'], 'x%0D%0AX-User-Id%3A%202,y'],
    [['Müller', '管理者', '👑'], 'M%C3%BCller,%E7%AE%A1%E7%90%86%E8%80%85,%F0%9F%91%91'],
    [['100%', 'a b', '\t', 'a;b="c"'], '100%25,a%20b,%09,a%3Bb%3D%22c%22'],
    [['constructor', '__proto__'], 'constructor,__proto__'],
  ];
  for (const [roles, header] of cases) {
    const answer = await verify(`Bearer ${await tokenWith(roles)}`);
    t.equal(answer.statusCode, 204, header);
    t.equal(answer.headers['x-user-roles'], header);
    t.equal(answer.headers['x-user-id'], '1');
    t.strictSame(String(answer.headers['x-user-roles']).split(',').map(decodeURIComponent), roles);
  }
  const none = await verify(`Bearer ${await tokenWith([])}`, { 'x-user-id': '99', 'x-user-roles': 'admin' });
  t.match(none.headers, { 'x-user-id': /^1$/, 'x-user-roles': /^$/ }, 'headers of the caller are ignored');
});

t.test('the other parts of the request do not affect the result', async (t) => {
  const { access_token: token } = await login();
  const headers = {
    'x-forwarded-method': 'DELETE',
    'x-forwarded-uri': '/admin?access_token=x',
    'x-original-url': '/api/me/',
    cookie: 'access_token=x',
  };
  t.equal((await verify(`Bearer ${token}`, headers)).statusCode, 204);
  t.equal((await verify(`bearer ${token}`)).statusCode, 204, 'the scheme in lower case');
  // RFC 9110 section 11.4.
  t.equal((await verify(`Bearer  ${token}`)).statusCode, 204, 'two spaces');
  const other = (await login()).access_token;
  t.equal((await verify(`Bearer   ${other}`)).statusCode, 204, 'also for a token that is not cached');
  isProblem(t, await verify(undefined, { cookie: `access_token=${token}` }), 'missing_token', 'in a cookie');
  const inQuery = await inject({ method: 'GET', url: `/api/verify/?access_token=${token}` });
  isProblem(t, inQuery, 'missing_token', 'in the query string');
});

t.test('an invalid token returns 401', async (t) => {
  const { access_token: token, refresh_token: refreshToken } = await login();
  const [header, claims, signature = ''] = token.split('.');
  isProblem(t, await verify(), 'missing_token', 'no token');
  isProblem(t, await verify('Basic dTpw'), 'missing_token', 'another scheme');
  const bad = {
    'no token after the scheme': 'Bearer',
    'a refresh token': `Bearer ${refreshToken}`,
    'two tokens': `Bearer ${token} ${token}`,
    'something between': `Bearer\tx ${token}`,
    'a tab': `Bearer\t${token}`,
    'a modified signature': `Bearer ${header}.${claims}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
    'no signature': `Bearer ${header}.${claims}.`,
    'no dots': 'Bearer abc',
  };
  for (const [what, authorization] of Object.entries(bad)) {
    isProblem(t, await verify(authorization), 'invalid_token', what);
  }
  t.equal((await verify(`Bearer ${token}`)).statusCode, 204);
  now += 30_000;
  isProblem(t, await verify(`Bearer ${token}`), 'invalid_token', 'an expired token that was valid before');
});

t.test('HEAD returns the same', async (t) => {
  const { access_token: token } = await login();
  const head = await inject({ method: 'HEAD', url: '/api/verify/', headers: { authorization: `Bearer ${token}` } });
  t.equal(head.statusCode, 204);
  t.equal(head.headers['x-user-id'], '1');
  t.equal((await inject({ method: 'HEAD', url: '/api/verify/' })).statusCode, 401);
});

t.test('a token stays valid after its session has ended, because the database is not queried', async (t) => {
  const seen = await tokenWith(['admin']);
  const unseen = await tokenWith(['admin']);
  t.equal((await verify(`Bearer ${seen}`)).statusCode, 204);
  await rows`delete from users`;
  t.equal((await verify(`Bearer ${unseen}`)).statusCode, 204);
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  const address = service.app.server.address();
  const client = httpClient(typeof address === 'object' ? (address?.port ?? 0) : 0);
  await rows.end();
  await dropDatabase(t, service.databaseUrl);
  for (const token of [seen, unseen]) {
    t.equal((await verify(`Bearer ${token}`)).statusCode, 204, 'without any database');
    const headers = { authorization: `Bearer ${token}` };
    const answer = await client.call('GET', '/api/verify/', { headers });
    t.match(answer, { statusCode: 204, headers: { 'x-user-id': /^1$/, 'x-user-roles': /^admin$/ }, body: /^$/ });
  }
  isProblem(t, await verify('Bearer a.b.c'), 'invalid_token', 'a bad token without any database');
  isProblem(t, await verify(), 'missing_token', 'no token and no database');
});
