// A change of the e-mail address: at once, or when the new address confirms it; the old address can undo it.
import t, { type Test } from 'tap';
import { mailsOf } from '../../support/mail.js';
import { mailingApp } from '../../support/mail-links.js';
import { matchAll } from '../../support/match.js';
import { operatorsOf } from '../../support/operator.js';
import { isProblem } from '../../support/problem.js';
import { rowsOf, untilBlocked } from '../../support/rows.js';
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

/** Changes a verified address to one that confirms it. Returns the token that undoes the change. */
async function changeAddress(from: string, to: string, password = 'password') {
  const { access_token: token } = await login(from, password);
  await updateMe(token, { email: to });
  const [confirmToken = ''] = (await tokensOf(to, 'confirm_email_change')).slice(-1);
  t.equal((await confirmChange(confirmToken, password)).statusCode, 204);
  return (await tokensOf(from, 'undo_email_change')).at(-1) ?? '';
}

/** Turns REQUIRE_VERIFIED_EMAIL on for a test. */
async function requireVerified(t: { teardown: (run: () => unknown) => void }) {
  await setSetting(app, 'REQUIRE_VERIFIED_EMAIL', true);
  t.teardown(() => resetSetting(app, 'REQUIRE_VERIFIED_EMAIL'));
}

t.test(
  'a new address replaces one that was never verified at once; the old one is told and cannot undo it',
  async (t) => {
    const { id, email } = await begin();
    const [own, other] = [await login(email), await login(email)];
    const changed = newAddress();
    t.strictSame((await updateMe(own.access_token, { email: changed })).json(), { id, username: '', email: changed });
    t.notOk(await isVerified(id));
    isProblem(t, await refresh(other.refresh_token), 'invalid_refresh_token', 'other sessions end');
    t.strictSame(await tokensOf(email, 'undo_email_change'), []);
    const notice = (await mailsOf(rows, email)).find(({ kind }) => kind === 'email_changed');
    matchAll(t, notice, { userId: id, data: { email: null, ip: '127.0.0.1' } });
    const [verifyToken = ''] = await tokensOf(changed, 'verify_email');
    t.equal((await verify(verifyToken)).statusCode, 204);
    t.equal(await loginStatus(changed), 200);
  },
);

t.test('a thief cannot move a verified account to an address that they do not read', async (t) => {
  const { id, email } = await beginVerified();
  const own = await login(email);
  const victim = newAddress();
  t.equal((await updateMe(own.access_token, { email: victim })).json().email, email);
  t.equal(await loginStatus(victim), 401, 'the victim has no account that an undo could take');
  await service.forgot(victim);
  await service.settled();
  t.strictSame(await tokensOf(victim, 'reset_password'), []);
  t.strictSame(await tokensOf(email, 'undo_email_change'), []);
  t.equal((await service.register(victim)).statusCode, 201, 'the address is free');
  t.equal(await addressOf(id), email);
});

t.test('a verification that races a change is not missed: one of the two is refused or the change waits', async (t) => {
  for (let round = 0; round < 5; round += 1) {
    const { id, email, verifyToken } = await begin();
    const { access_token: token } = await login(email);
    const changed = newAddress();
    const [verified, answer] = await Promise.all([verify(verifyToken), updateMe(token, { email: changed })]);
    t.equal(answer.statusCode, 200);
    const [row] = await rows`select email, email_verified_at from users where id = ${id}`;
    if (verified.statusCode === 204) t.equal(row?.email, email, 'verified first: the change is pending');
    else t.match(row, { email: changed, email_verified_at: null }, 'changed first: the link is void');
  }
});

/** A change to `email` that has read the account, and then waits while its address becomes `meanwhile`. */
async function changeThatWaits(t: Test, { email, meanwhile }: { email: string; meanwhile: string }) {
  const { access_token: token } = await login(email);
  const holder = rowsOf(t, service.databaseUrl);
  const { changing } = await holder.begin(async (tx) => {
    await tx`update users set email = ${meanwhile} where email = ${email}`;
    const changing = updateMe(token, { email });
    await untilBlocked(rows);
    return { changing };
  });
  return changing;
}

