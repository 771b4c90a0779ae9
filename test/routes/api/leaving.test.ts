// DELETE /api/me/ with ACCOUNT_DELETION_GRACE: disabled at once, restored by a login, deleted when the time is over.
import t from 'tap';
import type { Mail, MailData } from '#mail/kinds.js';
import { type TestApp, testApp, testAppOn } from '../../support/app.js';
import { mailsOf } from '../../support/mail.js';
import { operatorsOf } from '../../support/operator.js';
import { isProblem } from '../../support/problem.js';
import { setSetting } from '../../support/settings.js';
import { newUser, type User } from '../../support/user.js';

const GRACE = 7 * 86_400;
const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600', SETTING_ACCOUNT_DELETION_GRACE: String(GRACE) };
const service = await testApp(t, { env, catchesMail: true });
const { app, deleteMe, login, me, refresh, post } = service;
const { rows, allowed, as, eventsOn, reasonsOf, user: userWith } = operatorsOf(t, service);

const begin = () => newUser(service);

/** A user who has asked to leave. */
async function leaving(): Promise<User> {
  const user = await begin();
  t.equal((await deleteMe(user.access_token)).statusCode, 204);
  return user;
}

const stored = async (id: number) => (await rows`select * from users where id = ${id}`)[0];
const makeDue = (id: number) => rows`update users set deletion_due_at = now() where id = ${id}`;
const logIn = (email: string, password = 'password', on: TestApp = service) =>
  on.post('/api/login/', { email, password });
/** The mails to an address, except the one that a registration sends. */
const mailsTo = async (email: string) => (await mailsOf(rows, email)).filter(({ kind }) => kind !== 'verify_email');
const kindsTo = async (email: string) => (await mailsTo(email)).map(({ kind }) => kind);
const eventNamesOn = async (id: number) => (await eventsOn(id)).map(({ event }) => event);

t.test('an account that is left is disabled at once, and its address stays taken', async (t) => {
  const user = await begin();
  const other = await login(user.email);
  const answer = await deleteMe(user.access_token);
  t.equal(answer.statusCode, 204);
  t.equal(answer.body, '');
  for (const { refresh_token: token } of [user, other]) {
    isProblem(t, await refresh(token), 'invalid_refresh_token', 'its sessions have ended');
  }
  isProblem(t, await me(user.access_token), 'invalid_token', 'the access token');
  isProblem(t, await deleteMe(user.access_token), 'invalid_token', 'a second time');
  isProblem(t, await service.register(user.email), 'email_taken', 'the address');
  t.ok(await stored(user.id));
  t.strictSame(new Set(await reasonsOf(user.id)), new Set(['deletion_scheduled']));
  const [event] = (await eventsOn(user.id)).filter((each) => each.event === 'user.deletion_requested');
  t.equal(event?.actor_id, user.id);
  const due = new Date(event?.details.deletes_at).getTime();
  t.ok(Math.abs(due - Date.now() - GRACE * 1000) < 600_000);
  const [mail] = await mailsTo(user.email);
  t.match(mail, { kind: 'deletion_scheduled', userId: user.id, data: { deletesAt: new Date(due).toISOString() } });
  t.match(
    service.logLines().find((line) => line.event === 'deletion_scheduled' && line.userId === user.id),
    { ip: '127.0.0.1' },
  );
});

t.test('a login with the right password restores it; ended sessions stay ended', async (t) => {
  const user = await leaving();
  isProblem(t, await logIn(user.email, 'wrong'), 'invalid_credentials', 'a wrong password');
  t.ok((await stored(user.id))?.deletion_due_at, 'does not restore it');
  const pair = await login(user.email);
  t.equal((await me(pair.access_token)).json().id, user.id);
  isProblem(t, await refresh(user.refresh_token), 'invalid_refresh_token', 'a session from before');
  const row = await stored(user.id);
  t.equal(row?.disabled_at, null);
  t.equal(row?.deletion_due_at, null);
  t.ok((await eventNamesOn(user.id)).includes('user.deletion_cancelled'));
  t.ok(service.logLines().some((line) => line.event === 'account_restored' && line.userId === user.id));
  await app.dueDeletions.run();
  t.ok(await stored(user.id));
});

t.test('it is deleted when the time is over, with a last mail', async (t) => {
  const user = await leaving();
  t.equal(await app.dueDeletions.run(), 0, 'not before');
  await makeDue(user.id);
  isProblem(t, await logIn(user.email), 'invalid_credentials', 'a login that comes too late');
  t.equal(await app.dueDeletions.run(), 1);
  t.equal(await stored(user.id), undefined);
  t.strictSame(await kindsTo(user.email), ['account_deleted'], 'the mails about the account are gone with it');
  const [event] = (await eventsOn(user.id)).filter((each) => each.event === 'user.deleted');
  t.match(event, { actor_type: 'system' });
  t.equal((await rows`select 1 from audit_events where actor_id = ${user.id} and ip is not null`).length, 0);
  t.equal((await service.register(user.email)).statusCode, 201);
  t.ok(service.logLines().some((line) => line.event === 'account_deleted' && line.userId === user.id));
});

t.test('two instances delete each account once', async (t) => {
  const second = await testAppOn(t, service.databaseUrl, { env, catchesMail: true });
  const users = await Promise.all(Array.from({ length: 8 }, leaving));
  for (const { id } of users) await makeDue(id);
  const counts = await Promise.all([app, second.app, app, second.app].map(({ dueDeletions }) => dueDeletions.run()));
  // An instance may skip the last account, which another one is deleting.
  t.equal(
    counts.reduce((sum, count) => sum + count, 0),
    users.length,
  );
  for (const { id, email } of users) {
    t.equal(await stored(id), undefined);
    t.strictSame(await kindsTo(email), ['account_deleted']);
  }
});

