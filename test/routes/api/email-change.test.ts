// A change of the e-mail address: at once, or when the new address confirms it; the old address can undo it.
import t from 'tap';
import { mailsOf } from '../../support/mail.js';
import { mailingApp } from '../../support/mail-links.js';
import { matchAll } from '../../support/match.js';
import { operatorsOf } from '../../support/operator.js';
import { isProblem } from '../../support/problem.js';
import { resetSetting, setSetting } from '../../support/settings.js';

const service = await mailingApp(t);
const { app, rows, begin, verify, login, loginStatus, refresh, updateMe, me, tokensOf, eventsOn, isVerified } = service;
const { confirmChange, undoChange, reset, resetTokenOf } = service;

const newAddress = () => `new-${crypto.randomUUID()}@example.com`;
const addressOf = async (id: number) => (await rows`select email from users where id = ${id}`)[0]?.email as string;

/** A new account with a verified address. */
async function beginVerified() {
  const account = await begin();
  await verify(account.verifyToken);
  return account;
}

/** Turns REQUIRE_VERIFIED_EMAIL on for a test. */
async function requireVerified(t: { teardown: (run: () => unknown) => void }) {
  await setSetting(app, 'REQUIRE_VERIFIED_EMAIL', true);
  t.teardown(() => resetSetting(app, 'REQUIRE_VERIFIED_EMAIL'));
}

t.test(
  'by default a new address holds at once, unverified; it is asked to verify, and the old one can undo it',
  async (t) => {
    const { id, email } = await beginVerified();
    const [own, other] = [await login(email), await login(email)];
    const changed = newAddress();
    t.strictSame((await updateMe(own.access_token, { email: changed })).json(), { id, username: '', email: changed });
    t.notOk(await isVerified(id));
    isProblem(t, await refresh(other.refresh_token), 'invalid_refresh_token', 'other sessions end');
    const [verifyToken = ''] = await tokensOf(changed, 'verify_email');
    t.equal((await verify(verifyToken)).statusCode, 204);
    t.equal(await loginStatus(changed), 200);

    const mail = (await mailsOf(rows, email)).find(({ kind }) => kind === 'undo_email_change');
    matchAll(t, mail, { userId: id, to: email });
    const [undoToken = ''] = await tokensOf(email, 'undo_email_change');
    t.equal((await undoChange(undoToken)).statusCode, 204, 'also after the new address was verified');
    t.equal(await addressOf(id), email);
    t.ok(await isVerified(id));
    isProblem(t, await refresh(own.refresh_token), 'invalid_refresh_token', 'all sessions end');
    t.equal(await loginStatus(email), 401, 'the password may be known to whoever changed the address');
    const [resetToken = ''] = await tokensOf(email, 'reset_password');
    t.equal((await reset(resetToken)).statusCode, 204);
    t.equal(await loginStatus(email, 'another password'), 200);
    isProblem(t, await undoChange(undoToken), 'invalid_email_token', 'once');
    t.ok((await eventsOn(id)).includes('user.email_change_undone'));
  },
);

t.test('the old address of a verified account wins against a thief who does everything that they can', async (t) => {
  const { id, email } = await beginVerified();
  const thief = await login(email);
  const [first, second] = [newAddress(), newAddress()];
  await updateMe(thief.access_token, { email: first });
  const [undoOfOwner = ''] = await tokensOf(email, 'undo_email_change');
  // The thief verifies the address, sets a password, changes the address again and undoes that.
  await reset(await resetTokenOf(first), 'password of the thief');
  const again = await login(first, 'password of the thief');
  await updateMe(again.access_token, { email: second });
  const [undoOfThief = ''] = await tokensOf(first, 'undo_email_change');
  await reset(await resetTokenOf(second), 'another one of the thief');
  t.equal((await undoChange(undoOfThief)).statusCode, 204);
  t.equal(await addressOf(id), first);
  const third = await resetTokenOf(first);
  await reset(third, 'a third one of theirs');
  const last = await login(first, 'a third one of theirs');
  await updateMe(last.access_token, { email: second });
  const [, later = ''] = await tokensOf(first, 'undo_email_change');

  t.equal((await undoChange(undoOfOwner)).statusCode, 204, 'the earliest link still works');
  t.equal(await addressOf(id), email);
  isProblem(t, await undoChange(later), 'invalid_email_token', 'the links of later changes do not');
  t.equal(await loginStatus(email, 'a third one of theirs'), 401);
  const [resetToken = ''] = (await tokensOf(email, 'reset_password')).slice(-1);
  t.equal((await reset(resetToken, 'password of the owner')).statusCode, 204);
});

