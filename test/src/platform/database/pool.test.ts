// The connection pool: each query gets its own answer or an error, whatever happens to the connections.
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { eq, type SQL, sql } from 'drizzle-orm';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import t, { type Test } from 'tap';
import { createConnection, type Query } from '#platform/database/connection.js';
import { connect, createClient } from '#platform/database/database.js';
import { repeatIfLost } from '#platform/database/lost-answer.js';
import { driverError, isDatabaseUnavailable } from '#platform/errors/database-errors.js';
import { testDatabase } from '../../../support/database.js';
import { matchAll } from '../../../support/match.js';
import { rowsOf, untilBlocked } from '../../../support/rows.js';
import { startTcpProxy } from '../../../support/tcp-proxy.js';
import { until } from '../../../support/until.js';

async function start(t: Test, options: { poolSize?: number; queueSize?: number; deadline?: number } = {}) {
  const { poolSize = 4, queueSize = 1000 } = options;
  const databaseUrl = await testDatabase(t);
  const proxy = await startTcpProxy(t, databaseUrl);
  const { db, essentialDb, close } = connect({
    ...options,
    url: proxy.url,
    poolSize,
    queueSize,
    transactionPooler: false,
  });
  t.teardown(close);
  const ask = async (value: number) => {
    const [row] = await db.execute<{ value: number }>(sql`select ${value}::int as value`);
    return row?.value;
  };
  return { databaseUrl, proxy, db, essentialDb, ask };
}

/** Queries numbers in a loop; each answer must be the number or an error that the database is unavailable. */
function askForNumbers(ask: (value: number) => Promise<number | undefined>) {
  const wrong: unknown[] = [];
  let right = 0;
  let lost = 0;
  let next = 0;
  let running = true;
  const askers = Array.from({ length: 16 }, async () => {
    while (running) {
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
      running = false;
      await Promise.all(askers);
      return { wrong, right, lost };
    },
  };
}

t.test('while connections are reset no query gets the answer of another', async (t) => {
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
  const all = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(i)));
  t.strictSame(
    all,
    all.map((_, i) => i),
    'all connections work',
  );
});

t.test('when prepared statements become invalid no query gets the answer of another', async (t) => {
  const { databaseUrl, db } = await start(t, { poolSize: 2, deadline: 10_000 });
  const rows = rowsOf(t, databaseUrl);
  const tables = ['numbers_one', 'numbers_two'].map((name) =>
    pgTable(name, { value: integer('value'), note: text('note') }),
  );
  await rows.unsafe(`create table numbers_one (value int primary key, note varchar(100));
    insert into numbers_one select value, 'note' from generate_series(1, 20000) value;
    create table numbers_two as select * from numbers_one; alter table numbers_two add primary key (value)`);
  const statements = tables.map((table) =>
    db
      .select()
      .from(table)
      .where(eq(table.value, sql.placeholder('value'))),
  );
  const prepared = statements.map((statement, i) => statement.prepare(`numbers_${i}`));
  const ask = async (value: number) => (await prepared[value % 2]?.execute({ value }))?.[0]?.value ?? undefined;
  const inTransaction = (value: number) =>
    db.transaction(async (tx) => {
      const [table] = tables as [(typeof tables)[number]];
      const statement = tx
        .select()
        .from(table)
        .where(eq(table.value, sql.placeholder('value')))
        .prepare('numbers_tx');
      return (await statement.execute({ value }))[0]?.value ?? undefined;
    });
  const numbers = askForNumbers((value) => (value % 7 === 0 ? inTransaction(value) : ask(value)));
  for (let change = 1; change <= 10; change += 1) {
    const before = numbers.right();
    await until('answers', () => numbers.right() > before + 100);
    await rows.unsafe(`alter table numbers_one alter column note type varchar(${100 + change})`);
  }
  const { wrong, right, lost } = await numbers.end();
  t.comment({ right, lost });
  t.strictSame(wrong, []);
  t.equal(lost, 0, 'a statement that has become invalid is prepared again');
});

