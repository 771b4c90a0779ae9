// F32, F33: many requests at once use the same refresh token or register the same address, on two instances and through a pooler.
import { randomUUID } from 'node:crypto';
import t, { type Test } from 'tap';
import { testDatabase } from '../support/database.js';
import { pgbouncerMissing, startPgbouncer } from '../support/pgbouncer.js';
import { rowsOf } from '../support/rows.js';
import { type HttpClient, tokensOf } from '../support/service.js';
import { figure, report, timeout } from './harness/figures.js';
import { describe } from './harness/history.js';
import { roundRobin, startInstance } from './harness/service.js';

const AT_ONCE = 50;

/** Two instances; the second one connects through PgBouncer if that is installed. */
async function start(t: Test) {
  const databaseUrl = await testDatabase(t);
  const one = await startInstance(t, databaseUrl);
  const pooled = pgbouncerMissing ? undefined : await startPgbouncer(t, databaseUrl);
  const two = await startInstance(t, pooled?.url ?? databaseUrl, pooled && { DATABASE_POOLER: 'transaction' });
  return { target: roundRobin([() => one, () => two]), rows: rowsOf(t, databaseUrl) };
}

async function deadlocks(rows: ReturnType<typeof rowsOf>): Promise<number> {
  const [row] = await rows`select deadlocks::int from pg_stat_database where datname = current_database()`;
  return row?.deadlocks ?? 0;
}

/** Makes a call many times at once and counts the answers. */
async function allAtOnce(
  target: () => HttpClient,
  ask: (client: HttpClient, index: number) => ReturnType<HttpClient['login']>,
) {
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => ask(target(), i)));
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[describe(answer)] = (counts[describe(answer)] ?? 0) + 1;
  const good = answers.filter(({ statusCode }) => statusCode < 300);
  return { counts, good };
}

t.test(
  'F32: of 50 refreshes of one token at once one succeeds; with one Idempotency-Key all succeed with the same successor',
  { timeout },
  async (t) => {
    const { target, rows } = await start(t);
    await target().register('racing@example.com');
    let { refresh_token: token } = tokensOf(await target().login('racing@example.com'));
    const rounds = figure(10, 200);
    const wrong: unknown[] = [];
    for (let round = 0; round < rounds; round++) {
      const headers = round % 2 === 0 ? {} : { 'idempotency-key': randomUUID() };
      const { counts, good } = await allAtOnce(target, (client) => client.refresh(token, headers));
      const successors = new Set(good.map((answer) => tokensOf(answer).refresh_token));
      const refused = Object.keys(counts).filter((answer) => answer !== '200');
      const expected =
        round % 2 === 0 ? ['401 refresh_token_used', '503 database_unavailable'] : ['503 database_unavailable'];
      const isRight =
        successors.size === 1 &&
        (round % 2 === 1 || good.length === 1) &&
        refused.every((answer) => expected.includes(answer));
      if (!isRight) wrong.push({ round, counts, successors: successors.size });
      token = [...successors][0] ?? token;
    }
    t.strictSame(wrong, []);
    t.equal((await target().refresh(token)).statusCode, 200, 'the last successor works');
    t.equal(await deadlocks(rows), 0, 'no deadlock');
    report(t, 'F32 refreshes of one token at once', { rounds, 'at once': AT_ONCE, 'two successors': wrong.length });
  },
);

t.test('F33: of 50 registrations of one address at once, in any letter case, one succeeds', { timeout }, async (t) => {
  const { target, rows } = await start(t);
  const rounds = figure(6, 100);
  const wrong: unknown[] = [];
  for (let round = 0; round < rounds; round++) {
    const spelling = (index: number) =>
      [...`taken${round}@example.com`]
        .map((letter, i) => ((index >> (i % 6)) & 1 ? letter.toUpperCase() : letter))
        .join('');
    const { counts, good } = await allAtOnce(target, (client, index) => client.register(spelling(index)));
    const refused = Object.keys(counts).filter((answer) => answer !== '201');
    const isRight = good.length === 1 && refused.every((answer) => /^(409|503 overloaded)/.test(answer));
    if (!isRight) wrong.push({ round, counts });
  }
  t.strictSame(wrong, []);
  const twice = await rows`select lower(email) from users group by 1 having count(*) > 1`;
  t.strictSame([...twice], [], 'one account for each address');
  t.equal(await deadlocks(rows), 0, 'no deadlock');
  report(t, 'F33 registrations of one address at once', { rounds, 'at once': AT_ONCE, 'two accounts': twice.length });
});
