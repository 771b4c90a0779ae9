// GET and PUT /api/me/: users read and change their own account.
import t from 'tap';
import { testApp, testAppOn } from '../../support/app.js';
import { isProblem } from '../../support/problem.js';
import { rowsOf } from '../../support/rows.js';
import { resetSetting, setSetting } from '../../support/settings.js';
import { until } from '../../support/until.js';
import { newUser } from '../../support/user.js';

// Long enough for a slow machine: the lifetime of access tokens is not tested here.
const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600' };
const service = await testApp(t, { env });
const { app, inject, me, updateMe, login, refresh } = service;
const rows = rowsOf(t, service.databaseUrl);

const begin = () => newUser(service);

const userOf = async (id: number) => (await rows`select * from users where id = ${id}`)[0];
const reasonsOf = async (id: number) =>
  (await rows`select revoked_reason as reason from sessions where user_id = ${id} order by created_at`).map(
    ({ reason }) => reason,
  );
const status = async (email: string, password: string) =>
  (await service.post('/api/login/', { email, password })).statusCode;

t.test('fifty users who read at the same time each get their own account', async (t) => {
  const users: Awaited<ReturnType<typeof begin>>[] = [];
  // In groups: only the reads need to be concurrent.
  while (users.length < 50) users.push(...(await Promise.all(Array.from({ length: 5 }, begin))));
  for (let round = 0; round < 3; round += 1) {
    const answers = await Promise.all(users.flatMap(({ access_token: token }) => [me(token), me(token)]));
    const expected = users.flatMap(({ id, email }) => [id, id].map((each) => ({ id: each, username: '', email })));
    t.strictSame(
      answers.map((answer) => answer.json()),
      expected,
    );
  }
});

t.test('a deleted or disabled user is refused without affecting concurrent reads of others', async (t) => {
  const [gone, disabled, well] = [await begin(), await begin(), await begin()];
  await rows`delete from users where id = ${gone.id}`;
  await rows`update users set disabled_at = now() where id = ${disabled.id}`;
  const [first, second, third] = await Promise.all([gone, disabled, well].map((user) => me(user.access_token)));
  isProblem(t, first as never, 'invalid_token', 'gone');
  isProblem(t, second as never, 'invalid_token', 'disabled');
  t.equal(third?.statusCode, 200);
  for (const user of [gone, disabled]) {
    for (const change of [{}, { username: 'x' }, { password: 'new password' }, { current_password: 'password' }]) {
      isProblem(t, await updateMe(user.access_token, change), 'invalid_token', JSON.stringify(change));
    }
  }
  t.equal((await userOf(disabled.id))?.username, '');
});

t.test('a change is visible to the next read: nothing is cached between requests', async (t) => {
  const user = await begin();
  for (const username of ['one', 'two', 'three']) {
    await updateMe(user.access_token, { username });
    t.equal((await me(user.access_token)).json().username, username);
  }
});

t.test('omitted fields keep their value', async (t) => {
  const { id, email, access_token: token } = await begin();
  const other = `new-${email}`;
  const changes = [
    [{}, { email, username: '' }],
    [{ username: 'John Smith' }, { email, username: 'John Smith' }],
    [{ email: other }, { email: other, username: 'John Smith' }],
    [{ password: 'new password' }, { email: other, username: 'John Smith' }],
    [{ username: '' }, { email: other, username: '' }],
    [
      { email, username: 'J', password: 'password' },
      { email, username: 'J' },
    ],
  ] as const;
  for (const [change, expected] of changes) {
    const answer = await updateMe(token, change);
    t.equal(answer.statusCode, 200, JSON.stringify(change));
    t.strictSame(answer.json(), { id, username: expected.username, email: expected.email });
    t.strictSame((await me(token)).json(), answer.json());
  }
  t.equal(await status(email, 'password'), 200);
});

t.test('an update with a taken address is refused as a whole', async (t) => {
  const [user, other] = [await begin(), await begin()];
  const before = await userOf(user.id);
  for (const email of [other.email, other.email.toUpperCase(), ` ${other.email} `]) {
    const change = { email, username: 'changed', password: 'new password' };
    isProblem(t, await updateMe(user.access_token, change), 'email_taken', JSON.stringify(email));
  }
  t.strictSame(await userOf(user.id), before);
  t.strictSame(await reasonsOf(user.id), [null], 'no session ends');
});