t.test('of two changes at once the second starts from what the first has left', async (t) => {
  const { id, email } = await begin();
  const answer = await changeThatWaits(t, { email, meanwhile: newAddress() });
  t.equal(answer.json().email, email);
  t.equal(await addressOf(id), email);

  await setSetting(app, 'REQUIRE_CURRENT_PASSWORD', true);
  t.teardown(() => resetSetting(app, 'REQUIRE_CURRENT_PASSWORD'));
  const meanwhile = newAddress();
  const refused = await changeThatWaits(t, { email, meanwhile });
  isProblem(t, refused, 'current_password_required', 'it has become a change');
  t.equal(await addressOf(id), meanwhile);
});

t.test('the proof of an unverified address ends links to undo earlier changes', async (t) => {
  const { id, email } = await beginVerified();
  const undoToken = await changeAddress(email, newAddress());
  await rows`update users set email_verified_at = null where id = ${id}`;
  t.equal((await reset(await resetTokenOf(await addressOf(id)))).statusCode, 204);
  isProblem(t, await undoChange(undoToken), 'invalid_email_token', 'void');
});

t.test('the old address of a verified account wins against a thief who does everything that they can', async (t) => {
  const { id, email } = await beginVerified();
  const [first, second] = [newAddress(), newAddress()];
  const undoOfOwner = await changeAddress(email, first);
  // The thief sets a password, changes the address again and undoes that.
  await reset(await resetTokenOf(first), 'password of the thief');
  const undoOfThief = await changeAddress(first, second, 'password of the thief');
  await reset(await resetTokenOf(second), 'another one of the thief');
  t.equal((await undoChange(undoOfThief)).statusCode, 204);
  t.equal(await addressOf(id), first);
  await reset(await resetTokenOf(first), 'a third one of theirs');
  const later = await changeAddress(first, second, 'a third one of theirs');

  t.equal((await undoChange(undoOfOwner)).statusCode, 204, 'the earliest link still works');
  t.equal(await addressOf(id), email);
  isProblem(t, await undoChange(later), 'invalid_email_token', 'the links of later changes do not');
  t.equal(await loginStatus(email, 'a third one of theirs'), 401);
  const [resetToken = ''] = (await tokensOf(email, 'reset_password')).slice(-1);
  t.equal((await reset(resetToken, 'password of the owner')).statusCode, 204);
  isProblem(t, await undoChange(undoOfOwner), 'invalid_email_token', 'once');
});

t.test('a verified address stays until the new one is confirmed, and can undo the change', async (t) => {
  const { id, email } = await beginVerified();
  const operator = await operatorsOf(t, service).allowed('users:read', 'users:write');
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
  const undoMail = (await mailsOf(rows, email)).find(({ kind }) => kind === 'undo_email_change');
  matchAll(t, undoMail, { userId: id, to: email, data: { email: changed } });
  const [undoToken = ''] = await tokensOf(email, 'undo_email_change');
  t.equal((await undoChange(undoToken)).statusCode, 204);
  t.equal(await addressOf(id), email);
  const events = await eventsOn(id);
  for (const event of ['user.email_change_requested', 'user.email_changed', 'user.email_change_undone']) {
    t.ok(events.includes(event), event);
  }
});

t.test(
  'with REQUIRE_VERIFIED_EMAIL an unverified address stays until the new one is confirmed, and cannot undo',
  async (t) => {
    const { id, email } = await begin();
    const own = await login(email);
    await requireVerified(t);
    const changed = newAddress();
    t.equal((await updateMe(own.access_token, { email: changed })).json().email, email);
    const [token = ''] = await tokensOf(changed, 'confirm_email_change');
    t.equal((await confirmChange(token)).statusCode, 204);
    t.equal(await addressOf(id), changed);
    t.strictSame(await tokensOf(email, 'undo_email_change'), []);
    t.equal((await mailsOf(rows, email)).filter(({ kind }) => kind === 'email_changed').length, 1);
  },
);

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
    isProblem(t, await confirmChange(before, 'new password'), 'invalid_email_token', 'the password has changed');
    await updateMe(token, { password: 'newer password', email: fourth });
    const [together = ''] = await tokensOf(fourth, 'confirm_email_change');
    t.equal((await confirmChange(together, 'newer password')).statusCode, 204, 'both in one request');
    t.equal(await addressOf(id), fourth);
  },
);

