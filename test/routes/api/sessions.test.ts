// Users list and end their sessions: GET and DELETE /api/me/sessions/, POST /api/logout/all/.
import t from 'tap';
import type { TokenPair } from '#schemas/token-pair.js';
import { testApp, testAppOn } from '../../support/app.js';
import { matchAll } from '../../support/match.js';
import { isProblem } from '../../support/problem.js';
import { ageSessions, rowsOf, untilBlocked } from '../../support/rows.js';
import { claimsOf } from '../../support/service.js';
import { resetSetting, setSetting } from '../../support/settings.js';
import { newUser, type User } from '../../support/user.js';

const DAY = 86_400;
// Long enough for a slow machine: the lifetime of access tokens is not tested here.
const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600' };
const service = await testApp(t, { env });
const { app, inject, login, refresh, sessions, endSession, endOtherSessions, logoutEverywhere } = service;
const rows = rowsOf(t, service.databaseUrl);

const begin = () => newUser(service);

const sid = (pair: TokenPair) => String(claimsOf(pair).sid);
const idsOf = async (pair: TokenPair) => (await sessions(pair.access_token)).map(({ id }) => id);
const reasonOf = async (user: User, pair: TokenPair) =>
  (await rows`select revoked_reason as reason from sessions where user_id = ${user.id} and id = ${sid(pair)}`)[0]
    ?.reason;
const eventsOf = (event: string, userId: number) =>
  service.logLines().filter((line) => line.event === event && line.userId === userId);

t.test('the list contains every live session with its origin and times, most recently refreshed first', async (t) => {
  const user = await begin();
  const remote = await inject({
    method: 'POST',
    url: '/api/login/',
    payload: { email: user.email, password: 'password' },
    headers: { 'user-agent': 'Browser/1.0' },
    remoteAddress: '203.0.113.7',
  });
  const [second, third] = [remote.json() as TokenPair, await login(user.email)];
  const refreshed = (await refresh(user.refresh_token)).json() as TokenPair;

  const list = await sessions(second.access_token);
  t.strictSame(
    list.map(({ id, current }) => [id, current]),
    [
      [sid(refreshed), false],
      [sid(third), false],
      [sid(second), true],
    ],
  );
  const stored = await rows`select * from sessions where user_id = ${user.id}`;
  for (const listed of list) {
    const row = stored.find(({ id }) => id === listed.id);
    t.match(listed, {
      created_at: row?.created_at.toISOString(),
      refreshed_at: row?.refreshed_at.toISOString(),
      expires_at: row?.expires_at.toISOString(),
    });
  }
  t.match(list[2], { ip: '203.0.113.7', user_agent: 'Browser/1.0' });
  t.match(list[0], { ip: '127.0.0.1', user_agent: 'lightMyRequest' });
  t.ok(Date.parse(list[0]?.refreshed_at ?? '') > Date.parse(list[0]?.created_at ?? ''));
});

t.test('a session without address and user agent is listed with null for both', async (t) => {
  const user = await begin();
  await rows`update sessions set ip = null, user_agent = null where user_id = ${user.id}`;
  matchAll(t, await sessions(user.access_token), [{ ip: null, user_agent: null }]);
});

t.test('ended sessions and sessions of other users are not listed', async (t) => {
  const [user, other] = [await begin(), await begin()];
  const [expired, loggedOut, stolen] = [await login(user.email), await login(user.email), await login(user.email)];
  await rows`update sessions set expires_at = now() where user_id = ${user.id} and id = ${sid(expired)}`;
  await service.logout(loggedOut.refresh_token);
  await refresh(stolen.refresh_token);
  await ageSessions(rows, user.id, 60);
  isProblem(t, await refresh(stolen.refresh_token), 'refresh_token_reused', 'stolen');
  t.strictSame(await idsOf(user), [sid(user)]);
  t.strictSame(await idsOf(other), [sid(other)]);
  await service.logout(user.refresh_token);
  t.strictSame(await idsOf(user), [], 'the list is empty after the own session has ended');
});

t.test('the list follows the current SESSION_MAX_LIFETIME', async (t) => {
  const user = await begin();
  await ageSessions(rows, user.id, 2 * DAY);
  const young = await login(user.email);
  t.teardown(() => resetSetting(app, 'SESSION_MAX_LIFETIME'));
  await setSetting(app, 'SESSION_MAX_LIFETIME', 3 * DAY);
  for (const { created_at: begun, expires_at: end } of await sessions(user.access_token)) {
    t.equal(Date.parse(end) - Date.parse(begun), 3 * DAY * 1000);
  }
  await setSetting(app, 'SESSION_MAX_LIFETIME', DAY);
  t.strictSame(await idsOf(young), [sid(young)]);
  isProblem(t, await endSession(young.access_token, sid(user)), 'session_not_found', 'it is over');
  isProblem(t, await endOtherSessions(user.access_token), 'invalid_token', 'and acts no more');
  await resetSetting(app, 'SESSION_MAX_LIFETIME');
  t.equal((await idsOf(young)).length, 2);
});

