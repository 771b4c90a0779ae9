// POST /api/email/verify/, …/resend/ and …/disown/: an address is verified by whoever reads its mails.
import t from 'tap';
import { testApp } from '../../support/app.js';
import { mailsOf } from '../../support/mail.js';
import { altered, mailingApp } from '../../support/mail-links.js';
import { matchAll } from '../../support/match.js';
import { isProblem } from '../../support/problem.js';
import { claimsOf } from '../../support/service.js';
import { resetSetting, setSetting } from '../../support/settings.js';

const service = await mailingApp(t);
const {
  app,
  rows,
  begin,
  verify,
  resend,
  disown,
  login,
  loginStatus,
  refresh,
  isVerified,
  eventsOn,
  settled,
  tokensOf,
} = service;

t.test('a registration sends a link; its token verifies the address, and new access tokens say so', async (t) => {
  const email = `user-${crypto.randomUUID()}@example.com`;
  const headers = { 'accept-language': 'fr-CH, de;q=0.9', host: 'evil.example', 'x-forwarded-host': 'evil.example' };
  const { id } = (await service.post('/api/register/', { email, password: 'password' }, headers)).json();
  const [mail, ...others] = await mailsOf(rows, email);
  t.strictSame(others, []);
  matchAll(t, mail, { kind: 'verify_email', userId: id, to: email, locale: 'fr-CH' });
  const url = (mail?.data as { url?: string } | undefined)?.url;
  t.match(
    url,
    /^http:\/\/localhost:\d+\/account\/verify-email\/\?token=[A-Za-z0-9_-]{43}$/,
    'not from the Host header',
  );
  const [token = ''] = await tokensOf(email, 'verify_email');
  const stored = await rows`select * from account_tokens where user_id = ${id}`;
  t.notOk(JSON.stringify(stored).includes(token), 'only a hash is stored');

  const before = await login(email);
  t.equal(claimsOf(before).email_verified, false);
  const answer = await verify(token);
  t.equal(answer.statusCode, 204);
  t.ok(await isVerified(id));
  t.equal(claimsOf((await refresh(before.refresh_token)).json()).email_verified, true, 'a session from before goes on');
  t.equal(claimsOf(await login(email)).email_verified, true);
  t.strictSame(
    (await eventsOn(id)).filter((event) => event.startsWith('user.')),
    ['user.registered', 'user.email_verified'],
  );
  const log = JSON.stringify(service.logLines());
  t.notOk(log.includes(token) || log.includes(email), 'neither is logged');
});

t.test('every token that cannot be used gets the same answer', async (t) => {
  const [one, other, changed, old, late] = [await begin(), await begin(), await begin(), await begin(), await begin()];
  await verify(other.verifyToken);
  await rows`update users set email = ${`new-${changed.email}`} where id = ${changed.id}`;
  await rows`update account_tokens set expires_at = now() - interval '1 second' where user_id = ${old.id}`;
  await rows`update users set disabled_at = now() where id = ${late.id}`;
  const reset = await service.resetTokenOf(one.email);
  const bodies = new Set<string>();
  for (const [what, token] of Object.entries({
    altered: altered(one.verifyToken),
    used: other.verifyToken,
    'of another address': changed.verifyToken,
    expired: old.verifyToken,
    'of a disabled account': late.verifyToken,
    'for another purpose': reset,
    empty: '',
    'not a token': "' or 1=1 --",
    long: 'x'.repeat(256),
    'with a space': `${one.verifyToken} `,
  })) {
    for (const answer of [await verify(token), await verify(token, 'password'), await disown(token)]) {
      isProblem(t, answer, 'invalid_email_token', what);
      const { request_id: _, ...body } = answer.json();
      bodies.add(JSON.stringify(body));
    }
  }
  t.equal(bodies.size, 1);
  t.equal((await verify(one.verifyToken)).statusCode, 204, 'the token itself was not used');
});

t.test('of 50 uses of one token at once, exactly one succeeds', async (t) => {
  const { id, verifyToken } = await begin();
  const answers = await Promise.all(Array.from({ length: 50 }, () => verify(verifyToken)));
  t.equal(answers.filter(({ statusCode }) => statusCode === 204).length, 1);
  for (const answer of answers) if (answer.statusCode !== 204) isProblem(t, answer, 'invalid_email_token', 'later');
  t.equal((await eventsOn(id)).filter((event) => event === 'user.email_verified').length, 1);
});

t.test(
  'with a password, it must be that of the account; a wrong one is throttled and does not use the token',
  async (t) => {
    const { email, id, verifyToken } = await begin();
    isProblem(t, await verify(verifyToken, 'wrong'), 'current_password_wrong', 'wrong');
    t.notOk(await isVerified(id));
    for (let i = 0; i < 4; i += 1) await verify(verifyToken, 'wrong');
    isProblem(t, await verify(verifyToken, 'password'), 'too_many_attempts', 'guessing');
    await rows`delete from throttles`;
    t.equal((await verify(verifyToken, 'password')).statusCode, 204);
    t.equal(await loginStatus(email), 200);
  },
);

