// The pool: each query gets its own answer, or none, whatever happens to the connections.
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import t, { type Test } from 'tap';
import { connect } from '#platform/database/database.js';
import { isDatabaseUnavailable } from '#platform/errors/database-errors.js';
import { testDatabase } from '../../../support/database.js';
import { rowsOf, someoneWaits } from '../../../support/rows.js';
import { startTcpProxy } from '../../../support/tcp-proxy.js';
import { until } from '../../../support/until.js';

async function start(t: Test, { poolSize = 4, queueSize = 1000 } = {}) {
  const databaseUrl = await testDatabase(t);
  const proxy = await startTcpProxy(t, databaseUrl);
  const { db, close } = connect({ url: proxy.url, poolSize, queueSize, transactionPooler: false });
  t.teardown(close);
  const ask = async (value: number) => {
    const [row] = await db.execute<{ value: number }>(sql`select ${value}::int as value`);
    return row?.value;
  };
  return { databaseUrl, proxy, db, ask };
}

/** Asks for numbers without pause; what comes back must be the number or an error that says: no database. */
function askForNumbers(ask: (value: number) => Promise<number | undefined>) {
  const wrong: unknown[] = [];
  let right = 0;
  let lost = 0;
  let next = 0;
  let going = true;
  const askers = Array.from({ length: 16 }, async () => {
    while (going) {
      next += 1;
      const value = next;
      try {
        const answer = await ask(value);
        if (answer === value) right += 1;
        else wrong.push({ value, answer });
      } catch (error) {
        if (isDatabaseUnavailable(error)) lost += 1;
        else wrong.push(error);
        await turn();
      }
    }
  });
  return {
    right: () => right,
    end: async () => {
      going = false;
      await Promise.all(askers);
      return { wrong, right, lost };
    },
  };
}

t.test('while connections are reset nobody gets the answer to the question of another', async (t) => {
  const { proxy, ask, db } = await start(t);
  const inTransaction = (value: number) =>
    db.transaction(async (tx) => {
      const [row] = await tx.execute<{ value: number }>(sql`select ${value}::int as value`);
      return row?.value;
    });
  const numbers = askForNumbers((value) => (value % 3 === 0 ? inTransaction(value) : ask(value)));
  for (let cut = 0; cut < 60; cut += 1) {
    const before = numbers.right();
    await until('answers', () => numbers.right() > before + 50);
    proxy.cut();
  }
  const { wrong, right, lost } = await numbers.end();
  t.comment({ right, lost });
  t.strictSame(wrong, []);
  t.ok(lost > 0, 'some were lost');
  const all = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(i)));
  t.strictSame(
    all,
    all.map((_, i) => i),
    'all connections work',
  );
});

t.test('a query that waits for a lock keeps none behind it', async (t) => {
  const { databaseUrl, db, ask } = await start(t, { poolSize: 2 });
  const rows = rowsOf(t, databaseUrl);
  await rows`create table locked (id int)`;
  await rows`begin`;
  await rows`lock table locked in access exclusive mode`;
  const waits = db.execute(sql`select * from locked`).then();
  // Within a transaction Postgres shows what it saw first.
  await someoneWaits(rowsOf(t, databaseUrl));
  // Longer than any query of theirs takes.
  await sleep(60);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(i)));
  t.equal(answers.length, 20);
  await rows`rollback`;
  await waits;
});

t.test('more than may wait are refused at once, and those before them are served', async (t) => {
  const { ask } = await start(t, { poolSize: 1, queueSize: 9 });
  const answers = await Promise.allSettled(Array.from({ length: 15 }, (_, i) => ask(i)));
  const refused = answers.filter(({ status }) => status === 'rejected');
  t.equal(refused.length, 5);
  for (const each of refused) t.ok(isDatabaseUnavailable((each as PromiseRejectedResult).reason));
  t.equal(await ask(1), 1);
});

t.test('a transaction in which a statement failed is not committed, whoever caught it', async (t) => {
  const { databaseUrl, db } = await start(t);
  const rows = rowsOf(t, databaseUrl);
  await rows`create table written (id int)`;
  const swallowed = db.transaction(async (tx) => {
    await tx.execute(sql`insert into written values (1)`);
    await tx.execute(sql`select no_such_column`).catch(() => {});
  });
  await t.rejects(swallowed, { message: /ROLLBACK/ });
  const thrown = db.transaction(async (tx) => {
    await tx.execute(sql`insert into written values (2)`);
    throw new Error('no');
  });
  await t.rejects(thrown, { message: 'no' });
  await db.transaction((tx) => tx.execute(sql`insert into written values (3)`));
  t.strictSame([...(await rows`select id from written`)], [{ id: 3 }]);
});

