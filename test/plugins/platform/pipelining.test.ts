// Pipelining: every request on a connection is answered in order, however many there are and however they arrive.
import t, { type Test } from 'tap';
import { testApp } from '../../support/app.js';
import { converse } from '../../support/wire.js';

const HOST = 'Host: localhost\r\n';
const get = (path: string) => `GET ${path} HTTP/1.1\r\n${HOST}\r\n`;
const post = (body: string) =>
  `POST /api/logout/ HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const chunked = (body: string) =>
  `POST /api/logout/ HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const UNKNOWN = '{"refresh_token": "00000000-0000-4000-8000-000000000000"}';

async function listening(t: Test) {
  const test = await testApp(t);
  await test.app.listen({ host: '127.0.0.1', port: 0 });
  const address = test.app.server.address();
  return { ...test, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

/** Different requests and their status. */
const MIXED: readonly [bytes: string, status: number][] = [
  [get('/livez'), 200],
  [post(UNKNOWN), 200],
  [get('/nothing'), 404],
  [chunked(UNKNOWN), 200],
  [get('/api/me/'), 401],
  [get('/readyz'), 200],
];

t.test('300 different requests in one write are answered in order', async (t) => {
  const { port } = await listening(t);
  const sent = Array.from({ length: 300 }, (_, i) => MIXED[i % MIXED.length] ?? MIXED[0]);
  const { answers } = await converse(port, sent.map((each) => each?.[0]).join(''), { answers: sent.length });
  t.strictSame(
    answers.map(({ statusCode }) => statusCode),
    sent.map((each) => each?.[1]),
  );
});

t.test('requests that arrive in pieces, cut anywhere, are answered in order', async (t) => {
  const { port } = await listening(t);
  const sent = Array.from({ length: 70 }, (_, i) => MIXED[i % MIXED.length] ?? MIXED[0]);
  const bytes = sent.map((each) => each?.[0]).join('');
  for (const size of [7, 97, 1001]) {
    const pieces = bytes.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    const { answers } = await converse(port, pieces[0] ?? '', {
      answers: sent.length,
      more: (send) => {
        for (const piece of pieces.slice(1)) setImmediate(() => send(piece));
      },
    });
    t.strictSame(
      answers.map(({ statusCode }) => statusCode),
      sent.map((each) => each?.[1]),
      `pieces of ${size}`,
    );
  }
});

t.test('a malformed request after valid ones is answered last', async (t) => {
  const { port } = await listening(t);
  for (const count of [1, 5, 50]) {
    const { answers, closed } = await converse(port, `${get('/readyz').repeat(count)}nonsense\r\n\r\n`);
    t.strictSame(
      answers.map(({ statusCode }) => statusCode),
      [...Array.from({ length: count }, () => 200), 400],
    );
    t.ok(closed);
  }
});
