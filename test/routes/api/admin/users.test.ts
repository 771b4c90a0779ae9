// Operators list and change accounts: /api/admin/users/.
import t from 'tap';
import { bySystem } from '#audit/events.js';
import { ownPermissions } from '#roles/permissions.js';
import { makeAdmin } from '../../../support/admin.js';
import { TEST_SECRET, testApp, testAppOn } from '../../../support/app.js';
import { workers } from '../../../support/citus.js';
import { matchAll } from '../../../support/match.js';
import { operatorsOf } from '../../../support/operator.js';
import { isProblem } from '../../../support/problem.js';
import { rowsOf, untilBlocked } from '../../../support/rows.js';
import { claimsOf } from '../../../support/service.js';
import { resetSetting, setSetting } from '../../../support/settings.js';
import { until } from '../../../support/until.js';

// Long enough for a slow machine: the lifetime of access tokens is not tested here.
const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600' };
const service = await testApp(t, { env });
const { app, register, login, refresh, me, post } = service;
const { as, user, role, allowed, rows, eventsOn, reasonsOf } = operatorsOf(t, service);
const admin = await makeAdmin(t, service);
const byAdmin = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) =>
  as(admin.accessToken, method, path, payload);
const find = async (query: string) => (await byAdmin('GET', `/users/?${query}`)).json();
const emailsOf = ({ users }: { users: { email: string }[] }) => users.map(({ email }) => email);
const shown = async (id: number) => (await byAdmin('GET', `/users/${id}/`)).json();

t.test('the pages of a list contain every account once, in the order of their ids', async (t) => {
  for (let i = 0; i < 5; i += 1) await register(`page-${i}@example.com`);
  const seen: string[] = [];
  let cursor: string | null = '';
  let pages = 0;
  while (cursor !== null) {
    const page: { users: { email: string }[]; next_cursor: string | null } = await find(
      `email=page-&limit=2${cursor && `&cursor=${cursor}`}`,
    );
    t.ok(page.users.length <= 2);
    seen.push(...emailsOf(page));
    cursor = page.next_cursor;
    pages += 1;
  }
  t.strictSame(
    seen,
    [0, 1, 2, 3, 4].map((i) => `page-${i}@example.com`),
  );
  t.equal(pages, 3);
  t.equal((await find('email=page-&limit=5')).next_cursor, null, 'a last page that is exactly full has no cursor');
});

t.test('filters by role, by being disabled and by address are combined', async (t) => {
  const name = await role('users:read');
  const [first, second] = [await user(name), await user(name, 'admin')];
  await byAdmin('POST', `/users/${first.id}/disable/`, { reason: 'a test' });
  t.strictSame(emailsOf(await find(`role=${name}`)), [first.email, second.email]);
  t.strictSame(emailsOf(await find(`role=${name}&disabled=true`)), [first.email]);
  t.strictSame(emailsOf(await find(`role=${name}&disabled=false`)), [second.email]);
  t.strictSame(emailsOf(await find(`role=${name}&disabled=false&email=nobody`)), []);
  t.strictSame(emailsOf(await find('role=no-such-role')), []);
});

t.test('accounts are found by any part of their address or username, in any letter case', async (t) => {
  const word = `x${Date.now().toString(36)}`;
  const { id } = (await service.register(`somebody@${word}.example.com`)).json();
  const other = (await service.register(`${word}-2@example.com`)).json();
  await rows`update users set username = 'Anna 100%_' || ${word} where id = ${other.id}`;
  const found = async (text: string) =>
    (await find(`search=${encodeURIComponent(text)}`)).users.map((each: { id: number }) => each.id);
  t.strictSame(await found(word.toUpperCase()), [id, other.id]);
  t.strictSame(await found(`@${word}.EX`), [id]);
  t.strictSame(await found(`anna 100%_${word}`), [other.id]);
  t.strictSame(await found(`anna 1000_${word}`), []);
  t.strictSame(await found(`%${word}%@`), [], 'there are no wildcards');
});

