// F31: far more logins than can be hashed: they are served or refused, everything else goes on, and the memory comes back.
import { randomUUID } from 'node:crypto';
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { isProblem } from '../support/problem.js';
import { residentMib, tellsResources } from '../support/resources.js';
import { startService, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';
import { figure, quantile, report, timeout } from './harness/figures.js';

/** So many clients each try again as soon as they have been answered: more than are hashed and may wait. */
const CLIENTS = 200;
const LOGINS = figure(1500, 10_000);
const EMAIL = 'user@example.com';
/** MiB; generous: two hashes of 19, the connections, and what the collector has not looked at yet. */
const GROWTH = 250;

t.test('F31: a storm of logins leaves refresh, me and verify alone', { timeout }, async (t) => {
  // The real cost of a hash.
  const env = { ARGON2_MEMORY_KIB: '19456', ARGON2_TIME_COST: '2', SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '0' };
  const service = await startService(t, await testDatabase(t), env);
  t.equal((await service.register(EMAIL)).statusCode, 201);
  let pair = tokensOf(await service.login(EMAIL));
  const before = tellsResources ? residentMib(service.pid) : 0;

  const served: number[] = [];
  const refused: number[] = [];
  const storm = Array.from({ length: CLIENTS }, async () => {
    for (let i = 0; i < LOGINS / CLIENTS; i += 1) {
      const begun = performance.now();
      // Each another account, which is not there: on one they would take turns. A password is hashed all the same.
      const answer = await service.login(`${randomUUID()}@example.com`);
      (answer.statusCode === 401 ? served : refused).push(performance.now() - begun);
      // On a machine with too little for both, the database may be late too.
      const code = answer.body.includes('"overloaded"') ? 'overloaded' : 'database_unavailable';
      if (answer.statusCode !== 401) isProblem(t, answer, code, 'not served');
    }
  });
  let storming = true;
  const others: number[] = [];
  let highest = before;
  const calm = (async () => {
    while (storming) {
      const begun = performance.now();
      pair = tokensOf(await service.refresh(pair.refresh_token));
      t.equal((await service.me(pair.access_token)).statusCode, 200, 'me');
      t.equal((await service.as(pair.access_token, 'GET', '/api/verify/')).statusCode, 204, 'verify');
      t.equal(await service.status('/readyz'), 200, 'ready');
      others.push((performance.now() - begun) / 4);
      if (tellsResources) highest = Math.max(highest, residentMib(service.pid));
    }
  })();
  await Promise.all(storm);
  storming = false;
  await calm;

  t.ok(served.length > 0, 'some are served');
  t.ok(refused.length > 0, 'some are refused');
  t.ok(others.length > 0, 'the others went on');
  report(t, 'F31 login storm', {
    served: served.length,
    refused: refused.length,
    'served, p99': quantile(served, 0.99),
    'refused, p50': quantile(refused, 0.5),
    'refused, p99': quantile(refused, 0.99),
    'refresh, me, verify, p50': quantile(others, 0.5),
    'refresh, me, verify, p99': quantile(others, 0.99),
    'memory before, MiB': Math.round(before),
    'memory at most, MiB': Math.round(highest),
  });
  if (tellsResources) {
    t.ok(highest < before + GROWTH, 'the memory is bounded');
    await until('the memory is back', () => residentMib(service.pid) < before + GROWTH / 2);
  }
  t.equal((await service.login(EMAIL)).statusCode, 200, 'whoever comes now is served');
  t.strictSame(
    service.logLines().filter(({ status, level }) => level === 'fatal' || status === 500),
    [],
  );
});
