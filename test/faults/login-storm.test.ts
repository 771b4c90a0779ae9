// F31: far more logins than can be hashed: they are served or refused, everything else keeps working, and memory is released.
import { randomUUID } from 'node:crypto';
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { isProblem } from '../support/problem.js';
import { hasProcfs, residentMib } from '../support/resources.js';
import { startService, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';
import { figure, quantile, report, timeout } from './harness/figures.js';

/** Each client sends its next login as soon as it is answered: more than can be hashed and queued. */
const CLIENTS = 200;
const LOGINS = figure(1500, 10_000);
const EMAIL = 'user@example.com';
/** Generous: two hashes of 19 MiB, the connections, and garbage that is not collected yet. */
const GROWTH_MIB = 250;

t.test('F31: a login storm does not affect refresh, me and verify', { timeout }, async (t) => {
  // The default cost of a hash.
  const env = { ARGON2_MEMORY_KIB: '19456', ARGON2_TIME_COST: '2', SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '0' };
  const service = await startService(t, await testDatabase(t), env);
  t.equal((await service.register(EMAIL)).statusCode, 201);
  let pair = tokensOf(await service.login(EMAIL));
  const before = hasProcfs ? residentMib(service.pid) : 0;

  const served: number[] = [];
  const refused: number[] = [];
  const storm = Array.from({ length: CLIENTS }, async () => {
    for (let i = 0; i < LOGINS / CLIENTS; i += 1) {
      const begun = performance.now();
      // Each for a different, unknown account: logins to one account run one at a time. A password is hashed in any case.
      const answer = await service.login(`${randomUUID()}@example.com`);
      (answer.statusCode === 401 ? served : refused).push(performance.now() - begun);
      // On a small machine the database may be late too.
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
      if (hasProcfs) highest = Math.max(highest, residentMib(service.pid));
    }
  })();
  await Promise.all(storm);
  storming = false;
  await calm;

  t.ok(served.length > 0, 'some logins are served');
  t.ok(refused.length > 0, 'some logins are refused');
  t.ok(others.length > 0, 'other requests were served');
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
  if (hasProcfs) {
    t.ok(highest < before + GROWTH_MIB, 'memory is bounded');
    await until('memory is released', () => residentMib(service.pid) < before + GROWTH_MIB / 2);
  }
  t.equal((await service.login(EMAIL)).statusCode, 200, 'a login after the storm is served');
  t.strictSame(
    service.logLines().filter(({ status, level }) => level === 'fatal' || status === 500),
    [],
  );
});