t.test('the filter by address takes its value literally', async (t) => {
  for (const email of ['a%b@wild.example', 'a_b@wild.example', 'axb@wild.example']) await register(email);
  const matching = async (prefix: string) => emailsOf(await find(`email=${encodeURIComponent(prefix)}`));
  t.strictSame(await matching('A%B'), ['a%b@wild.example']);
  t.strictSame(await matching('a_b'), ['a_b@wild.example']);
  t.strictSame(await matching(' axb@WILD'), ['axb@wild.example']);
  const unmatched = ['%', '_', '\\', '\\%', '%@wild', "' or '1'='1", "a'; drop table users --", 'xb@wild.example', '*'];
  for (const prefix of unmatched) t.strictSame(await matching(prefix), [], prefix);
});

t.test(
  'the search by address prefix, the search by role and the list of disabled accounts each use an index',
  { skip: workers().length > 0 && 'Citus shows plans of its own' },
  async (t) => {
    const plan = (query: string, off: string) =>
      rows.begin(async (tx) => {
        // The table is small, so sequential scans are switched off.
        await tx.unsafe(`set local enable_seqscan = off; ${off}`);
        return JSON.stringify(await tx.unsafe(`explain ${query}`));
      });
    const bitmapOnly = 'set local enable_indexscan = off; set local enable_indexonlyscan = off';
    t.match(await plan("select * from users where email like 'abc%'", ''), /users_email_prefix_idx/);
    t.match(
      await plan("select * from users where roles @> array['admin']::text[] and roles <> '{}'::text[]", bitmapOnly),
      /users_roles_idx/,
    );
    t.match(
      await plan('select * from users where id > 0 and disabled_at is not null order by id limit 51', ''),
      /users_disabled_idx/,
    );
  },
);

t.test('invalid query parameters are refused, and unknown ones are ignored', async (t) => {
  const wrong = [
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1e1',
    'limit=10;drop',
    'limit=',
    'limit=5&limit=6',
    'role=Admin%27',
    'role=',
    'disabled=yes',
    'disabled=TRUE',
    'email=a&email=b',
    'email=a%00b',
    `email=${'a'.repeat(255)}`,
  ];
  for (const query of wrong) isProblem(t, await byAdmin('GET', `/users/?${query}`), 'validation_failed', query);
  isProblem(t, await byAdmin('GET', `/users/?search=${'a'.repeat(255)}`), 'validation_failed', 'search');
  const plain = await find('email=page-');
  for (const query of ['sort=email', 'order=id;drop table users', 'after=3', 'offset=2', 'order_by=password_hash']) {
    t.strictSame(await find(`email=page-&${query}`), plain, query);
  }
});

t.test('a forged, cut or changed cursor, and one of another list or service, is refused', async (t) => {
  const { next_cursor: cursor } = await find('limit=1');
  const { next_cursor: ofEvents } = (await byAdmin('GET', '/audit/?limit=1')).json();
  const stranger = await testApp(t, { env: { ...env, AUTH_SECRET: 'another-Zq8yX2kFh4mV9cLr7TnWb3pJd6s' } });
  const elsewhere = await makeAdmin(t, stranger);
  await stranger.register();
  const { next_cursor: foreign } = (
    await operatorsOf(t, stranger).as(elsewhere.accessToken, 'GET', '/users/?limit=1')
  ).json();
  const bytes = Buffer.from(cursor, 'base64url');
  const changed = Buffer.from(bytes);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  const bad = {
    empty: '',
    text: 'no cursor',
    'a number': '1',
    'made up': Buffer.from(JSON.stringify(1)).toString('base64url'),
    'without its place': bytes.subarray(0, 16).toString('base64url'),
    'cut at the end': cursor.slice(0, -2),
    'cut at the front': cursor.slice(4),
    changed: changed.toString('base64url'),
    'of another list': ofEvents,
    'of another service': foreign,
    statement: "1' or '1'='1",
  };
  for (const [what, text] of Object.entries(bad)) {
    const answer = await byAdmin('GET', `/users/?cursor=${encodeURIComponent(text)}`);
    isProblem(t, answer, 'validation_failed', what);
    t.strictSame(answer.json().errors, [{ path: '/query/cursor', message: 'is not a cursor of this list' }], what);
  }
  isProblem(
    t,
    await byAdmin('GET', `/audit/?cursor=${cursor}`),
    'validation_failed',
    'a cursor of accounts in the list of events',
  );
});