t.test('of two users who request the same address at once one gets it', async (t) => {
  for (let round = 0; round < 10; round += 1) {
    const users = [await begin(), await begin()];
    const email = `wanted-${round}@example.com`;
    const answers = await Promise.all(users.map((user) => updateMe(user.access_token, { email })));
    t.strictSame(answers.map(({ statusCode }) => statusCode).sort(), [200, 409]);
  }
});

t.test('a new password ends the other sessions and keeps this one', async (t) => {
  const { id, email, ...pair } = await begin();
  const others = [await login(email), await login(email)];
  t.equal((await updateMe(pair.access_token, { password: 'new password' })).statusCode, 200);
  t.strictSame(await reasonsOf(id), [null, 'password_changed', 'password_changed']);
  for (const other of others) isProblem(t, await refresh(other.refresh_token), 'invalid_refresh_token', 'ended');
  t.equal((await refresh(pair.refresh_token)).statusCode, 200, 'this one stays alive');
  t.equal(await status(email, 'password'), 401);
  t.equal(await status(email, 'new password'), 200);
});

t.test('a new address ends the other sessions and keeps this one', async (t) => {
  const { id, email, ...pair } = await begin();
  await login(email);
  t.equal((await updateMe(pair.access_token, { email: `new-${email}` })).statusCode, 200);
  t.strictSame(await reasonsOf(id), [null, 'email_changed']);
  t.equal((await refresh(pair.refresh_token)).statusCode, 200);
  t.equal(await status(email, 'password'), 401);
  t.equal(await status(`new-${email}`, 'password'), 200);
});

t.test('neither a new username nor the same address ends a session', async (t) => {
  const { id, email, access_token: token } = await begin();
  await login(email);
  await updateMe(token, { username: 'John', email: email.toUpperCase() });
  t.strictSame(await reasonsOf(id), [null, null]);
});

t.test('a refresh that races with a new password leaves no session of another device alive', async (t) => {
  for (let round = 0; round < 20; round += 1) {
    const user = await begin();
    const other = await login(user.email);
    const [changed, refreshed] = await Promise.all([
      updateMe(user.access_token, { password: 'new password' }),
      refresh(other.refresh_token),
    ]);
    t.equal(changed.statusCode, 200);
    const tokens = [other.refresh_token, ...(refreshed.statusCode === 200 ? [refreshed.json().refresh_token] : [])];
    for (const token of tokens) isProblem(t, await refresh(token), 'invalid_refresh_token', 'ended');
  }
});

t.test(
  'changes of the username are limited by account, since nothing else bounds the events that they record',
  async (t) => {
    const [user, other] = [await begin(), await begin()];
    const change = (username: string) => updateMe(user.access_token, { username });
    const changesOf = async () =>
      (await rows`select 1 from audit_events where event = 'user.updated' and actor_id = ${user.id}`).length;
    t.equal((await change('First')).statusCode, 200);

    await rows`update quotas set full_at = now() + interval '1 day'`;
    const refused = await change('Second');
    isProblem(t, refused, 'rate_limited', 'too many');
    t.equal(refused.headers['retry-after'], '24');
    t.match(await userOf(user.id), { username: 'First' });
    t.equal(await changesOf(), 1);
    t.equal((await updateMe(user.access_token, { password: 'password' })).statusCode, 200, 'a password costs a hash');
    t.equal(
      (await updateMe(other.access_token, { username: 'Other' })).statusCode,
      200,
      'others have quotas of their own',
    );

    await rows`update quotas set full_at = now() + interval '86376 seconds'`;
    t.equal((await change('Third')).statusCode, 200, 'one more after 24 seconds');
    isProblem(t, await change('Fourth'), 'rate_limited', 'and no more');
  },
);

t.test('current_password is checked whenever it is given', async (t) => {
  const { id, email, access_token: token } = await begin();
  const before = await userOf(id);
  for (const change of [{}, { username: 'x' }, { email: `new-${email}` }, { password: 'new password' }]) {
    const wrong = await updateMe(token, { ...change, current_password: 'not the password' });
    isProblem(t, wrong, 'current_password_wrong', JSON.stringify(change));
  }
  t.strictSame(await userOf(id), before, 'nothing is changed');
  const right = await updateMe(token, { password: 'new password', current_password: 'password' });
  t.equal(right.statusCode, 200);
  isProblem(
    t,
    await updateMe(token, { username: 'x', current_password: 'password' }),
    'current_password_wrong',
    'the current password is the new one',
  );
});

