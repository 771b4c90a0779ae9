// POST /api/logout/ ends a session for good; the answer does not reveal whether there was one.
import type { LightMyRequestResponse as Response } from 'fastify';
import t from 'tap';
import { deriveKey } from '#platform/config/secrets.js';
import { createRefreshTokenCodec } from '#sessions/refresh-token.js';
import { TEST_SECRET, testApp } from '../../support/app.js';
import { isProblem } from '../../support/problem.js';
import { ageSessions, rowsOf } from '../../support/rows.js';
import { newUser } from '../../support/user.js';

const service = await testApp(t);
const { logout, refresh, me } = service;
const rows = rowsOf(t, service.databaseUrl);

/** A new user, logged in. */
const begin = async () => {
  const { id: userId, ...user } = await newUser(service);
  return { ...user, userId };
};

const sessionOf = async (userId: number) => (await rows`select * from sessions where user_id = ${userId}`)[0];

t.test(
  'after a logout no refresh token of the session works; its access token stays valid until it expires',
  async (t) => {
    const { userId, refresh_token: first } = await begin();
    const second = (await refresh(first, 'key')).json();
    const answer = await logout(second.refresh_token);
    t.equal(answer.statusCode, 200);
    t.strictSame(answer.json(), { success: 'User logged out.' });
    const session = await sessionOf(userId);
    t.ok(session?.revoked_at);
    t.equal(session?.revoked_reason, 'logout');
    for (const token of [first, second.refresh_token]) {
      isProblem(t, await refresh(token), 'invalid_refresh_token', 'ended');
      isProblem(t, await refresh(token, 'key'), 'invalid_refresh_token', 'also with its key');
    }
    t.equal((await me(second.access_token)).statusCode, 200);
    const event = service.logLines().find((line) => line.event === 'logged_out' && line.userId === userId);
    t.match(event, { level: 'info', sessionId: Number(session?.id) }, 'it is logged');
  },
);

t.test('a token of any generation logs out, and a used one does not count as reuse', async (t) => {
  for (const used of [1, 2, 10]) {
    const { userId, refresh_token: first } = await begin();
    let token = first;
    for (let i = 0; i < used; i += 1) token = (await refresh(token)).json().refresh_token;
    await ageSessions(rows, userId, 3600);
    t.equal((await logout(first)).statusCode, 200);
    t.equal((await sessionOf(userId))?.revoked_reason, 'logout', `${used} refreshes later`);
    isProblem(t, await refresh(token), 'invalid_refresh_token', 'the current token no longer works');
  }
});

t.test('a second logout changes nothing', async (t) => {
  const { userId, refresh_token: token } = await begin();
  await logout(token);
  const ended = await sessionOf(userId);
  t.equal((await logout(token)).statusCode, 200);
  t.equal((await logout(token.toUpperCase())).statusCode, 200);
  t.strictSame(await sessionOf(userId), ended);
});

t.test('a token in upper case logs out', async (t) => {
  const { userId, refresh_token: token } = await begin();
  await logout(token.toUpperCase());
  t.ok((await sessionOf(userId))?.revoked_at);
});

t.test('twenty logouts at once end one session once', async (t) => {
  const { userId, refresh_token: token } = await begin();
  const answers = await Promise.all(Array.from({ length: 20 }, () => logout(token)));
  t.ok(answers.every(({ statusCode }) => statusCode === 200));
  const events = service.logLines().filter((line) => line.event === 'logged_out' && line.userId === userId);
  t.equal(events.length, 1);
});

t.test('other sessions of the user stay alive', async (t) => {
  const { email, refresh_token: token } = await begin();
  const other = await service.login(email);
  await logout(token);
  t.equal((await refresh(other.refresh_token)).statusCode, 200);
});

t.test('a token that ends no session gets the same answer', async (t) => {
  const codec = createRefreshTokenCodec(deriveKey(TEST_SECRET, 'refresh-token/v1'));
  const living = await begin();
  const [expired, disabled, deleted] = [await begin(), await begin(), await begin()];
  await ageSessions(rows, expired.userId, 31 * 86_400);
  await rows`update users set disabled_at = now() where id = ${disabled.userId}`;
  await rows`delete from users where id = ${deleted.userId}`;
  const sessionId = Number((await sessionOf(living.userId))?.id);
  const tokens = {
    'random UUID': crypto.randomUUID(),
    'nil UUID': '00000000-0000-0000-0000-000000000000',
    'another session of the user': codec.encode({
      userId: living.userId,
      sessionId: (sessionId + 1) % 2 ** 40,
      generation: 0,
    }),
    'the session of another user': codec.encode({ userId: living.userId + 1_000_000, sessionId, generation: 0 }),
    'a user id that Postgres cannot hold': codec.encode({ userId: 2 ** 40 - 1, sessionId: 1, generation: 0 }),
    expired: expired.refresh_token,
    'disabled user': disabled.refresh_token,
    'deleted user': deleted.refresh_token,
  };
  const expected = comparable(await logout((await begin()).refresh_token));
  for (const [what, token] of Object.entries(tokens)) t.strictSame(comparable(await logout(token)), expected, what);
  t.equal((await refresh(living.refresh_token)).statusCode, 200, 'no other session ends');
});

/** An answer without the parts that differ for each request. */
function comparable({ statusCode, headers, body }: Response): object {
  const { 'x-request-id': _id, date: _date, ...others } = headers;
  return { statusCode, others, body };
}
