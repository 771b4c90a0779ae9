// F06 to F08, F10, F12: Postgres freezes, the network drops, resets or slows packets, or a row stays locked, under traffic.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { testDatabase } from '../support/database.js';
import { ownPostgres } from '../support/own-postgres.js';
import { type Service, tokensOf } from '../support/service.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { figure, report, TOLERANCE, timeout } from './harness/figures.js';
import type { Call } from './harness/history.js';
import { startInstance } from './harness/service.js';
import { underLoad } from './harness/under-load.js';

/** An answer takes about one second, whatever the database does; a busy machine is allowed four. */
const ANSWER_MILLISECONDS = TOLERANCE * 4000;
const KEY = '6f1d7c52-3c0b-4f6e-9d0a-6f2d9b9f3f10';

/** A service that reaches a database of its own through a proxy. */
async function start(t: Test) {
  const databaseUrl = await testDatabase(t);
  const proxy = await startTcpProxy(t, databaseUrl);
  const service = await startInstance(t, proxy.url);
  return { proxy, service, plan: planFor(t, service, databaseUrl) };
}

function planFor(t: Test, service: Service, databaseUrl: string) {
  return {
    target: () => service,
    databaseUrl: () => databaseUrl,
    afterwards: (calls: readonly Call[]) => {
      t.equal(service.child.exitCode, null, 'the service has not restarted');
      for (const line of service.logLines()) if (Number(line.level) >= 50 || line.level === 'error') t.comment(line);
      const late = calls.filter(({ begun, ended }) => ended - begun > ANSWER_MILLISECONDS);
      t.strictSame(late, [], 'every call is answered in time');
    },
  };
}

/** Resident memory in MiB. */
async function residentMibOf({ pid }: Service): Promise<number> {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

t.test('F06: a frozen Postgres is answered in time, and nothing acknowledged is lost', { timeout }, async (t) => {
  const database = await ownPostgres(t);
  const service = await startInstance(t, database.url());
  await underLoad(t, {
    ...planFor(t, service, database.url()),
    fault: 'F06 SIGSTOP of Postgres',
    rounds: figure(1, 5),
    inject: async () => {
      await database.freeze();
      await sleep(figure(4000, 15_000));
      await database.thaw();
    },
  });
});

t.test(
  'F07: while the network to Postgres drops packets, nothing is acknowledged that is not stored',
  { timeout },
  async (t) => {
    const { proxy, service, plan } = await start(t);
    const ways = [[], ['to server'], ['to client']] as const;
    const cuts: { begun: number; ended: number }[] = [];
    const calls = await underLoad(t, {
      ...plan,
      fault: 'F07 partition, both ways and one way',
      rounds: figure(3, 6),
      inject: async (round) => {
        proxy.freeze(...(ways[round % ways.length] ?? []));
        const begun = performance.now();
        await sleep(figure(2000, 20_000));
        cuts.push({ begun, ended: performance.now() });
        // Packets sent during the partition are lost with the connections.
        proxy.cut();
        proxy.thaw();
      },
    });
    const acknowledged = calls.filter(
      ({ operation, begun, ended, outcome }) =>
        outcome === 'acknowledged' && cuts.some((cut) => begun > cut.begun && ended < cut.ended && operation !== 'me'),
    );
    t.strictSame(acknowledged, [], 'nothing is acknowledged during the partition');
    t.equal(await service.status('/readyz'), 200);
  },
);

t.test('F08: nothing acknowledged is lost when connections are reset and new ones refused', { timeout }, async (t) => {
  const { proxy, plan } = await start(t);
  await underLoad(t, {
    ...plan,
    fault: 'F08 RST on all connections',
    rounds: figure(12, 500),
    between: 4,
    inject: async (round, random) => {
      await sleep(20 * random());
      if (round % 5 > 0) return proxy.cut();
      proxy.refuse();
      await sleep(200 * random());
      await proxy.accept();
    },
  });
});

t.test('F10: a slow network to Postgres does not let memory grow', { timeout }, async (t) => {
  const { proxy, service, plan } = await start(t);
  const before = await residentMibOf(service);
  let most = 0;
  await underLoad(t, {
    ...plan,
    fault: 'F10 +300 ms, and 256 kbit/s',
    rounds: 2,
    perSecond: 200,
    inject: async (round) => {
      proxy.slow(round % 2 === 0 ? { milliseconds: 300 } : { bytesPerSecond: 32_000 });
      const end = performance.now() + figure(3000, 60_000);
      while (performance.now() < end) {
        most = Math.max(most, await residentMibOf(service));
        await sleep(250);
      }
      proxy.slow();
    },
  });
  report(t, 'F10 resident memory, MB', { before, most });
  t.ok(most < 2 * before, 'memory stays bounded');
});

t.test('F12: a locked session row delays no other session', { timeout }, async (t) => {
  const { service, plan } = await start(t);
  await service.register('locked@example.com');
  const { refresh_token: token } = tokensOf(await service.login('locked@example.com'));
  const admin = postgres(plan.databaseUrl(), { max: 1, onnotice: () => {} });
  t.teardown(() => admin.end({ timeout: 1 }));
  const statuses: Record<string, number> = {};
  const locks: { begun: number; ended: number }[] = [];
  const calls = await underLoad(t, {
    ...plan,
    fault: 'F12 the row of one session locked, 50 refreshes of it',
    rounds: 1,
    inject: async () => {
      await admin.begin(async (tx) => {
        await tx`select 1 from sessions s join users u on u.id = s.user_id where u.email = 'locked@example.com' for update of s`;
        const begun = performance.now();
        const end = begun + figure(3000, 10_000);
        const waiting = Array.from({ length: 50 }, async () => {
          while (performance.now() < end) {
            const { statusCode } = await service.refresh(token, { 'idempotency-key': KEY });
            statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
          }
        });
        await Promise.all(waiting);
        locks.push({ begun, ended: performance.now() });
      });
    },
  });
  const failed = calls.filter(
    ({ outcome, begun, ended }) =>
      outcome === 'unknown' && locks.some((lock) => begun > lock.begun && ended < lock.ended),
  );
  report(t, 'F12 answers to the refreshes of the locked session', statuses);
  // On a busy machine, a call may miss its deadline without any lock.
  const during = calls.filter(({ begun, ended }) => locks.some((lock) => begun > lock.begun && ended < lock.ended));
  t.ok(failed.length <= figure(0.02, 0) * during.length, `${failed.length} of ${during.length} other calls failed`);
  await until('the locked session can refresh again', async () => {
    const answer = await service.refresh(token, { 'idempotency-key': KEY });
    return answer.statusCode === 200;
  });
});
