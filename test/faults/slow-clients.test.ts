// Clients that send or read too slowly, and too many of them: they are cut off, and everybody else is served.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { testDatabase } from '../support/database.js';
import { residentMib, tellsResources } from '../support/resources.js';
import { type Service, startService, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';
import { figure } from './harness/figures.js';

/** Of each kind. */
const SLOW = figure(200, 1000);
/** A request has 5 s to arrive, an answer 15 s to be taken; on a busy machine. */
const CUT_MILLISECONDS = 60_000;
const LIVE = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';

interface Slow {
  readonly socket: Socket;
  readonly received: () => string;
  readonly isCut: () => boolean;
}

/** A connection that has sent `bytes`; it is read unless `reads` is false. */
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

t.test('slow headers and slow bodies are answered 408 and closed, and all good requests are served', async (t) => {
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
    'all of them are cut off',
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
  // One that writes while it is being closed may lose the answer to a reset.
  for (const { received } of slow) t.match(received(), /^$|^HTTP\/1\.1 408 /);
  t.ok(slow.filter(({ received }) => received() !== '').length > 0, 'and were told');
  t.equal((await service.login('user@example.com')).statusCode, 200);
});

t.test('who asks on and on and reads nothing is no longer listened to, and cut off', async (t) => {
  const service = await startService(t, await testDatabase(t));
  const before = tellsResources ? residentMib(service.pid) : 0;
  const greedy = await open(t, service, '', false);
  greedy.socket.pause();
  let highest = before;
  let sent = 0;
  const burst = LIVE.repeat(1000);
  // Until the service does not take any more: both kernels' buffers are full then.
  while (!greedy.isCut() && greedy.socket.writableLength < 4 * 2 ** 20 && sent < 200_000) {
    greedy.socket.write(burst);
    sent += 1000;
    t.equal(await service.status('/livez'), 200, 'others are served');
    if (tellsResources) highest = Math.max(highest, residentMib(service.pid));
  }
  t.ok(greedy.socket.writableLength > 0, `of ${sent} requests not all were taken`);
  t.comment(`memory ${before.toFixed(0)} MiB before, ${highest.toFixed(0)} MiB at most`);
  if (tellsResources) t.ok(highest < before + 100, 'the memory is bounded');
  await until('it is cut off', () => greedy.isCut(), CUT_MILLISECONDS);
  t.equal(await service.status('/livez'), 200);
});

t.test('a connection serves 10,000 requests, says so at the last, and takes no more', async (t) => {
  const service = await startService(t, await testDatabase(t));
  const { received } = await open(t, service, LIVE.repeat(10_003));
  const answersSoFar = () => received().split('HTTP/1.1 ').slice(1);
  await until('all are answered', () => answersSoFar().length === 10_003, CUT_MILLISECONDS);
  const answers = answersSoFar();
  t.ok(answers.slice(0, 10_000).every((answer) => answer.startsWith('200 ')));
  t.notOk(answers.slice(0, 9_999).some((answer) => answer.includes('Connection: close')));
  t.match(answers[9_999], 'Connection: close', 'what was sent since was not taken');
  // Of what follows that, clients take no notice: they close (RFC 9112 section 9.6). Node says 503 until they do.
  t.notOk(
    answers.slice(10_000).some((answer) => !answer.startsWith('503 ')),
    'and nothing was done',
  );
});

t.test(
  'connections beyond MAX_CONNECTIONS are closed, those there are served, and places are taken again',
  async (t) => {
    const service = await startService(t, await testDatabase(t), { MAX_CONNECTIONS: '10' });
    // One at a time: a call of the client that is over still holds its place for a moment.
    const held: Slow[] = [];
    await until('all places are taken', async () => {
      if (held.length < 10) {
        const one = await open(t, service, LIVE);
        await until('it is answered or closed', () => one.isCut() || one.received() !== '');
        if (!one.isCut()) held.push(one);
      }
      return held.length === 10;
    });
    const beyond = await Promise.all(Array.from({ length: 5 }, () => open(t, service, LIVE)));
    await until('they are closed', () => beyond.every(({ isCut }) => isCut()));
    for (const { received } of beyond) t.equal(received(), '');
    t.match(
      await until('it is in the log', () =>
        service.logLines().find(({ msg }) => /^connections refused/.test(String(msg))),
      ),
      { level: 'warn', maxConnections: 10 },
    );
    for (const { socket } of held) socket.write(LIVE);
    await until('those there are served', () =>
      held.every(({ received }) => received().split('HTTP/1.1 200').length === 3),
    );
    for (const { socket } of held) socket.destroy();
    await until('there are places again', async () => (await service.status('/livez')) === 200);
  },
);
