// F03 to F05: Postgres crashes, restarts and ends connections under traffic.
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { ownPostgres } from '../support/own-postgres.js';
import type { Service } from '../support/service.js';
import { tokensOf } from '../support/service.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { figure, TOLERANCE, timeout } from './harness/figures.js';
import { startInstance } from './harness/service.js';
import { underLoad } from './harness/under-load.js';

const ROUNDS = figure(2, 50);
/** An answer takes about one second; a busy machine is allowed three. */
const ANSWER_MILLISECONDS = TOLERANCE * 3000;

/** A service whose Postgres may come back on another port. */
async function start(t: Test) {
  const database = await ownPostgres(t);
  const proxy = await startTcpProxy(t, database.url());
  const service = await startInstance(t, proxy.url);
  await service.register('watcher@example.com');
  const { access_token: token } = tokensOf(await service.login('watcher@example.com'));
  const restart = async (stop: () => Promise<void>, meanwhile = async () => {}) => {
    await stop();
    await meanwhile();
    proxy.redirect(await database.start());
  };
  const plan = {
    target: () => service,
    databaseUrl: () => database.url(),
    rounds: ROUNDS,
    perSecond: 200,
    afterwards: () => void t.equal(service.child.exitCode, null, 'the service has not restarted'),
  };
  return { database, service, token, restart, plan };
}

/** Tokens are verified, and requests that need the database are refused in time. */
async function assertDegraded(t: Test, service: Service, token: string): Promise<void> {
  const verified = await service.call('GET', '/api/verify/', { headers: { authorization: `Bearer ${token}` } });
  t.equal(verified.statusCode, 204, 'a token is verified without the database');
  const begun = performance.now();
  t.equal((await service.me(token)).statusCode, 503, 'a request that needs the database is refused');
  t.ok(performance.now() - begun < ANSWER_MILLISECONDS, 'in time');
}

t.test('F03: nothing acknowledged is lost when Postgres crashes and recovers', { timeout }, async (t) => {
  const { database, service, token, restart, plan } = await start(t);
  await underLoad(t, {
    ...plan,
    fault: 'F03 pg_ctl stop -m immediate, start',
    inject: () => restart(database.stopImmediately, () => assertDegraded(t, service, token)),
  });
});

t.test(
  'F04: nothing acknowledged is lost when a backend of Postgres is killed and it restarts by itself',
  { timeout },
  async (t) => {
    const { database, plan } = await start(t);
    await underLoad(t, {
      ...plan,
      fault: 'F04 kill -9 of one backend',
      inject: async () => {
        const admin = postgres(database.url(), { max: 1, onnotice: () => {} });
        const [backend] = await admin<{ pid: number }[]>`
        select pid from pg_stat_activity where application_name = 'latchkey' and pid <> pg_backend_pid() limit 1`;
        await admin.end();
        if (backend === undefined) throw new Error('the service has no connection');
        database.killBackend(backend.pid);
      },
    });
  },
);

t.test('F05: nothing acknowledged is lost when Postgres restarts or ends all connections', { timeout }, async (t) => {
  const { database, restart, plan } = await start(t);
  await underLoad(t, {
    ...plan,
    fault: 'F05 restart -m fast, pg_terminate_backend of all',
    inject: async (round) => {
      if (round % 2 === 0) return restart(database.stopFast);
      await endAllConnections(database.url());
    },
  });
});

t.test(
  'F09: when all connections end every second, few callers notice, and no refresh does',
  { timeout },
  async (t) => {
    const { database, plan } = await start(t);
    await underLoad(t, {
      ...plan,
      fault: 'F09 pg_terminate_backend of all, each second',
      rounds: figure(10, 60),
      inject: async () => {
        await endAllConnections(database.url());
        await sleep(1000);
      },
      afterwards: (calls) => {
        const failed = calls.filter(({ outcome }) => outcome === 'unknown');
        t.comment(`${failed.length} of ${calls.length} failed`, [...new Set(failed.map(({ operation }) => operation))]);
        t.ok(failed.length < calls.length * 0.01 * TOLERANCE, 'few calls failed');
        t.strictSame(
          failed.filter(({ operation }) => operation === 'refresh'),
          [],
          'no refresh failed',
        );
      },
    });
  },
);

async function endAllConnections(url: string): Promise<void> {
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'latchkey'`;
  await admin.end();
}