t.test('an address that another account verifies in the meantime is taken; the token is not used', async (t) => {
  const { email } = await beginVerified();
  const { access_token: token } = await login(email);
  const wanted = newAddress();
  await updateMe(token, { email: wanted });
  const [confirmToken = ''] = await tokensOf(wanted, 'confirm_email_change');
  const other = (await service.register(wanted)).json();
  await rows`update users set email_verified_at = now() where id = ${other.id}`;
  isProblem(t, await confirmChange(confirmToken), 'email_taken', 'taken');
  isProblem(t, await updateMe(token, { email: wanted }), 'email_taken', 'when it is asked for');
  await rows`delete from users where id = ${other.id}`;
  t.equal((await confirmChange(confirmToken)).statusCode, 204);
  const { id: next } = (await service.register(email)).json();
  await rows`update users set email_verified_at = now() where id = ${next}`;
  const [undoToken = ''] = await tokensOf(email, 'undo_email_change');
  isProblem(t, await undoChange(undoToken), 'email_taken', 'the old address has a new account');
  await rows`update users set email_verified_at = null where id = ${next}`;
  for (const kept of [rows`roles = array['admin']`, rows`disabled_at = now(), disabled_reason = 'abuse'`]) {
    await rows`update users set ${kept} where id = ${next}`;
    isProblem(t, await undoChange(undoToken), 'email_taken', 'an account that an operator has decided about');
    await rows`update users set roles = '{}', disabled_at = null, disabled_reason = null where id = ${next}`;
  }
  t.equal((await undoChange(undoToken)).statusCode, 204, 'now nothing keeps the address from its owner');
});

t.test('a thief who registers the old address does not keep its owner from undoing the change', async (t) => {
  const { id, email } = await beginVerified();
  const undoToken = await changeAddress(email, newAddress());
  const { id: squatter } = (await service.register(email, 'password of the thief')).json();
  const squatting = await login(email, 'password of the thief');
  t.equal((await undoChange(undoToken)).statusCode, 204);
  t.equal(await addressOf(id), email);
  t.strictSame([...(await rows`select id from users where id = ${squatter}`)], []);
  isProblem(t, await refresh(squatting.refresh_token), 'invalid_refresh_token', 'the sessions of the thief');
  t.equal(await loginStatus(email, 'password of the thief'), 401);
  const [event] =
    await rows`select actor_id, details from audit_events where event = 'user.deleted' and target_id = ${String(squatter)}`;
  matchAll(t, event, { details: { reason: 'address_proven' } });
  const told = (await mailsOf(rows, email)).filter(({ kind }) => kind === 'unverified_account_deleted');
  matchAll(t, told, [{ userId: id, data: { at: /Z$/ } }]);
  const [resetToken = ''] = await tokensOf(email, 'reset_password');
  t.equal((await reset(resetToken, 'password of the owner')).statusCode, 204);
  t.equal(await loginStatus(email, 'password of the owner'), 200);
});

t.test('whoever registers an address while a change to it is pending does not keep it from its owner', async (t) => {
  const { id, email } = await beginVerified();
  const wanted = newAddress();
  await updateMe((await login(email)).access_token, { email: wanted });
  const [token = ''] = await tokensOf(wanted, 'confirm_email_change');
  const { id: squatter } = (await service.register(wanted)).json();
  t.equal((await confirmChange(token)).statusCode, 204);
  t.equal(await addressOf(id), wanted);
  t.strictSame([...(await rows`select id from users where id = ${squatter}`)], []);
  const kinds = (await mailsOf(rows, wanted)).map(({ kind }) => kind);
  t.ok(kinds.includes('unverified_account_deleted'), 'the owner of the address is told');
});