t.test('of a login and the deletion at the same moment, one wins', async (t) => {
  const users = await Promise.all(Array.from({ length: 10 }, leaving));
  for (const user of users) {
    await rows`update users set deletion_due_at = now() + interval '40 milliseconds' where id = ${user.id}`;
    let isOver = false;
    const deleting = (async () => {
      while (!isOver) await app.dueDeletions.run();
    })();
    const answer = await logIn(user.email);
    isOver = true;
    await deleting;
    await app.dueDeletions.run();
    const row = await stored(user.id);
    if (answer.statusCode === 200) {
      t.equal(row?.deletion_due_at, null, 'restored');
      t.equal((await refresh(answer.json().refresh_token)).statusCode, 200);
    } else {
      isProblem(t, answer, 'invalid_credentials', 'deleted');
      t.equal(row, undefined);
    }
  }
});

t.test('an account with much data is deleted by a job, without its mails and tokens', async (t) => {
  const user = await leaving();
  await rows`
    insert into sessions (user_id, id, refresh_token_hash, retry_keys, expires_at)
    select ${user.id}, i, ''::bytea, ''::bytea, now() from generate_series(1, 300) i`;
  await rows`insert into known_devices (user_id, fingerprint) values (${user.id}, '\\x00'::bytea)`;
  await makeDue(user.id);
  await app.dueDeletions.run();
  t.strictSame(await kindsTo(user.email), ['account_deleted']);
  t.equal((await rows`select 1 from known_devices where user_id = ${user.id}`).length, 0);
  await app.jobs.run();
  t.equal(await stored(user.id), undefined);
});

t.test('what an operator has disabled, no login restores; the deletion still comes', async (t) => {
  const operator = await allowed('users:read', 'users:write');
  const user = await leaving();
  const path = `/users/${user.id}/`;
  const disabled = await as(operator.access_token, 'POST', `${path}disable/`, { reason: 'Abuse.' });
  t.equal(disabled.statusCode, 200);
  t.match(disabled.json(), { disabled_reason: 'Abuse.', deletion_due_at: String });
  isProblem(t, await logIn(user.email), 'invalid_credentials', 'while an operator has disabled it');
  t.ok((await stored(user.id))?.deletion_due_at);
  const enabled = await as(operator.access_token, 'POST', `${path}enable/`, { reason: 'A mistake.' });
  t.match(enabled.json(), { disabled_at: String, disabled_reason: null, deletion_due_at: String });
  await login(user.email);
  t.equal((await stored(user.id))?.disabled_at, null);

  const other = await leaving();
  await as(operator.access_token, 'POST', `/users/${other.id}/disable/`, { reason: 'Abuse.' });
  await makeDue(other.id);
  await app.dueDeletions.run();
  t.equal(await stored(other.id), undefined);
});

t.test('an operator can cancel the deletion of an account that its owner is leaving', async (t) => {
  const operator = await allowed('users:read', 'users:write');
  const user = await leaving();
  const enabled = await as(operator.access_token, 'POST', `/users/${user.id}/enable/`, { reason: 'Asked for it.' });
  t.match(enabled.json(), { disabled_at: null, deletion_due_at: null });
  t.strictSame((await eventNamesOn(user.id)).slice(-2), ['user.enabled', 'user.deletion_cancelled']);
  await login(user.email);
});

t.test('the last administrator cannot leave, also when another one is leaving', async (t) => {
  const [one, other] = [await userWith('admin'), await userWith('admin')];
  t.equal((await deleteMe(one.access_token)).statusCode, 204);
  isProblem(t, await deleteMe(other.access_token), 'last_admin', 'an administrator who is leaving does not count');
  await makeDue(one.id);
  await app.dueDeletions.run();
  t.equal(await stored(one.id), undefined, 'the first one is deleted all the same');
  isProblem(t, await deleteMe(other.access_token), 'last_admin', 'and the other one is still the last');
});

t.test('without the right password nothing happens', async (t) => {
  const user = await begin();
  isProblem(t, await deleteMe(user.access_token, 'wrong'), 'current_password_wrong', 'a wrong password');
  t.equal((await stored(user.id))?.deletion_due_at, null);
});

t.test('a sign-in by mail restores an account too', async (t) => {
  await setSetting(app, 'SIGN_IN_BY_EMAIL', true);
  const user = await leaving();
  await post('/api/login/email/', { email: user.email });
  const { data } = (await mailsTo(user.email)).find(({ kind }) => kind === 'sign_in') as Mail;
  const token = new URL((data as MailData['sign_in']).url).searchParams.get('token');
  t.equal((await post('/api/login/email/verify/', { token })).statusCode, 200);
  t.equal((await stored(user.id))?.deletion_due_at, null);
  t.ok((await eventNamesOn(user.id)).includes('user.deletion_cancelled'));
});

t.test('without a grace period the account is deleted at once, with a mail', async (t) => {
  const user = await begin();
  const immediate = await testAppOn(t, service.databaseUrl, {
    env: { ...env, SETTING_ACCOUNT_DELETION_GRACE: '0' },
    catchesMail: true,
  });
  t.equal((await immediate.deleteMe(user.access_token)).statusCode, 204);
  t.equal(await stored(user.id), undefined);
  t.strictSame(await kindsTo(user.email), ['account_deleted']);
});

t.test('without mail the grace period works all the same', async (t) => {
  const silent = await testAppOn(t, service.databaseUrl, { env });
  const user = await begin();
  t.equal((await silent.deleteMe(user.access_token)).statusCode, 204);
  t.strictSame(await kindsTo(user.email), []);
  t.equal((await logIn(user.email, 'password', silent)).statusCode, 200);
});