t.test('a list contains the hundred most recently refreshed sessions', async (t) => {
  const user = await begin();
  await rows`
    insert into sessions (user_id, id, refresh_token_hash, retry_keys, refreshed_at, expires_at)
    select ${user.id}, i, ''::bytea, ''::bytea, now() + i * interval '1 second', now() + interval '1 day'
    from generate_series(1, 120) i`;
  const expected = Array.from({ length: 100 }, (_, i) => String(120 - i));
  t.strictSame(await idsOf(user), expected);
});

t.test('HEAD is answered like GET, without a body', async (t) => {
  const { access_token: token } = await begin();
  const answer = await inject({
    method: 'HEAD',
    url: '/api/me/sessions',
    headers: { authorization: `Bearer ${token}` },
  });
  t.equal(answer.statusCode, 200);
  t.equal(answer.body, '');
});

t.test('a deleted or disabled account can neither list nor end sessions', async (t) => {
  const [gone, disabled] = [await begin(), await begin()];
  await rows`delete from users where id = ${gone.id}`;
  await rows`update users set disabled_at = now() where id = ${disabled.id}`;
  for (const { access_token: token } of [gone, disabled]) {
    const list = await inject({ url: '/api/me/sessions/', headers: { authorization: `Bearer ${token}` } });
    isProblem(t, list, 'invalid_token', 'list');
    isProblem(t, await endOtherSessions(token), 'invalid_token', 'end others');
    isProblem(t, await logoutEverywhere(token), 'invalid_token', 'log out everywhere');
  }
  isProblem(t, await endSession(disabled.access_token, sid(disabled)), 'invalid_token', 'end one');
});

t.test('a session can be ended by its id', async (t) => {
  const user = await begin();
  const other = await login(user.email);
  t.equal((await endSession(user.access_token, sid(other))).statusCode, 204);
  t.equal(await reasonOf(user, other), 'ended_by_user');
  isProblem(t, await refresh(other.refresh_token), 'invalid_refresh_token', 'ended');
  t.equal((await refresh(user.refresh_token)).statusCode, 200, 'the session that asked stays alive');
  isProblem(t, await endSession(user.access_token, sid(other)), 'session_not_found', 'a second time');
  matchAll(t, eventsOf('session_ended', user.id), [
    { sessionId: Number(sid(other)), by: Number(sid(user)), ip: '127.0.0.1', request_id: String },
  ]);
});

t.test('of many requests at once that end one session, one ends it', async (t) => {
  const user = await begin();
  const target = await login(user.email);
  const answers = await Promise.all(Array.from({ length: 20 }, () => endSession(user.access_token, sid(target))));
  const refused = answers.filter(({ statusCode }) => statusCode !== 204);
  t.equal(refused.length, 19);
  for (const each of refused) isProblem(t, each, 'session_not_found', 'it has ended');
  t.equal(await reasonOf(user, target), 'ended_by_user');
  const recorded = await rows`
    select session_id::text, details from audit_events where event = 'session.ended' and target_id = ${String(user.id)}`;
  const details = { reason: 'ended_by_user', session_id: sid(target) };
  t.strictSame([...recorded], [{ session_id: sid(user), details }]);
});

t.test('a session can end itself', async (t) => {
  const user = await begin();
  t.equal((await endSession(user.access_token, sid(user))).statusCode, 204);
  isProblem(t, await refresh(user.refresh_token), 'invalid_refresh_token', 'ended');
  isProblem(t, await endSession(user.access_token, sid(user)), 'invalid_token', 'its token can change nothing');
});