t.test(
  'a new link is sent on request, but not to verified, unknown and disabled accounts, and not without limit',
  async (t) => {
    const [one, verified, disabled] = [await begin(), await begin(), await begin()];
    await verify(verified.verifyToken);
    await rows`update users set disabled_at = now() where id = ${disabled.id}`;
    const unknown = `unknown-${crypto.randomUUID()}@example.com`;
    const answers = [];
    for (const email of [one.email, verified.email, disabled.email, unknown]) answers.push(await resend(email));
    await settled();
    t.equal(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size, 1, 'one answer for all');
    t.equal(answers[0]?.statusCode, 202);
    t.equal((await tokensOf(one.email, 'verify_email')).length, 2);
    for (const { email } of [verified, disabled]) t.equal((await tokensOf(email, 'verify_email')).length, 1);
    t.equal((await tokensOf(unknown, 'verify_email')).length, 0);

    await setSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR', 3);
    t.teardown(() => resetSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR'));
    await rows`delete from quotas`;
    for (let i = 0; i < 5; i += 1) {
      t.equal((await resend(one.email)).statusCode, 202);
      // Otherwise the next request may be the same job.
      await settled();
    }
    const tokens = await tokensOf(one.email, 'verify_email');
    t.equal(tokens.length, 2 + 3);
    t.equal((await verify(tokens[0] ?? '')).statusCode, 204, 'an older link still works');
    isProblem(t, await verify(tokens[2] ?? ''), 'invalid_email_token', 'the address is verified');
    isProblem(t, await resend('no address'), 'validation_failed', 'not an address');
  },
);

t.test(
  'an address that is registered again and again gets no more mails than others, and is registered all the same',
  async (t) => {
    await setSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR', 2);
    t.teardown(() => resetSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR'));
    const email = `victim-${crypto.randomUUID()}@example.com`;
    let verifications = 0;
    let notices = 0;
    for (let i = 0; i < 4; i += 1) {
      t.equal((await service.register(email)).statusCode, 201);
      verifications += (await tokensOf(email, 'verify_email')).length;
      const { access_token: token } = await login(email);
      t.equal((await service.updateMe(token, { password: `password ${i}` })).statusCode, 200);
      notices += (await mailsOf(rows, email)).filter(({ kind }) => kind === 'password_changed').length;
      await rows`delete from users where email = ${email}`;
      await rows`delete from mails where recipient = ${email}`;
    }
    t.equal(verifications, 2);
    t.equal(notices, 2, 'notices to it are limited too');
    t.equal((await rows`select from quotas where full_at > now() + interval '2 hours'`).length, 0);
  },
);

t.test('MAIL_REQUESTS_PER_HOUR limits requests by client address', async (t) => {
  const limited = await mailingApp(t, { SETTING_MAIL_REQUESTS_PER_HOUR: '2' });
  t.equal((await limited.resend('a@example.com')).statusCode, 202);
  t.equal((await limited.resend('b@example.com')).statusCode, 202);
  isProblem(t, await limited.resend('c@example.com'), 'rate_limited', 'the third');
});

t.test('the owner of an address disowns an account: whoever registered it can no longer use it', async (t) => {
  const { id, email, verifyToken } = await begin();
  const thief = await login(email);
  const change = `thief-${crypto.randomUUID()}@example.com`;
  await setSetting(app, 'REQUIRE_VERIFIED_EMAIL', true);
  t.teardown(() => resetSetting(app, 'REQUIRE_VERIFIED_EMAIL'));
  t.equal((await service.updateMe(thief.access_token, { email: change })).statusCode, 200);
  const [changeToken = ''] = await tokensOf(change, 'confirm_email_change');
  t.equal((await disown(verifyToken)).statusCode, 204);
  isProblem(t, await refresh(thief.refresh_token), 'invalid_refresh_token', 'the session is over');
  t.equal(await loginStatus(email), 401, 'the password is gone');
  isProblem(t, await service.confirmChange(changeToken), 'invalid_email_token', 'the change that was begun is void');
  isProblem(t, await verify(verifyToken), 'invalid_email_token', 'the token is used');
  t.notOk(await isVerified(id));
  t.ok((await eventsOn(id)).includes('user.email_disowned'));
  t.equal((await service.reset(await service.resetTokenOf(email), 'password of the owner')).statusCode, 204);
  t.equal(await loginStatus(email, 'password of the owner'), 200, 'the owner can take the account over');
});

t.test(
  'with REQUIRE_VERIFIED_EMAIL the right password of an unverified account gets a 403, and no other',
  async (t) => {
    const { id, email, verifyToken } = await begin();
    const session = await login(email);
    await setSetting(app, 'REQUIRE_VERIFIED_EMAIL', true);
    t.teardown(() => resetSetting(app, 'REQUIRE_VERIFIED_EMAIL'));
    const post = (password: string) => service.post('/api/login/', { email, password });
    isProblem(t, await post('password'), 'email_not_verified', 'right');
    isProblem(t, await post('wrong'), 'invalid_credentials', 'wrong');
    t.equal((await rows`select 1 from sessions where user_id = ${id}`).length, 1, 'no session was started');
    const events = await rows`
      select details from audit_events where event = 'login.failed' and target_id = ${String(id)} order by id`;
    t.strictSame(
      events.map(({ details }) => details.reason),
      ['email_not_verified', 'wrong_password'],
    );
    t.equal((await refresh(session.refresh_token)).statusCode, 200, 'a session from before goes on');
    t.equal((await verify(verifyToken)).statusCode, 204);
    t.equal((await post('password')).statusCode, 200);
  },
);

t.test(
  'without mail, registration, login and change of address are as before, and requests for mails get a 503',
  async (t) => {
    const plain = await testApp(t, { env: { SETTING_REQUIRE_VERIFIED_EMAIL: 'true' } });
    const email = 'user@example.com';
    t.equal((await plain.register(email)).statusCode, 201);
    const pair = await plain.login(email);
    const changed = await plain.updateMe(pair.access_token, { email: 'new@example.com' });
    t.equal(changed.json().email, 'new@example.com');
    for (const url of ['/api/email/verify/resend/', '/api/password/forgot/']) {
      isProblem(t, await plain.post(url, { email }), 'mail_unavailable', url);
    }
    const { db } = plain.app;
    t.equal((await db.execute('select 1 from mails union all select 1 from account_tokens')).length, 0);
  },
);