t.test('Postgres ends statements, waits for locks and idle transactions of every connection', async (t) => {
  const { db } = await start(t);
  const limits = () =>
    db.execute(sql`
      select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
        current_setting('idle_in_transaction_session_timeout') as idle, pg_sleep(0.05)::text as slept`);
  const seen = await Promise.all(Array.from({ length: 8 }, limits));
  t.equal(seen.length, 8);
  for (const rows of seen) t.strictSame([...rows], [{ statement: '2s', lock: '2s', idle: '5s', slept: '' }]);
});

t.test('Postgres never ends a statement before its caller has given up, however long that waits', async (t) => {
  for (const deadline of [900, 5000, 8000]) {
    const { db } = await start(t, { poolSize: 1, deadline });
    const [limits] = await db.execute<{ statement: number; lock: number }>(sql`
      select setting::int as statement, (select setting::int from pg_settings where name = 'lock_timeout') as lock
      from pg_settings where name = 'statement_timeout'`);
    matchAll(t, limits, { statement: deadline + 1100, lock: deadline + 1100 });
  }
});

t.test('a query that waits for a lock does not delay others', async (t) => {
  const { databaseUrl, db, ask } = await start(t, { poolSize: 2 });
  const rows = rowsOf(t, databaseUrl);
  await rows`create table locked (id int)`;
  await rows`begin`;
  await rows`lock table locked in access exclusive mode`;
  const waits = db.execute(sql`select * from locked`).then();
  // On another connection, since within a transaction Postgres shows an old snapshot of its activity.
  await untilBlocked(rowsOf(t, databaseUrl));
  // Longer than the other queries take.
  await sleep(60);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(i)));
  t.strictSame(
    answers,
    answers.map((_, i) => i),
  );
  await rows`rollback`;
  await waits;
});

t.test('queries beyond the queue are refused at once, and the others are served', async (t) => {
  const { ask } = await start(t, { poolSize: 1, queueSize: 9 });
  const answers = await Promise.allSettled(Array.from({ length: 15 }, (_, i) => ask(i)));
  const refused = answers.filter(({ status }) => status === 'rejected');
  t.equal(refused.length, 5);
  for (const each of refused) t.ok(isDatabaseUnavailable((each as PromiseRejectedResult).reason));
  t.equal(await ask(1), 1);
});

