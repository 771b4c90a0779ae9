// A flood of connections reaches the limit of open files: the service survives and recovers when the flood ends.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { hasProcfs, openFiles } from '../support/resources.js';
import { startService, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';

const LIMIT = 256;
const FLOOD = 500;
const skip = hasProcfs ? false : 'counting open files needs Linux';

t.test('the service survives a flood of connections up to the limit of open files', { skip }, async (t) => {
  const service = await startService(t, await testDatabase(t), {}, `ulimit -n ${LIMIT}`);
  t.equal((await service.register('user@example.com')).statusCode, 201);
  const pair = tokensOf(await service.login('user@example.com'));

  for (let round = 0; round < 2; round += 1) {
    const sockets: Socket[] = [];
    for (let i = 0; i < FLOOD; i += 1) {
      const socket = connect(service.port, '127.0.0.1');
      socket.on('error', () => {});
      t.teardown(() => socket.destroy());
      sockets.push(socket);
    }
    await Promise.all(
      sockets.map((socket) => socket.destroyed || Promise.race([once(socket, 'connect'), once(socket, 'close')])),
    );
    await until('the limit is reached', () => openFiles(service.pid) >= LIMIT - 2);
    t.equal(service.child.exitCode, null, 'the service is running');
    for (const socket of sockets) socket.destroy();
    await until('the files are closed', () => openFiles(service.pid) < LIMIT / 2);
    await until('the service is ready', async () => (await service.status('/readyz')) === 200);
    t.equal((await service.me(pair.access_token)).statusCode, 200, 'the token is accepted');
    t.equal((await service.login('user@example.com')).statusCode, 200);
  }
  t.strictSame(
    service.logLines().filter(({ level }) => level === 'fatal'),
    [],
  );
});