t.test('a cursor stays valid while the secret is changed', async (t) => {
  const { next_cursor: cursor } = await find('limit=1');
  const renewed = await testAppOn(t, service.databaseUrl, {
    env: { ...env, AUTH_SECRET: `renewed-Zq8yX2kFh4mV9cLr7TnWb3pJd6s,${TEST_SECRET}` },
  });
  const page = await operatorsOf(t, renewed).as(admin.accessToken, 'GET', `/users/?limit=1&cursor=${cursor}`);
  t.equal(page.json().users[0].id, (await find(`limit=1&cursor=${cursor}`)).users[0].id);
});

t.test('a created account has its canonical address and a temporary password that is returned once', async (t) => {
  const answer = await byAdmin('POST', '/users/', {
    email: ' Made.For.You@EXAMPLE.com',
    username: 'You',
    roles: ['admin', 'admin'],
  });
  t.equal(answer.statusCode, 201);
  const { user: made, temporary_password: password } = answer.json();
  matchAll(t, made, { email: 'made.for.you@example.com', username: 'You', roles: ['admin'], has_password: true });
  t.match(password, /^[\w-]{24}$/);
  const { access_token: accessToken } = await login('made.for.you@example.com', password);
  t.equal((await me(accessToken)).json().id, made.id);
  t.strictSame(await shown(made.id), made);
  t.notMatch(JSON.stringify(service.logLines()), new RegExp(password), 'not in the log');
  const [event] = await eventsOn(made.id);
  matchAll(t, event, {
    event: 'user.created',
    actor_type: 'user',
    actor_id: admin.userId,
    details: { roles: ['admin'] },
  });
  isProblem(t, await byAdmin('POST', '/users/', { email: 'MADE.for.you@example.com' }), 'email_taken', 'again');
  const another = (await byAdmin('POST', '/users/', { email: 'another@made.example' })).json();
  t.not(another.temporary_password, password);
  matchAll(t, another.user, { username: '', roles: [] });
});

t.test('a temporary password is as long as the rules ask for', async (t) => {
  t.teardown(() => resetSetting(app, 'PASSWORD_MIN_LENGTH'));
  await setSetting(app, 'PASSWORD_MIN_LENGTH', 64);
  const { temporary_password: password } = (await byAdmin('POST', '/users/', { email: 'long@made.example' })).json();
  t.match(password, /^[\w-]{64}$/);
});

t.test('members that cannot be set are ignored', async (t) => {
  const extra = { id: 999_999, password: 'chosen by the caller', password_hash: 'x', disabled_at: null };
  const made = (await byAdmin('POST', '/users/', { email: 'extra@made.example', ...extra })).json();
  t.not(made.user.id, 999_999);
  isProblem(
    t,
    await post('/api/login/', { email: 'extra@made.example', password: extra.password }),
    'invalid_credentials',
    'its password',
  );
  await byAdmin('PUT', `/users/${made.user.id}/`, { username: 'x', ...extra });
  t.ok(await login('extra@made.example', made.temporary_password), 'the password is unchanged');
});

t.test('a new address ends all sessions, and a new name none', async (t) => {
  const victim = await user();
  const renamed = await byAdmin('PUT', `/users/${victim.id}/`, { username: 'Renamed', email: victim.email });
  t.match(renamed.json(), { username: 'Renamed', email: victim.email });
  const pair = (await refresh(victim.refresh_token)).json();
  t.equal(claimsOf(pair).username, 'Renamed');
  const moved = `moved-${victim.email}`;
  t.equal((await byAdmin('PUT', `/users/${victim.id}/`, { email: moved.toUpperCase() })).json().email, moved);
  isProblem(t, await refresh(pair.refresh_token), 'invalid_refresh_token', 'its session has ended');
  t.strictSame(await reasonsOf(victim.id), ['email_changed']);
  t.ok(await login(moved));
  const other = await user();
  isProblem(t, await byAdmin('PUT', `/users/${victim.id}/`, { email: other.email }), 'email_taken', 'of another');
  t.strictSame(
    (await eventsOn(victim.id)).map(({ event }) => event),
    ['user.registered', 'user.updated', 'user.email_changed', 'sessions.ended'],
  );
});