t.test('of two concurrent changes with the same current_password one succeeds', async (t) => {
  for (let round = 0; round < 10; round += 1) {
    const { email, access_token: token } = await begin();
    const passwords = ['password one', 'password two'];
    const answers = await Promise.all(
      passwords.map((password) => updateMe(token, { password, current_password: 'password' })),
    );
    t.strictSame(answers.map(({ statusCode }) => statusCode).sort(), [200, 403]);
    const logins = await Promise.all(passwords.map((password) => status(email, password)));
    t.strictSame(
      logins,
      answers.map(({ statusCode }) => (statusCode === 200 ? 200 : 401)),
      'its password is the current one',
    );
  }
});

t.test('REQUIRE_CURRENT_PASSWORD takes effect at once on every instance', async (t) => {
  const other = await testAppOn(t, service.databaseUrl, { env });
  const { email, access_token: token } = await begin();
  t.teardown(() => resetSetting(app, 'REQUIRE_CURRENT_PASSWORD'));
  await setSetting(app, 'REQUIRE_CURRENT_PASSWORD', true);
  await until('the other instance knows', () => other.app.settings.get('REQUIRE_CURRENT_PASSWORD'));
  for (const on of [service, other]) {
    for (const change of [{ email: `new-${email}` }, { password: 'new password' }]) {
      isProblem(t, await on.updateMe(token, change), 'current_password_required', JSON.stringify(change));
    }
    t.equal(
      (await on.updateMe(token, { username: 'John', email })).statusCode,
      200,
      'not needed for a username or the same address',
    );
    t.equal((await on.updateMe(token, { password: 'password', current_password: 'password' })).statusCode, 200);
  }
  await resetSetting(app, 'REQUIRE_CURRENT_PASSWORD');
  await until('the other instance knows', () => !other.app.settings.get('REQUIRE_CURRENT_PASSWORD'));
  for (const on of [service, other]) t.equal((await on.updateMe(token, { password: 'password' })).statusCode, 200);
});

t.test('an account without a password can be given one, and no current_password matches', async (t) => {
  const { id, email, access_token: token } = await begin();
  await rows`update users set password_hash = null where id = ${id}`;
  const change = { password: 'new password', current_password: 'password' };
  isProblem(t, await updateMe(token, change), 'current_password_wrong', 'no password is right');
  t.equal((await updateMe(token, { password: 'new password' })).statusCode, 200);
  t.equal(await status(email, 'new password'), 200);
});

t.test('a username may be any printable text of up to 150 characters and need not be unique', async (t) => {
  const users = [await begin(), await begin()];
  for (const username of [
    'John Smith',
    ' ',
    '😀'.repeat(150),
    'x'.repeat(150),
    "Robert'); drop table users;--",
    'שלום',
  ]) {
    for (const { access_token: token } of users) {
      const answer = await updateMe(token, { username });
      t.equal(answer.statusCode, 200, JSON.stringify(username.slice(0, 40)));
      t.equal(answer.json().username, username);
      t.equal((await me(token)).json().username, username);
    }
  }
  for (const username of ['x'.repeat(151), 'a\nb', '\u0000', '\u007f', null, 1]) {
    const answer = await updateMe(users[0]?.access_token ?? '', { username });
    isProblem(t, answer, 'validation_failed', JSON.stringify(username));
  }
});

t.test('a new password must follow the same rules as at registration', async (t) => {
  const { id, access_token: token } = await begin();
  const before = await userOf(id);
  for (const password of ['short', 'x'.repeat(257), '😀'.repeat(257)]) {
    const answer = await updateMe(token, { password, username: 'changed' });
    isProblem(t, answer, 'validation_failed', `${[...password].length} characters`);
    t.equal(answer.json().errors[0].path, '/password');
  }
  t.strictSame(await userOf(id), before);
});

t.test('after a logout an access token can read until it expires, but change nothing', async (t) => {
  const { id, access_token: token, refresh_token: refreshToken } = await begin();
  await service.logout(refreshToken);
  t.equal(
    (await inject({ method: 'GET', url: '/api/me/', headers: { authorization: `Bearer ${token}` } })).statusCode,
    200,
  );
  const before = await userOf(id);
  for (const change of [{}, { username: 'x' }, { email: `new-${id}@example.com` }, { password: 'new password' }]) {
    isProblem(t, await updateMe(token, change), 'invalid_token', JSON.stringify(change));
  }
  const guess = await updateMe(token, { current_password: 'not the password' });
  isProblem(t, guess, 'invalid_token', 'guessing passwords is impossible');
  t.strictSame(await userOf(id), before);
});
