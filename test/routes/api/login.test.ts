// POST /api/login/ starts a session; a refusal does not reveal whether an account exists.
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { LightMyRequestResponse as Response } from 'fastify';
import t, { type Test } from 'tap';
import { testApp, testAppOn } from '../../support/app.js';
import { matchAll } from '../../support/match.js';
import { isProblem } from '../../support/problem.js';
import { clearThrottles, rowsOf, untilBlocked } from '../../support/rows.js';
import { resetSetting, setSetting } from '../../support/settings.js';
import { floodWithoutThreads } from '../../support/threads.js';

const service = await testApp(t);
const { databaseUrl, inject, post, refresh } = service;
const rows = rowsOf(t, databaseUrl);

/** A new user; the password is 'password'. */
async function register(): Promise<{ id: number; email: string }> {
  return (await service.register(`user-${crypto.randomUUID()}@example.com`)).json();
}

const login = (email: string, password = 'password', on = service) => on.post('/api/login/', { email, password });

t.test('a login starts a session that stores its origin, and only a hash of the token', async (t) => {
  const { id, email } = await register();
  const answer = await inject({
    method: 'POST',
    url: '/api/login/',
    payload: { email, password: 'password' },
    headers: { 'user-agent': 'Browser/1.0' },
    remoteAddress: '203.0.113.7',
  });
  const { access_token: access, refresh_token: token } = answer.json();
  const [session, ...more] = await rows`select * from sessions where user_id = ${id}`;
  t.equal(more.length, 0);
  t.match(session, { ip: '203.0.113.7', user_agent: 'Browser/1.0', generation: 0, revoked_at: null });
  t.equal(Number(session?.expires_at) - Number(session?.created_at), 30 * 86_400_000);
  const [{ text } = { text: '' }] =
    await rows`select row_to_json(sessions)::text as text from sessions where user_id = ${id}`;
  for (const secret of [token, token.replaceAll('-', ''), access]) t.notOk(text.includes(secret), 'no token is stored');
  t.strictSame(session?.refresh_token_hash, createHash('sha256').update(token).digest());
  const log = JSON.stringify(service.logLines());
  for (const secret of [token, access, email, 'password"']) t.notOk(log.includes(secret), 'no token is logged');
});

t.test('a client without a User-Agent, or with a very long one, can log in', async (t) => {
  const { id, email } = await register();
  for (const agent of [undefined, 'x'.repeat(5000)]) {
    const headers = { 'user-agent': agent as string };
    const answer = await inject({
      method: 'POST',
      url: '/api/login/',
      payload: { email, password: 'password' },
      headers,
    });
    t.equal(answer.statusCode, 200);
  }
  const stored =
    await rows`select length(user_agent) as length from sessions where user_id = ${id} order by created_at`;
  t.equal(stored[1]?.length, 512);
});

t.test('each login starts a new session, also when many come at once', async (t) => {
  const { id, email } = await register();
  const pairs = (await Promise.all(Array.from({ length: 20 }, () => login(email)))).map((answer) => answer.json());
  t.equal(new Set(pairs.map((pair) => pair.refresh_token)).size, 20);
  t.equal(new Set(pairs.map((pair) => pair.access_token)).size, 20);
  t.equal((await rows`select 1 from sessions where user_id = ${id}`).length, 20);
});

t.test('an address matches in any spelling, and a password only exactly', async (t) => {
  const { email } = await register();
  await post('/api/register/', { email: `nfc-${email}`, password: 'p\u00e4ssword' });
  t.equal((await login(email.toUpperCase())).statusCode, 200);
  t.equal((await login(`  ${email}\n`)).statusCode, 200);
  t.equal((await login(`nfc-${email}`, 'pa\u0308ssword')).statusCode, 200, 'Unicode forms of the same text are equal');
  for (const password of ['Password', 'password ', ' password', 'passwor', 'password\n', 'ｐassword']) {
    isProblem(t, await login(email, password), 'invalid_credentials', JSON.stringify(password));
    await clearThrottles(rows);
  }
});

