// POST /api/refresh/: a refresh token works once, a lost answer can be repeated, and reuse is detected.
import t, { type Test } from 'tap';
import { deriveKey } from '#platform/config/secrets.js';
import type { ErrorCode } from '#platform/errors/catalogue.js';
import type { TokenPair } from '#schemas/token-pair.js';
import { createRefreshTokenCodec, hashRefreshToken, MAX_GENERATION } from '#sessions/refresh-token.js';
import { TEST_SECRET, testApp, testAppOn } from '../../support/app.js';
import { matchAll } from '../../support/match.js';
import { isProblem } from '../../support/problem.js';
import { ageSessions, rowsOf } from '../../support/rows.js';
import { resetSetting, setSetting } from '../../support/settings.js';
import { until } from '../../support/until.js';
import { newUser } from '../../support/user.js';

const HOUR = 3600;
const DAY = 24 * HOUR;

const service = await testApp(t);
const { app, databaseUrl, refresh, logout, me } = service;
const rows = rowsOf(t, databaseUrl);

/** A new user, logged in. */
const begin = async () => {
  const { id: userId, ...user } = await newUser(service);
  return { ...user, userId };
};

/** The successor's pair; the refresh must succeed. */
async function next(token: string, key?: string): Promise<TokenPair> {
  const answer = await refresh(token, key);
  if (answer.statusCode !== 200) throw new Error(`refresh failed: ${answer.body}`);
  return answer.json();
}

/** A setting for one test. */
async function set(t: Test, name: string, value: unknown): Promise<void> {
  t.teardown(() => resetSetting(app, name));
  await setSetting(app, name, value);
}

const sessionOf = async (userId: number) => (await rows`select * from sessions where user_id = ${userId}`)[0];

