// GET /api/me/account/ and /api/me/export/: what the owner of an account may know.
import { once } from 'node:events';
import { get } from 'node:http';
import t from 'tap';
import { testApp } from '../../support/app.js';
import { operatorsOf } from '../../support/operator.js';
import { isProblem } from '../../support/problem.js';
import { until } from '../../support/until.js';

const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600', SETTING_NOTIFY_NEW_SIGN_IN: 'true' };
const service = await testApp(t, { env, catchesMail: true });
const { rows, user: newUser, allowed, as, eventsOn } = operatorsOf(t, service);

const read = (path: string, accessToken: string) =>
  service.inject({ method: 'GET', url: `/api/me/${path}/`, headers: { authorization: `Bearer ${accessToken}` } });

t.test('a user reads the details of their own account', async (t) => {
  const user = await newUser('admin');
  await service.login(user.email);
  await rows`update users set locale = 'de' where id = ${user.id}`;
  const answer = await read('account', user.access_token);
  t.equal(answer.statusCode, 200);
  const { created_at, updated_at, ...rest } = answer.json();
  t.strictSame(rest, {
    id: user.id,
    username: '',
    email: user.email,
    email_verified: false,
    pending_email: null,
    has_password: true,
    has_second_factor: false,
    roles: ['admin'],
    locale: 'de',
    sessions: 2,
    deletion_due_at: null,
  });
  t.ok(Date.parse(created_at) <= Date.parse(updated_at));
});

t.test('a deleted or disabled account has no details and no export', async (t) => {
  const [gone, disabled] = [await newUser(), await newUser()];
  await rows`delete from users where id = ${gone.id}`;
  await rows`update users set disabled_at = now() where id = ${disabled.id}`;
  for (const { access_token: token } of [gone, disabled]) {
    isProblem(t, await read('account', token), 'invalid_token', 'details');
    isProblem(t, await read('export', token), 'invalid_token', 'export');
  }
});

t.test('exports are limited by account, since each is recorded', async (t) => {
  const user = await newUser();
  t.equal((await read('export', user.access_token)).statusCode, 200);
  await rows`update quotas set full_at = now() + interval '1 day'`;
  isProblem(t, await read('export', user.access_token), 'rate_limited', 'too many');
  t.equal((await eventsOn(user.id)).filter(({ event }) => event === 'user.exported').length, 1);
  await rows`update quotas set full_at = now()`;
  t.equal((await read('export', user.access_token)).statusCode, 200, 'it does not count as one that is being sent');
});

t.test('an export contains all that is stored about the account, and nothing of others', async (t) => {
  const [user, stranger] = [await newUser(), await newUser()];
  const operator = await allowed('users:read', 'users:write');
  const ended = await service.login(user.email);
  await service.logout(ended.refresh_token);
  await service.post('/api/login/', { email: user.email, password: 'wrong' });
  await as(operator.access_token, 'PUT', `/users/${user.id}/`, { username: 'Jane' });
  const answer = await read('export', user.access_token);
  t.equal(answer.statusCode, 200);
  t.equal(answer.headers['content-disposition'], `attachment; filename="account-${user.id}.json"`);
  const exported = answer.json();
  t.match(exported.account, { id: user.id, email: user.email, username: 'Jane' });
  t.equal(exported.sessions.length, 2);
  t.strictSame(exported.sessions.map((each: { ended: boolean }) => each.ended).sort(), [false, true]);
  const events = exported.events.map(({ event, by, ip }: Record<string, unknown>) => [event, by, ip]);
  for (const expected of [
    ['login.succeeded', 'you', '127.0.0.1'],
    ['session.logged_out', 'you', '127.0.0.1'],
    ['user.exported', 'you', '127.0.0.1'],
    ['user.registered', 'anonymous', '127.0.0.1'],
    ['login.failed', 'anonymous', '127.0.0.1'],
    ['user.updated', 'operator', null],
  ]) {
    t.ok(
      events.some((each: unknown) => JSON.stringify(each) === JSON.stringify(expected)),
      String(expected),
    );
  }
  t.equal(exported.known_devices.length, 1);
  t.ok(exported.mails.length > 0);
  t.ok(exported.mails.every(({ recipient }: { recipient: string }) => recipient === user.email));
  for (const secret of [stranger.email, operator.email, 'argon2', user.refresh_token, user.access_token]) {
    t.notOk(answer.body.includes(secret), secret);
  }
  t.equal((await eventsOn(user.id)).filter(({ event }) => event === 'user.exported').length, 1);
  t.ok(service.logLines().some((line) => line.event === 'account_exported' && line.userId === user.id));
});

t.test('an account with much data is exported in pages, completely', async (t) => {
  const user = await newUser();
  await rows`
    insert into sessions (user_id, id, refresh_token_hash, retry_keys, expires_at)
    select ${user.id}, i, ''::bytea, ''::bytea, now() from generate_series(1, 1200) i`;
  await rows`
    insert into audit_events (event, actor_type, actor_id) select 'login.succeeded', 'user', ${user.id} from generate_series(1, 1001) i`;
  await rows`
    insert into account_tokens (user_id, purpose, token_hash, email, expires_at)
    select ${user.id}, 'sign_in', sha256((${user.id} + i)::text::bytea), '', now() from generate_series(1, 500) i`;
  const exported = (await read('export', user.access_token)).json();
  t.equal(new Set(exported.sessions.map(({ id }: { id: string }) => id)).size, 1201);
  const logins = exported.events.filter(({ event }: { event: string }) => event === 'login.succeeded');
  t.equal(logins.length, 1002);
  t.ok(exported.email_tokens.length >= 500);
});

t.test('the session must be active', async (t) => {
  const user = await newUser();
  await service.logout(user.refresh_token);
  isProblem(t, await read('export', user.access_token), 'invalid_token', 'after a logout');
});

t.test('one export of an account runs at a time, and one that is abandoned does not block the next', async (t) => {
  const user = await newUser();
  await rows`
    insert into sessions (user_id, id, refresh_token_hash, retry_keys, expires_at, user_agent)
    select ${user.id}, i, ''::bytea, ''::bytea, now(), repeat('x', 500) from generate_series(1, 30000) i`;
  const url = `${await service.app.listen({ host: '127.0.0.1', port: 0 })}/api/me/export/`;
  const slow = get(url, { headers: { authorization: `Bearer ${user.access_token}` } });
  const [response] = await once(slow, 'response');
  t.equal(response.statusCode, 200);
  // Nobody reads the response, so that the export cannot end.
  isProblem(t, await read('export', user.access_token), 'rate_limited', 'meanwhile');
  slow.destroy();
  const next = await until('the abandoned export has ended', async () => {
    const answer = await read('export', user.access_token);
    return answer.statusCode === 200 && answer;
  });
  t.equal(next.json().sessions.length, 30_001);
});
