// A process that was suspended while its connections to the database died: the first requests after it are served.
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { startService, tokensOf } from '../support/service.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

/** Longer than what counts as a pause (src/platform/concurrency/pause.ts). */
const SUSPENDED_MILLISECONDS = 7000;
const CONNECTIONS = 6;

for (const [what, kill] of [
  ['were given up without a word', (proxy: TcpProxy) => proxy.abandon()],
  ['were reset', (proxy: TcpProxy) => proxy.cut()],
  ['still work', () => {}],
] as const) {
  t.test(`after a suspension in which the connections ${what}, the first requests are served`, async (t) => {
    const proxy = await startTcpProxy(t, await testDatabase(t));
    const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600', DATABASE_POOL_SIZE: String(CONNECTIONS) };
    const service = await startService(t, proxy.url, env);
    await service.register('user@example.com');
    const logins = Array.from({ length: 2 * CONNECTIONS }, () => service.login('user@example.com'));
    const sessions = (await Promise.all(logins)).map(tokensOf);

    service.child.kill('SIGSTOP');
    kill(proxy);
    // The requests are there before the process runs again, so that nothing of its own comes first.
    const answers = sessions.flatMap((session, index) => [
      index % 2 === 0 ? service.me(session.access_token) : service.refresh(session.refresh_token),
    ]);
    await sleep(SUSPENDED_MILLISECONDS);
    service.child.kill('SIGCONT');

    const statuses = (await Promise.all(answers)).map(({ statusCode }) => statusCode);
    t.strictSame([...new Set(statuses)], [200]);
    t.equal((await service.login('user@example.com')).statusCode, 200);
    t.equal((await service.stop('SIGTERM')).code, 0);
  });
}
