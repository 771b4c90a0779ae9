// /api/admin/audit/: what is recorded, what never is, pagination and filters.
import t from 'tap';
import { makeAdmin } from '../../../support/admin.js';
import { testApp } from '../../../support/app.js';
import { operatorsOf } from '../../../support/operator.js';
import { isProblem } from '../../../support/problem.js';
import { ageSessions } from '../../../support/rows.js';
import { claimsOf } from '../../../support/service.js';

const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600' };
const service = await testApp(t, { env });
const { inject, login, refresh, logout, updateMe } = service;
const { as, user, rows } = operatorsOf(t, service);
const admin = await makeAdmin(t, service);
const byAdmin = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) =>
  as(admin.accessToken, method, path, payload);

interface Event {
  readonly id: number;
  readonly at: string;
  readonly event: string;
  readonly actor: { readonly type: string; readonly user_id: number | null };
  readonly target: { readonly type: string; readonly id: string } | null;
  readonly session_id: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly request_id: string | null;
  readonly details: Record<string, unknown>;
}

const read = async (query: string): Promise<{ events: Event[]; next_cursor: string | null }> => {
  const answer = await byAdmin('GET', `/audit/?${query}`);
  t.equal(answer.statusCode, 200, `${query} ${answer.body}`);
  return answer.json();
};
const namesOf = ({ events }: { events: Event[] }) => events.map(({ event }) => event);

t.test('events of an account are recorded with actor and origin', async (t) => {
  const owner = await user();
  const failed = await inject({
    method: 'POST',
    url: '/api/login/',
    payload: { email: owner.email, password: 'wrong password' },
    headers: { 'user-agent': 'Browser/1.0' },
    remoteAddress: '203.0.113.7',
  });
  const second = await login(owner.email);
  await logout(second.refresh_token);
  await updateMe(owner.access_token, { username: 'Name' });
  await updateMe(owner.access_token, { email: `new-${owner.email}` });
  await updateMe(owner.access_token, { password: 'another password' });
  await refresh(owner.refresh_token);
  await ageSessions(rows, owner.id, 60);
  isProblem(t, await refresh(owner.refresh_token), 'refresh_token_reused', 'stolen');

  const { events } = await read(`user_id=${owner.id}`);
  t.strictSame(namesOf({ events }), [
    'session.refresh_token_reused',
    'user.password_changed',
    'user.email_changed',
    'user.updated',
    'session.logged_out',
    'login.succeeded',
    'login.failed',
    'login.succeeded',
    'user.registered',
  ]);
  const [reused, changed, , , , , denied, begun, registered] = events;
  const target = { type: 'user', id: String(owner.id) };
  t.match(registered, { actor: { type: 'anonymous', user_id: null, name: null }, target, session_id: null });
  t.match(begun, {
    actor: { type: 'user', user_id: owner.id },
    target: { type: 'session', id: owner.sid },
    session_id: owner.sid,
  });
  t.match(denied, {
    actor: { type: 'anonymous' },
    target,
    ip: '203.0.113.7',
    user_agent: 'Browser/1.0',
    request_id: failed.headers['x-request-id'],
  });
  t.match(changed, { actor: { type: 'user', user_id: owner.id }, target, session_id: owner.sid });
  t.match(reused, { actor: { type: 'anonymous' }, target, details: { session_id: owner.sid } });
});

t.test('a login attempt with an unknown address is recorded without the address', async (t) => {
  const before = (await read('event=login.failed&limit=100')).events.length;
  await service.post('/api/login/', { email: 'nobody@nowhere.example', password: 'password' });
  const { events } = await read('event=login.failed&limit=100');
  t.equal(events.length, before + 1);
  t.match(events[0], { target: null });
  t.strictSame(events[0]?.details, { reason: 'unknown_account' });
});

