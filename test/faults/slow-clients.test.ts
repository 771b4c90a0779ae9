// Clients that send or read too slowly, and too many connections: they are closed, and all other clients are served.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { testDatabase } from '../support/database.js';
import { hasProcfs, residentMib } from '../support/resources.js';
import { type Service, startService, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';
import { figure } from './harness/figures.js';

/** Connections of each kind. */
const SLOW = figure(200, 1000);
/** A request has 5 s to arrive and an answer 15 s to be read; a busy machine is allowed more. */
const CUT_MILLISECONDS = 60_000;
const LIVE = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';

interface Slow {
  readonly socket: Socket;
  readonly received: () => string;
  readonly isCut: () => boolean;
}

/** A connection that has sent `bytes`; its answers are read unless `reads` is false. */
async function open(t: Test, { port }: Pick<Service, 'port'>, bytes: string, reads = true): Promise<Slow> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  let cut = false;
  t.teardown(() => socket.destroy());
  socket.on('error', () => {
    cut = true;
  });
  socket.on('close', () => {
    cut = true;
  });
  if (reads) {
    socket.on('data', (chunk) => {
      received += chunk;
    });
  }
  await once(socket, 'connect');
  socket.write(bytes);
  return { socket, received: () => received, isCut: () => cut };
}

t.test('slow headers and slow bodies are answered 408 and closed, and other requests are served', async (t) => {
  const service = await startService(t, await testDatabase(t));
  t.equal((await service.register('user@example.com')).statusCode, 201);
  const { access_token: token } = tokensOf(await service.login('user@example.com'));
  const head =
    'POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n';
  const slow = await Promise.all(
    Array.from({ length: SLOW }, () => [
      open(t, service, 'GET /livez HTTP/1.1\r\nHost: x\r\nX: '),
      open(t, service, head),
    ]).flat(),
  );
  const trickle = setInterval(() => {
    for (const { socket } of slow) if (socket.writable) socket.write('1');
  }, 500);
  t.teardown(() => clearInterval(trickle));

  const times: number[] = [];
  await until(
    'all slow connections are closed',
    async () => {
      const begun = performance.now();
      const { statusCode } = await service.me(token);
      times.push(performance.now() - begun);
      if (statusCode !== 200) t.equal(statusCode, 200, 'a good request');
      return slow.every(({ isCut }) => isCut());
    },
    CUT_MILLISECONDS,
  );
  times.sort((a, b) => a - b);
  t.comment(`${times.length} good requests, slowest ${times.at(-1)?.toFixed(0)} ms`);
  // A client that writes while the connection is closed may lose the answer to a reset.
  for (const { received } of slow) t.match(received(), /^$|^HTTP\/1\.1 408 /);
  t.ok(slow.filter(({ received }) => received() !== '').length > 0, 'some got the 408');
  t.equal((await service.login('user@example.com')).statusCode, 200);
});

t.test('a client that keeps sending and reads nothing is no longer read from, and then closed', async (t) => {
  const service = await startService(t, await testDatabase(t), { SETTING_ACCESS_TOKEN_LIFETIME: '3600' });
  t.equal((await service.register('user@example.com')).statusCode, 201);
  const { access_token: token } = tokensOf(await service.login('user@example.com'));
  for (const [path, headers] of [
    ['/livez', ''],
    ['/openapi.json', ''],
    ['/api/me/', `Authorization: Bearer ${token}\r\n`],
  ]) {
    const before = hasProcfs ? residentMib(service.pid) : 0;
    const greedy = await open(t, service, '', false);
    greedy.socket.pause();
    let highest = before;
    let sent = 0;
    const burst = `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`.repeat(1000);
    // It sends until it is closed: the kernel's buffers take several MiB of answers before anything stalls.
    await until(
      'the connection is closed',
      async () => {
        if (greedy.socket.writableLength < 4 * 2 ** 20) {
          greedy.socket.write(burst);
          sent += 1000;
        }
        const status = await service.status('/livez');
        if (status !== 200) t.equal(status, 200, 'other clients are served');
        if (hasProcfs) highest = Math.max(highest, residentMib(service.pid));
        return greedy.isCut();
      },
      CUT_MILLISECONDS,
    );
    t.comment(`${path}: ${sent} requests; memory ${before.toFixed(0)} MiB before, ${highest.toFixed(0)} MiB at most`);
    if (hasProcfs) t.ok(highest < before + 100, 'memory is bounded');
    const lines = await until('it is in the log', () => {
      const found = service.logLines().filter(({ event }) => event === 'connection_stalled');
      return found.length > 0 && found;
    });
    t.match(lines.at(-1), { level: 'info', ip: '127.0.0.1' });
    t.equal(await service.status('/livez'), 200);
  }
});

t.test('a connection serves 10,000 requests and announces its end with the last answer', async (t) => {
  const service = await startService(t, await testDatabase(t));
  const { received } = await open(t, service, LIVE.repeat(10_003));
  const answersSoFar = () => received().split('HTTP/1.1 ').slice(1);
  await until('all are answered', () => answersSoFar().length === 10_003, CUT_MILLISECONDS);
  const answers = answersSoFar();
  t.ok(answers.slice(0, 10_000).every((answer) => answer.startsWith('200 ')));
  t.notOk(answers.slice(0, 9_999).some((answer) => answer.includes('Connection: close')));
  t.match(answers[9_999], 'Connection: close', 'the last answer announces the close');
  // Clients close after it and ignore what follows (RFC 9112 section 9.6). Node answers 503 until they do.
  t.notOk(
    answers.slice(10_000).some((answer) => !answer.startsWith('503 ')),
    'later requests are not served',
  );
});

t.test('connections beyond MAX_CONNECTIONS are closed, open ones are served, and free places are reused', async (t) => {
  const service = await startService(t, await testDatabase(t), { MAX_CONNECTIONS: '10' });
  // One at a time: a finished call of the client still counts for a moment.
  const held: Slow[] = [];
  await until('all places are in use', async () => {
    if (held.length < 10) {
      const one = await open(t, service, LIVE);
      await until('it is answered or closed', () => one.isCut() || one.received() !== '');
      if (!one.isCut()) held.push(one);
    }
    return held.length === 10;
  });
  const beyond = await Promise.all(Array.from({ length: 5 }, () => open(t, service, LIVE)));
  await until('the connections beyond the limit are closed', () => beyond.every(({ isCut }) => isCut()));
  for (const { received } of beyond) t.equal(received(), '');
  t.match(
    await until('it is in the log', () =>
      service.logLines().find(({ msg }) => /^connections refused/.test(String(msg))),
    ),
    { level: 'warn', maxConnections: 10 },
  );
  for (const { socket } of held) socket.write(LIVE);
  await until('the open connections are served', () =>
    held.every(({ received }) => received().split('HTTP/1.1 200').length === 3),
  );
  for (const { socket } of held) socket.destroy();
  await until('a new connection is served', async () => (await service.status('/livez')) === 200);
});
