// The breach check against a real server that answers like Have I Been Pwned, and in many wrong ways.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { createBreaches } from '#passwords/breaches.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const digestOf = (password: string) => createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase();
const FILLER = `${'0'.repeat(34)}1:5\r\n${'A'.repeat(35)}:1\r\n`;

/** A local server with its requests, and a breach check against it with its log. */
async function rangeServer(t: Test, answer: Answer, now?: () => number) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`;
  const logged: string[] = [];
  const sink = new Writable({ write: (chunk, _encoding, done) => done(void logged.push(String(chunk))) });
  const log = pino({ level: 'debug' }, sink);
  return { asked, server, logged, url, ...createBreaches({ url, log, ...(now && { now }) }) };
}

const respond =
  (body: string | Buffer, status = 200, headers = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

t.test(
  'a password whose hash is in the range counts as breached, and only five digits of the hash are sent',
  async (t) => {
    const suffix = digestOf('pässword1').slice(5);
    const range = await rangeServer(t, respond(`${FILLER}${suffix}:1203\r\n`));
    t.equal(await range.isBreached('pa\u0308ssword1'), true, 'in either Unicode form');
    const [request] = range.asked;
    t.equal(request?.url, `/range/${digestOf('pässword1').slice(0, 5)}`);
    t.equal(request?.headers['add-padding'], 'true');
    t.equal(await range.isBreached('something else'), false);
    t.match(range.logged.join(''), /"breached":true/);
  },
);

t.test('padding does not count as a breach, and lower-case digits match', async (t) => {
  const suffix = digestOf('hunter2').slice(5);
  const padded = await rangeServer(t, respond(`${FILLER}${suffix}:0`));
  t.equal(await padded.isBreached('hunter2'), false);
  const lower = await rangeServer(t, respond(`${FILLER}${suffix.toLowerCase()}:3`));
  t.equal(await lower.isBreached('hunter2'), true);
});

const suffix = digestOf('hunter2').slice(5);
const FAILURES: readonly (readonly [what: string, reason: string, answer: Answer])[] = [
  ['no answer', 'timeout', () => {}],
  ['a status and then nothing', 'timeout', (_request, response) => void response.writeHead(200).write(FILLER)],
  [
    'an answer that comes byte by byte',
    'timeout',
    (_request, response) => {
      const timer = setInterval(() => response.write('A'), 50);
      response.once('close', () => clearInterval(timer));
    },
  ],
  ['a connection that is cut', 'unreachable', (request) => void request.socket.destroy()],
  [
    'an answer that is cut',
    'unreachable',
    (_request, response) => {
      response.writeHead(200, { 'content-length': 5000 }).write(`${suffix}:3\r\n`);
      setTimeout(() => response.destroy(), 20);
    },
  ],
  ['an error with a body that says breached', 'status', respond(`${suffix}:3`, 500)],
  ['too many requests', 'status', respond('', 429, { 'retry-after': '2' })],
  ['a redirect', 'status', respond('', 302, { location: 'http://127.0.0.1:1/' })],
  ['a page', 'not a range', respond('<html>Please log in</html>', 200, { 'content-type': 'text/html' })],
  ['nothing', 'not a range', respond('')],
  ['bytes', 'not a range', respond(Buffer.from([0, 255, 254, 13, 10, 0]))],
  ['gzip that is broken', 'unreachable', respond('no gzip', 200, { 'content-encoding': 'gzip' })],
  [
    'an endless answer',
    'too large',
    (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(`${'B'.repeat(35)}:1\r\n`.repeat(500)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    },
  ],
];

for (const [what, reason, answer] of FAILURES) {
  t.test(`${what}: the password is accepted, and the reason ${reason} is logged`, async (t) => {
    const range = await rangeServer(t, answer);
    t.equal(await range.isBreached('hunter2'), false);
    const [line = ''] = range.logged;
    t.match(JSON.parse(line), { level: 40, reason, msg: 'breach check failed: password accepted' });
    t.notMatch(
      line,
      new RegExp(`hunter2|${digestOf('hunter2').slice(0, 5)}|${suffix}`, 'i'),
      'nothing about the password',
    );
  });
}

t.test('a redirect is not followed', async (t) => {
  const target = await rangeServer(t, respond(`${suffix}:3`));
  const range = await rangeServer(t, (_request, response) => {
    response.writeHead(307, { location: `${target.url}${digestOf('hunter2').slice(0, 5)}` }).end();
  });
  t.equal(await range.isBreached('hunter2'), false);
  t.equal(target.asked.length, 0);
});

t.test('a server that is down is not asked for a while, and then asked again', async (t) => {
  let time = 0;
  let down = true;
  const range = await rangeServer(
    t,
    (request, response) => (down ? request.socket.destroy() : respond(`${suffix}:3`)(request, response)),
    () => time,
  );
  for (let call = 0; call < 6; call += 1) t.equal(await range.isBreached('hunter2'), false);
  t.equal(range.asked.length, 3);
  t.match(range.logged.at(-1), /"reason":"paused"/);
  time += 10_001;
  down = false;
  t.equal(await range.isBreached('hunter2'), true);
  t.equal(await range.isBreached('hunter2'), true);
});

t.test('no more than sixteen requests are open at once', async (t) => {
  const waiting: ServerResponse[] = [];
  const range = await rangeServer(t, (_request, response) => void waiting.push(response));
  const checks = Array.from({ length: 40 }, () => range.isBreached('hunter2'));
  while (waiting.length < 16) await new Promise((resolve) => setImmediate(resolve));
  for (const response of waiting) response.end(`${suffix}:3`);
  const results = await Promise.all(checks);
  t.equal(results.filter(Boolean).length, 16);
  t.equal(range.asked.length, 16);
  t.equal(range.logged.filter((line) => line.includes('too many at once')).length, 24);
});
