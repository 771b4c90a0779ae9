// How a change of the signing keys reaches an instance without LISTEN.
import t from 'tap';
import { type TestApp, testApp, testAppOn } from '../../support/app.js';
import { keyIn, linesOf, publishedKids, untilSigningWith, verifyStatus } from '../../support/keys.js';
import { rowsOf } from '../../support/rows.js';
import { until } from '../../support/until.js';

/** The backends that LISTEN in the database of `rows`. */
const listeners = async (rows: ReturnType<typeof rowsOf>): Promise<number[]> =>
  (
    await rows`
      select pid from pg_stat_activity
      where datname = current_database() and query ilike 'listen%' and pid <> pg_backend_pid()`
  ).map(({ pid }) => pid);

t.test('polling finds changes without LISTEN: behind a pooler, and after a lost connection', async (t) => {
  // With a connection each, which is open: none has to be made when none can be.
  const env = { DATABASE_POOL_SIZE: '1' };
  const one = await testApp(t, { env });
  const pooled = await testAppOn(t, one.databaseUrl, { env: { ...env, DATABASE_POOLER: 'transaction' } });
  const cut = await testAppOn(t, one.databaseUrl, { env });
  const rows = rowsOf(t, one.databaseUrl);
  await one.register();
  await until('all listen except the one behind the pooler', async () => (await listeners(rows)).length === 2);
  const admin = rowsOf(t, process.env.TEST_DATABASE_URL ?? '');
  const name = new URL(one.databaseUrl).pathname.slice(1);
  await admin.unsafe(`alter database ${name} allow_connections false`);
  await rows`select pg_terminate_backend(pid) from unnest(${await listeners(rows)}::int[]) as pid`;

  const next = await keyIn(rows, 'next');
  await rows`update signing_keys set created_at = now() - interval '1 day' where state = 'next'`;
  await one.app.keys.rotate({ early: false });
  for (const each of [pooled, cut]) await untilSigningWith(each, next.kid);
  const failed = (on: TestApp) => linesOf(on, 'LISTEN failed: changes are noticed by polling only').length;
  await until('it has tried to listen', () => failed(cut) > 0);

  const retired = await keyIn(rows, 'retired');
  await one.app.keys.retire(retired.kid);
  for (const each of [pooled, cut]) {
    await until(
      'the retired key is no longer published',
      async () => !(await publishedKids(each)).includes(retired.kid),
    );
  }
  const { kid } = await keyIn(rows, 'next');
  await rows`delete from signing_keys where kid = ${kid}`;
  for (const each of [pooled, cut]) {
    await until('the lost key is no longer used', () => each.app.keys.find(kid) === undefined);
    const { access_token: token } = await each.login();
    t.equal(await verifyStatus(one, token), 204);
  }
  t.equal(failed(cut), 1, 'the failure to LISTEN is logged once');
  t.equal(failed(pooled), 0, 'behind a pooler it is not a failure');
  await admin.unsafe(`alter database ${name} allow_connections true`);
  await until('they listen again', async () => (await listeners(rows)).length === 2);
});