t.test(
  'the stranger whose address was typed by mistake can undo its correction only until the right one is verified',
  async (t) => {
    const { id, email: mistake } = await begin();
    const right = newAddress();
    await updateMe((await login(mistake)).access_token, { email: right });
    const [undoToken = ''] = await tokensOf(mistake, 'undo_email_change');
    const [verifyToken = ''] = await tokensOf(right, 'verify_email');
    t.equal((await verify(verifyToken)).statusCode, 204);
    isProblem(t, await undoChange(undoToken), 'invalid_email_token', 'verified');
    t.equal(await addressOf(id), right);
  },
);

t.test('with REQUIRE_VERIFIED_EMAIL a new address holds when it is confirmed', async (t) => {
  const { id, email } = await beginVerified();
  const operator = await operatorsOf(t, service).allowed('users:read', 'users:write');
  await requireVerified(t);
  const [own, other] = [await login(email), await login(email)];
  const changed = newAddress();
  const answer = await updateMe(own.access_token, { email: changed, username: 'Name' });
  t.strictSame(answer.json(), { id, username: 'Name', email }, 'the answer has the old address');
  t.equal((await me(own.access_token)).json().email, email);
  t.equal((await refresh(other.refresh_token)).statusCode, 200, 'nothing has ended');
  t.strictSame(await tokensOf(email, 'undo_email_change'), []);

  const seen = async () =>
    (
      await service.inject({
        method: 'GET',
        url: `/api/admin/users/${id}/`,
        headers: { authorization: `Bearer ${operator.access_token}` },
      })
    ).json();
  matchAll(t, await seen(), { email, email_verified: true, pending_email: changed });

  const [token = ''] = await tokensOf(changed, 'confirm_email_change');
  t.equal((await confirmChange(token)).statusCode, 204);
  t.equal(await addressOf(id), changed);
  matchAll(t, await seen(), { email: changed, email_verified: true, pending_email: null });
  isProblem(t, await refresh(own.refresh_token), 'invalid_refresh_token', 'the sessions have ended');
  t.equal(await loginStatus(changed), 200);
  isProblem(t, await confirmChange(token), 'invalid_email_token', 'once');
  const [undoToken = ''] = await tokensOf(email, 'undo_email_change');
  t.equal((await undoChange(undoToken)).statusCode, 204);
  t.equal(await addressOf(id), email);
  const events = await eventsOn(id);
  for (const event of ['user.email_change_requested', 'user.email_changed', 'user.email_change_undone']) {
    t.ok(events.includes(event), event);
  }
});

t.test(
  'a pending change is void after a newer one, after a change back, and after a change of the password',
  async (t) => {
    const { id, email } = await beginVerified();
    await requireVerified(t);
    const { access_token: token } = await login(email);
    const [first, second, third, fourth] = [newAddress(), newAddress(), newAddress(), newAddress()];
    const ask = async (address: string) => {
      t.equal((await updateMe(token, { email: address })).json().email, email);
      return (await tokensOf(address, 'confirm_email_change'))[0] ?? '';
    };
    const older = await ask(first);
    const newer = await ask(second);
    isProblem(t, await confirmChange(older), 'invalid_email_token', 'older');
    await updateMe(token, { email });
    isProblem(t, await confirmChange(newer), 'invalid_email_token', 'the owner keeps the address');
    const before = await ask(third);
    await updateMe(token, { password: 'new password' });
    isProblem(t, await confirmChange(before), 'invalid_email_token', 'the password has changed');
    await updateMe(token, { password: 'newer password', email: fourth });
    const [together = ''] = await tokensOf(fourth, 'confirm_email_change');
    t.equal((await confirmChange(together)).statusCode, 204, 'both in one request');
    t.equal(await addressOf(id), fourth);
  },
);

