// F20, F23: notifications of a change are lost, or the database is unreachable: no instance keeps using an outdated value.
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { PROPAGATION_SECONDS } from '#settings/registry.js';
import { testDatabase } from '../support/database.js';
import { rowsOf } from '../support/rows.js';
import { claimsOf, type HttpClient, runCommand, startService, tokensOf } from '../support/service.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { figure, quantile, report, timeout } from './harness/figures.js';

const EMAIL = 'user@example.com';
const SETTING = '/api/admin/settings/ACCESS_TOKEN_LIFETIME/';

async function lifetimeOf(client: HttpClient): Promise<number> {
  const { iat, exp } = claimsOf(tokensOf(await client.login(EMAIL)));
  return Number(exp) - Number(iat);
}

t.test('F20: a setting takes effect although the listening connection was cut', { timeout }, async (t) => {
  const databaseUrl = await testDatabase(t);
  // Each look at the lifetime is a login.
  const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600', SETTING_MAX_SESSIONS_PER_USER: '0' };
  const services = [await startService(t, databaseUrl, env), await startService(t, databaseUrl, env)] as const;
  const rows = rowsOf(t, databaseUrl);
  await services[0].register(EMAIL);
  await rows`update users set roles = '{admin}'`;
  const { access_token: admin } = tokensOf(await services[0].login(EMAIL));
  const times: number[] = [];
  const rounds = figure(5, 100);
  for (let version = 0; version < rounds; version++) {
    const value = 3601 + version;
    await rows`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query ilike 'listen%' and pid <> pg_backend_pid()`;
    const changed = await services[0].as(admin, 'PUT', SETTING, { value, version });
    t.equal(changed.statusCode, 200, changed.body);
    const begun = performance.now();
    for (const service of services)
      await until('the change is in force', async () => (await lifetimeOf(service)) === value);
    times.push(performance.now() - begun);
  }
  report(t, 'F20 from a change to its effect on both, LISTEN cut, ms', {
    rounds,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    bound: PROPAGATION_SECONDS * 1000,
  });
});

t.test(
  'F23: a setting that changes while the database is unreachable takes effect when it is back',
  { timeout },
  async (t) => {
    const databaseUrl = await testDatabase(t);
    const proxy = await startTcpProxy(t, databaseUrl);
    const service = await startService(t, proxy.url);
    const set = (value: string) =>
      runCommand(['settings', 'set', 'ACCESS_TOKEN_LIFETIME', value], { DATABASE_URL: databaseUrl });
    await set('120');
    await service.register(EMAIL);
    await until('the first change is in force', async () => (await lifetimeOf(service)) === 120);
    const { access_token: token } = tokensOf(await service.login(EMAIL));
    proxy.cut();
    proxy.freeze();
    t.equal((await set('600')).code, 0);
    const end = performance.now() + figure(5000, 90_000);
    while (performance.now() < end) {
      t.equal((await service.as(token, 'GET', '/api/verify/')).statusCode, 204, 'tokens are verified');
      t.equal((await service.login(EMAIL)).statusCode, 503, 'no token is issued with a lifetime that may be outdated');
      t.equal(await service.status('/readyz'), 503, 'the service is not ready');
      await sleep(500);
    }
    proxy.cut();
    proxy.thaw();
    await until('ready', async () => (await service.status('/readyz')) === 200);
    await until('the other change is in force', async () => (await lifetimeOf(service)) === 600);
    report(t, 'F23 database away', { seconds: figure(5, 90), 'tokens with a wrong lifetime': 0 });
  },
);
