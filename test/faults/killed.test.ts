// The process is killed amid refreshes, again and again: what was answered stays, and nothing is there twice.
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { httpClient, startService, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';

const CLIENTS = 8;
const KILLS = 10;

t.test('killed again and again amid refreshes, no session has two successors and none is lost', async (t) => {
  const url = await testDatabase(t);
  let service = await startService(t, url);
  // One key for each refresh token, kept until the answer is there: that is what clients are told to do.
  const sessions = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, i) => {
      const email = `user${i}@example.com`;
      await service.register(email);
      const { refresh_token: token } = tokensOf(await service.login(email));
      return { email, token, key: randomUUID(), used: [] as string[] };
    }),
  );

  const total = () => sessions.reduce((sum, { used }) => sum + used.length, 0);

  async function refreshUntilKilled(session: (typeof sessions)[number]): Promise<void> {
    const client = httpClient(service.port);
    for (;;) {
      const answer = await client.refresh(session.token, { 'idempotency-key': session.key }).catch(() => undefined);
      if (answer === undefined) return;
      const { refresh_token: next } = tokensOf(answer);
      session.used.push(session.token);
      session.token = next;
      session.key = randomUUID();
    }
  }

  for (let kill = 0; kill < KILLS; kill++) {
    const before = total();
    const load = sessions.map(refreshUntilKilled);
    await until('refreshes are acknowledged', () => total() >= before + CLIENTS);
    await sleep(randomInt(30));
    service.child.kill('SIGKILL');
    await service.ended;
    await Promise.all(load);
    service = await startService(t, url);
  }

  t.comment(`${total()} refreshes, ${KILLS} kills`);
  for (const { email, token, key, used } of sessions) {
    t.equal((await service.login(email)).statusCode, 200, 'an account that was acknowledged is there (I1)');
    const answer = await service.refresh(token, { 'idempotency-key': key });
    t.equal(answer.statusCode, 200, 'the last acknowledged successor works (I5, I7)');
    const { refresh_token: last } = tokensOf(answer);
    t.equal(new Set([...used, token, last]).size, used.length + 2, 'each token had one successor (I3)');
    t.equal((await service.logout(last)).statusCode, 200);
    for (const each of [...used.slice(-3), token, last]) {
      t.equal((await service.refresh(each)).statusCode, 401, 'none works after logout (I2, I4)');
    }
  }
});