function claimsOf({ access_token: token }: TokenPair) {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

/** Asserts that a refresh is refused with `code`, and that the session is unchanged. */
async function isRefused(t: Test, userId: number, code: ErrorCode, token: string, key?: string): Promise<void> {
  const before = await sessionOf(userId);
  isProblem(t, await refresh(token, key), code, code);
  t.strictSame(await sessionOf(userId), before, 'the session is unchanged');
}

/** Asserts that a refresh is refused as reuse and ends the session, also for its current token. */
async function endsTheSession(t: Test, userId: number, current: string, token: string, key?: string): Promise<void> {
  isProblem(t, await refresh(token, key), 'refresh_token_reused', 'the request fails');
  const ended = await sessionOf(userId);
  t.equal(ended?.revoked_reason, 'refresh_token_reused', 'although the session is ended');
  t.ok(ended?.revoked_at);
  isProblem(t, await refresh(current, 'any-key'), 'invalid_refresh_token', 'the current token no longer works');
  isProblem(t, await refresh(token, key), 'invalid_refresh_token', 'neither does the used one');
}

t.test('each refresh token can be exchanged for one new pair', async (t) => {
  const first = await begin();
  let pair: TokenPair = first;
  const seen = new Set([first.refresh_token]);
  for (let i = 0; i < 10; i += 1) {
    pair = await next(pair.refresh_token);
    seen.add(pair.refresh_token);
    t.equal((await me(pair.access_token)).statusCode, 200);
  }
  t.equal(seen.size, 11);
  t.equal((await sessionOf(first.userId))?.generation, 10);
  t.equal((await rows`select 1 from sessions where user_id = ${first.userId}`).length, 1, 'still one row');
});

t.test('a refresh restarts both lifetimes', async (t) => {
  const first = await begin();
  await ageSessions(rows, first.userId, 29 * DAY);
  const { exp, iat, jti, sid, user_id: userId } = claimsOf(await next(first.refresh_token));
  t.equal(exp - iat, 30);
  const before = claimsOf(first);
  t.strictSame({ sid, userId }, { sid: before.sid, userId: before.user_id });
  t.not(jti, before.jti);
  const [left] = await rows`
    select extract(epoch from expires_at - refreshed_at)::int as seconds, refreshed_at > now() - interval '1 minute' as now
    from sessions where user_id = ${first.userId}`;
  t.strictSame({ ...left }, { seconds: 30 * DAY, now: true });
});

t.test('a token is accepted in upper case and is the same token', async (t) => {
  const first = await begin();
  const second = await next(first.refresh_token.toUpperCase());
  await isRefused(t, first.userId, 'refresh_token_used', first.refresh_token);
  t.ok(await next(second.refresh_token));
});

t.test(
  'with its Idempotency-Key a refresh can be repeated, also hours later: the same refresh token and a new access token',
  async (t) => {
    const first = await begin();
    const second = await next(first.refresh_token, 'key');
    for (const seconds of [0, 5, 11, 5 * HOUR, 20 * DAY]) {
      await ageSessions(rows, first.userId, seconds);
      const before = await sessionOf(first.userId);
      const again = await next(first.refresh_token, 'key');
      t.equal(again.refresh_token, second.refresh_token, `${seconds} s later`);
      t.not(again.access_token, second.access_token);
      t.equal((await me(again.access_token)).statusCode, 200);
      t.strictSame(await sessionOf(first.userId), before, 'the session is unchanged');
    }
    t.ok(await next(second.refresh_token), 'the successor works');
  },
);

t.test('a refresh repeated after its successor was used is refused, and the session is unchanged', async (t) => {
  const first = await begin();
  const second = await next(first.refresh_token, 'first-key');
  const third = await next(second.refresh_token, 'second-key');
  await ageSessions(rows, first.userId, HOUR);
  await isRefused(t, first.userId, 'refresh_token_used', first.refresh_token, 'first-key');
  t.ok(await next(third.refresh_token), 'the current token works');
});

t.test('a duplicate up to eight refreshes late is recognised, and nine late it counts as reuse', async (t) => {
  const { userId, refresh_token: first } = await begin();
  let token = (await next(first, 'first-key')).refresh_token;
  for (let i = 1; i < 8; i += 1) token = (await next(token, `key-${i}`)).refresh_token;
  await isRefused(t, userId, 'refresh_token_used', first, 'first-key');
  token = (await next(token)).refresh_token;
  await endsTheSession(t, userId, token, first, 'first-key');
});

t.test('a double submit within 10 s is refused, and the session is unchanged', async (t) => {
  const first = await begin();
  const second = await next(first.refresh_token);
  await isRefused(t, first.userId, 'refresh_token_used', first.refresh_token);
  await isRefused(t, first.userId, 'refresh_token_used', first.refresh_token, 'a-key-that-came-too-late');
  t.ok(await next(second.refresh_token), 'the current token works');
});

t.test('a reused refresh token ends its session although the request fails', async (t) => {
  const first = await begin();
  const second = await next(first.refresh_token);
  await ageSessions(rows, first.userId, 11);
  await endsTheSession(t, first.userId, second.refresh_token, first.refresh_token);
  const event = service
    .logLines()
    .find((line) => line.event === 'refresh_token_reused' && line.userId === first.userId);
  t.match(
    event,
    { level: 'warn', sessionId: Number(claimsOf(first).sid), generation: 0 },
    'a security event is logged',
  );
});

t.test('a used token with a wrong key is treated like one without a key', async (t) => {
  const first = await begin();
  const second = await next(first.refresh_token, 'key');
  await isRefused(t, first.userId, 'refresh_token_used', first.refresh_token, 'another-key');
  await isRefused(t, first.userId, 'refresh_token_used', first.refresh_token, 'Key');
  await isRefused(t, first.userId, 'refresh_token_used', first.refresh_token);
  await ageSessions(rows, first.userId, 11);
  await endsTheSession(t, first.userId, second.refresh_token, first.refresh_token, 'another-key');
});

t.test('a token older than the previous one ends its session at once', async (t) => {
  const first = await begin();
  const second = await next(first.refresh_token);
  const third = await next(second.refresh_token);
  await endsTheSession(t, first.userId, third.refresh_token, first.refresh_token);
});

t.test('reuse in one session does not affect other sessions of the user', async (t) => {
  const first = await begin();
  const other = await service.login(first.email);
  await next(first.refresh_token);
  await rows`update sessions set refreshed_at = (refreshed_at at time zone 'UTC' - interval '11 s') at time zone 'UTC' where user_id = ${first.userId}`;
  isProblem(t, await refresh(first.refresh_token), 'refresh_token_reused', 'reused');
  t.ok(await next(other.refresh_token));
});

t.test('within REFRESH_GRACE_SECONDS the previous token gets the same successor without a key', async (t) => {
  const first = await begin();
  const second = await next(first.refresh_token);
  await isRefused(t, first.userId, 'refresh_token_used', first.refresh_token);
  await set(t, 'REFRESH_GRACE_SECONDS', 8);
  t.equal((await next(first.refresh_token)).refresh_token, second.refresh_token, 'within the grace period');
  await isRefused(t, first.userId, 'refresh_token_used', first.refresh_token, 'a-wrong-key');
  await ageSessions(rows, first.userId, 9);
  await isRefused(t, first.userId, 'refresh_token_used', first.refresh_token);
  const third = await next(second.refresh_token);
  await endsTheSession(t, first.userId, third.refresh_token, first.refresh_token);
});

t.test('a grace period of 0 is none, also after the clock of the database was set back', async (t) => {
  const first = await begin();
  await next(first.refresh_token);
  await ageSessions(rows, first.userId, -60);
  await isRefused(t, first.userId, 'refresh_token_used', first.refresh_token);
});

/** Tokens that no longer work or never did. */
const DEAD: Readonly<Record<string, (user: TokenPair & { userId: number }) => Promise<string | undefined>>> = {
  'of a session that was not used for its lifetime': async ({ userId }) => {
    await ageSessions(rows, userId, 30 * DAY + 1);
    return undefined;
  },
  'of a session that was logged out': async ({ refresh_token: token }) => {
    await logout(token);
    return undefined;
  },
  'of a user who is disabled': async ({ userId }) => {
    await rows`update users set disabled_at = now() where id = ${userId}`;
    return undefined;
  },
  'of a deleted user': async ({ userId }) => {
    await rows`delete from users where id = ${userId}`;
    return undefined;
  },
  'of a deleted session': async ({ userId }) => {
    await rows`delete from sessions where user_id = ${userId}`;
    return undefined;
  },
  'whose hash is not the stored one (a backup was restored)': async ({ userId }) => {
    await rows`update sessions set refresh_token_hash = ${Buffer.alloc(32)} where user_id = ${userId}`;
    return undefined;
  },
  'that the database has never issued (a backup was restored)': async ({ refresh_token: token, userId }) => {
    const { refresh_token: later } = await next((await next(token)).refresh_token);
    await rows`
      update sessions set generation = 0, refresh_token_hash = ${hashRefreshToken(token)} where user_id = ${userId}`;
    return later;
  },
  'that is a random UUID': async () => crypto.randomUUID(),
  'that is the nil UUID': async () => '00000000-0000-0000-0000-000000000000',
  'that is the max UUID': async () => 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'that is a UUID of version 7': async () => '0190163d-8694-739b-aea5-966c26f8ad91',
  'of another secret': async ({ userId }) => {
    const address = { userId, sessionId: Number((await sessionOf(userId))?.id), generation: 0 };
    return codecOf('other-Zq8yX2kFh4mV9cLr7TnWb3pJd6sGa1eU').encode(address);
  },
  'of a session that its user never had': async ({ userId }) => {
    const sessionId = (Number((await sessionOf(userId))?.id) + 1) % 2 ** 40;
    return codecOf(TEST_SECRET).encode({ userId, sessionId, generation: 0 });
  },
  'of a user id that Postgres cannot hold': async () =>
    codecOf(TEST_SECRET).encode({ userId: 2 ** 40 - 1, sessionId: 1, generation: 0 }),
  'of the last generation, that was never issued': async ({ userId }) => {
    const sessionId = Number((await sessionOf(userId))?.id);
    return codecOf(TEST_SECRET).encode({ userId, sessionId, generation: MAX_GENERATION });
  },
};

for (const [what, kill] of Object.entries(DEAD)) {
  t.test(`a token ${what} is refused like an unknown one`, async (t) => {
    const user = await begin();
    const token = (await kill(user)) ?? user.refresh_token;
    await isRefused(t, user.userId, 'invalid_refresh_token', token);
    await isRefused(t, user.userId, 'invalid_refresh_token', token, 'key');
  });
}

t.test('a refresh cannot be repeated after the session has ended', async (t) => {
  for (const [what, kill] of Object.entries(DEAD).slice(0, 3)) {
    const user = await begin();
    await next(user.refresh_token, 'key');
    await kill(user);
    isProblem(t, await refresh(user.refresh_token, 'key'), 'invalid_refresh_token', what);
  }
});

t.test('changes to the user are in the next access token', async (t) => {
  const first = await begin();
  await service.updateMe(first.access_token, { username: 'John Smith' });
  const second = await next(first.refresh_token, 'key');
  t.equal(claimsOf(second).username, 'John Smith');
  t.notOk('roles' in claimsOf(second));
  await rows`update users set username = 'J. Smith', roles = '{admin}' where id = ${first.userId}`;
  matchAll(t, claimsOf(await next(first.refresh_token, 'key')), { username: 'J. Smith', roles: ['admin'] }, 'a retry');
  matchAll(t, claimsOf(await next(second.refresh_token)), { username: 'J. Smith', roles: ['admin'] }, 'a refresh');
});

const secondsLeft = async (userId: number, since: 'created_at' | 'refreshed_at') =>
  (
    await rows`select extract(epoch from expires_at - ${rows(since)})::int as left from sessions where user_id = ${userId}`
  )[0]?.left;

t.test('a changed REFRESH_TOKEN_LIFETIME takes effect from the next refresh', async (t) => {
  const first = await begin();
  await set(t, 'REFRESH_TOKEN_LIFETIME', HOUR);
  t.equal(await secondsLeft(first.userId, 'refreshed_at'), 30 * DAY);
  const second = await next(first.refresh_token);
  t.equal(await secondsLeft(first.userId, 'refreshed_at'), HOUR);
  await ageSessions(rows, first.userId, HOUR + 1);
  await isRefused(t, first.userId, 'invalid_refresh_token', second.refresh_token);
});

t.test('a changed ACCESS_TOKEN_LIFETIME takes effect from the next token', async (t) => {
  const first = await begin();
  await set(t, 'ACCESS_TOKEN_LIFETIME', 300);
  const { exp, iat } = claimsOf(await next(first.refresh_token));
  t.equal(exp - iat, 300);
});

t.test('SESSION_MAX_LIFETIME ends a session however often it is refreshed', async (t) => {
  await set(t, 'SESSION_MAX_LIFETIME', 40 * DAY);
  const { userId, refresh_token: first } = await begin();
  t.equal(await secondsLeft(userId, 'created_at'), 30 * DAY, 'the earlier end counts');
  await ageSessions(rows, userId, 25 * DAY);
  const second = await next(first);
  t.equal(await secondsLeft(userId, 'created_at'), 40 * DAY, 'limited by the maximum');
  await ageSessions(rows, userId, 14 * DAY);
  const third = await next(second.refresh_token);
  t.equal(await secondsLeft(userId, 'created_at'), 40 * DAY);
  await ageSessions(rows, userId, DAY + 1);
  await isRefused(t, userId, 'invalid_refresh_token', third.refresh_token);
});

t.test('a session older than a new SESSION_MAX_LIFETIME has ended', async (t) => {
  const { userId, refresh_token: first } = await begin();
  const second = await next(first, 'key');
  await ageSessions(rows, userId, 2 * DAY);
  await set(t, 'SESSION_MAX_LIFETIME', DAY);
  await isRefused(t, userId, 'invalid_refresh_token', second.refresh_token);
  await isRefused(t, userId, 'invalid_refresh_token', first, 'key');
  await setSetting(app, 'SESSION_MAX_LIFETIME', 3 * DAY);
  t.ok(await next(second.refresh_token), 'it is the setting of now that counts');
});

t.test('a session cannot be refreshed beyond the last generation that a token can carry', async (t) => {
  const { userId } = await begin();
  const address = { userId, sessionId: Number((await sessionOf(userId))?.id), generation: MAX_GENERATION - 1 };
  const token = codecOf(TEST_SECRET).encode(address);
  await rows`
    update sessions set generation = ${address.generation}, refresh_token_hash = ${hashRefreshToken(token)}
    where user_id = ${userId}`;
  const { refresh_token: last } = await next(token, 'key');
  await isRefused(t, userId, 'invalid_refresh_token', last);
  t.equal((await next(token, 'key')).refresh_token, last, 'the last refresh can be repeated');
  t.equal((await logout(last)).statusCode, 200);
  t.equal((await sessionOf(userId))?.revoked_reason, 'logout');
});

t.test('of 50 concurrent refreshes of one token on two instances exactly one succeeds', async (t) => {
  const other = await testAppOn(t, databaseUrl);
  for (let round = 0; round < 5; round += 1) {
    const { userId, refresh_token: token } = await begin();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? service : other).refresh(token)),
    );
    const [won, ...more] = answers.filter(({ statusCode }) => statusCode === 200);
    t.ok(won);
    t.equal(more.length, 0);
    const codes = new Set(answers.filter((answer) => answer !== won).map((answer) => answer.json().code));
    t.strictSame([...codes], ['refresh_token_used']);
    t.equal((await sessionOf(userId))?.generation, 1);
    t.ok(await next(won?.json().refresh_token), 'the successor works');
  }
});