t.test('disabling an account ends all its sessions, and enabling it restores none', async (t) => {
  const victim = await user();
  await login(victim.email);
  const disabled = await byAdmin('POST', `/users/${victim.id}/disable/`, { reason: 'Stolen.' });
  t.match(disabled.json(), { id: victim.id, disabled_reason: 'Stolen.', disabled_at: /Z$/ });
  isProblem(t, await refresh(victim.refresh_token), 'invalid_refresh_token', 'refresh');
  isProblem(t, await me(victim.access_token), 'invalid_token', 'me');
  const credentials = { email: victim.email, password: 'password' };
  isProblem(t, await post('/api/login/', credentials), 'invalid_credentials', 'login');
  t.strictSame((await byAdmin('GET', `/users/${victim.id}/sessions/`)).json(), { sessions: [] });

  const again = (await byAdmin('POST', `/users/${victim.id}/disable/`, { reason: 'Still.' })).json();
  t.match(again, { disabled_reason: 'Still.', disabled_at: disabled.json().disabled_at });

  const enabled = await byAdmin('POST', `/users/${victim.id}/enable/`, { reason: 'Found.' });
  t.match(enabled.json(), { disabled_at: null, disabled_reason: null });
  isProblem(t, await refresh(victim.refresh_token), 'invalid_refresh_token', 'it stays ended');
  t.ok(await login(victim.email));
  await byAdmin('POST', `/users/${victim.id}/enable/`, { reason: 'Twice.' });
  t.strictSame(
    (await eventsOn(victim.id))
      .filter(({ event }) => event !== 'login.failed')
      .map(({ event, details }) => [event, details]),
    [
      ['user.registered', {}],
      ['user.disabled', { reason: 'Stolen.' }],
      ['sessions.ended', { ended: 2, reason: 'disabled' }],
      ['user.disabled', { reason: 'Still.' }],
      ['user.enabled', { reason: 'Found.' }],
    ],
  );
});

t.test('an operator sees that an account must wait, and unblocks it', async (t) => {
  const victim = await user();
  const delay = async () => (await byAdmin('GET', `/users/${victim.id}/login-delay/`)).json();
  t.strictSame(await delay(), { seconds: 0 });
  const wrong = { email: victim.email, password: 'a wrong password' };
  for (let attempt = 0; attempt < 5; attempt += 1) await post('/api/login/', wrong);
  // Long enough for a slow machine: the delay doubles with each wrong password.
  await rows`update throttles set failures = 15, attempted_at = now() where failures >= 5`;
  const right = { email: victim.email, password: 'password' };
  isProblem(t, await post('/api/login/', right), 'too_many_attempts', 'login');
  t.ok((await delay()).seconds > 100);

  const unblocked = await byAdmin('POST', `/users/${victim.id}/unblock/`);
  t.equal(unblocked.statusCode, 200);
  t.match(unblocked.json(), { id: victim.id, email: victim.email, disabled_at: null });
  t.strictSame(await delay(), { seconds: 0 });
  t.equal((await post('/api/login/', right)).statusCode, 200);
  t.equal((await eventsOn(victim.id)).filter(({ event }) => event === 'user.unblocked').length, 1);
});

t.test('after a password reset only the new password works, and all sessions have ended', async (t) => {
  const victim = await user();
  const answer = await byAdmin('POST', `/users/${victim.id}/reset-password/`);
  const { temporary_password: password } = answer.json();
  t.match(password, /^[\w-]{24}$/);
  isProblem(t, await refresh(victim.refresh_token), 'invalid_refresh_token', 'refresh');
  const before = { email: victim.email, password: 'password' };
  isProblem(t, await post('/api/login/', before), 'invalid_credentials', 'the old password');
  t.ok(await login(victim.email, password));
  t.strictSame((await reasonsOf(victim.id))[0], 'password_reset');
  t.notMatch(JSON.stringify(service.logLines()), new RegExp(password), 'not in the log');
  t.notMatch(JSON.stringify(await rows`select * from audit_events`), new RegExp(password), 'nor in the audit log');
});

t.test('the sessions of an account can be listed and ended one by one or all at once', async (t) => {
  const victim = await user();
  const second = await login(victim.email);
  const path = `/users/${victim.id}/sessions/`;
  const { sessions } = (await byAdmin('GET', path)).json();
  t.strictSame(
    sessions.map(({ id }: { id: string }) => id),
    [String(claimsOf(second).sid), victim.sid],
  );
  t.notOk('current' in sessions[0]);
  t.equal((await byAdmin('DELETE', `${path}${victim.sid}/`)).statusCode, 204);
  isProblem(t, await byAdmin('DELETE', `${path}${victim.sid}/`), 'session_not_found', 'it is over');
  isProblem(t, await refresh(victim.refresh_token), 'invalid_refresh_token', 'refresh');
  const other = await user();
  isProblem(t, await byAdmin('DELETE', `${path}${other.sid}/`), 'session_not_found', 'of another account');
  for (const id of ['x', '-1', '0x1', '01', '99999999999999']) {
    isProblem(t, await byAdmin('DELETE', `${path}${id}/`), 'session_not_found', id);
  }
  t.equal((await byAdmin('DELETE', path)).statusCode, 204);
  isProblem(t, await refresh(second.refresh_token), 'invalid_refresh_token', 'refresh');
  t.strictSame(await reasonsOf(victim.id), ['ended_by_admin', 'ended_by_admin']);
  t.equal((await refresh(other.refresh_token)).statusCode, 200);
});