t.test('an id that is not of a live session of the account is not found, and no session ends', async (t) => {
  const [user, other] = [await begin(), await begin()];
  const [expired, ended] = [await login(user.email), await login(user.email)];
  await rows`update sessions set expires_at = now() where user_id = ${user.id} and id = ${sid(expired)}`;
  await service.logout(ended.refresh_token);
  const stored = () => rows`select * from sessions order by user_id, id`;
  const before = await stored();
  const id = sid(user);
  const ids = {
    'the session of another user': sid(other),
    'an expired one': sid(expired),
    'an ended one': sid(ended),
    'a number that no session has': id === '4711' ? '4712' : '4711',
    zero: '0',
    negative: '-1',
    'a zero in front': `0${id}`,
    'a sign in front': `+${id}`,
    'a space in front': `%20${id}`,
    'a fraction': `${id}.0`,
    'an exponent': '1e3',
    hexadecimal: `0x${Number(id).toString(16)}`,
    'digits of another script': encodeURIComponent('\u0664\u0667\u0661\u0661'),
    'more than 40 bits': String(2 ** 40),
    'more than a bigint': '99999999999999999999',
    empty: '',
    word: 'current',
    'all of them': '*',
    NUL: '%00',
    statement: encodeURIComponent("1' or '1'='1"),
    'a refresh token': user.refresh_token,
    'two of them': `${id},${sid(other)}`,
    long: '1'.repeat(250),
  };
  for (const [what, each] of Object.entries(ids)) {
    isProblem(t, await endSession(user.access_token, each), 'session_not_found', what);
  }
  // Longer than a path parameter may be, so no route matches.
  const headers = { authorization: `Bearer ${user.access_token}` };
  const long = await app.inject({ method: 'DELETE', url: `/api/me/sessions/${'1'.repeat(300)}/`, headers });
  isProblem(t, long, 'not_found', 'too long');
  t.strictSame(await stored(), before);
});

t.test('all other sessions of the account can be ended at once, without affecting other users', async (t) => {
  const [user, stranger] = [await begin(), await begin()];
  const others = [await login(user.email), await login(user.email)];
  t.equal((await endOtherSessions(user.access_token)).statusCode, 204);
  for (const other of others) {
    t.equal(await reasonOf(user, other), 'ended_by_user');
    isProblem(t, await refresh(other.refresh_token), 'invalid_refresh_token', 'ended');
  }
  t.strictSame(await idsOf(user), [sid(user)]);
  matchAll(t, eventsOf('other_sessions_ended', user.id), [{ sessionId: Number(sid(user)), ended: 2 }]);
  t.equal((await endOtherSessions(user.access_token)).statusCode, 204, 'also when there is no other session');
  for (const each of [user, stranger]) t.equal((await refresh(each.refresh_token)).statusCode, 200);
});

t.test('a logout everywhere ends all sessions of the account, including the current one', async (t) => {
  const [user, stranger] = [await begin(), await begin()];
  const other = await login(user.email);
  const answer = await logoutEverywhere(user.access_token);
  t.equal(answer.statusCode, 200);
  t.strictSame(answer.json(), { success: 'User logged out everywhere.' });
  for (const each of [user, other]) {
    t.equal(await reasonOf(user, each), 'logout_everywhere');
    isProblem(t, await refresh(each.refresh_token), 'invalid_refresh_token', 'ended');
  }
  matchAll(t, eventsOf('logged_out_everywhere', user.id), [{ ended: 2 }]);
  isProblem(t, await logoutEverywhere(user.access_token), 'invalid_token', 'a second time');
  t.equal((await refresh(stranger.refresh_token)).statusCode, 200);
  t.ok(await login(user.email), 'a new login works');
});

t.test('an unsupported method is answered with the supported ones', async (t) => {
  const { access_token: token } = await begin();
  const headers = { authorization: `Bearer ${token}` };
  for (const [method, url, allow] of [
    ['GET', '/api/me/sessions/1/', 'DELETE'],
    ['POST', '/api/me/sessions/', 'DELETE, GET, HEAD'],
    ['GET', '/api/logout/all/', 'POST'],
  ] as const) {
    const answer = await inject({ method, url, headers });
    isProblem(t, answer, 'method_not_allowed', url);
    t.equal(answer.headers.allow, allow);
  }
});

/** Every operation that changes something for a session. */
const WRITES: Readonly<Record<string, (user: User, other: TokenPair) => ReturnType<typeof endOtherSessions>>> = {
  'a new username': (user) => service.updateMe(user.access_token, { username: 'changed' }),
  'a new address': (user) => service.updateMe(user.access_token, { email: `new-${user.email}` }),
  'a new password': (user) => service.updateMe(user.access_token, { password: 'new password' }),
  'a new password, with the current one': (user) =>
    service.updateMe(user.access_token, { password: 'new password', current_password: 'password' }),
  'the deletion of the account': (user) => service.deleteMe(user.access_token),
  'the end of a session': (user, other) => endSession(user.access_token, sid(other)),
  'the end of the other sessions': (user) => endOtherSessions(user.access_token),
  'a logout everywhere': (user) => logoutEverywhere(user.access_token),
};

const storedOf = async ({ id }: User) => [
  await rows`select * from users where id = ${id}`,
  await rows`select * from sessions where user_id = ${id} order by id`,
];