t.test('unknown address, wrong password and disabled account get the same answer and no session', async (t) => {
  const [known, disabled, passwordless] = [await register(), await register(), await register()];
  await rows`update users set disabled_at = now() where id = ${disabled.id}`;
  await rows`update users set password_hash = null where id = ${passwordless.id}`;
  const answers = {
    'wrong password': await login(known.email, 'wrong password'),
    'unknown address': await login('nobody@example.com'),
    'invalid address': await login('nobody@localhost'),
    'disabled account': await login(disabled.email),
    'disabled account, wrong password': await login(disabled.email, 'wrong password'),
    'account without a password': await login(passwordless.email),
  };
  const expected = comparable(answers['wrong password']);
  for (const [what, answer] of Object.entries(answers)) {
    isProblem(t, answer, 'invalid_credentials', what);
    t.strictSame(comparable(answer), expected, what);
  }
  const ids = [known.id, disabled.id, passwordless.id];
  t.equal((await rows`select 1 from sessions where user_id in ${rows(ids)}`).length, 0);
});

/** Stored hashes that are too costly to verify, or invalid. */
const STORED = [
  '$argon2id$v=19$m=1048577,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$4ls6YrXEP5zPjTDgzkVPUaiMFNmxpBpFjLTKK7hrzkk',
  '$argon2id$v=19$m=99999999,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$4ls6YrXEP5zPjTDgzkVPUaiMFNmxpBpFjLTKK7hrzkk',
  '$argon2id$v=19$m=1048576,t=999,p=1$c29tZXNhbHRzb21lc2FsdA$4ls6YrXEP5zPjTDgzkVPUaiMFNmxpBpFjLTKK7hrzkk',
  '$argon2id$v=19$m=1048576,t=4294967295,p=1$c29tZXNhbHRzb21lc2FsdA$4ls6YrXEP5zPjTDgzkVPUaiMFNmxpBpFjLTKK7hrzkk',
  '$argon2id$v=19$m=19456,t=2,p=255$c29tZXNhbHRzb21lc2FsdA$4ls6YrXEP5zPjTDgzkVPUaiMFNmxpBpFjLTKK7hrzkk',
  '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA',
  '$argon2id$v=19$m=19456,t=2,p=1$',
  '$argon2id$v=19$m=0,t=0,p=0$c29tZXNhbHRzb21lc2FsdA$4ls6YrXEP5zPjTDgzkVPUaiMFNmxpBpFjLTKK7hrzkk',
  '$argon2id$v=19$m=19456,t=2,p=1$%%%$%%%',
  '$argon2id$v=16$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$4ls6YrXEP5zPjTDgzkVPUaiMFNmxpBpFjLTKK7hrzkk',
  '$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$4ls6YrXEP5zPjTDgzkVPUaiMFNmxpBpFjLTKK7hrzkk',
  '$2b$12$KIXQ4S3n1v9Jf8q3m9xJpOe9lJg9v8K2J7Qm8Yl0b1c2d3e4f5g6h',
  'password',
  '',
];

t.test('a stored hash that is too costly is not verified, and an invalid one matches no password', async (t) => {
  const { id, email } = await register();
  for (const stored of STORED) {
    await rows`update users set password_hash = ${stored} where id = ${id}`;
    isProblem(t, await login(email), 'invalid_credentials', stored);
    await clearThrottles(rows);
  }
});

t.test('a login rehashes the password when the cost has been raised', async (t) => {
  const costlier = await testAppOn(t, databaseUrl, { env: { ARGON2_MEMORY_KIB: '8192' } });
  const { id, email } = await register();
  const hash = async () => (await rows`select password_hash as hash from users where id = ${id}`)[0]?.hash as string;
  const first = await hash();
  t.equal((await login(email)).statusCode, 200);
  t.equal(await hash(), first, 'not when the cost is the same');
  isProblem(t, await login(email, 'wrong password', costlier), 'invalid_credentials', 'wrong password');
  t.equal(await hash(), first, 'not for a wrong password');
  t.equal((await login(email, 'password', costlier)).statusCode, 200);
  t.match(await hash(), /^\$argon2id\$v=19\$m=8192,t=1,p=1\$/);
  t.equal((await login(email, 'password', costlier)).statusCode, 200);
  isProblem(t, await login(email, 'wrong password', costlier), 'invalid_credentials', 'wrong password');
});