t.test('a failed login is recorded with its reason, which the caller does not get', async (t) => {
  const failed = async (owner: { id: number; email: string }, password: string) => {
    const answer = await service.post('/api/login/', { email: owner.email, password });
    isProblem(t, answer, 'invalid_credentials', 'login');
    return (await read(`event=login.failed&user_id=${owner.id}`)).events[0]?.details;
  };
  const owner = await user();
  t.strictSame(await failed(owner, 'wrong password'), { reason: 'wrong_password' });
  await byAdmin('POST', `/users/${owner.id}/disable/`, { reason: 'Stolen.' });
  t.strictSame(await failed(owner, 'password'), { reason: 'disabled' });
  t.strictSame(await failed(owner, 'wrong password'), { reason: 'wrong_password' });
  const withoutPassword = await user();
  await rows`update users set password_hash = null where id = ${withoutPassword.id}`;
  t.strictSame(await failed(withoutPassword, 'password'), { reason: 'no_password' });
});

t.test('an action that failed is not recorded', async (t) => {
  const owner = await user();
  const before = (await read(`user_id=${owner.id}`)).events.length;
  await service.register(owner.email);
  await updateMe(owner.access_token, { email: (await user()).email });
  await byAdmin('POST', '/users/', { email: owner.email });
  await byAdmin('PUT', `/users/${owner.id}/`, { roles: ['nobody'], username: 'x' });
  await byAdmin('PUT', `/users/${owner.id}/`, { email: owner.email, username: '', roles: [] });
  await byAdmin('DELETE', `/users/${owner.id}/sessions/1/`);
  await refresh(crypto.randomUUID());
  t.equal((await read(`user_id=${owner.id}`)).events.length, before);
});

t.test('events of an admin name the admin, the session and the change', async (t) => {
  const owner = await user();
  await byAdmin('PUT', `/users/${owner.id}/`, { username: 'Name', email: `moved-${owner.email}`, roles: ['admin'] });
  const pair = await login(`moved-${owner.email}`);
  const [{ id: sid } = { id: '' }] = (await byAdmin('GET', `/users/${owner.id}/sessions/`)).json().sessions;
  t.equal(sid, claimsOf(pair).sid);
  await byAdmin('DELETE', `/users/${owner.id}/sessions/${sid}/`);
  await byAdmin('POST', `/users/${owner.id}/reset-password/`);
  const { events } = await read(`target_type=user&target_id=${owner.id}`);
  t.strictSame(
    events.filter(({ actor }) => actor.user_id === admin.userId).map(({ event, details }) => [event, details]),
    [
      ['user.password_reset', {}],
      ['session.ended', { reason: 'ended_by_admin', session_id: sid }],
      ['user.updated', {}],
      ['user.roles_changed', { from: [], to: ['admin'] }],
      ['sessions.ended', { reason: 'email_changed', ended: 1 }],
      ['user.email_changed', {}],
    ],
  );
  const byTheAdmin = events.filter(({ actor }) => actor.user_id === admin.userId);
  const { sid: ofTheAdmin } = claimsOf({ access_token: admin.accessToken, refresh_token: '' });
  for (const each of byTheAdmin) t.equal(each.session_id, ofTheAdmin, each.event);
});