t.test('an address that another account gets in the meantime is taken; the token is not used', async (t) => {
  const { email } = await beginVerified();
  await requireVerified(t);
  const { access_token: token } = await login(email);
  const wanted = newAddress();
  await updateMe(token, { email: wanted });
  const [confirmToken = ''] = await tokensOf(wanted, 'confirm_email_change');
  const other = (await service.register(wanted)).json();
  isProblem(t, await confirmChange(confirmToken), 'email_taken', 'taken');
  isProblem(t, await updateMe(token, { email: wanted }), 'email_taken', 'when it is asked for');
  await rows`delete from users where id = ${other.id}`;
  t.equal((await confirmChange(confirmToken)).statusCode, 204);
  await service.register(email);
  const [undoToken = ''] = await tokensOf(email, 'undo_email_change');
  isProblem(t, await undoChange(undoToken), 'email_taken', 'the old address has a new account');
});

t.test('of 50 confirmations of one change at once, exactly one succeeds', async (t) => {
  const { email } = await beginVerified();
  await requireVerified(t);
  const wanted = newAddress();
  await updateMe((await login(email)).access_token, { email: wanted });
  const [token = ''] = await tokensOf(wanted, 'confirm_email_change');
  const answers = await Promise.all(Array.from({ length: 50 }, () => confirmChange(token)));
  t.equal(answers.filter(({ statusCode }) => statusCode === 204).length, 1);
  t.equal((await tokensOf(email, 'undo_email_change')).length, 1);
});

t.test(
  'mails to addresses that somebody only typed are limited per account; an address that was verified is always told',
  async (t) => {
    const { email } = await beginVerified();
    await setSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR', 2);
    t.teardown(() => resetSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR'));
    const { access_token: token } = await login(email);
    const addresses = Array.from({ length: 6 }, newAddress);
    for (const address of addresses) t.equal((await updateMe(token, { email: address })).statusCode, 200);
    const mails = (await Promise.all(addresses.map((address) => mailsOf(rows, address)))).flat();
    const count = (kind: string) => mails.filter((mail) => mail.kind === kind).length;
    t.ok(count('verify_email') <= 2, `${count('verify_email')} mails to verify`);
    t.ok(count('undo_email_change') <= 2, `${count('undo_email_change')} mails to undo`);
    t.equal((await tokensOf(email, 'undo_email_change')).length, 1);
  },
);

t.test("an operator's change of an address holds at once, is not verified, and cannot be undone by mail", async (t) => {
  const { id, email } = await beginVerified();
  await updateMe((await login(email)).access_token, { email: newAddress() });
  const [undoToken = ''] = await tokensOf(email, 'undo_email_change');
  const { access_token: accessToken } = await operatorsOf(t, service).allowed('users:read', 'users:write');
  await requireVerified(t);
  const headers = { authorization: `Bearer ${accessToken}` };
  const changed = newAddress();
  const url = `/api/admin/users/${id}/`;
  const answer = await service.inject({ method: 'PUT', url, headers, payload: { email: changed } });
  matchAll(t, answer.json(), { email: changed, email_verified: false, pending_email: null });
  isProblem(t, await undoChange(undoToken), 'invalid_email_token', 'the operator decides');
  const [token = ''] = await tokensOf(changed, 'verify_email');
  isProblem(
    t,
    await service.post('/api/login/', { email: changed, password: 'password' }),
    'email_not_verified',
    'not yet',
  );
  t.equal((await verify(token)).statusCode, 204);
  t.equal(await loginStatus(changed), 200);
});

t.test('an operator sends a reset link; nothing changes until it is used', async (t) => {
  const { id, email } = await begin();
  const session = await login(email);
  const { allowed } = operatorsOf(t, service);
  const { access_token: accessToken } = await allowed('users:write');
  const headers = { authorization: `Bearer ${accessToken}` };
  const send = () => service.inject({ method: 'POST', url: `/api/admin/users/${id}/send-reset-link/`, headers });
  t.equal((await send()).statusCode, 204);
  t.equal((await refresh(session.refresh_token)).statusCode, 200);
  t.equal(await loginStatus(email), 200);
  const [token = ''] = await tokensOf(email, 'reset_password');
  t.equal((await reset(token)).statusCode, 204);
  t.equal(await loginStatus(email, 'another password'), 200);
  await rows`update users set disabled_at = now() where id = ${id}`;
  isProblem(t, await send(), 'account_disabled', 'disabled');
  const [event] =
    await rows`select actor_type from audit_events where event = 'user.password_reset_requested' and target_id = ${String(id)}`;
  t.equal(event?.actor_type, 'user');
});