t.test('with instances of different costs, a hash only ever becomes stronger', async (t) => {
  const withCost = (memory: string, passes: string) =>
    testAppOn(t, databaseUrl, { env: { ARGON2_MEMORY_KIB: memory, ARGON2_TIME_COST: passes } });
  const [cheaper, costlier, other] = [
    await withCost('7168', '1'),
    await withCost('8192', '2'),
    await withCost('16384', '1'),
  ];
  const { id, email } = await register();
  const cost = async () =>
    /m=\d+,t=\d+/.exec((await rows`select password_hash as hash from users where id = ${id}`)[0]?.hash as string)?.[0];
  const seen = [];
  for (const on of [cheaper, costlier, cheaper, other, cheaper, costlier, other, cheaper]) {
    t.equal((await login(email, 'password', on)).statusCode, 200);
    seen.push(await cost());
  }
  // The same work with more memory is stronger.
  t.strictSame(seen, ['m=7168,t=1', 'm=8192,t=2', 'm=8192,t=2', ...Array(5).fill('m=16384,t=1')]);
});

t.test('concurrent logins after a change of the cost all succeed', async (t) => {
  const costlier = await testAppOn(t, databaseUrl, { env: { ARGON2_MEMORY_KIB: '8192' } });
  for (let round = 0; round < 5; round += 1) {
    const { email } = await register();
    const answers = await Promise.all(Array.from({ length: 8 }, () => login(email, 'password', costlier)));
    t.strictSame(
      answers.map(({ statusCode }) => statusCode),
      Array(8).fill(200),
    );
  }
});

for (const [what, change] of [
  ['the password is changed', "update users set password_hash = 'another' where id = $1"],
  ['the account is disabled', 'update users set disabled_at = now() where id = $1'],
  ['the account is deleted', 'delete from users where id = $1'],
] as const) {
  t.test(`a login that has verified its password starts no session when ${what} meanwhile`, async (t) => {
    const { id, email } = await register();
    await clearThrottles(rows);
    const transaction = await rowsOf(t, databaseUrl).reserve();
    await transaction`begin`;
    // The login can read the account and verify the password, but then waits for this transaction.
    await transaction`select from users where id = ${id} for update`;
    const pending = login(email);
    await untilBlocked(rows);
    const [counted] = await rows`select failures from throttles`;
    t.equal(counted?.failures, 1, 'the attempt is counted before its password is verified');
    await transaction.unsafe(change, [id]);
    await transaction`commit`;
    transaction.release();
    isProblem(t, await pending, 'invalid_credentials', what);
    t.equal((await rows`select 1 from sessions where user_id = ${id}`).length, 0);
    const events = await rows`select 1 from audit_events where event = 'login.succeeded' and actor_id = ${id}`;
    t.equal(events.length, 0, 'nothing is recorded');
    t.match(
      [...(await rows`select failures, known_until from throttles`)],
      [{ failures: 1, known_until: null }],
      'the password is not right any more, which counts; no network is remembered',
    );
  });
}

t.test('a login resets the count of its attempt together with its session, and remembers its network', async (t) => {
  const { id, email } = await register();
  await clearThrottles(rows);
  isProblem(t, await login(email, 'wrong password'), 'invalid_credentials', 'wrong');
  const [{ key: account } = { key: undefined }] = await rows`select key from throttles where failures = 1`;
  const transaction = await rowsOf(t, databaseUrl).reserve();
  await transaction`begin`;
  // The statement that stores the session has to wait for its event; nothing of it may be visible before.
  await transaction`lock table audit_events in exclusive mode`;
  const pending = login(email);
  await untilBlocked(rows);
  t.equal((await rows`select 1 from sessions where user_id = ${id}`).length, 0);
  const before = await rows`select key, failures from throttles`;
  t.strictSame([...before], [{ key: account, failures: 2 }], 'the attempt is still counted');
  await transaction`commit`;
  transaction.release();
  t.equal((await pending).statusCode, 200);
  const after = await rows`select key, failures, known_until > now() as is_known from throttles`;
  t.match([...after], [{ failures: 0, is_known: true }]);
  t.equal(after.length, 1);
  t.notSame(after[0]?.key, account);
});

