// Behind PgBouncer in transaction mode the contract works, without named statements or LISTEN.
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { connect } from '#platform/database/database.js';
import { testDatabase } from '../support/database.js';
import { pgbouncerMissing, startPgbouncer } from '../support/pgbouncer.js';
import { claimsOf, exerciseContract, runCommand, type Service, startService, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';
import { TOLERANCE } from './harness/figures.js';

const POOLED = { DATABASE_POOLER: 'transaction' };

async function start(t: Test, env: (directUrl: string) => Record<string, string>) {
  const directUrl = await testDatabase(t);
  const { url } = await startPgbouncer(t, directUrl);
  return { url, service: await startService(t, url, env(directUrl)) };
}

async function lifetimeOf(service: Service): Promise<number> {
  const { iat, exp } = claimsOf(tokensOf(await service.login('listener@example.com')));
  return Number(exp) - Number(iat);
}

async function changeReaches(t: Test, service: Service, databaseUrl: string, milliseconds: number): Promise<void> {
  await service.register('listener@example.com');
  t.equal(await lifetimeOf(service), 30);
  const set = await runCommand(['settings', 'set', 'ACCESS_TOKEN_LIFETIME', '60'], {
    DATABASE_URL: databaseUrl,
    ...POOLED,
  });
  t.equal(set.code, 0, set.stderr);
  await until('the change is in force', async () => (await lifetimeOf(service)) === 60, milliseconds);
}

t.test(
  'the contract works for many users at once, without named prepared statements',
  { skip: pgbouncerMissing },
  async (t) => {
    const { url, service } = await start(t, () => POOLED);
    await exerciseContract(t, service);
    const pairs = await Promise.all(
      Array.from({ length: 24 }, async (_, i) => {
        const email = `user${i}@example.com`;
        t.equal((await service.register(email)).statusCode, 201);
        const { refresh_token: token } = tokensOf(await service.login(email));
        return tokensOf(await service.refresh(token));
      }),
    );
    const answers = await Promise.all(pairs.map(({ access_token: token }) => service.me(token)));
    t.strictSame([...new Set(answers.map(({ statusCode }) => statusCode))], [200]);

    // Server connections are shared: a named statement would stay on one of them and be listed there.
    const pooled = postgres(url, { max: 8, prepare: false, onnotice: () => {} });
    t.teardown(() => pooled.end());
    const found = await Promise.all(
      Array.from({ length: 8 }, () => pooled`select name, pg_sleep(0.1) from pg_prepared_statements`),
    );
    t.strictSame(found.flat(), []);
    t.strictSame(
      service.logLines().filter(({ level }) => level === 'error' || level === 'fatal'),
      [],
    );
  },
);

t.test(
  'with DATABASE_DIRECT_URL past the pooler a changed setting takes effect at once',
  { skip: pgbouncerMissing },
  async (t) => {
    const { url, service } = await start(t, (directUrl) => ({ ...POOLED, DATABASE_DIRECT_URL: directUrl }));
    await changeReaches(t, service, url, 2500);
  },
);

t.test(
  'without DATABASE_DIRECT_URL a changed setting takes effect within 5 seconds, by poll',
  { skip: pgbouncerMissing },
  async (t) => {
    const { url, service } = await start(t, () => POOLED);
    await changeReaches(t, service, url, 7000);
  },
);

t.test('of more queries than connections none is lost', { skip: pgbouncerMissing }, async (t) => {
  const { url } = await startPgbouncer(t, await testDatabase(t));
  const callers = Array.from({ length: 40 }, (_, i) => i);
  const pools = ['one', 'two'].map(() =>
    connect({ url, poolSize: 3, transactionPooler: true, deadline: TOLERANCE * 5000 }),
  );
  t.teardown(() => Promise.all(pools.map(({ close }) => close())));
  const wrong: unknown[] = [];
  await Promise.all(
    callers.map(async (caller) => {
      const db = pools[caller % 2]?.db;
      for (let round = 0; round < 25 && wrong.length === 0; round += 1) {
        const value = caller * 1000 + round;
        // Without values, a query is sent in one part, otherwise in two.
        const query =
          (caller + round) % 3 === 0 ? sql.raw(`select ${value} as value`) : sql`select ${value}::int as value`;
        const [row] = (await db?.execute<{ value: number }>(query).catch((error) => [error])) ?? [];
        if (row?.value !== value) wrong.push(row);
      }
    }),
  );
  t.strictSame(wrong, []);
});
