// /api/admin/instances/: running instances and the settings that they have applied.
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { packageVersion } from '#platform/process/package-info.js';
import { makeAdmin } from '../../../support/admin.js';
import { type TestApp, testApp, testAppOn } from '../../../support/app.js';
import { matchAll } from '../../../support/match.js';
import { rowsOf } from '../../../support/rows.js';
import { startService } from '../../../support/service.js';
import { setSetting } from '../../../support/settings.js';
import { until } from '../../../support/until.js';

interface Listed {
  readonly settings_version: number;
  readonly instances: readonly { id: string; settings_version: number; current: boolean }[];
}

const listen = ({ app }: TestApp) => app.listen({ host: '127.0.0.1', port: 0 });

/** A service that does not listen, used to read the list. */
async function asking(t: Test) {
  const service = await testApp(t);
  const { accessToken } = await makeAdmin(t, service);
  const headers = { authorization: `Bearer ${accessToken}` };
  const list = async (): Promise<Listed> =>
    (await service.inject({ method: 'GET', url: '/api/admin/instances/', headers })).json();
  const counted = (count: number) =>
    until(`${count} instances`, async () => {
      const found = await list();
      return found.instances.length === count && found;
    });
  return { ...service, list, counted, rows: rowsOf(t, service.databaseUrl) };
}

t.test('a process is listed while it listens', async (t) => {
  const { databaseUrl, list, counted, rows } = await asking(t);
  const one = await testAppOn(t, databaseUrl);
  t.strictSame(await list(), { settings_version: 0, instances: [] }, 'no process listens yet');
  await listen(one);
  const { instances } = await counted(1);
  t.match(instances[0], { host: String, version: packageVersion, settings_version: 0, current: true });
  const two = await startService(t, databaseUrl);
  const ids = (await counted(2)).instances.map(({ id }) => id);
  t.equal(ids[0], instances[0]?.id, 'the oldest comes first');
  await two.stop('SIGINT');
  t.strictSame(
    (await list()).instances.map(({ id }) => id),
    ids.slice(0, 1),
    'a stopped process is no longer listed',
  );
  await one.app.close();
  t.equal((await rows`select 1 from instances`).length, 0);
});

t.test('every instance reports a change at once after applying it', async (t) => {
  const { app, databaseUrl, counted, list } = await asking(t);
  const [one, two] = [await testAppOn(t, databaseUrl), await testAppOn(t, databaseUrl)];
  await Promise.all([one, two].map(listen));
  await counted(2);
  for (const version of [1, 2, 3]) {
    await setSetting(app, 'ACCESS_TOKEN_LIFETIME', 100 + version);
    const found = await until('all are current', async () => {
      const now = await list();
      return now.instances.every(({ current }) => current) && now;
    });
    t.equal(found.settings_version, version);
    t.strictSame(
      found.instances.map((each) => each.settings_version),
      [version, version],
    );
  }
});

t.test('an instance that has not applied a change is not current', async (t) => {
  const { app, list, rows } = await asking(t);
  await rows`insert into instances (id, host, version, settings_version) values (gen_random_uuid(), 'late', '0.0.1', 0)`;
  await setSetting(app, 'ACCESS_TOKEN_LIFETIME', 60);
  matchAll(t, await list(), {
    settings_version: 1,
    instances: [{ host: 'late', settings_version: 0, current: false }],
  });
});

t.test('an instance that is no longer seen is listed for 30 seconds, and deleted after a day', async (t) => {
  const service = await asking(t);
  const { rows } = service;
  const add = (host: string, ago: string) => rows`
    insert into instances (id, host, version, started_at, seen_at)
    values (gen_random_uuid(), ${host}, '0.0.1', now() - interval '3 days', now() - ${ago}::interval)`;
  await add('just gone', '20 seconds');
  await add('gone', '40 seconds');
  await add('long gone', '25 hours');
  const hosts = async () => (await rows`select host from instances order by seen_at`).map(({ host }) => host);
  matchAll(t, (await service.list()).instances, [{ host: 'just gone' }]);
  t.equal((await service.list()).instances.length, 1);
  t.strictSame(await hosts(), ['long gone', 'gone', 'just gone']);
  await listen(await testAppOn(t, service.databaseUrl));
  await until('the oldest one is deleted', async () => !(await hosts()).includes('long gone'));
  t.strictSame((await hosts()).slice(0, 2), ['gone', 'just gone']);
});

t.test('without the database an instance keeps running, logs it once, and can still be closed', async (t) => {
  const service = await testApp(t);
  await listen(service);
  const rows = rowsOf(t, service.databaseUrl);
  await until('the instance is registered', async () => (await rows`select 1 from instances`).length === 1);
  await rows.end();
  const admin = postgres(process.env.TEST_DATABASE_URL ?? '', { max: 1, onnotice: () => {} });
  t.teardown(() => admin.end());
  await admin.unsafe(`drop database ${new URL(service.databaseUrl).pathname.slice(1)} with (force)`);
  const said = () =>
    service.logLines().filter(({ msg }) => msg === 'heartbeat of this instance failed; it will be retried').length;
  await until('it is noticed', () => said() > 0);
  t.equal((await service.inject({ url: '/livez' })).statusCode, 200);
  await service.app.close();
  t.equal(said(), 1);
});