t.test('a deleted account is not found, and its address can be registered again', async (t) => {
  const victim = await user();
  t.equal((await byAdmin('DELETE', `/users/${victim.id}/`)).statusCode, 204);
  isProblem(t, await byAdmin('GET', `/users/${victim.id}/`), 'user_not_found', 'read');
  isProblem(t, await byAdmin('DELETE', `/users/${victim.id}/`), 'user_not_found', 'again');
  isProblem(t, await refresh(victim.refresh_token), 'invalid_refresh_token', 'refresh');
  t.equal((await register(victim.email)).statusCode, 201);
});

t.test('an id that no account can have is answered 404 by every operation', async (t) => {
  const bodies: Record<string, object> = { disable: { reason: 'x' }, enable: { reason: 'x' } };
  for (const id of ['0', '-1', 'x', '1e3', '01', '0x1', '2147483648', '99999999999999999999', "1'--", '%00', 'admin']) {
    isProblem(t, await byAdmin('GET', `/users/${id}/`), 'user_not_found', id);
    isProblem(t, await byAdmin('PUT', `/users/${id}/`, { username: 'x' }), 'user_not_found', id);
    isProblem(t, await byAdmin('DELETE', `/users/${id}/`), 'user_not_found', id);
    for (const action of ['disable', 'enable', 'reset-password']) {
      isProblem(
        t,
        await byAdmin('POST', `/users/${id}/${action}/`, bodies[action]),
        'user_not_found',
        `${action} ${id}`,
      );
    }
    isProblem(t, await byAdmin('GET', `/users/${id}/sessions/`), 'user_not_found', id);
    isProblem(t, await byAdmin('DELETE', `/users/${id}/sessions/`), 'user_not_found', id);
    isProblem(t, await byAdmin('DELETE', `/users/${id}/sessions/1/`), 'user_not_found', id);
  }
});

t.test('invalid bodies are refused', async (t) => {
  const { id } = await user();
  const wrong: [string, 'POST' | 'PUT', object][] = [
    ['/users/', 'POST', {}],
    ['/users/', 'POST', { email: 'no address' }],
    ['/users/', 'POST', { email: 'a@example.com', roles: 'admin' }],
    ['/users/', 'POST', { email: 'a@example.com', roles: ['nobody'] }],
    ['/users/', 'POST', { email: 'a@example.com', roles: ["'; drop"] }],
    [`/users/${id}/`, 'PUT', { username: 5 }],
    [`/users/${id}/`, 'PUT', { email: null }],
    [`/users/${id}/`, 'PUT', { roles: [''] }],
    [`/users/${id}/disable/`, 'POST', {}],
    [`/users/${id}/disable/`, 'POST', { reason: '' }],
    [`/users/${id}/disable/`, 'POST', { reason: 'x'.repeat(501) }],
    [`/users/${id}/enable/`, 'POST', { reason: 5 }],
  ];
  for (const [path, method, body] of wrong) {
    isProblem(t, await byAdmin(method, path, body), 'validation_failed', `${path} ${JSON.stringify(body)}`);
  }
});

