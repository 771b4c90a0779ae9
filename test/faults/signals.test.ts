// SIGTERM and SIGINT: accepted requests are finished, and the process exits in time.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { testDatabase } from '../support/database.js';
import { type Service, startService, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';

const STOP_MILLISECONDS = 15_000;
const EMAIL = 'user@example.com';

async function start(t: Test, env: Record<string, string> = {}): Promise<Service> {
  const service = await startService(t, await testDatabase(t), env);
  t.equal((await service.register(EMAIL)).statusCode, 201);
  return service;
}

t.test(
  'on SIGTERM the service becomes not ready first, still accepts connections, and answers accepted requests',
  async (t) => {
    // A password hash that takes long enough to be in flight.
    const service = await start(t, { ARGON2_MEMORY_KIB: '65536', ARGON2_TIME_COST: '3', DRAIN_SECONDS: '2' });
    const begun = performance.now();
    const inFlight = Array.from({ length: 4 }, () => service.login(EMAIL));
    await sleep(0);
    service.child.kill('SIGTERM');
    await until('not ready', async () => (await service.status('/readyz')) === 503);
    const late = await service.login(EMAIL);
    t.equal(late.statusCode, 200, 'a client that has not noticed yet is served');
    for (const answer of await Promise.all(inFlight)) t.equal(answer.statusCode, 200, 'accepted before the signal');
    const { code, stderr } = await service.ended;
    t.equal(code, 0);
    t.equal(stderr, '');
    t.ok(performance.now() - begun < STOP_MILLISECONDS);
    t.equal(await service.status('/livez'), undefined, 'the port is closed');
  },
);

t.test('a client that follows /readyz, as a load balancer does, never loses a request', async (t) => {
  const service = await start(t);
  const { access_token: token } = tokensOf(await service.login(EMAIL));
  let answered = 0;
  let ready = true;
  const load = Array.from({ length: 8 }, async () => {
    while (ready) {
      t.equal((await service.me(token)).statusCode, 200);
      answered++;
    }
  });
  const balancer = until('not ready', async () => (await service.status('/readyz')) === 503).then(() => {
    ready = false;
  });
  await until('traffic flows', () => answered > 50);
  const ended = service.stop('SIGTERM');
  await balancer;
  await Promise.all(load);
  t.equal((await ended).code, 0);
});

t.test('two SIGINTs, as the terminal and npm send them, stop the service once and without a drain', async (t) => {
  const service = await start(t, { DRAIN_SECONDS: '10' });
  const begun = performance.now();
  service.child.kill('SIGINT');
  service.child.kill('SIGINT');
  const { code, stderr } = await service.ended;
  t.equal(code, 0);
  t.equal(stderr, '');
  t.ok(performance.now() - begun < 5000, 'SIGINT does not wait for the drain');
});

t.test('clients with idle connections or half a request do not delay the stop', async (t) => {
  const service = await start(t);
  const slow = await Promise.all(
    [
      '',
      'POST /api/login/ HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"em',
    ].map(async (bytes) => {
      const socket = connect(service.port, '127.0.0.1');
      socket.on('error', () => {});
      t.teardown(() => socket.destroy());
      socket.resume();
      await once(socket, 'connect');
      socket.write(bytes);
      return socket;
    }),
  );
  const begun = performance.now();
  const { code } = await service.stop('SIGTERM');
  t.equal(code, 0);
  t.ok(performance.now() - begun < STOP_MILLISECONDS);
  await until('their connections are closed', () => slow.every(({ destroyed }) => destroyed));
});
