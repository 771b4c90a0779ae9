// Connections whose client does not read its answers are closed; slow readers and idle connections are not.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import t, { type Test } from 'tap';
import { createStalledConnections } from '#platform/http/stalled-connections.js';
import { until } from '../../../support/until.js';

const CHECK_MILLISECONDS = 20;
const ANSWER = Buffer.alloc(2 ** 20, 'x');
/** More than the buffers of the kernel take. */
const ANSWERS = 80;
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

/** A server whose answers are 1 MiB long, and what it logs. */
async function listening(t: Test) {
  const lines: object[] = [];
  const server = createServer((_request, response) => response.end(ANSWER));
  server.on(
    'connection',
    createStalledConnections({ info: (line: object) => void lines.push(line) }, CHECK_MILLISECONDS),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const open = async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {});
    t.teardown(() => socket.destroy());
    await once(socket, 'connect');
    return socket.pause();
  };
  const connections = () => new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
  return { open, lines, connections };
}

t.test('a client that reads nothing is closed, also while it sends, and a line is logged', async (t) => {
  const { open, lines, connections } = await listening(t);
  const [silent, sending, idle] = [await open(), await open(), await open()];
  let received = 0;
  idle.on('data', ({ length }) => {
    received += length;
  });
  idle.resume();
  idle.write(GET);
  silent.write(GET.repeat(ANSWERS));
  sending.write(GET.repeat(ANSWERS));
  const sender = setInterval(() => sending.write('G'), CHECK_MILLISECONDS);
  await until('both are closed', () => lines.length === 2);
  clearInterval(sender);
  for (const line of lines) t.match(line, { event: 'connection_stalled', ip: '127.0.0.1', unsentBytes: Number });
  t.equal(await until('one is open', async () => (await connections()) === 1), true);
  const before = received;
  t.ok(before > ANSWER.length, 'the idle connection had its answer');
  idle.write(GET);
  await until('and is still served', () => received > before + ANSWER.length);
});

t.test('a slow reader gets every answer, however long it takes', async (t) => {
  const { open, lines } = await listening(t);
  const socket = await open();
  socket.write(GET.repeat(ANSWERS));
  let received = 0;
  let checks = 0;
  const counter = setInterval(() => {
    checks += 1;
  }, CHECK_MILLISECONDS);
  const reader = setInterval(() => {
    received += socket.read()?.length ?? 0;
  }, 1);
  await until('it has all of them', () => received > ANSWERS * ANSWER.length || socket.closed);
  clearInterval(counter);
  clearInterval(reader);
  t.ok(received > ANSWERS * ANSWER.length);
  t.ok(checks > 20, `it took ${checks} checks`);
  t.strictSame(lines, []);
});

t.test('a client that closes its side and reads nothing is closed', async (t) => {
  const { open, connections } = await listening(t);
  const socket = await open();
  socket.write(GET.repeat(ANSWERS));
  await once(socket, 'readable');
  socket.end();
  t.equal(await until('it is closed', async () => (await connections()) === 0), true);
});
