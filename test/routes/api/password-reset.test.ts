// POST /api/password/forgot/ and /api/password/reset/: an account is recovered by whoever reads the mails of its address.
import t from 'tap';
import { mailsOf } from '../../support/mail.js';
import { altered, mailingApp } from '../../support/mail-links.js';
import { isProblem } from '../../support/problem.js';
import { addAuthenticator, challengeOf, verifyAddress } from '../../support/second-factors.js';
import { claimsOf } from '../../support/service.js';
import { resetSetting, setSetting } from '../../support/settings.js';

const service = await mailingApp(t);
const {
  app,
  rows,
  begin,
  forgot,
  reset,
  resetTokenOf,
  verify,
  login,
  loginStatus,
  refresh,
  tokensOf,
  settled,
  eventsOn,
} = service;

t.test('a reset sets the password, verifies the address, ends all sessions and forgets wrong passwords', async (t) => {
  const { id, email } = await begin();
  const [first, second] = [await login(email), await login(email)];
  for (let i = 0; i < 5; i += 1) await loginStatus(email, 'wrong');
  isProblem(t, await service.post('/api/login/', { email, password: 'wrong' }), 'too_many_attempts', 'throttled');
  const token = await resetTokenOf(email);
  const answer = await reset(token);
  t.equal(answer.statusCode, 204);
  for (const { refresh_token: each } of [first, second])
    isProblem(t, await refresh(each), 'invalid_refresh_token', 'over');
  t.equal(await loginStatus(email, 'another password'), 200, 'at once, without a delay');
  t.equal(await loginStatus(email, 'password'), 401);
  t.equal(claimsOf(await login(email, 'another password')).email_verified, true);
  const events = await eventsOn(id);
  for (const event of [
    'user.password_reset_requested',
    'user.password_recovered',
    'user.email_verified',
    'sessions.ended',
  ]) {
    t.ok(events.includes(event), event);
  }
  t.ok(
    (await mailsOf(rows, email)).some(({ kind }) => kind === 'password_changed'),
    'the owner is told',
  );
  const log = JSON.stringify(service.logLines());
  t.notOk(log.includes(token) || log.includes(email), 'neither is logged');
});

t.test('an account without a password gets one', async (t) => {
  const { id, email } = await begin();
  await rows`update users set password_hash = null where id = ${id}`;
  t.equal((await reset(await resetTokenOf(email))).statusCode, 204);
  t.equal(await loginStatus(email, 'another password'), 200);
});

t.test('a reset remembers the language of an account that has none', async (t) => {
  for (const [before, after] of [
    [null, 'fr-CH'],
    ['de', 'de'],
  ]) {
    const { id, email } = await begin();
    await rows`update users set locale = ${before ?? null} where id = ${id}`;
    const headers = { 'accept-language': 'fr-CH, en;q=0.5' };
    await service.inject({ method: 'POST', url: '/api/password/forgot/', headers, payload: { email } });
    await settled();
    t.match((await mailsOf(rows, email)).at(-1), { kind: 'reset_password', locale: after });
    const payload = { token: await resetTokenOf(email), password: 'another password' };
    await service.inject({ method: 'POST', url: '/api/password/reset/', headers, payload });
    t.match(await rows`select locale from users where id = ${id}`, [{ locale: after }]);
  }
});

t.test('the answer is the same for every address; only accounts that are not disabled get a mail', async (t) => {
  const [one, disabled, leaving] = [await begin(), await begin(), await begin()];
  await rows`update users set disabled_at = now(), disabled_reason = 'x' where id = ${disabled.id}`;
  await rows`update users set disabled_at = now(), deletion_due_at = now() + interval '1 day' where id = ${leaving.id}`;
  const answers = [];
  for (const email of [
    one.email,
    disabled.email,
    leaving.email,
    'unknown@example.com',
    ` ${one.email.toUpperCase()} `,
  ]) {
    answers.push(await forgot(email));
    // Otherwise the two requests for one address could be one job.
    await settled();
  }
  t.strictSame(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size, 1);
  t.equal(answers[0]?.statusCode, 202);
  t.equal((await tokensOf(one.email, 'reset_password')).length, 2);
  t.equal((await tokensOf(disabled.email, 'reset_password')).length, 0);
  t.equal((await tokensOf(leaving.email, 'reset_password')).length, 1, 'who is leaving can log in and stay');
  t.equal((await mailsOf(rows, 'unknown@example.com')).length, 0);
  isProblem(t, await forgot('no address'), 'validation_failed', 'not an address');
  isProblem(t, await forgot('a@example.com\r\nBcc: b@example.com'), 'validation_failed', 'header injection');
});

