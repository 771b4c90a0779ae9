// The checker of the fault tests finds violations: each invariant is broken on purpose, in the database or in the history.
import { createHash } from 'node:crypto';
import t, { type Test } from 'tap';
import { testDatabase } from '../support/database.js';
import type { Answer } from '../support/problem.js';
import { rowsOf } from '../support/rows.js';
import { check } from './harness/checker.js';
import { checkAnswer, createClient } from './harness/clients.js';
import { type History, newHistory } from './harness/history.js';
import { startInstance } from './harness/service.js';

/** Traffic of three clients without any fault. */
async function traffic(t: Test, env: Record<string, string> = {}) {
  const databaseUrl = await testDatabase(t);
  const service = await startInstance(t, databaseUrl, env);
  const history = newHistory();
  for (let i = 0; i < 3; i++) {
    const client = createClient(() => service, history, `client${i}`, Math.random);
    for (const operation of ['login', 'refresh', 'refresh', 'login', 'logout', 'refresh', 'refresh'] as const) {
      await client.perform(operation);
    }
  }
  const broken = async () => {
    const violations = await check(history, () => service, databaseUrl);
    return [...new Set(violations.map(({ invariant }) => invariant))].sort();
  };
  return { history, rows: rowsOf(t, databaseUrl), broken };
}

/** The newest and the previous token of a session that its client believes alive. */
function livingSession({ accounts }: History) {
  const session = accounts
    .flatMap(({ sessions }) => sessions)
    .find(({ state, tokens }) => state === 'living' && tokens.length > 1);
  const [previous = '', newest = ''] = session?.tokens.slice(-2) ?? [];
  return { previous, newest };
}

const hashOf = (token: string) => createHash('sha256').update(token).digest();

t.test('without a fault no invariant is broken', async (t) => {
  const { broken } = await traffic(t);
  t.strictSame(await broken(), []);
});

t.test('I1: a lost account and a changed password are found', async (t) => {
  const gone = await traffic(t);
  await gone.rows`delete from users where id = (select min(id) from users)`;
  t.ok((await gone.broken()).includes('I1'));
  const changed = await traffic(t);
  await changed.rows`update users set password_hash = '$argon2id$v=19$m=7168,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'`;
  t.ok((await changed.broken()).includes('I1'));
});

t.test('I2: a used token that works again is found', async (t) => {
  const { broken } = await traffic(t, { SETTING_REFRESH_GRACE_SECONDS: '60' });
  t.strictSame(await broken(), ['I2']);
});

t.test('I3: a token that was exchanged for two is found', async (t) => {
  const { history, broken } = await traffic(t);
  const { previous } = livingSession(history);
  const call = history.calls.find(({ exchange }) => exchange?.token === previous);
  if (call?.exchange) history.calls.push({ ...call, exchange: { ...call.exchange, successor: 'another one' } });
  t.strictSame(await broken(), ['I3']);
});

t.test('I4: an ended session that is alive again is found', async (t) => {
  const { rows, broken } = await traffic(t);
  await rows`update sessions set revoked_at = null`;
  t.ok((await broken()).includes('I4'));
});

t.test('I5: a lost session and one reset to its previous token are found', async (t) => {
  const gone = await traffic(t);
  await gone.rows`delete from sessions where revoked_at is null`;
  t.strictSame(await gone.broken(), ['I5']);
  const back = await traffic(t);
  const { newest, previous } = livingSession(back.history);
  const undone = await back.rows`
    update sessions set generation = generation - 1, refresh_token_hash = ${hashOf(previous)}, retry_keys = decode(repeat('00', 64), 'hex')
    where refresh_token_hash = ${hashOf(newest)} returning 1`;
  t.equal(undone.length, 1);
  t.ok((await back.broken()).includes('I5'));
});

t.test('I6: tokens of another account are found', async (t) => {
  const service = await startInstance(t, await testDatabase(t));
  await service.register('another@example.com');
  const history = newHistory();
  const wrong = { ...service, login: () => service.login('another@example.com') };
  await createClient(() => wrong, history, 'client', Math.random).perform('login');
  t.ok(history.violations.some(({ invariant }) => invariant === 'I6'));
});

t.test('I7: an account that was never registered is found', async (t) => {
  const { history, rows, broken } = await traffic(t);
  history.accounts.push({
    email: 'nobody@example.com',
    id: undefined,
    registered: 'no',
    passwords: ['password'],
    sessions: [],
  });
  await rows`insert into users (email, password_hash) select 'nobody@example.com', password_hash from users limit 1`;
  t.strictSame(await broken(), ['I7']);
});

t.test('I8: two accounts with one address are found', async (t) => {
  const { rows, broken } = await traffic(t);
  await rows`insert into users (email, password_hash) select upper(email), password_hash from users limit 1`;
  t.strictSame(await broken(), ['I8']);
});

t.test('I9: a 500, internal details and a 503 without Retry-After are found', (t) => {
  const bad: readonly Partial<Answer>[] = [
    { statusCode: 500, body: '{}' },
    { statusCode: 503, headers: {}, body: '{}' },
    { statusCode: 503, headers: { 'retry-after': '1' }, body: 'connect ECONNREFUSED 127.0.0.1:5432' },
    { statusCode: 503, headers: { 'retry-after': '1' }, body: 'Error\n at Socket (/srv/app.js:10:5)' },
    { statusCode: 503, headers: { 'retry-after': '1' }, body: 'Failed query: select id from users' },
  ];
  for (const answer of bad) {
    const history = newHistory();
    checkAnswer(history, { headers: {}, ...answer } as Answer);
    t.strictSame([...new Set(history.violations.map(({ invariant }) => invariant))], ['I9'], JSON.stringify(answer));
  }
  const good = newHistory();
  checkAnswer(good, {
    statusCode: 503,
    headers: { 'retry-after': '1' },
    body: '{"code": "database_unavailable"}',
  } as Answer);
  t.strictSame(good.violations, []);
  t.end();
});
