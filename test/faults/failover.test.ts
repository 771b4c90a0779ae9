// The primary dies under traffic and its standby takes over. FAULTS=full: more rounds.
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { CHAINS, countLost, type Load, startLoad, untilServed, untilTraffic } from '../support/load.js';
import type { Answer } from '../support/problem.js';
import { replicationMissing, startReplication } from '../support/replication.js';
import { rowsOf } from '../support/rows.js';
import { runCommand, type Service, serviceEnvironment, startService, tokensOf } from '../support/service.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { figure, TOLERANCE } from './harness/figures.js';

const HEAL_MILLISECONDS = TOLERANCE * 10_000;
const ROUNDS = figure(2, 20);
/** The addresses of accounts that no client tried to register. */
async function unrequestedAccounts(url: string, tried: ReadonlySet<string>): Promise<string[]> {
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
  const unexpected = [...load.statuses.keys()].filter((status) => !expected.includes(status));
  t.strictSame(unexpected, [], 'every request was either done or answered 503');
  t.equal(service.child.exitCode, null, 'the service is the same process');
}

t.test('with a synchronous standby nothing acknowledged is lost', { skip: replicationMissing }, async (t) => {
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
    t.ok(sessions.every(({ refreshes }) => refreshes > 0) && load.ended.length > 0, 'there was traffic');
    t.strictSame(await countLost(service, load, sessions), { accounts: 0, refreshes: 0, logouts: 0 });
    for (const email of load.tried) tried.add(email);
    t.strictSame(await unrequestedAccounts(database.url(), tried), []);
  }
});

t.test(
  'with an asynchronous standby only changes that were not replicated are lost',
  { skip: replicationMissing },
  async (t) => {
    const database = await startReplication(t);
    const { proxy, service } = await startBehindProxy(t, database.url());
    const line = await database.addStandby({ synchronous: false });
    const early = startLoad(service);
    await untilTraffic(early, 'that reaches the standby');
    const earlySessions = await early.stop();
    await untilReplicated(database.url());

    line.freeze();
    const late = startLoad(service);
    await untilTraffic(late, 'that does not');
    // One of the earlier sessions ends; the others stay alive.
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
      'replicated changes are there',
    );
    const lost = await countLost(service, late, lateSessions);
    t.comment(`lost: ${lost.accounts} of ${late.registered.length} accounts, ${lost.refreshes} of ${CHAINS} sessions`);
    t.strictSame(lost, { accounts: late.registered.length, refreshes: CHAINS, logouts: 0 }, 'others are not');
    t.strictSame(await unrequestedAccounts(database.url(), new Set([...early.tried, ...late.tried])), []);

    const revived = await service.refresh(victim?.token ?? '', { 'idempotency-key': victim?.key ?? '' });
    t.equal(revived.statusCode, 200, 'a logout was lost, for which the page has a remedy');
    const { refresh_token: token } = tokensOf(revived);
    const { code, stderr } = await runCommand(['restore-finish', '--yes'], serviceEnvironment(database.url(), 0));
    t.equal(code, 0, stderr);
    t.equal((await service.refresh(token)).statusCode, 401, 'after restore-finish it stays ended');
    t.equal((await service.login(early.registered[0] ?? '')).statusCode, 200);
  },
);

t.test(
  'a change that no standby has received is not confirmed to those who ask again',
  { skip: replicationMissing },
  async (t) => {
    const database = await startReplication(t);
    const { service } = await startBehindProxy(t, database.url());
    const line = await database.addStandby({ synchronous: true });
    const rows = rowsOf(t, database.url());
    // As a restart of Postgres does, or an operator: the commit no longer waits, and the change is visible, on this server only.
    for (const how of ['pg_terminate_backend', 'pg_cancel_backend']) {
      const [email, other] = [`${how}@example.com`, `other-${how}@example.com`];
      t.equal((await service.register(email)).statusCode, 201);
      const [refreshed, loggedOut] = [tokensOf(await service.login(email)), tokensOf(await service.login(email))];
      const key = { 'idempotency-key': randomUUID() };
      const calls: Record<string, [ask: () => Promise<Answer>, confirmed: number]> = {
        refresh: [() => service.refresh(refreshed.refresh_token, key), 200],
        logout: [() => service.logout(loggedOut.refresh_token), 200],
        register: [() => service.register(other), 409],
      };
      line.freeze();
      for (const [name, [ask]] of Object.entries(calls)) {
        const first = ask();
        await until(`${name} waits for the standby`, async () => {
          const ended = await rows.unsafe(
            `select ${how}(pid) from pg_stat_activity where wait_event = 'SyncRep' and query not like '%emit_message%'`,
          );
          return ended.length > 0;
        });
        t.equal((await first).statusCode, 503, `${how}, ${name}: the change was made, and not confirmed`);
        t.equal((await ask()).statusCode, 503, `${how}, ${name}: asked again`);
      }
      line.thaw();
      for (const [name, [ask, confirmed]] of Object.entries(calls)) {
        await until(`${name} is confirmed`, async () => (await ask()).statusCode === confirmed, HEAL_MILLISECONDS);
      }
    }
  },
);

t.test(
  'a pool that connected to the standby too early leaves it by itself',
  { skip: replicationMissing },
  async (t) => {
    const database = await startReplication(t);
    const { proxy, service } = await startBehindProxy(t, database.url());
    await database.addStandby({ synchronous: false });
    proxy.redirect(database.standbyUrl());
    proxy.cut();
    await until('connected to the standby', async () => {
      const { statusCode, body } = await service.register(`${randomUUID()}@example.com`);
      return statusCode === 503 && JSON.parse(body).code === 'database_unavailable' && (await isReadOnly(service));
    });
    t.equal(await service.status('/readyz'), 503);
    // The connections stay open: only the service can close them.
    proxy.redirect(database.url());
    const works = async () =>
      (await service.status('/readyz')) === 200 &&
      (await service.register(`${randomUUID()}@example.com`)).statusCode === 201;
    await until('connected to the primary again', works, HEAL_MILLISECONDS);
    t.equal(service.child.exitCode, null, 'the service is the same process');
  },
);

/** Whether the service logged that it is connected to a standby. */
async function isReadOnly(service: Service): Promise<boolean> {
  return service.logLines().some(({ msg }) => String(msg).includes('to a standby'));
}

/** Resolves when everything that the primary has written is on the standby. */
async function untilReplicated(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const [now] = await sql`select pg_current_wal_lsn()::text as lsn`;
  await until('the standby has it', async () => {
    const [row] = await sql`select bool_or(flush_lsn >= ${now?.lsn}::pg_lsn) as has from pg_stat_replication`;
    return row?.has === true;
  });
  await sql.end();
}
