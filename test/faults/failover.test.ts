// The primary dies amid the traffic and its standby takes over. FAULTS=full: more rounds.
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { CHAINS, countLost, type Load, startLoad, untilServed, untilTraffic } from '../support/load.js';
import { replicationMissing, startReplication } from '../support/replication.js';
import { runCommand, type Service, serviceEnvironment, startService, tokensOf } from '../support/service.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { figure } from './harness/figures.js';

const HEAL_MILLISECONDS = 10_000;
const ROUNDS = figure(2, 20);
/** Addresses with an account that nobody has asked for, and sessions of nobody. */
async function inventions(url: string, tried: ReadonlySet<string>): Promise<string[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const users = await sql<{ email: string }[]>`select email from users`;
  await sql.end();
  return users.map(({ email }) => email).filter((email) => !tried.has(email));
}

async function startBehindProxy(t: Test, url: string) {
  const proxy = await startTcpProxy(t, url);
  return { proxy, service: await startService(t, proxy.url, { SETTING_ACCESS_TOKEN_LIFETIME: '3600' }) };
}

function onlyDoneOrUnavailable(t: Test, service: Service, load: Load): void {
  t.comment(load.statuses);
  const expected = ['200', '201', '503 database_unavailable'];
  const others = [...load.statuses.keys()].filter((status) => !expected.includes(status));
  t.strictSame(others, [], 'everything was answered: done, or 503');
  t.equal(service.child.exitCode, null, 'the service is the same process');
}

t.test('with a synchronous standby nothing that was answered is lost', { skip: replicationMissing }, async (t) => {
  const database = await startReplication(t);
  const { proxy, service } = await startBehindProxy(t, database.url());
  const tried = new Set<string>();
  for (let round = 1; round <= ROUNDS; round++) {
    await database.addStandby({ synchronous: true });
    const load = startLoad(service);
    await untilTraffic(load, 'before');
    await database.killPrimary();
    proxy.redirect(await database.promote());
    await untilServed(service, load);
    const sessions = await load.stop();
    onlyDoneOrUnavailable(t, service, load);
    t.comment(`round ${round}: ${load.registered.length} accounts, ${load.ended.length} logouts`);
    t.ok(sessions.every(({ refreshes }) => refreshes > 0) && load.ended.length > 0, 'there was something to lose');
    t.strictSame(await countLost(service, load, sessions), { accounts: 0, refreshes: 0, logouts: 0 });
    for (const email of load.tried) tried.add(email);
    t.strictSame(await inventions(database.url(), tried), []);
  }
});

t.test(
  'with an asynchronous one what was not sent yet is lost, and nothing else',
  { skip: replicationMissing },
  async (t) => {
    const database = await startReplication(t);
    const { proxy, service } = await startBehindProxy(t, database.url());
    const line = await database.addStandby({ synchronous: false });
    const early = startLoad(service);
    await untilTraffic(early, 'that reaches the standby');
    const earlySessions = await early.stop();
    await reached(database.url());

    line.freeze();
    const late = startLoad(service);
    await untilTraffic(late, 'that does not');
    // Sessions from before go on, and some end.
    const [victim, ...others] = earlySessions;
    t.equal((await service.logout(victim?.token ?? '')).statusCode, 200);
    await database.killPrimary();
    const lateSessions = await late.stop();
    line.cut();
    proxy.redirect(await database.promote());
    await until('ready', async () => (await service.status('/readyz')) === 200, HEAL_MILLISECONDS);

    t.strictSame(
      await countLost(service, early, others),
      { accounts: 0, refreshes: 0, logouts: 0 },
      'what was sent is there',
    );
    const lost = await countLost(service, late, lateSessions);
    t.comment(`lost: ${lost.accounts} of ${late.registered.length} accounts, ${lost.refreshes} of ${CHAINS} sessions`);
    t.strictSame(lost, { accounts: late.registered.length, refreshes: CHAINS, logouts: 0 }, 'what was not is not');
    t.strictSame(await inventions(database.url(), new Set([...early.tried, ...late.tried])), []);

    const revived = await service.refresh(victim?.token ?? '', { 'idempotency-key': victim?.key ?? '' });
    t.equal(revived.statusCode, 200, 'a logout was lost: this is why the page says what to do');
    const { refresh_token: token } = tokensOf(revived);
    const { code, stderr } = await runCommand(['restore-finish', '--yes'], serviceEnvironment(database.url(), 0));
    t.equal(code, 0, stderr);
    t.equal((await service.refresh(token)).statusCode, 401, 'and then it stays ended');
    t.equal((await service.login(early.registered[0] ?? '')).statusCode, 200);
  },
);

t.test('a pool that was led to the standby too early leaves it by itself', { skip: replicationMissing }, async (t) => {
  const database = await startReplication(t);
  const { proxy, service } = await startBehindProxy(t, database.url());
  await database.addStandby({ synchronous: false });
  proxy.redirect(database.standbyUrl());
  proxy.cut();
  await until('led to the standby', async () => {
    const { statusCode, body } = await service.register(`${randomUUID()}@example.com`);
    return statusCode === 503 && JSON.parse(body).code === 'database_unavailable' && (await isReadOnly(service));
  });
  t.equal(await service.status('/readyz'), 503);
  // The connections are kept: nobody but the service can give them up.
  proxy.redirect(database.url());
  const works = async () =>
    (await service.status('/readyz')) === 200 &&
    (await service.register(`${randomUUID()}@example.com`)).statusCode === 201;
  await until('back at the primary', works, HEAL_MILLISECONDS);
  t.equal(service.child.exitCode, null, 'the service is the same process');
});

/** It reads, so that the database answers; it is not that there is none. */
async function isReadOnly(service: Service): Promise<boolean> {
  return service.logLines().some(({ msg }) => String(msg).includes('to a standby'));
}

/** What the primary has written by now is on the standby. */
async function reached(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const [now] = await sql`select pg_current_wal_lsn()::text as lsn`;
  await until('the standby has it', async () => {
    const [row] = await sql`select bool_or(flush_lsn >= ${now?.lsn}::pg_lsn) as has from pg_stat_replication`;
    return row?.has === true;
  });
  await sql.end();
}