t.test('an operator cannot grant permissions beyond their own, or act on an account that has more', async (t) => {
  const operator = await allowed('users:read', 'users:write');
  const boss = await user('admin');
  const application = await user(await role('invoices:delete'));
  const giver = await allowed('users:read', 'users:write', 'roles:read', 'roles:write');
  const attempts: [string, string, 'POST' | 'PUT' | 'DELETE', string, object?][] = [
    ['makes an admin', operator.access_token, 'POST', '/users/', { email: 'evil@example.com', roles: ['admin'] }],
    ['grants themselves a role', operator.access_token, 'PUT', `/users/${operator.id}/`, { roles: ['admin'] }],
    ['removes their own roles', operator.access_token, 'PUT', `/users/${operator.id}/`, { roles: [] }],
    ['changes roles without roles:write', operator.access_token, 'PUT', `/users/${application.id}/`, { roles: [] }],
    ["changes an admin's address", operator.access_token, 'PUT', `/users/${boss.id}/`, { email: 'evil@example.com' }],
    ["changes an admin's name", operator.access_token, 'PUT', `/users/${boss.id}/`, { username: 'Evil' }],
    ["resets an admin's password", operator.access_token, 'POST', `/users/${boss.id}/reset-password/`],
    ['disables an admin', operator.access_token, 'POST', `/users/${boss.id}/disable/`, { reason: 'evil' }],
    ['enables an admin', operator.access_token, 'POST', `/users/${boss.id}/enable/`, { reason: 'evil' }],
    ['deletes an admin', operator.access_token, 'DELETE', `/users/${boss.id}/`],
    ["ends an admin's sessions", operator.access_token, 'DELETE', `/users/${boss.id}/sessions/`],
    ["ends an admin's session", operator.access_token, 'DELETE', `/users/${boss.id}/sessions/${boss.sid}/`],
    [
      'resets the password of an account with permissions of an application',
      operator.access_token,
      'POST',
      `/users/${application.id}/reset-password/`,
    ],
    ['makes an admin', giver.access_token, 'POST', '/users/', { email: 'evil@example.com', roles: ['admin'] }],
    ['makes themselves an admin', giver.access_token, 'PUT', `/users/${giver.id}/`, { roles: ['admin'] }],
    ['demotes an admin', giver.access_token, 'PUT', `/users/${boss.id}/`, { roles: [] }],
    [
      'changes the roles of an account with more permissions',
      giver.access_token,
      'PUT',
      `/users/${application.id}/`,
      { roles: [] },
    ],
  ];
  const before = await rows`select id, email, username, roles, password_hash, disabled_at from users order by id`;
  for (const [what, token, method, path, body] of attempts) {
    isProblem(t, await as(token, method, path, body), 'forbidden', what);
  }
  const after = await rows`select id, email, username, roles, password_hash, disabled_at from users order by id`;
  t.strictSame([...after], [...before], 'nothing has changed');
  t.equal((await refresh(boss.refresh_token)).statusCode, 200, 'no session has ended');

  const plain = await user();
  t.equal((await as(operator.access_token, 'POST', `/users/${plain.id}/reset-password/`)).statusCode, 200);
  const reader = await role('users:read');
  const given = await as(giver.access_token, 'PUT', `/users/${plain.id}/`, { roles: [reader] });
  t.strictSame(given.json().roles, [reader], 'own permissions can be granted');
});

t.test(
  'the permissions of a role are checked in the database, although this instance has an outdated copy',
  async (t) => {
    const giver = await allowed('users:write', 'roles:write');
    const name = await role('users:write');
    const [plain, holder] = [await user(), await user(name)];
    // Without a notification, so that this instance does not notice.
    await rows`update roles set permissions = '{users:write,keys:write}' where name = ${name}`;
    const gives = await as(giver.access_token, 'PUT', `/users/${plain.id}/`, { roles: [name] });
    isProblem(t, gives, 'forbidden', 'grants it');
    isProblem(
      t,
      await as(giver.access_token, 'DELETE', `/users/${holder.id}/`),
      'forbidden',
      'acts on an account that has it',
    );
    const changes = { description: '', permissions: ['users:write'] };
    isProblem(t, await as(giver.access_token, 'PUT', `/roles/${name}/`, changes), 'forbidden', 'changes it');
  },
);

t.test('a role that an account gets at the same time is taken into account', async (t) => {
  const operator = await allowed('users:write');
  const victim = await user();
  const begun = await rows.begin(async (tx) => {
    await tx`update users set roles = '{admin}' where id = ${victim.id}`;
    const answer = begin(as(operator.access_token, 'POST', `/users/${victim.id}/disable/`, { reason: 'evil' }));
    await untilBlocked(rowsOf(t, service.databaseUrl));
    return { answer };
  });
  isProblem(t, await begun.answer, 'forbidden', 'the account is an admin now');
});