for (const [what, write] of Object.entries(WRITES)) {
  t.test(`${what} is refused when the session was ended or has expired`, async (t) => {
    for (const over of ['ended', 'expired']) {
      const user = await begin();
      const other = await login(user.email);
      if (over === 'ended') await endSession(other.access_token, sid(user));
      else await rows`update sessions set expires_at = now() where user_id = ${user.id} and id = ${sid(user)}`;
      const before = await storedOf(user);
      isProblem(t, await write(user, other), 'invalid_token', over);
      t.strictSame(await storedOf(user), before, `${over}: nothing is changed`);
    }
  });

  t.test(`${what} does not happen when its session is ended meanwhile`, async (t) => {
    const user = await begin();
    const other = await login(user.email);
    const before = await storedOf(user);
    const transaction = await rowsOf(t, service.databaseUrl).reserve();
    await transaction`begin`;
    await transaction`
      update sessions set revoked_at = now() where user_id = ${user.id} and id = ${sid(user)}`;
    const pending = write(user, other);
    Promise.allSettled([pending]);
    await untilBlocked(rows);
    await transaction`commit`;
    transaction.release();
    isProblem(t, await pending, 'invalid_token', what);
    const [account, [...stored]] = (await storedOf(user)) as [unknown, { revoked_at: Date | null }[]];
    t.strictSame(account, before[0], 'the account is unchanged');
    t.equal(stored.filter(({ revoked_at: at }) => at === null).length, 1, 'the other session is unchanged');
  });
}

t.test(
  'ending a session waits for a change that the session is making, so it is never confirmed too early',
  async (t) => {
    // In one process, it would wait before it reaches the database.
    const second = await testAppOn(t, service.databaseUrl, { env });
    const user = await begin();
    const other = await login(user.email);
    const wanted = `wanted-${user.email}`;
    const transaction = await rowsOf(t, service.databaseUrl).reserve();
    await transaction`begin`;
    // The change can do everything except take this address, for which it waits for this transaction.
    await transaction`insert into users (email) values (${wanted})`;
    const change = service.updateMe(user.access_token, { email: wanted });
    Promise.allSettled([change]);
    await untilBlocked(rows);
    const endings = [second.endSession(other.access_token, sid(user)), service.logout(user.refresh_token)];
    Promise.allSettled(endings);
    await untilBlocked(rows, 3);
    await transaction`rollback`;
    transaction.release();
    t.equal((await change).statusCode, 200);
    const [ended, loggedOut] = await Promise.all(endings);
    isProblem(t, ended as never, 'invalid_token', 'the new address has ended the session that asked');
    t.equal(loggedOut?.statusCode, 200);
    t.strictSame(await idsOf(user), []);
  },
);

t.test('when two sessions end each other at the same time, one remains', async (t) => {
  const second = await testAppOn(t, service.databaseUrl, { env });
  const ways: ((on: typeof service, by: TokenPair, target: TokenPair) => ReturnType<typeof endOtherSessions>)[] = [
    (on, by, target) => on.endSession(by.access_token, sid(target)),
    (on, by) => on.endOtherSessions(by.access_token),
    (on, by) => on.updateMe(by.access_token, { password: 'password' }),
  ];
  for (let round = 0; round < 30; round += 1) {
    const user = await begin();
    const other = await login(user.email);
    const [mine, theirs] = [ways[round % 3], ways[Math.floor(round / 3) % 3]] as [(typeof ways)[0], (typeof ways)[0]];
    const answers = await Promise.all([mine(service, user, other), theirs(second as typeof service, other, user)]);
    const [winner, loser] = [...answers].sort((a, b) => a.statusCode - b.statusCode);
    t.ok([200, 204].includes(winner?.statusCode ?? 0), `round ${round}: ${winner?.body}`);
    isProblem(t, loser as never, 'invalid_token', `round ${round}`);
    t.equal((await idsOf(user)).length, 1);
  }
});

t.test('concurrent operations on the sessions of one account cause no server error', async (t) => {
  for (let round = 0; round < 15; round += 1) {
    const user = await begin();
    const [a, b, c, d] = [
      await login(user.email),
      await login(user.email),
      await login(user.email),
      await login(user.email),
    ];
    const answers = await Promise.all([
      endOtherSessions(a.access_token),
      refresh(a.refresh_token),
      refresh(b.refresh_token),
      service.logout(c.refresh_token),
      service.post('/api/login/', { email: user.email, password: 'password' }),
      service.updateMe(b.access_token, { email: `new-${user.email}` }),
      endSession(c.access_token, sid(d)),
      service.updateMe(d.access_token, { password: 'new password' }),
      service.logout(user.refresh_token),
      ...(round % 3 === 0 ? [service.deleteMe(user.access_token)] : []),
      ...(round % 3 === 1 ? [logoutEverywhere(user.access_token)] : []),
    ]);
    const failures = answers.filter(({ statusCode }) => statusCode >= 500);
    t.strictSame(
      failures.map(({ body }) => body),
      [],
    );
  }
});
