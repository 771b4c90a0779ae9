// Lists are read from a standby only while it is known to be fresh: with lag, a cut line or a promotion the primary is read.
import { sql } from 'drizzle-orm';
import t, { type Test } from 'tap';
import { connect, type Db } from '#platform/database/database.js';
import { createReplica } from '#platform/database/replica.js';
import { makeAdmin } from '../support/admin.js';
import { testAppOn } from '../support/app.js';
import { testDatabase } from '../support/database.js';
import { replicationMissing, startReplication } from '../support/replication.js';
import { rowsOf } from '../support/rows.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const MAX_LAG = 5000;

function open(t: Test, url: string): Db {
  const { db, close } = connect({ url, poolSize: 2, transactionPooler: false });
  t.teardown(close);
  return db;
}

/** A replica whose clock the test sets. `source` reads from it and returns which server answered. */
function watch(primary: Db, standby: Db) {
  const lines: string[] = [];
  const log = (message: string) => void lines.push(message);
  const clock = { now: 1_000_000 };
  const replica = createReplica({
    primary,
    standby,
    maxLag: MAX_LAG,
    log: {
      info: (_: object, message: string) => log(message),
      warn: (_: object, message: string) => log(message),
    } as never,
    now: () => clock.now,
  });
  const nameOn = (db: Db, name: string) => async () => {
    await db.execute(sql`select 1`);
    return name;
  };
  const source = () => replica.read(nameOn(standby, 'standby'), nameOn(primary, 'primary'));
  return { replica, clock, lines, source };
}

t.test('the standby is read while it is fresh', { skip: replicationMissing }, async (t) => {
  const servers = await startReplication(t);
  await servers.addStandby({ synchronous: false });
  const proxy = await startTcpProxy(t, servers.standbyUrl());
  const standby = open(t, proxy.url);
  const primary = open(t, servers.url());
  const { replica, clock, lines, source } = watch(primary, standby);
  const onPrimary = rowsOf(t, servers.url());
  const onStandby = rowsOf(t, servers.standbyUrl());
  const untilReplayed = async () => {
    const [row] = await onPrimary`select pg_current_wal_lsn()::text as lsn`;
    await until('the standby has replayed everything', async () => {
      const [found] = await onStandby`select pg_last_wal_replay_lsn() >= ${row?.lsn}::pg_lsn as has`;
      return found?.has === true;
    });
  };
  t.equal(await source(), 'primary', 'before the first check');
  await untilReplayed();
  await replica.check();
  t.equal(await source(), 'standby');
  clock.now += MAX_LAG;
  t.equal(await source(), 'standby');
  clock.now += 1;
  t.equal(await source(), 'primary', 'when it has not been compared for too long');
  await replica.check();
  t.equal(await source(), 'standby', 'it does not count as old because nothing is written');

  await onStandby`select pg_wal_replay_pause()`;
  await onPrimary`create table written_meanwhile ()`;
  clock.now += 1000;
  await replica.check();
  t.equal(await source(), 'standby', 'it lags, but not by too much');
  const migrated = (db: Db) => async () => (await db.execute(sql`select from written_meanwhile`)).length;
  t.equal(await replica.read(migrated(standby), migrated(primary)), 0, 'it has not received a migration');
  t.equal(await source(), 'standby');
  clock.now += MAX_LAG;
  await replica.check();
  t.equal(await source(), 'primary', 'it lags by too much');
  await onStandby`select pg_wal_replay_resume()`;
  await untilReplayed();
  await replica.check();
  t.equal(await source(), 'standby', 'it has caught up');

  replica.avoid();
  t.equal(await source(), 'primary', 'after a write that has to be visible');
  clock.now += MAX_LAG + 1;
  await replica.check();

  proxy.freeze();
  t.equal(await source(), 'primary', 'it does not answer');
  proxy.cut();
  proxy.thaw();
  proxy.refuse();
  await replica.check();
  t.equal(await source(), 'primary', 'it cannot be reached');
  await proxy.accept();
  await until('it is read again', async () => {
    await replica.check();
    return (await source()) === 'standby';
  });

  await onStandby`select pg_promote(true, 60)`;
  await replica.check();
  t.equal(await source(), 'primary', 'it is a primary of its own');
  t.strictSame(lines, [
    'lists are read from the replica',
    'the replica lags by more than 5 s: lists are read from the primary',
    'lists are read from the replica',
    'the replica does not answer: lists are read from the primary',
    'the replica cannot be compared with the primary: lists are read from the primary',
    'lists are read from the replica',
    'the replica is not a standby, or has been promoted: lists are read from the primary',
  ]);

  const other = watch(open(t, await testDatabase(t)), standby);
  await other.replica.check();
  t.equal(await other.source(), 'primary');
  t.strictSame(other.lines, ['the replica is a copy of another database: lists are read from the primary']);
});