t.test('a role that is being deleted cannot be granted', async (t) => {
  const name = await role('users:read');
  const victim = await user();
  const begun = await rows.begin(async (tx) => {
    await tx`delete from roles where name = ${name}`;
    const answer = begin(byAdmin('PUT', `/users/${victim.id}/`, { roles: [name] }));
    await untilBlocked(rowsOf(t, service.databaseUrl));
    return { answer };
  });
  isProblem(t, await begun.answer, 'validation_failed', 'the role no longer exists');
  t.strictSame((await shown(victim.id)).roles, []);
});

t.test('a removed role takes effect at once, whatever the access token says', async (t) => {
  const operator = await allowed('users:read');
  t.strictSame(claimsOf(operator).permissions, ['users:read']);
  t.equal((await as(operator.access_token, 'GET', '/users/')).statusCode, 200);
  await byAdmin('PUT', `/users/${operator.id}/`, { roles: [] });
  isProblem(t, await as(operator.access_token, 'GET', '/users/'), 'forbidden', 'although the token still contains it');
  const renewed = (await refresh(operator.refresh_token)).json();
  t.match(claimsOf(renewed), { roles: undefined, permissions: undefined });

  const name = await role('audit:read', 'invoices:read');
  await byAdmin('PUT', `/users/${operator.id}/`, { roles: [name] });
  t.equal(
    (await as(operator.access_token, 'GET', '/audit/')).statusCode,
    200,
    'a granted role takes effect at once too',
  );
  const given = claimsOf((await refresh(renewed.refresh_token)).json());
  matchAll(t, given, { roles: [name], permissions: ['audit:read', 'invoices:read'] });
});

t.test('a token of an ended session or a deleted account is refused', async (t) => {
  const [loggedOut, gone] = [await user('admin'), await user('admin')];
  await service.logout(loggedOut.refresh_token);
  isProblem(t, await as(loggedOut.access_token, 'GET', '/users/'), 'invalid_token', 'logged out');
  await byAdmin('DELETE', `/users/${gone.id}/`);
  isProblem(t, await as(gone.access_token, 'GET', '/users/'), 'invalid_token', 'deleted');
});

t.test('operators cannot make changes to their own account that require the password at /api/me/', async (t) => {
  const self = await user('admin');
  const path = `/users/${self.id}/`;
  const call = (method: 'POST' | 'PUT' | 'DELETE', to: string, body?: object) =>
    as(self.access_token, method, to, body);
  isProblem(t, await call('DELETE', path), 'forbidden', 'delete');
  isProblem(t, await call('POST', `${path}disable/`, { reason: 'x' }), 'forbidden', 'disable');
  isProblem(t, await call('POST', `${path}reset-password/`), 'forbidden', 'password');
  isProblem(t, await call('PUT', path, { email: 'elsewhere@example.com' }), 'forbidden', 'address');
  t.equal((await call('PUT', path, { username: 'Myself', email: self.email })).statusCode, 200);
  t.equal((await call('PUT', path, { roles: [] })).statusCode, 200, 'an admin who is not the last one may resign');
  isProblem(t, await as(self.access_token, 'GET', path), 'forbidden', 'and then has no permission');
});

t.test('the last admin cannot be demoted, disabled or deleted by any operator', async (t) => {
  const alone = await testApp(t, { env });
  const others = operatorsOf(t, alone);
  const last = await makeAdmin(t, alone);
  const allPermissions = await others.allowed(...Object.keys(ownPermissions));
  const disabled = await others.user('admin');
  t.equal(
    (await others.as(last.accessToken, 'POST', `/users/${disabled.id}/disable/`, { reason: 'x' })).statusCode,
    200,
  );
  const path = `/users/${last.userId}/`;
  for (const token of [last.accessToken, allPermissions.access_token]) {
    isProblem(t, await others.as(token, 'PUT', path, { roles: [] }), 'last_admin', 'demote');
    isProblem(t, await others.as(token, 'POST', `${path}disable/`, { reason: 'x' }), 'last_admin', 'disable');
    isProblem(t, await others.as(token, 'DELETE', path), 'last_admin', 'delete');
  }
  isProblem(t, await alone.deleteMe(last.accessToken), 'last_admin', 'at /api/me/');
  t.equal((await others.as(last.accessToken, 'PUT', path, { username: 'Still here' })).statusCode, 200);
  t.equal(
    (await others.as(last.accessToken, 'DELETE', `/users/${disabled.id}/`)).statusCode,
    204,
    'a disabled admin can be deleted',
  );
  await others.user('admin');
  t.equal(
    (await others.as(last.accessToken, 'PUT', path, { roles: [] })).statusCode,
    200,
    'possible once there is another admin',
  );
});