t.test('MAILS_PER_ACCOUNT_PER_HOUR limits the mails of an account, silently', async (t) => {
  const { email } = await begin();
  await setSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR', 2);
  t.teardown(() => resetSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR'));
  for (let i = 0; i < 5; i += 1) {
    t.equal((await forgot(email)).statusCode, 202);
    await settled();
  }
  t.equal((await tokensOf(email, 'reset_password')).length, 2);
});

t.test('every token that cannot be used gets the same answer, before any hash', async (t) => {
  const accounts = await Promise.all(Array.from({ length: 6 }, () => begin()));
  const [one, used, changedPassword, changedAddress, expired, disabled] = accounts as [
    (typeof accounts)[0],
    ...typeof accounts,
  ];
  const token = new Map<number, string>();
  for (const { id, email } of accounts) token.set(id, await resetTokenOf(email));
  const of = (account?: { id: number }) => token.get(account?.id ?? 0) ?? '';
  await reset(of(used));
  const { access_token: accessToken } = await login(changedPassword?.email);
  await service.updateMe(accessToken, { password: 'changed password' });
  await rows`update users set email = ${`new-${changedAddress?.email}`} where id = ${changedAddress?.id ?? 0}`;
  await rows`update account_tokens set expires_at = now() where user_id = ${expired?.id ?? 0}`;
  await rows`update users set disabled_at = now() where id = ${disabled?.id ?? 0}`;
  const { passwords } = app;
  const { hash } = passwords;
  let hashes = 0;
  Object.assign(passwords, {
    hash: (...given: Parameters<typeof hash>) => {
      hashes += 1;
      return hash(...given);
    },
  });
  t.teardown(() => Object.assign(passwords, { hash }));
  for (const [what, each] of Object.entries({
    altered: altered(of(one)),
    used: of(used),
    'the password has changed': of(changedPassword),
    'the address has changed': of(changedAddress),
    expired: of(expired),
    disabled: of(disabled),
    'for another purpose': one.verifyToken,
    empty: '',
  })) {
    isProblem(t, await reset(each), 'invalid_email_token', what);
  }
  t.equal(hashes, 0);
  t.equal((await reset(of(one))).statusCode, 204, 'the token itself was not used');
});

t.test('a password that the rules refuse does not use the token', async (t) => {
  const { email } = await begin();
  const token = await resetTokenOf(email);
  isProblem(t, await reset(token, 'short'), 'validation_failed', 'short');
  await setSetting(app, 'PASSWORD_REJECT_COMMON', true);
  t.teardown(() => resetSetting(app, 'PASSWORD_REJECT_COMMON'));
  isProblem(t, await reset(token, email), 'validation_failed', 'the address');
  t.equal((await reset(token, 'seven wandering turtles')).statusCode, 204);
});

t.test('of 50 uses of one token at once, exactly one succeeds, and its password is set', async (t) => {
  const { id, email } = await begin();
  const token = await resetTokenOf(email);
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => reset(token, `password number ${i}`)));
  const succeeded = answers.flatMap(({ statusCode }, i) => (statusCode === 204 ? [i] : []));
  t.equal(succeeded.length, 1);
  for (const answer of answers) if (answer.statusCode !== 204) isProblem(t, answer, 'invalid_email_token', 'later');
  t.equal(await loginStatus(email, `password number ${succeeded[0]}`), 200);
  t.equal((await eventsOn(id)).filter((event) => event === 'user.password_recovered').length, 1);
});

t.test('the use of a newer token makes older ones invalid', async (t) => {
  const { email } = await begin();
  const [older, newer] = [await resetTokenOf(email), await resetTokenOf(email)];
  t.equal((await reset(newer)).statusCode, 204);
  isProblem(t, await reset(older), 'invalid_email_token', 'older');
});

t.test('account pre-hijacking: a reset ends all that whoever registered the address has prepared', async (t) => {
  const { id, email, verifyToken } = await begin('password of the attacker');
  const attacker = await login(email, 'password of the attacker');
  const [stolen, back] = [`attacker-${crypto.randomUUID()}@evil.example`, `first-${crypto.randomUUID()}@evil.example`];
  // An address of the attacker's that was never verified, replaced by the victim's: it must get no link to undo that.
  const other = (await service.register(back, 'password of the attacker')).json();
  const session = await login(back, 'password of the attacker');
  const victim = `victim-${crypto.randomUUID()}@example.com`;
  await service.updateMe(session.access_token, { email: victim });
  t.strictSame(await tokensOf(back, 'undo_email_change'), []);
  // A change to the attacker's address that is still to be confirmed.
  await setSetting(app, 'REQUIRE_VERIFIED_EMAIL', true);
  t.teardown(() => resetSetting(app, 'REQUIRE_VERIFIED_EMAIL'));
  await service.updateMe(attacker.access_token, { email: stolen });
  const [change = ''] = await tokensOf(stolen, 'confirm_email_change');
  t.not(change, '');

  t.equal((await reset(await resetTokenOf(email), 'password of the victim')).statusCode, 204);
  t.equal((await reset(await resetTokenOf(victim), 'password of the victim')).statusCode, 204);
  isProblem(t, await refresh(attacker.refresh_token), 'invalid_refresh_token', 'the unexpired session');
  isProblem(t, await refresh(session.refresh_token), 'invalid_refresh_token', 'the session of the other account');
  t.equal(await loginStatus(email, 'password of the attacker'), 401);
  isProblem(t, await service.confirmChange(change), 'invalid_email_token', 'the unexpired change of the address');
  isProblem(t, await verify(verifyToken), 'invalid_email_token', 'the first link');
  t.strictSame(
    (await rows`select id, email from users where id in ${rows([id, other.id])} order by id`).map((row) => row.email),
    [email, victim],
  );
  t.equal(await loginStatus(email, 'password of the victim'), 200);
});

t.test(
  'a reset keeps second factors, unless the address was not verified: then a stranger may have added them',
  async (t) => {
    const { id, email } = await begin();
    const factors = async () => (await rows`select from totp_factors where user_id = ${id}`).length;
    await verifyAddress(service, email);
    await addAuthenticator(service, (await login(email)).access_token);
    t.equal((await reset(await resetTokenOf(email), 'password of the owner')).statusCode, 204);
    await challengeOf(service, email, 'password of the owner');
    t.equal(await factors(), 1);

    // As where the service did not send mails when the factor was added.
    await rows`update users set email_verified_at = null where id = ${id}`;
    t.equal((await reset(await resetTokenOf(email), 'another of the owner')).statusCode, 204);
    t.equal(await factors(), 0);
    t.equal(await loginStatus(email, 'another of the owner'), 200);
    t.ok((await eventsOn(id)).includes('user.second_factors_reset'));
  },
);