t.test('a transaction with a failed statement is not committed, even if the error was caught', async (t) => {
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

t.test('a transaction keeps its connection, and other queries are served meanwhile', async (t) => {
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

t.test('concurrent transactions are separate, also when they wait for a connection', async (t) => {
  for (const poolSize of [1, 3]) {
    const { db } = await start(t, { poolSize });
    const number = () => sql`select pg_current_xact_id()::text as id`;
    const ids = await Promise.all(
      Array.from({ length: 12 }, () =>
        db.transaction(async (tx) => {
          const [first] = await tx.execute<{ id: string }>(number());
          await turn();
          const [second] = await tx.execute<{ id: string }>(number());
          t.equal(first?.id, second?.id, 'the transaction stays the same');
          return first?.id;
        }),
      ),
    );
    t.equal(new Set(ids).size, ids.length, 'each is a separate one');
  }
});

t.test('a rollback affects only its own transaction', async (t) => {
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

t.test('a query after a transaction that timed out at its begin is not part of it', async (t) => {
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
  await until('the database answers', () => ask(2).catch(() => undefined));
  await db.execute(sql`insert into written values (1)`);
  t.strictSame([...(await rows`select id from written`)], [{ id: 1 }], 'it is committed at once');
});

t.test('a statement that times out rolls back its transaction, and the next one works', async (t) => {
  const { databaseUrl, db } = await start(t, { poolSize: 1 });
  const rows = rowsOf(t, databaseUrl);
  await rows`create table written (id int)`;
  const slow = db.transaction(async (tx) => {
    await tx.execute(sql`insert into written values (1)`);
    await tx.execute(sql`select pg_sleep(1.5)`);
  });
  await slow.then(
    () => t.fail('it should have timed out'),
    (error) => t.ok(isDatabaseUnavailable(error)),
  );
  await db.transaction((tx) => tx.execute(sql`insert into written values (2)`));
  t.strictSame([...(await rows`select id from written`)], [{ id: 2 }]);
});

t.test('a read whose answer is lost is repeated, and a write is not', async (t) => {
  const { databaseUrl, proxy, db, ask } = await start(t, { poolSize: 1 });
  const rows = rowsOf(t, databaseUrl);
  await rows`create table written (id int)`;
  const write = (id: number) => db.execute(sql`insert into written values (${id}::int)`);
  for (const point of [1, 2]) {
    // Opens the connection.
    await ask(0);
    const { wasCut, result } = await proxy.cutAt(point, () => ask(point));
    t.ok(wasCut);
    t.strictSame(result, { status: 'fulfilled', value: point });
    // The first message and the first answer only describe the parameters.
    const lost = await proxy.cutAt(2 + point, () => write(point));
    t.match(lost.result, { status: 'rejected', reason: { cause: { name: 'ConnectionLost' } } });
  }
  const written = await rows`select id from written where id > 0`;
  t.strictSame([...written], [{ id: 2 }], 'only the second one had arrived');
});

t.test('a query that has been answered holds neither its arguments nor its rows', async (t) => {
  const { databaseUrl } = await start(t);
  const client = createClient({ url: databaseUrl, poolSize: 1, transactionPooler: false });
  const ignore = () => {};
  const connection = createConnection({
    open: () => client,
    onLost: ignore,
    onResult: ignore,
    delay: 0,
    deadAfter: 5000,
  });
  t.teardown(connection.end);
  const queries: (Query & { args?: unknown; parameters?: unknown })[] = [];
  const ask = (asValues: boolean) =>
    connection.run((on) => {
      const query = on.unsafe('select $1::int as value', [7]) as unknown as Query;
      queries.push(query);
      return asValues ? query.values() : query;
    }).result;
  t.strictSame(await ask(true), [[7]]);
  const rows = (await ask(false)) as { count: number } & unknown[];
  t.strictSame([...rows], [{ value: 7 }]);
  t.equal(rows.count, 1, 'with the members of a result');
  for (const { args, parameters } of queries) t.strictSame([args, parameters], [[], []]);
  t.equal(((await queries[0]) as unknown[]).length, 0, 'its rows have been taken');
});

t.test('when connections turn out to be closed one after the other, a repeated write gets a new one', async (t) => {
  const { databaseUrl, proxy, db, ask } = await start(t, { poolSize: 4 });
  const rows = rowsOf(t, databaseUrl);
  await rows`create table written (id int primary key)`;
  await Promise.all([1, 2, 3, 4].map(ask));
  proxy.cutWhenUsed();
  let attempts = 0;
  const write = (id: number) =>
    repeatIfLost(() => {
      attempts += 1;
      return db.execute(sql`insert into written values (${id}::int) on conflict do nothing`);
    });
  for (const id of [1, 2, 3, 4, 5]) await write(id);
  t.equal(attempts, 6, 'only the first write was repeated');
  t.strictSame([...(await rows`select count(*)::int from written`)], [{ count: 5 }]);
});

t.test('a transaction that is interrupted before its COMMIT runs again, and takes effect once', async (t) => {
  const { databaseUrl, proxy, db } = await start(t, { poolSize: 1 });
  const rows = rowsOf(t, databaseUrl);
  await rows`create table written (id int)`;
  const insert = (id: number) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`select count(*) from written`);
      await tx.execute(sql`insert into written values (${id}::int)`);
      return id;
    });
  const outcomes: string[] = [];
  for (let point = 1; ; point += 1) {
    await insert(0);
    const { wasCut, result } = await proxy.cutAt(point, () => insert(point));
    if (!wasCut) break;
    const [row] = await rows`select count(*)::int from written where id = ${point}`;
    outcomes.push(`${result.status} ${row?.count}`);
  }
  // BEGIN, SELECT, INSERT (twice, since its parameter is described first) and COMMIT, each with its answer. Only a COMMIT that has been
  // sent may have taken effect.
  t.strictSame(outcomes, [...Array.from({ length: 8 }, () => 'fulfilled 1'), 'rejected 0', 'rejected 1']);
});

t.test('a deadlock is resolved by running the transaction again', async (t) => {
  const { databaseUrl, db } = await start(t);
  const rows = rowsOf(t, databaseUrl);
  await rows`create table counted (id int primary key, count int not null)`;
  await rows`insert into counted values (1, 0), (2, 0)`;
  let runs = 0;
  const both: (() => void)[] = [];
  let commit = () => {};
  const isCommitted = new Promise<void>((resolve) => {
    commit = resolve;
  });
  const increment = async (first: number, second: number) => {
    await db.transaction(async (tx) => {
      runs += 1;
      // The one that runs again would otherwise compete with the other for the row that it gave up, which can be another deadlock.
      if (runs > 2) await isCommitted;
      await tx.execute(sql`set local deadlock_timeout = '10ms'`);
      await tx.execute(sql`update counted set count = count + 1 where id = ${first}::int`);
      // Each has locked its first row before either locks its second.
      if (runs <= 2) {
        await new Promise<void>((resolve) => {
          both.push(resolve);
          if (both.length === 2) for (const proceed of both) proceed();
        });
      }
      await tx.execute(sql`update counted set count = count + 1 where id = ${second}::int`);
    });
    commit();
  };
  await Promise.all([increment(1, 2), increment(2, 1)]);
  t.equal(runs, 3);
  t.strictSame([...(await rows`select count from counted`)], [{ count: 2 }, { count: 2 }]);
});

t.test('while the database restarts, queries and transactions wait for it', async (t) => {
  // Longer than a busy machine takes to open the connections again.
  const { proxy, db, ask } = await start(t, { deadline: 8000 });
  await ask(0);
  proxy.refuse();
  const numbers = Array.from({ length: 8 }, (_, i) => i);
  const inTransaction = (value: number) =>
    db.transaction((tx) => tx.execute<{ value: number }>(sql`select ${value}::int as value`));
  const asked = Promise.all([...numbers.map(ask), ...numbers.map(async (i) => (await inTransaction(i))[0]?.value)]);
  // Every connection has been refused at least once.
  await sleep(150);
  await proxy.accept();
  t.strictSame(await asked, [...numbers, ...numbers]);
});

t.test('when the database has not answered for long, queries are refused at once', async (t) => {
  const { proxy, ask } = await start(t);
  proxy.refuse();
  for (let i = 0; i < 3; i += 1) await t.rejects(ask(i), { cause: { code: 'ECONNREFUSED' } });
});

t.test('when some connections cannot be opened, the others are used', async (t) => {
  const { proxy, ask, db } = await start(t, { poolSize: 4 });
  t.strictSame(await Promise.all([ask(1), ask(2)]), [1, 2], 'two are open');
  proxy.refuseNew();
  for (let i = 0; i < 20; i += 1) t.equal(await ask(i), i, 'one after the other');
  const together = await Promise.allSettled(Array.from({ length: 24 }, (_, i) => ask(i)));
  t.ok(
    together.filter(({ status }) => status === 'fulfilled').length >= 20,
    'queries for connections that cannot be opened are moved to others',
  );
  await db.transaction((tx) => tx.execute(sql`select 1`));
});

t.test('while many more callers come than the database can answer, it works for those that are answered', async (t) => {
  const { db, essentialDb } = await start(t, { poolSize: 2, deadline: 900 });
  const end = performance.now() + 6000;
  const counter = () => ({ answered: 0, refused: 0, late: 0 });
  const ask = async (on: typeof db, query: SQL, pause: number, count: ReturnType<typeof counter>) => {
    while (performance.now() < end) {
      try {
        await on.execute(query);
        count.answered += 1;
      } catch (error) {
        const { code } = driverError(error);
        if (code === 'DATABASE_QUEUE_FULL') count.refused += 1;
        else if (code === 'DATABASE_TIMEOUT') count.late += 1;
        else throw error;
        await sleep(pause);
      }
    }
  };
  const [count, essential] = [counter(), counter()];
  await Promise.all([
    ask(essentialDb, sql`select 1`, 100, essential),
    // Two connections and 20 ms each: 100 a second, for 300 callers.
    ...Array.from({ length: 300 }, () => ask(db, sql`select pg_sleep(0.02)`, 50, count)),
  ]);
  t.comment(count, essential);
  t.ok(essential.answered > 0);
  t.equal(essential.refused, 0, 'what is essential is not refused');
  t.ok(count.refused > 0, 'some are refused at once');
  // Without the refusals, nine of ten are late.
  t.ok(count.answered > count.late / 2, 'more than a third of the others are answered in time');
});
