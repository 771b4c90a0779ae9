// DELETE /api/me/ deletes an account with all its sessions.
import t from 'tap';
import { testApp, testAppOn } from '../../support/app.js';
import { isProblem } from '../../support/problem.js';
import { rowsOf } from '../../support/rows.js';
import { newUser } from '../../support/user.js';

const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600' };
const service = await testApp(t, { env });
const { deleteMe, inject, login, me, refresh } = service;
const rows = rowsOf(t, service.databaseUrl);

const begin = () => newUser(service);

const storedOf = async (id: number) => [
  ...(await rows`select id from users where id = ${id}`),
  ...(await rows`select id from sessions where user_id = ${id}`),
];

t.test('a deletion removes the account and all its sessions, and no others', async (t) => {
  const [user, stranger] = [await begin(), await begin()];
  const other = await login(user.email);
  const answer = await deleteMe(user.access_token);
  t.equal(answer.statusCode, 204);
  t.equal(answer.body, '');
  t.strictSame(await storedOf(user.id), []);
  for (const { refresh_token: token } of [user, other]) {
    isProblem(t, await refresh(token), 'invalid_refresh_token', 'its session has ended');
    isProblem(t, await refresh(token, 'key'), 'invalid_refresh_token', 'also with a key');
    t.equal((await service.logout(token)).statusCode, 200, 'a logout is answered as usual');
  }
  for (const { access_token: token } of [user, other]) isProblem(t, await me(token), 'invalid_token', 'its token');
  const credentials = { email: user.email, password: 'password' };
  isProblem(t, await service.post('/api/login/', credentials), 'invalid_credentials', 'login');
  isProblem(t, await deleteMe(user.access_token), 'invalid_token', 'a second time');
  t.match(
    service.logLines().find((line) => line.event === 'account_deleted'),
    { userId: user.id, ip: '127.0.0.1', request_id: String },
  );
  t.equal((await refresh(stranger.refresh_token)).statusCode, 200);
});

t.test('the address can be registered again, with a new id for which no old token is valid', async (t) => {
  const user = await begin();
  await deleteMe(user.access_token);
  const again = await service.register(user.email);
  t.equal(again.statusCode, 201);
  t.ok(again.json().id > user.id);
  const pair = await login(user.email);
  t.equal((await me(pair.access_token)).json().id, again.json().id);
  isProblem(t, await me(user.access_token), 'invalid_token', 'the old token');
  isProblem(t, await refresh(user.refresh_token), 'invalid_refresh_token', 'the old refresh token');
});

t.test('without the right password nothing is deleted', async (t) => {
  const user = await begin();
  const headers = { authorization: `Bearer ${user.access_token}` };
  for (const payload of [{}, { password: 'password' }, { current_password: '' }, { current_password: null }]) {
    const answer = await inject({ method: 'DELETE', url: '/api/me/', headers, payload });
    isProblem(t, answer, 'validation_failed', JSON.stringify(payload));
    t.equal(answer.json().errors[0].path, '/current_password');
  }
  isProblem(t, await inject({ method: 'DELETE', url: '/api/me/', headers }), 'validation_failed', 'no body');
  for (const wrong of ['not the password', 'Password', 'password ']) {
    isProblem(t, await deleteMe(user.access_token, wrong), 'current_password_wrong', wrong);
  }
  t.equal((await storedOf(user.id)).length, 2);
});

t.test('an account without a password is deleted without one, soon after it has signed in', async (t) => {
  const user = await begin();
  await rows`update users set password_hash = null where id = ${user.id}`;
  isProblem(t, await deleteMe(user.access_token), 'current_password_wrong', 'no password is right');
  const send = (token: string) =>
    inject({ method: 'DELETE', url: '/api/me/', headers: { authorization: `Bearer ${token}` }, payload: {} });
  await rows`update sessions set created_at = now() - interval '11 minutes' where user_id = ${user.id}`;
  const { access_token: old, refresh_token: next } = (await service.refresh(user.refresh_token)).json();
  const refused = await send(old);
  t.match(refused.json(), { code: 'insufficient_user_authentication', max_age: 600 }, 'long after it');
  t.equal((await storedOf(user.id)).length, 2);
  await rows`update sessions set created_at = now() where user_id = ${user.id}`;
  const { access_token: recent } = (await service.refresh(next)).json();
  t.equal((await send(recent)).statusCode, 204);
  t.strictSame(await storedOf(user.id), []);
});

t.test('an account whose password changes meanwhile is not deleted with the old one', async (t) => {
  for (let round = 0; round < 10; round += 1) {
    const user = await begin();
    const [changed, deleted] = await Promise.all([
      service.updateMe(user.access_token, { password: 'new password' }),
      deleteMe(user.access_token),
    ]);
    if (deleted.statusCode === 204) {
      t.strictSame(await storedOf(user.id), []);
      t.ok([200, 401].includes(changed.statusCode), 'the change came before the deletion, or was refused');
    } else {
      isProblem(t, deleted, 'current_password_wrong', 'the password has changed');
      t.equal(changed.statusCode, 200);
      t.ok(await login(user.email, 'new password'));
    }
  }
});

t.test('of ten deletions at once on two instances exactly one succeeds', async (t) => {
  const second = await testAppOn(t, service.databaseUrl, { env });
  for (let round = 0; round < 5; round += 1) {
    const user = await begin();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? service : second).deleteMe(user.access_token)),
    );
    const refused = answers.filter(({ statusCode }) => statusCode !== 204);
    t.equal(refused.length, 9);
    for (const answer of refused) isProblem(t, answer, 'invalid_token', 'too late');
  }
});

t.test('a login or refresh that races with a deletion leaves no row behind', async (t) => {
  for (let round = 0; round < 20; round += 1) {
    const user = await begin();
    const other = await login(user.email);
    const [deleted, raced, refreshed] = await Promise.all([
      deleteMe(user.access_token),
      service.post('/api/login/', { email: user.email, password: 'password' }),
      refresh(other.refresh_token),
    ]);
    t.equal(deleted.statusCode, 204);
    t.strictSame(await storedOf(user.id), []);
    for (const answer of [raced, refreshed]) {
      if (answer.statusCode === 200) {
        isProblem(t, await refresh(answer.json().refresh_token), 'invalid_refresh_token', 'ended');
      } else t.equal(answer.statusCode, 401);
    }
  }
});

t.test('the job that removes the rest of an account removes a mail that was stored since', async (t) => {
  const { id, email } = await begin();
  // As a request for a sign-in e-mail leaves it that waited for the deletion of an account with much data.
  await rows`update users set email = ${`deleted:${id}`}, disabled_at = now(), deleted_at = now() where id = ${id}`;
  await rows`insert into mails (kind, user_id, recipient) values ('sign_in', ${id}, ${email})`;
  await rows`insert into jobs (kind, subject) values ('delete_account', ${String(id)})`;
  await service.app.jobs.run();
  t.strictSame([...(await rows`select 1 from users where id = ${id}`)], []);
  t.strictSame([...(await rows`select 1 from mails where user_id = ${id}`)], []);
});