t.test('when two admins demote, disable or delete each other at the same time, one remains', async (t) => {
  const actions: [string, (id: number) => readonly ['POST' | 'PUT' | 'DELETE', string, object?]][] = [
    ['demote', (id) => ['PUT', `/users/${id}/`, { roles: [] }]],
    ['disable', (id) => ['POST', `/users/${id}/disable/`, { reason: 'x' }]],
    ['delete', (id) => ['DELETE', `/users/${id}/`]],
  ];
  for (const [what, action] of actions) {
    const duel = await testApp(t, { env });
    const others = operatorsOf(t, duel);
    const [one, two] = [await others.user('admin'), await others.user('admin')];
    const begun = await others.rows.begin(async (tx) => {
      // Both requests need this lock, so both have reached it.
      await tx`select pg_advisory_xact_lock(hashtextextended('latchkey_admins', 0))`;
      const answers = [
        begin(others.as(one.access_token, ...action(two.id))),
        begin(others.as(two.access_token, ...action(one.id))),
      ];
      await untilBlocked(rowsOf(t, duel.databaseUrl), 2);
      return { answers };
    });
    const answers = await Promise.all(begun.answers);
    t.equal(answers.filter(({ statusCode }) => statusCode < 300).length, 1, `${what}: one succeeds`);
    const refused = answers.find(({ statusCode }) => statusCode >= 300);
    t.ok(refused && isProblem(t, refused, 'last_admin', what));
    const [left] = await others.rows`
      select count(*)::int as n from users where 'admin' = any(roles) and disabled_at is null`;
    t.equal(left?.n, 1, `${what}: one is left`);
  }
});

t.test('a user who becomes the only admin while deleting their account cannot delete it', async (t) => {
  const alone = await testApp(t, { env });
  const others = operatorsOf(t, alone);
  const plain = await others.user();
  const begun = await others.rows.begin(async (tx) => {
    await tx`update users set roles = '{admin}' where id = ${plain.id}`;
    const answer = begin(alone.deleteMe(plain.access_token));
    await untilBlocked(rowsOf(t, alone.databaseUrl));
    return { answer };
  });
  isProblem(t, await begun.answer, 'last_admin', 'the only admin');
});

t.test('a login during disabling leaves no live session', async (t) => {
  const victim = await user();
  const attempt = async () => {
    const begun = await rows.begin(async (tx) => {
      await tx`select 1 from users where id = ${victim.id} for update`;
      const disabling = begin(byAdmin('POST', `/users/${victim.id}/disable/`, { reason: 'x' }));
      await untilBlocked(rowsOf(t, service.databaseUrl));
      const loggingIn = begin(post('/api/login/', { email: victim.email, password: 'password' }));
      // On Citus, a login waits for no lock of an account.
      await (workers().length > 0 ? loggingIn : untilBlocked(rowsOf(t, service.databaseUrl), 2));
      return { answers: [disabling, loggingIn] };
    });
    const [disabled] = await Promise.all(begun.answers);
    return disabled?.statusCode;
  };
  // If the machine stalls for three seconds while the row is locked, the service answers 503; that is another test.
  const status = await until('not answered 503', async () => {
    const answered = await attempt();
    return answered !== 503 && answered;
  });
  t.equal(status, 200);
  const living = await rows`select 1 from sessions where user_id = ${victim.id} and revoked_at is null`;
  t.equal(living.length, 0);
});

t.test('the command line, which holds every permission, gives what only applications ask for', async (t) => {
  const permissions = Object.keys(ownPermissions);
  const name = await role('invoices:approve');
  const act = { actor: { type: 'cli', name: 'operator' }, origin: {} } as const;
  const { user: made } = await app.userAdministration.create(
    { email: 'cli@made.example', roles: [name] },
    { act, permissions },
  );
  matchAll(t, await eventsOn(made.id), [{ event: 'user.created', actor_type: 'cli', actor_name: 'operator' }]);
  await app.userAdministration.remove(made.id, { act: bySystem, permissions });
});

/** Sends a request whose answer is awaited later: inject sends it only when its promise is used. */
function begin<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => {});
  return answer;
}