t.test(
  'logins that cannot be verified in time are refused with Retry-After, and the others are answered',
  async (t) => {
    const slow = await testAppOn(t, databaseUrl, { env: { SETTING_LOGIN_FAILURES_BEFORE_DELAY: '0' } });
    const many = 40 * availableParallelism();
    const answers = await slow.whileOverloaded(() =>
      floodWithoutThreads(many, () => login('nobody@localhost', 'password', slow)),
    );
    // On a very busy machine, those that are served may need longer than the handler timeout.
    const late = answers.filter(({ body }) => body.includes('"handler_timeout"'));
    const refused = answers.filter((answer) => answer.statusCode === 503 && !late.includes(answer));
    for (const answer of refused) isProblem(t, answer, 'overloaded', 'too many');
    t.ok(refused.length > 0, `${refused.length} of ${answers.length}`);
    t.equal(answers.filter(({ statusCode }) => statusCode === 401).length, many - refused.length - late.length);
    t.ok(refused.length < many);
    const { email } = await register();
    t.equal((await login(email, 'password', slow)).statusCode, 200, 'afterwards logins work');
  },
);

/** Sets MAX_SESSIONS_PER_USER for one test. */
async function limit(t: Test, sessions: number): Promise<void> {
  t.teardown(() => resetSetting(service.app, 'MAX_SESSIONS_PER_USER'));
  await setSetting(service.app, 'MAX_SESSIONS_PER_USER', sessions);
}

const liveSessionsOf = async (userId: number) =>
  (
    await rows`
    select id from sessions where user_id = ${userId} and revoked_at is null and expires_at > now()
    order by created_at`
  ).map(({ id }) => id as string);

t.test(
  'a login ends the oldest sessions beyond MAX_SESSIONS_PER_USER, however recently they were refreshed',
  async (t) => {
    await limit(t, 3);
    const [user, other] = [await register(), await register()];
    const stranger = (await login(other.email)).json();
    const pairs = [];
    for (let i = 0; i < 3; i += 1) pairs.push((await login(user.email)).json());
    const [first, second, third] = pairs;
    t.equal((await liveSessionsOf(user.id)).length, 3);
    const refreshed = (await refresh(first.refresh_token)).json();
    const fourth = (await login(user.email)).json();
    isProblem(t, await refresh(refreshed.refresh_token), 'invalid_refresh_token', 'the oldest has ended');
    matchAll(t, await rows`select revoked_reason from sessions where user_id = ${user.id} and revoked_at is not null`, [
      { revoked_reason: 'too_many_sessions' },
    ]);
    matchAll(
      t,
      service.logLines().filter(({ event, userId }) => event === 'too_many_sessions' && userId === user.id),
      [{ level: 'info', ended: 1 }],
    );
    isProblem(t, await login(user.email, 'wrong password'), 'invalid_credentials', 'a refused login ends no session');
    for (const pair of [second, third, fourth, stranger]) t.equal((await refresh(pair.refresh_token)).statusCode, 200);
  },
);