t.test('two accounts that take back addresses which the other one holds do not wait for each other', async (t) => {
  for (let round = 0; round < 3; round += 1) {
    const [a, b] = [await beginVerified(), await beginVerified()];
    const [undoA, undoB] = [await changeAddress(a.email, newAddress()), await changeAddress(b.email, newAddress())];
    const swap = `swap-${crypto.randomUUID()}@example.com`;
    await rows`update users set email = ${swap} where id = ${a.id}`;
    await rows`update users set email = ${a.email}, email_verified_at = null where id = ${b.id}`;
    await rows`update users set email = ${b.email}, email_verified_at = null where id = ${a.id}`;
    const statuses = (await Promise.all([undoChange(undoA), undoChange(undoB)])).map(({ statusCode }) => statusCode);
    t.strictSame(statuses.sort(), [204, 400], 'the first deletes the other account, whose link is then void');
  }
});

t.test('a stranger whose address was typed by mistake cannot confirm it, and can cancel the change', async (t) => {
  const { id, email } = await beginVerified();
  const { access_token: token, refresh_token: refreshToken } = await login(email);
  const mistake = newAddress();
  await updateMe(token, { email: mistake });
  const [sent = ''] = await tokensOf(mistake, 'confirm_email_change');
  isProblem(t, await service.post('/api/email/change/confirm/', { token: sent }), 'validation_failed', 'no password');
  isProblem(t, await confirmChange(sent, 'a guess'), 'current_password_wrong', 'a guess');
  t.equal(await addressOf(id), email);
  t.equal((await service.cancelChange(sent)).statusCode, 204);
  isProblem(t, await confirmChange(sent), 'invalid_email_token', 'cancelled');
  isProblem(t, await service.cancelChange(sent), 'invalid_email_token', 'once');
  t.equal(await addressOf(id), email);
  t.equal((await refresh(refreshToken)).statusCode, 200, 'the owner is not disturbed');
  t.ok((await eventsOn(id)).includes('user.email_change_cancelled'));
});

t.test('guesses of the password with the link of a change are throttled like logins', async (t) => {
  const { email } = await beginVerified();
  const mistake = newAddress();
  await updateMe((await login(email)).access_token, { email: mistake });
  const [sent = ''] = await tokensOf(mistake, 'confirm_email_change');
  const codes = new Set<string>();
  for (let guess = 0; guess < 15; guess += 1) codes.add((await confirmChange(sent, `guess ${guess}`)).json().code);
  t.ok(codes.has('too_many_attempts'), [...codes].join());
});

t.test('of 50 confirmations of one change at once, exactly one succeeds', async (t) => {
  const { email } = await beginVerified();
  await requireVerified(t);
  const wanted = newAddress();
  await updateMe((await login(email)).access_token, { email: wanted });
  const [token = ''] = await tokensOf(wanted, 'confirm_email_change');
  const answers = await Promise.all(Array.from({ length: 50 }, () => confirmChange(token)));
  const statuses = answers.map(({ statusCode }) => statusCode);
  t.equal(statuses.filter((status) => status === 204).length, 1, statuses.join());
  t.equal((await tokensOf(email, 'undo_email_change')).length, 1);
});

t.test('mails to addresses that somebody only typed are limited per account', async (t) => {
  const { email } = await begin();
  await setSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR', 2);
  t.teardown(() => resetSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR'));
  const { access_token: token } = await login(email);
  const addresses = Array.from({ length: 6 }, newAddress);
  for (const address of addresses) t.equal((await updateMe(token, { email: address })).statusCode, 200);
  const mails = (await Promise.all([email, ...addresses].map((address) => mailsOf(rows, address)))).flat();
  const count = (kind: string) => mails.filter((mail) => mail.kind === kind).length;
  t.equal(count('verify_email'), 3, 'one of them for the registration');
  t.equal(count('email_changed'), 2);
});

t.test('mails to one address are limited, from however many accounts', async (t) => {
  const accounts = await Promise.all(Array.from({ length: 3 }, () => beginVerified()));
  await setSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR', 2);
  t.teardown(() => resetSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR'));
  const victim = newAddress();
  for (const { email } of accounts) {
    const { access_token: token } = await login(email);
    t.equal((await updateMe(token, { email: victim })).statusCode, 200);
  }
  t.equal((await tokensOf(victim, 'confirm_email_change')).length, 2);
});

t.test("an operator's change of an address holds at once, is not verified, and cannot be undone by mail", async (t) => {
  const { id, email } = await beginVerified();
  const undoToken = await changeAddress(email, newAddress());
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
