// Clients that pipeline: every request is answered, in order, however many there are and however they arrive.
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import t from 'tap';
import { testApp } from '../../support/app.js';
import { until } from '../../support/until.js';
import { converse } from '../../support/wire.js';

const HOST = 'Host: localhost\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const request = (line: string, headers = '', body = '') =>
  `${line} HTTP/1.1\r\n${HOST}${headers}${body && `Content-Length: ${body.length}\r\n`}\r\n${body}`;
const get = (path: string) => request(`GET ${path}`);
const post = (path: string, body: string, headers = JSON_TYPE) => request(`POST ${path}`, headers, body);
const chunked = (body: string) =>
  request('POST /api/logout/', `${JSON_TYPE}Transfer-Encoding: chunked\r\n`) +
  `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const UNKNOWN = '{"refresh_token": "00000000-0000-4000-8000-000000000000"}';
const LONG = `{"refresh_token": "${'x'.repeat(17_000)}"}`;

const { app } = await testApp(t);
const port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);

/** Requests after whose answers the connection stays open, and their statuses. */
const MIXED: readonly [bytes: string, status: number][] = [
  [get('/livez'), 200],
  [post('/api/logout/', UNKNOWN), 200],
  [get('/nothing'), 404],
  [chunked(UNKNOWN), 200],
  [get('/api/me/'), 401],
  [post('/api/logout/', '{'), 400],
  [get('/readyz'), 200],
  [chunked('{'), 400],
  [post('/api/logout/', '{}'), 400],
  [post('/api/logout/', UNKNOWN, 'Content-Type: text/plain\r\n'), 415],
  [request('GET /livez', 'Expect: nothing\r\n'), 417],
  [request('PUT /api/me/', JSON_TYPE, UNKNOWN), 401],
  [post('/livez', UNKNOWN), 405],
  [post('/nothing', LONG), 404],
  [request('POST /api/logout/', `${JSON_TYPE}Expect: 100-continue\r\n`, UNKNOWN), 200],
];

/** Requests whose answers close the connection: what follows them cannot be told apart, or may be long. */
const CLOSING: Readonly<Record<string, [bytes: string, status: number]>> = {
  'a body that is too large': [post('/api/logout/', LONG), 413],
  'a chunked body that is too large': [chunked(LONG), 413],
  'no host': ['GET /livez HTTP/1.1\r\n\r\n', 400],
  'two hosts': [request('GET /livez', HOST), 400],
  'no HTTP': ['nonsense\r\n\r\n', 400],
  'a length and chunks': [post('/api/logout/', '{}', `${JSON_TYPE}Transfer-Encoding: chunked\r\n`), 400],
  'headers that are too large': [request('GET /livez', `X: ${'x'.repeat(17_000)}\r\n`), 431],
  'a preface of HTTP/2': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  'a request that asks for it': [request('GET /livez', 'Connection: close\r\n'), 200],
};

const mixed = (count: number) => Array.from({ length: count }, (_, i) => MIXED[i % MIXED.length] ?? ['', 0]);
const bytesOf = (requests: ReturnType<typeof mixed>) => requests.map(([bytes]) => bytes).join('');
const statusesOf = (answers: readonly { readonly statusCode: number }[]) => answers.map(({ statusCode }) => statusCode);

t.test('300 different requests in one write are answered in order', async (t) => {
  const sent = mixed(300);
  const { answers } = await converse(port, bytesOf(sent), { answers: sent.length });
  t.strictSame(
    statusesOf(answers),
    sent.map(([, status]) => status),
  );
});

t.test('requests that arrive in pieces, cut anywhere, are answered in order', async (t) => {
  const sent = mixed(70);
  for (const size of [7, 97, 1001, 20_000]) {
    const pieces = bytesOf(sent).match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    const { answers } = await converse(port, pieces[0] ?? '', {
      answers: sent.length,
      more: (send) => {
        for (const piece of pieces.slice(1)) setImmediate(() => send(piece));
      },
    });
    t.strictSame(
      statusesOf(answers),
      sent.map(([, status]) => status),
      `pieces of ${size}`,
    );
  }
});

t.test('an answer that closes the connection comes after all earlier ones, and nothing comes after it', async (t) => {
  for (const [what, [bytes, status]] of Object.entries(CLOSING)) {
    for (const count of [0, 1, 7, 8, 9, 50]) {
      const before = mixed(count);
      for (const after of [0, 40]) {
        const { answers, closed } = await converse(port, bytesOf(before) + bytes + get('/livez').repeat(after));
        const name = `${what}, ${count} before, ${after} after`;
        t.strictSame(statusesOf(answers), [...before.map(([, each]) => each), status], name);
        t.equal(answers.at(-1)?.headers.connection, 'close', name);
        t.ok(closed, name);
      }
    }
  }
});

t.test('pipelined HEAD and HTTP/1.0 requests are answered', async (t) => {
  const head = await converse(port, request('HEAD /openapi.json').repeat(300), { answers: 300, head: true });
  t.strictSame(new Set(statusesOf(head.answers)), new Set([200]));
  const old = 'GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n';
  t.equal((await converse(port, old.repeat(300), { answers: 300 })).answers.length, 300, 'kept alive');
  const { answers, closed } = await converse(port, 'GET /livez HTTP/1.0\r\n\r\n'.repeat(300));
  t.equal(answers.length, 1, 'HTTP/1.0 closes after one');
  t.ok(closed);
});

t.test('a request that never arrives completely is answered 408 after all earlier ones', async (t) => {
  const parts = [
    'GET /livez HTTP/1.1\r\nX: ',
    post('/api/logout/', UNKNOWN).slice(0, -1),
    chunked(UNKNOWN).slice(0, -2),
    request('POST /api/logout/', `${JSON_TYPE}Content-Length: 50\r\nExpect: 100-continue\r\n`),
  ];
  await Promise.all(
    parts.flatMap((part) =>
      [0, 7, 8, 50].map(async (count) => {
        const before = mixed(count);
        const { answers, closed } = await converse(port, bytesOf(before) + part);
        t.strictSame(statusesOf(answers), [...before.map(([, each]) => each), 408], `${part}, ${count} before`);
        t.ok(closed);
      }),
    ),
  );
});

t.test('large answers that are read: all requests are answered, and later ones too', async (t) => {
  // More bytes than one read of the service brings, then a few requests at a time.
  for (const [first, burst] of [
    [20, mixed(300)],
    [1, mixed(3)],
  ] as const) {
    const requests = `${get('/openapi.json').repeat(first)}${bytesOf(burst)}`;
    const count = first + burst.length;
    const socket = connect(port, '127.0.0.1');
    let answered = 0;
    let end = '';
    socket.on('data', (chunk) => {
      const text = end + chunk.toString('latin1');
      answered += text.match(/HTTP\/1\.1 [2-5]\d\d /g)?.length ?? 0;
      end = text.slice(-12);
    });
    for (const round of [1, 2, 3]) {
      socket.write(requests);
      await until(`round ${round} is answered`, () => answered >= round * count);
    }
    t.equal(answered, 3 * count);
    socket.destroy();
  }
});

t.test('a request that offers HTTP/2 is answered, and so is the next one on its connection', async (t) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  // What curl and the HTTP client of Java send first.
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' };
  for (const _ of [1, 2, 3]) {
    const outgoing = httpRequest({ port, host: '127.0.0.1', path: '/livez', agent, headers }).end();
    const [response] = await once(outgoing, 'response');
    t.equal(response.statusCode, 200);
    response.resume();
    await once(response, 'end');
  }
});

t.test('10,000 requests on one connection are answered, ten or one at a time', async (t) => {
  const total = 9999;
  for (const atOnce of [1, 10]) {
    let sent = atOnce;
    let answered = 0;
    const socket = connect(port, '127.0.0.1');
    socket.write(get('/livez').repeat(atOnce));
    socket.on('data', (chunk) => {
      const count = chunk.toString('latin1').split('HTTP/1.1 200 ').length - 1;
      answered += count;
      const more = Math.min(count, total - sent);
      sent += more;
      if (more > 0) socket.write(get('/livez').repeat(more));
      if (answered === total) socket.end();
    });
    await once(socket, 'close');
    t.equal(answered, total, `${atOnce} at a time`);
  }
});

t.test('clients that leave give their places back', async (t) => {
  // More than can be paused at a time (512), in waves that leave before they are answered.
  for (let wave = 0; wave < 8; wave += 1) {
    const sockets = Array.from({ length: 100 }, () => connect(port, '127.0.0.1').pause());
    for (const socket of sockets) {
      socket.on('error', () => {});
      socket.write(get('/openapi.json').repeat(500));
    }
    await Promise.all(sockets.map((socket) => once(socket, 'readable')));
    for (const [i, socket] of sockets.entries()) i % 2 ? socket.destroy() : socket.resetAndDestroy();
  }
  const sent = mixed(300);
  const { answers } = await until('all are answered', async () => {
    const conversation = await converse(port, bytesOf(sent), { answers: sent.length });
    return conversation.answers.length === sent.length && conversation;
  });
  t.strictSame(
    statusesOf(answers),
    sent.map(([, status]) => status),
  );
});
