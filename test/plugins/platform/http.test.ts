// The HTTP edge, on a listening server and by the byte: whatever arrives, a stranger gets one form of answer.
import { once } from 'node:events';
import { connect } from 'node:net';
import t, { type Test } from 'tap';
import type { ErrorCode } from '#platform/errors/catalogue.js';
import { testApp } from '../../support/app.js';
import { matchAll } from '../../support/match.js';
import { type Answer, isProblem, POLICIES } from '../../support/problem.js';
import { until } from '../../support/until.js';
import { converse } from '../../support/wire.js';

const HOST = 'Host: localhost\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';

const request = (line: string, headers = '', body = '') => `${line} HTTP/1.1\r\n${HOST}${headers}\r\n${body}`;
const LIVE = request('GET /livez');
const login = (headers: string, body = '') => request('POST /api/login/', `${JSON_TYPE}${headers}`, body);

/** Methods that some server somewhere knows. */
const METHODS = 'GET HEAD POST PUT DELETE PATCH OPTIONS TRACE PROPFIND MKCOL SEARCH LINK PURGE M-SEARCH'.split(' ');

/** Whether a path without parameters matches a pattern with some. */
const matches = (pattern: string, path: string): boolean =>
  pattern.includes('/:') && new RegExp(`^${pattern.replaceAll(/:[^/]+/g, '[^/]+')}$`).test(path);

const shared = await listening(t);
await shared.register();

t.test('a method that a path does not have is answered with those it has, with its slash and without', async (t) => {
  const { routes, port, send } = shared;
  const methodsOf = new Map<string, Set<string>>();
  for (const { url, method } of routes) {
    const bare = url.replace(/\/$/, '');
    methodsOf.set(bare, new Set([...(methodsOf.get(bare) ?? []), ...[method].flat()]));
  }
  t.ok(methodsOf.size >= 10, 'the routes are there');
  for (const [bare, methods] of methodsOf) {
    // The files of pages are @fastify/static's.
    if (bare.startsWith('/docs/static/') || bare === '/admin/*') continue;
    const allowed = [...methods].sort();
    // A path with a parameter handles its other methods: `PUT /api/me/factors/totp` names the factor `totp`.
    const covering = [...methodsOf].find(([pattern]) => pattern !== bare && matches(pattern, bare));
    for (const path of bare === '' ? ['/', '/?query=1'] : [bare, `${bare}/`, `${bare}?query=1`]) {
      const others = METHODS.filter((method) => method !== 'HEAD');
      const sent = others.map((method) => request(`${method} ${path}`)).join('');
      const { answers } = await converse(port, sent, { answers: others.length });
      t.equal(answers.length, others.length, path);
      const answerTo = new Map(answers.map((answer, i) => [others[i], answer]));
      answerTo.set('HEAD', await send(request(`HEAD ${path}`), { head: true }));
      for (const [method = '', answer] of answerTo) {
        const name = `${method} ${path}`;
        if (!allowed.includes(method) && covering?.[1].has(method)) {
          isProblem(t, answer, 'missing_token', name);
          continue;
        }
        if (allowed.includes(method)) {
          t.not(answer.statusCode, 404, `${name} is a route`);
          t.not(answer.statusCode, 405, `${name} is allowed`);
          t.ok(answer.statusCode < 500, `${name} does not fail`);
        } else if (method === 'HEAD') {
          t.equal(answer.statusCode, 405, name);
        } else {
          isProblem(t, answer, 'method_not_allowed', name);
        }
        t.equal(answer.headers.allow, allowed.includes(method) ? undefined : allowed.join(', '), `${name}: Allow`);
        t.equal(answer.headers.location, undefined, `${name}: never a redirect`);
      }
    }
  }
});

t.test('a path that does not exist is one answer for every method, and nothing of it is repeated', async (t) => {
  const { send } = shared;
  const paths = ['/nothing', '/api', '/api/', '/api/login/x', '/api/me/1', '//livez', '/livez//', '/LIVEZ', '/livez;x'];
  const tricks = ['/api/../livez', '/api/%2e%2e/livez', '/api%2Fme', '/%00', '/livez%00', '/.env', '/.git/config', '*'];
  for (const path of [...paths, ...tricks]) {
    for (const method of ['GET', 'POST', 'OPTIONS', 'TRACE']) {
      const answer = await send(request(`${method} ${path}`, 'X-Secret: do-not-repeat\r\n'));
      isProblem(t, answer, 'not_found', `${method} ${path}`);
      t.notMatch(answer.body, /do-not-repeat|livez|\.env|%/);
    }
  }
});