t.test('50 concurrent refreshes of one token with its key all get the same successor', async (t) => {
  const other = await testAppOn(t, databaseUrl);
  for (let round = 0; round < 5; round += 1) {
    const { userId, refresh_token: token } = await begin();
    // On a busy machine some wait for the row for longer than the database may take. With the key they can be repeated.
    const repeated = (on: typeof service | typeof other) =>
      until('not answered 503', async () => {
        const answer = await on.refresh(token, 'key');
        return answer.statusCode !== 503 && answer;
      });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => repeated(i % 2 === 0 ? service : other)));
    t.strictSame([...new Set(answers.map(({ statusCode }) => statusCode))], [200]);
    const pairs = answers.map((answer) => answer.json() as TokenPair);
    t.equal(new Set(pairs.map((pair) => pair.refresh_token)).size, 1);
    t.equal((await sessionOf(userId))?.generation, 1);
    t.ok(await next(pairs[0]?.refresh_token ?? ''), 'the successor works');
  }
});

t.test('of 50 concurrent refreshes with different keys exactly one succeeds', async (t) => {
  const { userId, refresh_token: token } = await begin();
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => refresh(token, `key-${i}`)));
  t.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 1);
  t.equal((await sessionOf(userId))?.revoked_at, null);
});

t.test('a logout that races with a refresh ends the session for good', async (t) => {
  for (let round = 0; round < 20; round += 1) {
    const { userId, refresh_token: token } = await begin();
    const [refreshed, left] = await Promise.all([refresh(token), logout(token)]);
    t.equal(left.statusCode, 200);
    const tokens = [token, ...(refreshed.statusCode === 200 ? [refreshed.json().refresh_token] : [])];
    for (const each of tokens) isProblem(t, await refresh(each), 'invalid_refresh_token', 'dead');
    t.equal((await sessionOf(userId))?.revoked_reason, 'logout');
  }
});