t.test('deleting an account leaves ids and no personal data', async (t) => {
  for (const how of ['by its owner', 'by an admin']) {
    const owner = await user();
    await service.post('/api/login/', { email: owner.email, password: 'wrong password' });
    await byAdmin('POST', `/users/${owner.id}/disable/`, { reason: 'Mr Miller asked for it.' });
    await byAdmin('POST', `/users/${owner.id}/enable/`, { reason: 'Mr Miller has changed his mind.' });
    const recorded = (await read(`user_id=${owner.id}`)).events;
    const before = recorded.length;
    t.ok(JSON.stringify(recorded).includes('Miller'), 'the reason is recorded');
    if (how === 'by an admin') await byAdmin('DELETE', `/users/${owner.id}/`);
    else t.equal((await service.deleteMe((await login(owner.email)).access_token)).statusCode, 204);
    const { events } = await read(`user_id=${owner.id}`);
    t.ok(events.length > before, `${how}: no event is deleted`);
    t.ok(events.some(({ event, target }) => event === 'user.deleted' && target?.id === String(owner.id)));
    const byTheAdmin = events.filter(({ actor }) => actor.user_id === admin.userId);
    t.strictSame(
      [byTheAdmin.length, events.length - byTheAdmin.length],
      how === 'by an admin' ? [4, 3] : [3, 5],
      `${how}: events of the admin, and of the account or an anonymous client`,
    );
    for (const { event, actor, ip, user_agent: userAgent, details } of events) {
      t.notOk('reason' in details && /Miller/.test(String(details.reason)), `${how}: ${event}: the reason is removed`);
      if (actor.user_id === admin.userId) t.ok(ip, `${how}: ${event}: the address of the admin is kept`);
      else t.strictSame([ip, userAgent], [null, null], `${how}: ${event}`);
    }
  }
});

t.test('neither the audit log nor the log contains an address, name, password or token', async (t) => {
  const owner = await user();
  const temporary = (await byAdmin('POST', `/users/${owner.id}/reset-password/`)).json().temporary_password;
  const made = (
    await byAdmin('POST', '/users/', { email: 'secret.person@made.example', username: 'Secret Person' })
  ).json();
  const second = await login(owner.email, temporary);
  await updateMe(second.access_token, { password: 'my new password', username: 'Secret Person' });
  await byAdmin('PUT', `/users/${made.user.id}/`, { email: 'renamed.person@made.example' });
  const [{ hashes }] = (await rows`select string_agg(password_hash, ' ') as hashes from users`) as unknown as [
    { hashes: string },
  ];
  const written = JSON.stringify(await rows`select * from audit_events`) + JSON.stringify(service.logLines());
  for (const each of [temporary, made.temporary_password]) t.match(each, /^\S{10,}$/);
  const secrets = [
    owner.email,
    'person@made.example',
    'Secret Person',
    'my new password',
    temporary,
    made.temporary_password,
    second.access_token,
    second.refresh_token,
    owner.refresh_token,
    admin.accessToken,
    ...hashes.split(' '),
  ];
  for (const secret of secrets) t.notOk(written.includes(secret), secret);
});

t.test('the log is paginated, newest first, also while it grows', async (t) => {
  const owner = await user();
  for (let i = 0; i < 5; i += 1) await login(owner.email);
  const query = `user_id=${owner.id}&event=login.succeeded&limit=4`;
  const first = await read(query);
  await login(owner.email);
  const second = await read(`${query}&cursor=${first.next_cursor}`);
  const ids = [...first.events, ...second.events].map(({ id }) => id);
  t.equal(ids.length, 6);
  t.strictSame(
    ids,
    [...new Set(ids)].sort((a, b) => b - a),
  );
  t.equal(second.next_cursor, null);
});

t.test('all filters must match; `from` is inclusive, `to` exclusive', async (t) => {
  const owner = await user();
  await login(owner.email);
  const { events } = await read(`user_id=${owner.id}`);
  const [newest, middle, oldest] = events;
  t.equal(events.length, 3);
  const within = async (query: string) => (await read(`user_id=${owner.id}&${query}`)).events.map(({ id }) => id);
  // Ids follow the times.
  await rows`update audit_events set at = '2025-12-01T00:00:00Z' where id < ${oldest?.id ?? 0}`;
  await rows`update audit_events set at = '2026-01-01T00:00:00Z' where id = ${oldest?.id ?? 0}`;
  await rows`update audit_events set at = '2026-01-02T00:00:00Z' where id = ${middle?.id ?? 0}`;
  await rows`update audit_events set at = '2026-01-03T00:00:00Z' where id = ${newest?.id ?? 0}`;
  t.strictSame(await within('from=2026-01-02T00:00:00Z'), [newest?.id, middle?.id]);
  t.strictSame(await within('to=2026-01-02T00:00:00Z'), [oldest?.id]);
  t.strictSame(await within('from=2026-01-02T00:00:00Z&to=2026-01-03T01:00:00%2B01:00'), [middle?.id]);
  t.strictSame(await within('from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59-23:59'), [
    newest?.id,
    middle?.id,
    oldest?.id,
  ]);
  t.strictSame(await within('event=user.registered'), [oldest?.id]);
  t.strictSame(await within('event=user.registered&from=2026-01-02T00:00:00Z'), []);
  t.strictSame(await within(`target_type=session&target_id=${owner.sid}`), [middle?.id]);
  t.strictSame((await read('user_id=9999999999')).events, []);
});