t.test('transactions take turns, and others go on between them', async (t) => {
  const { db, ask } = await start(t, { poolSize: 2 });
  const backends = Promise.all(
    Array.from({ length: 12 }, () =>
      db.transaction(async (tx) => {
        const backend = async () => (await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`))[0]?.pid;
        const first = await backend();
        await turn();
        return first === (await backend());
      }),
    ),
  );
  t.strictSame(
    await Promise.all(Array.from({ length: 12 }, (_, i) => ask(i))),
    Array.from({ length: 12 }, (_, i) => i),
  );
  t.ok((await backends).every((same) => same));
});

t.test('transactions that begin at once, or wait for a connection, are not one', async (t) => {
  for (const poolSize of [1, 3]) {
    const { db } = await start(t, { poolSize });
    const number = () => sql`select pg_current_xact_id()::text as id`;
    const ids = await Promise.all(
      Array.from({ length: 12 }, () =>
        db.transaction(async (tx) => {
          const [first] = await tx.execute<{ id: string }>(number());
          await turn();
          const [second] = await tx.execute<{ id: string }>(number());
          t.equal(first?.id, second?.id, 'it stays the same one');
          return first?.id;
        }),
      ),
    );
    t.equal(new Set(ids).size, ids.length, 'each is one of its own');
  }
});

t.test('a transaction that one of several rolls back is the only one', async (t) => {
  const { databaseUrl, db } = await start(t, { poolSize: 2 });
  const rows = rowsOf(t, databaseUrl);
  await rows`create table written (id int)`;
  await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`insert into written values (${i})`);
        if (i % 2 === 1) throw new Error('no');
        await tx.execute(sql`select 1`);
      }),
    ),
  );
  const written = (await rows`select id from written order by id`).map(({ id }) => id);
  t.strictSame(
    written,
    Array.from({ length: 10 }, (_, i) => 2 * i),
  );
});

t.test('what is asked after a transaction that began too late is not a part of it', async (t) => {
  const { databaseUrl, db, proxy, ask } = await start(t, { poolSize: 1 });
  const rows = rowsOf(t, databaseUrl);
  await rows`create table written (id int)`;
  t.equal(await ask(1), 1);
  proxy.freeze();
  await t.rejects(
    db.transaction((tx) => tx.execute(sql`select 1`)),
    { code: 'DATABASE_TIMEOUT' },
  );
  proxy.thaw();
  await until('it answers', () => ask(2).catch(() => undefined));
  await db.execute(sql`insert into written values (1)`);
  t.strictSame([...(await rows`select id from written`)], [{ id: 1 }], 'others see it at once');
});

t.test('a statement that is not answered in time takes its transaction with it, and the next one works', async (t) => {
  const { databaseUrl, db } = await start(t, { poolSize: 1 });
  const rows = rowsOf(t, databaseUrl);
  await rows`create table written (id int)`;
  const slow = db.transaction(async (tx) => {
    await tx.execute(sql`insert into written values (1)`);
    await tx.execute(sql`select pg_sleep(1.5)`);
  });
  await slow.then(
    () => t.fail('it was not answered in time'),
    (error) => t.ok(isDatabaseUnavailable(error)),
  );
  await db.transaction((tx) => tx.execute(sql`insert into written values (2)`));
  t.strictSame([...(await rows`select id from written`)], [{ id: 2 }]);
});

t.test('where some connections cannot be opened the others do the work', async (t) => {
  const { proxy, ask, db } = await start(t, { poolSize: 4 });
  t.strictSame(await Promise.all([ask(1), ask(2)]), [1, 2], 'two are open');
  proxy.refuseNew();
  for (let i = 0; i < 20; i += 1) t.equal(await ask(i), i, 'one after the other');
  const together = await Promise.allSettled(Array.from({ length: 24 }, (_, i) => ask(i)));
  t.ok(
    together.filter(({ status }) => status === 'fulfilled').length >= 20,
    'many at once: who was sent to open one is sent elsewhere',
  );
  await db.transaction((tx) => tx.execute(sql`select 1`));
});