t.test('HEAD is answered like GET, without a body and with the same guard', async (t) => {
  const { login, send } = shared;
  const { access_token: token } = await login();
  const bearer = `Authorization: Bearer ${token}\r\n`;
  for (const [path, headers, status] of [
    ['/livez', '', 200],
    ['/api/me/', '', 401],
    ['/api/me/', bearer, 200],
  ] as const) {
    const get = await send(request(`GET ${path}`, headers));
    const head = await send(request(`HEAD ${path}`, headers), { head: true });
    t.equal(head.statusCode, status, `${path} ${headers.slice(0, 20)}`);
    const { date: _, 'x-request-id': __, ...rest } = head.headers;
    const { date: ___, 'x-request-id': ____, ...expected } = get.headers;
    t.strictSame(rest, expected, 'the same headers');
    t.equal(rest['content-length'], String(Buffer.byteLength(get.body)));
    t.equal(head.body, '');
  }
});

/** Not HTTP, or not any more: what follows on the connection cannot be told apart. */
const MALFORMED: Readonly<Record<string, string | Buffer>> = {
  'a line of words': 'hello\r\n\r\n',
  'a TLS hello': Buffer.from('16030100c8010000c40303', 'hex'),
  'a preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a version of HTTP that does not exist': `GET /livez HTTP/1.2\r\n${HOST}\r\n`,
  'HTTP/0.9': 'GET /livez\r\n\r\n',
  'a method in lower case': request('get /livez'),
  'a method that nobody knows': request('BREW /livez'),
  'a space in the URL': request('GET /livez livez'),
  'a control character in the URL': request('GET /li\u0001vez'),
  'bare LF': LIVE.replaceAll('\r\n', '\n'),
  'bare LF behind a header': `GET /livez HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n`,
  'bare CR behind a header': `GET /livez HTTP/1.1\r\nHost: localhost\rX: y\r\n\r\n`,
  'a header on two lines': `GET /livez HTTP/1.1\r\nHost: localhost\r\n more\r\n\r\n`,
  'a space before the colon': `GET /livez HTTP/1.1\r\nHost : localhost\r\n\r\n`,
  'a header without a name': request('GET /livez', ': x\r\n'),
  'a header without a colon': request('GET /livez', 'x\r\n'),
  'NUL in a header': request('GET /livez', 'X: a\0b\r\n'),
  'no host': 'GET /livez HTTP/1.1\r\n\r\n',
  'two hosts': request('GET /livez', 'Host: other\r\n'),
  'two hosts with 2,500 headers between them': request('GET /livez', `${'X:\r\n'.repeat(2500)}Host: other\r\n`),
  'two content types': login('Content-Type: text/plain\r\nContent-Length: 2\r\n', '{}'),
  'a length and chunks': login('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
  'chunks and a length': login('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'),
  'two equal lengths': login('Content-Length: 2\r\nContent-Length: 2\r\n', '{}'),
  'two lengths': login('Content-Length: 2\r\nContent-Length: 3\r\n', '{}'),
  'a list of lengths': login('Content-Length: 2, 2\r\n', '{}'),
  'a signed length': login('Content-Length: +2\r\n', '{}'),
  'a negative length': login('Content-Length: -2\r\n', '{}'),
  'a hexadecimal length': login('Content-Length: 0x2\r\n', '{}'),
  'an empty length': login('Content-Length:\r\n', '{}'),
  'a length beyond 64 bits': login('Content-Length: 99999999999999999999\r\n', '{}'),
  'a coding that is none': login('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'),
  'chunks that are not the last coding': login('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n'),
  'a coding below the chunks': login('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'),
  'two codings': login('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', '0\r\n\r\n'),
  'a chunk size that is none': login('Transfer-Encoding: chunked\r\n', 'ZZ\r\n{}\r\n0\r\n\r\n'),
  'a chunk size beyond 64 bits': login('Transfer-Encoding: chunked\r\n', 'fffffffffffffffff\r\n{}\r\n0\r\n\r\n'),
  'a chunk longer than its size': login('Transfer-Encoding: chunked\r\n', '2\r\n{}X\r\n0\r\n\r\n'),
  'chunks with bare LF': login('Transfer-Encoding: chunked\r\n', '2\n{}\n0\n\n'),
  'chunks in HTTP/1.0': login(
    'Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n',
    '2\r\n{}\r\n0\r\n\r\n',
  ).replace('1.1', '1.0'),
};

t.test('what is not well-formed HTTP is refused, and its connection closed', async (t) => {
  const { port, isLogged } = shared;
  for (const [what, bytes] of Object.entries(MALFORMED)) {
    const { answers, closed } = await converse(port, bytes);
    t.equal(answers.length, 1, `${what}: one answer`);
    t.ok(closed, `${what}: closed`);
    const [answer] = answers;
    if (answer !== undefined && isProblem(t, answer, 'malformed_request', what)) isLogged(t, answer, what);
  }
  t.equal((await converse(port, LIVE, { answers: 1 })).answers[0]?.statusCode, 200, 'the service goes on');
});

t.test('what follows a malformed request on its connection is never served', async (t) => {
  const { port } = shared;
  for (const [what, bytes] of Object.entries(MALFORMED)) {
    const { answers } = await converse(port, Buffer.concat([Buffer.from(bytes), Buffer.from(LIVE)]));
    t.strictSame(
      answers.map(({ statusCode }) => statusCode),
      [400],
      what,
    );
  }
});

t.test('a URL that cannot be decoded is refused', async (t) => {
  const { send, isLogged } = shared;
  for (const path of ['/%', '/%z', '/%ZZ', '/%c0%af', '/%ff', '/api/%E0%A4%A', '/livez/%']) {
    const answer = await send(request(`GET ${path}`));
    isProblem(t, answer, 'malformed_request', path);
    isLogged(t, answer, path);
  }
});

t.test('a request line and headers over 16 KiB are refused, just below they are not', async (t) => {
  const { port, send, isLogged } = shared;
  const long = 'x'.repeat(17_000);
  for (const [what, bytes] of Object.entries({
    'a long URL': request(`GET /${long}`),
    'a long query': request(`GET /livez?${long}`),
    'a long header': request('GET /livez', `X: ${long}\r\n`),
    'a long header name': request('GET /livez', `${long}: x\r\n`),
    'many headers': request('GET /livez', 'X: yyyyyyyyyy\r\n'.repeat(1500)),
    'a long token': request('GET /api/me/', `Authorization: Bearer ${long}\r\n`),
  })) {
    const { answers, closed } = await converse(port, bytes);
    t.equal(answers.length, 1, `${what}: one answer`);
    t.ok(closed, `${what}: closed`);
    const [answer] = answers;
    if (answer !== undefined && isProblem(t, answer, 'headers_too_large', what)) isLogged(t, answer, what);
  }
  const below = 'x'.repeat(15_000);
  isProblem(t, await send(request(`GET /${below}`)), 'not_found', 'a URL below the limit');
  t.equal((await send(request(`GET /livez?${below}`))).statusCode, 200, 'a query below the limit');
  isProblem(t, await send(request('GET /api/me/', `Authorization: Bearer ${below}\r\n`)), 'invalid_token', 'a token');
});

t.test('what HTTP allows is served', async (t) => {
  const { port, send } = shared;
  for (const [what, bytes] of Object.entries({
    'HTTP/1.0 without a host': 'GET /livez HTTP/1.0\r\n\r\n',
    'an empty host': 'GET /livez HTTP/1.1\r\nHost:\r\n\r\n',
    'a blank line before the request': `\r\n${LIVE}`,
    'a body that nobody asked for': request('GET /livez', 'Content-Length: 5\r\n', 'hello'),
    'an upgrade to h2c': request(
      'GET /livez',
      'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n',
    ),
    'an upgrade to WebSocket': request('GET /livez', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'),
    'an expectation in HTTP/1.0': `GET /livez HTTP/1.0\r\n${HOST}Expect: the-unexpected\r\n\r\n`,
    'our own host in the request line': 'GET http://localhost:80/livez HTTP/1.1\r\nHost: x\r\n\r\n'.replace(
      ':80',
      `:${port}`,
    ),
    'our own address in the request line': `GET http://127.0.0.1:${port}/livez HTTP/1.1\r\nHost: evil.example\r\n\r\n`,
  })) {
    const answer = await send(bytes);
    t.equal(answer.statusCode, 200, what);
    t.equal(answer.body, '{"status":"ok"}', what);
  }
  const accepted: Record<string, string> = {
    'a length': login('Content-Length: 2\r\n', '{}'),
    'leading zeros of a length': login('Content-Length: 0002\r\n', '{}'),
    chunks: login('Transfer-Encoding: chunked\r\n', '1\r\n{\r\n1\r\n}\r\n0\r\n\r\n'),
    'chunks, spelled otherwise': login('Transfer-Encoding: Chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'),
    'chunks with extensions': login('Transfer-Encoding: chunked\r\n', '2;a=b\r\n{}\r\n0\r\n\r\n'),
    'chunks with trailers': login('Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\nHost: other\r\n\r\n'),
    'an expectation to be told to go on': login('Content-Length: 2\r\nExpect: 100-continue\r\n', '{}'),
  };
  for (const [what, bytes] of Object.entries(accepted)) {
    isProblem(t, await send(bytes), 'validation_failed', `${what}: the body was read`);
  }
  t.strictSame((await converse(port, 'CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: x\r\n\r\n')).answers, []);
});

t.test('an unknown expectation and the URL of another host are refused, whatever Host says', async (t) => {
  const { port, send, isLogged } = shared;
  for (const expectation of ['the-unexpected', '100-continue, other', 'other=100-continue', '200-ok']) {
    const answer = await send(request('GET /livez', `Expect: ${expectation}\r\n`));
    if (isProblem(t, answer, 'expectation_failed', expectation)) isLogged(t, answer, expectation);
  }
  isProblem(t, await send(login('Expect: x\r\nContent-Length: 2\r\n', '{}')), 'expectation_failed', 'with a body');
  for (const target of [
    'http://evil.example/livez',
    'http://evil.example/',
    'https://evil.example/api/login/',
    `http://evil.example:${port}/livez`,
    `http://localhost.evil.example:${port}/livez`,
    `http://localhost:${port}@evil.example/livez`,
    `http://user@localhost:${port}/livez`,
    `http://localhost:${port + 1}/livez`,
    `ftp://localhost:${port}/livez`,
  ]) {
    for (const host of [`localhost:${port}`, 'evil.example']) {
      const answer = await send(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      if (isProblem(t, answer, 'misdirected_request', target)) isLogged(t, answer, target);
      t.notMatch(answer.body + JSON.stringify(answer.headers), /evil/, 'nothing of it is repeated');
    }
  }
});

t.test('what the configuration calls our own host is served in absolute form', async (t) => {
  const { port, send } = await listening(t, { PUBLIC_URL: 'https://www.example.com/auth' });
  for (const url of [
    'https://www.example.com/livez',
    'http://www.example.com/livez',
    `http://127.0.0.1:${port}/livez`,
  ]) {
    t.equal((await send(`GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`)).statusCode, 200, url);
  }
});

t.test('a body that nobody asks for may be missing, whatever type is named', async (t) => {
  const { send, login: logIn } = shared;
  const bearer = async () => `Authorization: Bearer ${(await logIn()).access_token}\r\n`;
  for (const length of ['', 'Content-Length: 0\r\n', 'Transfer-Encoding: chunked\r\n']) {
    const end = length.startsWith('T') ? '0\r\n\r\n' : '';
    const others = await send(request('DELETE /api/me/sessions/', JSON_TYPE + length + (await bearer()), end));
    t.equal(others.statusCode, 204, `DELETE ${length}`);
    const all = await send(request('POST /api/logout/all/', JSON_TYPE + length + (await bearer()), end));
    t.equal(all.statusCode, 200, `POST ${length}`);
    const answer = await send(request('POST /api/login/', JSON_TYPE + length, end));
    isProblem(t, answer, 'validation_failed', `where it is needed ${length}`);
    t.strictSame(JSON.parse(answer.body).errors, [{ path: '', message: 'must be a JSON object' }]);
  }
});

t.test('a body over 16 KiB is refused before it has arrived, and its connection closed', async (t) => {
  const { port, isLogged } = shared;
  for (const [what, bytes] of Object.entries({
    'by its length': login('Content-Length: 16385\r\n'),
    'by a length of gigabytes': login('Content-Length: 9999999999\r\n'),
    'by its chunks': login('Transfer-Encoding: chunked\r\n', `4001\r\n${'x'.repeat(0x4001)}`),
  })) {
    const { answers, closed } = await converse(port, bytes);
    t.equal(answers.length, 1, `${what}: one answer`);
    t.ok(closed, `${what}: closed`);
    const [answer] = answers;
    if (answer !== undefined && isProblem(t, answer, 'body_too_large', what)) isLogged(t, answer, what);
  }
});

t.test('a request that does not arrive in time is given up, however steadily it trickles', async (t) => {
  const { port, isLogged } = shared;
  const timers: NodeJS.Timeout[] = [];
  t.teardown(() => {
    for (const timer of timers) clearInterval(timer);
  });
  const trickle = (bytes: string) => (send: (bytes: string) => void) => {
    timers.push(setInterval(() => send(bytes), 500));
  };
  // The real bound, once, for all of them.
  const slow = {
    'headers that stop': converse(port, 'GET /livez HTTP/1.1\r\nHost: x\r\n'),
    'headers that trickle': converse(port, 'GET /livez HTTP/1.1\r\n', { more: trickle('X: y\r\n') }),
    'a body that stops': converse(port, login('Content-Length: 100\r\n', '{')),
    'a body that trickles': converse(port, login('Content-Length: 100\r\n', '{'), { more: trickle(' ') }),
    'chunks that trickle': converse(port, login('Transfer-Encoding: chunked\r\n'), { more: trickle('1\r\n \r\n') }),
  };
  for (const [what, conversation] of Object.entries(slow)) {
    const { answers, closed } = await conversation;
    t.ok(closed, `${what}: closed`);
    t.equal(answers.length, 1, `${what}: one answer`);
    const [answer] = answers;
    if (answer !== undefined && isProblem(t, answer, 'request_timeout', what)) isLogged(t, answer, what);
  }
});

t.test('requests on one connection are answered in their order, and what is refused there comes last', async (t) => {
  const { port } = shared;
  const body = JSON.stringify({ email: 'user@example.com', password: 'password' });
  const slow = login(`Content-Length: ${body.length}\r\n`, body);
  const good = await converse(port, [slow, LIVE, request('GET /nothing'), slow, LIVE].join(''), { answers: 5 });
  const statuses = (answers: readonly Answer[]) => answers.map(({ statusCode }) => statusCode);
  t.strictSame(statuses(good.answers), [200, 200, 404, 200, 200]);
  t.equal(new Set(good.answers.map(({ headers }) => headers['x-request-id'])).size, 5, 'each has an id of its own');

  // The refusal was written while the login was being answered, and was taken for its answer.
  const bad = await converse(port, `${slow}garbage\r\n\r\n`);
  t.strictSame(statuses(bad.answers), [200, 400]);
  t.ok(bad.closed);
});

t.test('a client that is gone before its login is answered leaves its address in the log', async (t) => {
  const { register, port, logLines, send } = await listening(t);
  await register();
  const body = JSON.stringify({ email: 'user@example.com', password: 'password' });
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(login(`Content-Length: ${body.length}\r\n`, body), () => socket.destroy());
  // Either its password was being checked already, or it left the queue.
  const line = await until('the login is logged', () =>
    logLines().find(({ event, code }) => event === 'logged_in' || code === 'overloaded'),
  );
  t.equal(line.ip, '127.0.0.1');
  t.equal((await send(LIVE)).statusCode, 200);
  t.notOk(logLines().some(({ level }) => level === 'error' || level === 'fatal'));
});

t.test('a client that leaves in the middle of its body is no failure of ours', async (t) => {
  const { port, logLines } = await listening(t);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(login('Content-Length: 100\r\n', '{"email":'), () => socket.destroy());
  const line = await until('the request is logged', () => logLines().find(({ route }) => route === '/api/login'));
  // It was called an outage of the database, with its stack, at the level that wakes somebody up.
  t.match(line, { level: 'info', code: 'malformed_request', status: 400, ip: '127.0.0.1' });
});

t.test('an access token is taken in one form, and a refusal says which challenge it was', async (t) => {
  const { login, send, isLogged } = shared;
  const { access_token: token, refresh_token: refreshToken } = await login();
  const [header = '', payload = '', signature = ''] = token.split('.');
  const me = (authorization: string) => send(request('GET /api/me/', `Authorization: ${authorization}\r\n`));

  for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
    t.equal((await me(`${scheme} ${token}`)).statusCode, 200, `${scheme}: schemes have no case`);
  }
  t.equal((await me(`  Bearer ${token}  `)).statusCode, 200, 'white space around the value is none of it');

  const refused: [what: string, authorization: string, code: ErrorCode][] = [
    ['empty', '', 'missing_token'],
    ['Basic', `Basic ${Buffer.from('user@example.com:password').toString('base64')}`, 'missing_token'],
    ['another scheme', `Token ${token}`, 'missing_token'],
    ['no scheme', token, 'missing_token'],
    ['a scheme that begins like ours', `Bearerx ${token}`, 'missing_token'],
    ['no token', 'Bearer', 'invalid_token'],
    ['a tab', `Bearer\t${token}`, 'invalid_token'],
    ['two tokens', `Bearer ${token} ${token}`, 'invalid_token'],
    ['a list', `Bearer ${token}, Bearer ${token}`, 'invalid_token'],
    ['in quotes', `Bearer "${token}"`, 'invalid_token'],
    ['cut', `Bearer ${token.slice(0, -1)}`, 'invalid_token'],
    ['without its signature', `Bearer ${header}.${payload}.`, 'invalid_token'],
    ['without its dots', `Bearer ${header}${payload}${signature}`, 'invalid_token'],
    ['a refresh token', `Bearer ${refreshToken}`, 'invalid_token'],
    ['letters outside ASCII', 'Bearer \u00fc', 'invalid_token'],
  ];
  for (const [what, authorization, code] of refused) {
    const answer = await me(authorization);
    isProblem(t, answer, code, what);
    isLogged(t, answer, what);
  }
});

t.test('of several Authorization headers none counts', async (t) => {
  const { login, send, isLogged } = shared;
  const { access_token: token } = await login();
  const good = `Authorization: Bearer ${token}\r\n`;
  for (const headers of [
    `${good}${good}`,
    `${good}Authorization: Bearer x\r\n`,
    `Authorization: Bearer x\r\n${good}`,
    `${good}AUTHORIZATION: Basic dTpw\r\n`,
    `${good}authorization:\r\n`,
  ]) {
    for (const call of ['GET /api/me/', 'GET /api/verify/']) {
      const answer = await send(request(call, headers));
      isProblem(t, answer, 'invalid_token', `${call} ${headers.replaceAll(token, '…')}`);
      isLogged(t, answer, call);
    }
  }
  t.equal((await send(request('GET /api/verify/', good))).statusCode, 204);
});

t.test('every answer says its type and charset, and may not be stored or guessed at', async (t) => {
  const { register, login, refresh, logout, me, updateMe, inject } = shared;
  const registered = await register('another@example.com');
  const pair = await login('another@example.com');
  const answers = {
    registered,
    me: await me(pair.access_token),
    updated: await updateMe(pair.access_token, { username: 'Me' }),
    refreshed: await refresh(pair.refresh_token),
    'logged out': await logout(pair.refresh_token),
    'not logged in': await inject({ method: 'POST', url: '/api/login/', payload: { email: 'a@b.cc', password: 'x' } }),
    alive: await inject({ method: 'GET', url: '/livez' }),
    ready: await inject({ method: 'GET', url: '/readyz' }),
    nothing: await inject({ method: 'GET', url: '/nothing' }),
  };
  for (const [what, { headers }] of Object.entries(answers)) {
    t.match(headers['content-type'], /^application\/(problem\+)?json; charset=utf-8$/, what);
    const policies = Object.fromEntries(Object.keys(POLICIES).map((name) => [name, headers[name]]));
    t.strictSame(policies, POLICIES, what);
    t.match(headers['x-request-id'], /^[0-9a-z]+-[0-9a-z]+$/, what);
    for (const name of [
      'access-control-allow-origin',
      'vary',
      'server',
      'x-powered-by',
      'set-cookie',
      'etag',
      'location',
    ]) {
      t.notOk(name in headers, `${what}: no ${name}`);
    }
  }
  const chosen = await inject({
    method: 'GET',
    url: '/livez',
    headers: { 'x-request-id': 'mine', 'request-id': 'mine' },
  });
  t.not(chosen.headers['x-request-id'], 'mine', 'clients cannot choose the id');
});

/** The service on a port of its own. */
async function listening(t: Test, env: Record<string, string> = {}) {
  const service = await testApp(t, { env });
  await service.app.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' });
  const address = service.app.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;
  return {
    ...service,
    port,
    /** One request on a connection of its own, and its answer. */
    send: async (bytes: string, options: { head?: boolean } = {}): Promise<Answer> => {
      const [answer] = (await converse(port, bytes, { answers: 1, ...options })).answers;
      if (answer === undefined) throw new Error(`no answer to ${bytes.slice(0, 80)}`);
      return answer;
    },
    /** One line of the log has the answer's request id, with its code, its status, and whose it was. */
    isLogged: (t: Test, { headers, body }: Answer, what: string) => {
      const { code, status } = JSON.parse(body);
      const lines = service
        .logLines()
        .filter((line) => line.request_id === headers['x-request-id'] && line.code !== undefined);
      matchAll(
        t,
        lines,
        [{ level: 'info', code, status, ip: '127.0.0.1', msg: 'request refused' }],
        `${what}: one line in the log`,
      );
    },
  };
}