t.test('ended sessions do not count, and a lowered limit takes effect at the next login', async (t) => {
  const { id, email } = await register();
  const pairs = [];
  for (let i = 0; i < 6; i += 1) pairs.push((await login(email)).json());
  t.equal((await liveSessionsOf(id)).length, 6, 'below the default limit');
  const ids = await liveSessionsOf(id);
  await rows`update sessions set expires_at = now() where user_id = ${id} and id = ${ids[5] ?? ''}`;
  await service.logout(pairs[4].refresh_token);
  await limit(t, 5);
  const fifth = (await login(email)).json();
  t.equal((await liveSessionsOf(id)).length, 5, 'four and the new one');
  await setSetting(service.app, 'MAX_SESSIONS_PER_USER', 2);
  t.equal((await liveSessionsOf(id)).length, 5, 'not before');
  const sixth = (await login(email)).json();
  for (const { refresh_token: token } of [fifth, sixth]) t.equal((await refresh(token)).statusCode, 200);
  t.equal((await liveSessionsOf(id)).length, 2);
});

t.test('after concurrent logins on two instances as many sessions remain as the limit allows', async (t) => {
  const env = { SETTING_MAX_SESSIONS_PER_USER: '1' };
  const one = await testAppOn(t, databaseUrl, { env });
  const two = await testAppOn(t, databaseUrl, { env });
  for (let round = 0; round < 15; round += 1) {
    const { id, email } = await register();
    const answers = await Promise.all([one, two, one, two].map((on) => login(email, 'password', on)));
    t.strictSame(
      answers.map(({ statusCode }) => statusCode),
      [200, 200, 200, 200],
    );
    t.equal((await liveSessionsOf(id)).length, 1);
    const refreshed = await Promise.all(answers.map((answer) => refresh(answer.json().refresh_token)));
    t.strictSame(refreshed.map(({ statusCode }) => statusCode).sort(), [200, 401, 401, 401]);
  }
});

t.test('near a high limit, too, as many sessions remain as it allows after concurrent logins', async (t) => {
  const env = { SETTING_MAX_SESSIONS_PER_USER: '60' };
  const one = await testAppOn(t, databaseUrl, { env });
  const two = await testAppOn(t, databaseUrl, { env });
  // Up to 10 sessions, a login needs to count no more than it has; beyond 60, it ends some.
  for (const before of [8, 9, 10, 11, 57, 60, 65]) {
    const { id, email } = await register();
    await rows`
      insert into sessions (user_id, id, refresh_token_hash, retry_keys, created_at, expires_at)
      select ${id}, n, sha256(n::text::bytea), decode(repeat('00', 64), 'hex'),
        now() - n * interval '1 minute', now() + interval '1 day'
      from generate_series(1, ${before}::int) n`;
    const answers = await Promise.all([one, two, one, two].map((on) => login(email, 'password', on)));
    t.strictSame(
      answers.map(({ statusCode }) => statusCode),
      [200, 200, 200, 200],
    );
    const live = await liveSessionsOf(id);
    t.equal(live.length, Math.min(60, before + 4), `${before} before`);
  }
});

for (const sessions of [0, 2]) {
  t.test(
    `no session of the old password survives a change of the password, with MAX_SESSIONS_PER_USER ${sessions}`,
    async (t) => {
      await limit(t, sessions);
      for (let round = 0; round < 20; round += 1) {
        const { email } = await register();
        const { access_token: token } = (await login(email)).json();
        const [raced, changed] = await Promise.all([
          login(email),
          service.updateMe(token, { password: 'new password' }),
        ]);
        t.equal(changed.statusCode, 200);
        if (raced.statusCode === 200) {
          isProblem(t, await refresh(raced.json().refresh_token), 'invalid_refresh_token', 'the session has ended');
        } else isProblem(t, raced, 'invalid_credentials', 'the password had changed');
        isProblem(t, await login(email), 'invalid_credentials', 'the old password');
        t.equal((await login(email, 'new password')).statusCode, 200);
      }
    },
  );
}

/** An answer without the parts that differ for each request. */
function comparable({ statusCode, headers, body }: Response): object {
  const {
    'x-request-id': _id,
    date: _date,
    'ratelimit-remaining': _left,
    'ratelimit-reset': _reset,
    ...others
  } = headers;
  const { request_id: _requestId, ...members } = JSON.parse(body);
  return { statusCode, others, members };
}