const NEW_SECRET = 'new-Lm5kT1vRb8xQw3zYc7nHd2sPj9gFu4aE';

t.test('while the secret is changed, tokens of the old one stay valid', async (t) => {
  const changing = await testAppOn(t, databaseUrl, { env: { AUTH_SECRET: `${NEW_SECRET},${TEST_SECRET}` } });
  const first = await begin();
  t.equal((await changing.me(first.access_token)).statusCode, 200, 'an access token of the old secret');
  const answer = await changing.refresh(first.refresh_token);
  t.equal(answer.statusCode, 200, 'a refresh token of the old secret');
  const second: TokenPair = answer.json();
  t.equal(codecOf(NEW_SECRET).decode(second.refresh_token)?.generation, 1, 'its successor is of the new one');
  t.equal((await changing.me(second.access_token)).statusCode, 200);
  const third = await changing.refresh(second.refresh_token);
  t.equal(third.statusCode, 200, 'and works');
  isProblem(t, await changing.refresh(first.refresh_token), 'refresh_token_reused', 'an old token is still recognised');
  isProblem(t, await changing.refresh(third.json().refresh_token), 'invalid_refresh_token', 'as reuse');
});

t.test('while the secret is changed, a repeated refresh returns the same token', async (t) => {
  const changing = await testAppOn(t, databaseUrl, { env: { AUTH_SECRET: `${NEW_SECRET},${TEST_SECRET}` } });
  const preparing = await testAppOn(t, databaseUrl, { env: { AUTH_SECRET: `${TEST_SECRET},${NEW_SECRET}` } });
  for (const [what, asked, askedAgain] of [
    ['of the old secret', service, changing],
    ['of the old secret, before the change', service, preparing],
    ['of the new secret', changing, changing],
    ['of the new secret, on an instance that still signs with the old one', changing, preparing],
  ] as const) {
    const { refresh_token: token } = await begin();
    const given = (await asked.refresh(token, 'key')).json();
    const again = await askedAgain.refresh(token, 'key');
    t.equal(again.statusCode, 200, what);
    t.equal(again.json().refresh_token, given.refresh_token, what);
    t.equal((await askedAgain.refresh(given.refresh_token)).statusCode, 200, `${what}: and it works`);
  }
});