t.test('an event is found by its time, although its id is that of a later one by less than a day', async (t) => {
  const owner = await user();
  await login(owner.email);
  const [newest, middle, oldest] = (await read(`user_id=${owner.id}`)).events;
  await rows`update audit_events set at = '2026-02-01T00:00:00Z' where id < ${oldest?.id ?? 0}`;
  await rows`update audit_events set at = '2026-02-02T12:00:00Z' where id = ${oldest?.id ?? 0}`;
  await rows`update audit_events set at = '2026-02-01T18:00:00Z' where id = ${middle?.id ?? 0}`;
  await rows`update audit_events set at = '2026-02-02T13:00:00Z' where id = ${newest?.id ?? 0}`;
  const within = async (query: string) => (await read(`user_id=${owner.id}&${query}`)).events.map(({ id }) => id);
  t.strictSame(await within('to=2026-02-02T00:00:00Z'), [middle?.id]);
  t.strictSame(await within('from=2026-02-02T00:00:00Z'), [newest?.id, oldest?.id]);
});

t.test('an invalid query is rejected', async (t) => {
  const wrong = [
    'event=user.*',
    "event=' or 1=1 --",
    'user_id=0',
    'user_id=1 or 1=1',
    'user_id=12345678901',
    'target_type=table',
    'target_id=a%00',
    'from=yesterday',
    'to=2026-13-01T00:00:00Z',
    'to=2016-12-31T23:59:60Z',
    'limit=0',
    'cursor=x',
    'event=login.failed&event=login.failed',
    'event=login.failed,',
    'event=login.failed,nothing',
    'changes=false',
    'ip=localhost',
  ];
  for (const query of wrong) isProblem(t, await byAdmin('GET', `/audit/?${query}`), 'validation_failed', query);
  t.strictSame((await read(`target_id=${encodeURIComponent("1' or '1'='1")}`)).events, []);
});

t.test('several events, an address, and changes by operators can be selected', async (t) => {
  const owner = await user();
  const ip = '2001:db8::7';
  const from = async (remoteAddress: string) =>
    inject({ method: 'POST', url: '/api/login/', payload: { email: owner.email, password: 'wrong' }, remoteAddress });
  await from(ip);
  await from('203.0.113.77');
  await updateMe(owner.access_token, { username: 'Name' });
  await byAdmin('PUT', `/users/${owner.id}/`, { username: 'Another name' });
  await byAdmin('DELETE', `/users/${owner.id}/sessions/`);

  const both = await read(`event=login.failed,user.updated&user_id=${owner.id}`);
  t.strictSame(namesOf(both), ['user.updated', 'user.updated', 'login.failed', 'login.failed']);
  t.strictSame(
    (await read(`ip=${encodeURIComponent('2001:DB8:0::7')}`)).events.map((each) => [each.event, each.ip]),
    [['login.failed', ip]],
  );
  const changes = await read(`changes=true&user_id=${owner.id}`);
  t.strictSame(namesOf(changes), ['sessions.ended', 'user.updated'], 'not what the owner has changed');
  t.ok(changes.events.every(({ actor }) => actor.user_id === admin.userId));
});