t.test(
  'lists come from the standby, and show an operator what they have changed',
  { skip: replicationMissing },
  async (t) => {
    const servers = await startReplication(t);
    const databaseUrl = servers.url();
    await servers.addStandby({ synchronous: false });
    const onStandby = rowsOf(t, servers.standbyUrl());
    const env = {
      DATABASE_REPLICA_URL: servers.standbyUrl(),
      DATABASE_REPLICA_MAX_LAG: '3600',
      SETTING_ACCESS_TOKEN_LIFETIME: '3600',
    };
    const service = await testAppOn(t, databaseUrl, { env });
    const { accessToken } = await makeAdmin(t, service);
    const get = async (path: string) =>
      (await service.inject({ url: `/api/admin${path}`, headers: { authorization: `Bearer ${accessToken}` } })).json();
    const addresses = async () => (await get('/users/')).users.map(({ email }: { email: string }) => email);
    await until('the standby has the account', async () => (await addresses()).includes('admin@example.com'));

    await onStandby`select pg_wal_replay_pause()`;
    const { id } = (await service.register('later@example.com')).json();
    t.notOk((await addresses()).includes('later@example.com'), 'the list is a moment old');
    t.equal((await get(`/audit/?target_id=${id}&target_type=user`)).events.length, 0, 'so is the audit log');
    t.equal((await get(`/users/${id}/`)).email, 'later@example.com', 'a single account is not');
    t.equal((await service.login('later@example.com')).access_token.length > 0, true, 'a login needs no replica');

    const disabled = await service.inject({
      method: 'POST',
      url: `/api/admin/users/${id}/disable/`,
      headers: { authorization: `Bearer ${accessToken}` },
      payload: { reason: 'test' },
    });
    t.equal(disabled.statusCode, 200, disabled.body);
    t.ok((await addresses()).includes('later@example.com'), 'after a change by an operator the lists are current');
  },
);

t.test(
  'every list is answered while the standby lags, freezes, is cut off and is promoted',
  { skip: replicationMissing },
  async (t) => {
    const servers = await startReplication(t);
    await servers.addStandby({ synchronous: false });
    const proxy = await startTcpProxy(t, servers.standbyUrl());
    const onStandby = rowsOf(t, servers.standbyUrl());
    const service = await testAppOn(t, servers.url(), {
      env: { DATABASE_REPLICA_URL: proxy.url, DATABASE_REPLICA_MAX_LAG: '1', SETTING_ACCESS_TOKEN_LIFETIME: '3600' },
    });
    // The standby is compared with the primary from here on.
    await service.app.listen({ port: 0, host: '127.0.0.1' });
    const { accessToken } = await makeAdmin(t, service);
    const statuses = new Set<number>();
    const addresses = async (): Promise<string[]> => {
      const headers = { authorization: `Bearer ${accessToken}` };
      const answer = await service.inject({ url: '/api/admin/users/', headers });
      statuses.add(answer.statusCode);
      return answer.statusCode === 200 ? answer.json().users.map(({ email }: { email: string }) => email) : [];
    };
    let isReading = true;
    const readers = Array.from({ length: 4 }, async () => {
      while (isReading) await addresses();
    });
    const faults: Record<string, () => unknown> = {
      'lags for ever': () => onStandby`select pg_wal_replay_pause()`,
      'catches up': () => onStandby`select pg_wal_replay_resume()`,
      freezes: () => proxy.freeze(),
      thaws: () => proxy.thaw(),
      'is cut off': () => proxy.refuse(),
      'is back': () => proxy.accept(),
      'is promoted': () => onStandby`select pg_promote(true, 60)`,
    };
    for (const [index, [what, cause]] of Object.entries(faults).entries()) {
      await cause();
      const email = `${index}@example.com`;
      await service.register(email);
      await until(`the lists are current after the standby ${what}`, async () => (await addresses()).includes(email));
    }
    isReading = false;
    await Promise.all(readers);
    t.strictSame([...statuses], [200]);
  },
);