t.test('while the secret is changed, a token of the old one can log out', async (t) => {
  const changing = await testAppOn(t, databaseUrl, { env: { AUTH_SECRET: `${NEW_SECRET},${TEST_SECRET}` } });
  const { userId, refresh_token: token } = await begin();
  const second = (await changing.refresh(token)).json();
  t.equal((await changing.logout(token)).statusCode, 200);
  t.equal((await sessionOf(userId))?.revoked_reason, 'logout');
  isProblem(t, await changing.refresh(second.refresh_token), 'invalid_refresh_token', 'dead');
});

t.test('without the old secret its refresh tokens are refused, and access tokens stay valid', async (t) => {
  const changed = await testAppOn(t, databaseUrl, { env: { AUTH_SECRET: NEW_SECRET } });
  const first = await begin();
  t.equal((await changed.me(first.access_token)).statusCode, 200, 'signing keys have been re-encrypted');
  isProblem(t, await changed.refresh(first.refresh_token), 'invalid_refresh_token', 'its refresh tokens');
  t.equal((await changed.logout(first.refresh_token)).statusCode, 200);
  t.ok(await next(first.refresh_token), 'the other instance still accepts them');
});

t.test('no token or key is ever logged', async (t) => {
  const first = await begin();
  const second = await next(first.refresh_token, 'secret-key');
  await refresh(first.refresh_token);
  await ageSessions(rows, first.userId, 11);
  await refresh(first.refresh_token);
  const log = JSON.stringify(service.logLines());
  for (const secret of [first, second].flatMap(({ access_token, refresh_token }) => [access_token, refresh_token])) {
    t.notOk(log.includes(secret));
  }
  t.notOk(log.includes('secret-key'));
});

function codecOf(secret: string) {
  return createRefreshTokenCodec(deriveKey(secret, 'refresh-token/v1'));
}
