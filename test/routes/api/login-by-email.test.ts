// POST /api/login/email/ and /api/login/email/verify/: sign-in with a link or a code that is sent by mail.
import t from 'tap';
import type { Mail, MailData } from '#mail/kinds.js';
import { TEST_SECRET, type TestApp, testApp, testAppOn } from '../../support/app.js';
import { mailsOf } from '../../support/mail.js';
import { isProblem } from '../../support/problem.js';
import { rowsOf, untilBlocked } from '../../support/rows.js';
import { addAuthenticator, verifyAddress } from '../../support/second-factors.js';
import { claimsOf } from '../../support/service.js';
import { setSetting } from '../../support/settings.js';

const env = {
  SETTING_ACCESS_TOKEN_LIFETIME: '3600',
  SETTING_SIGN_IN_BY_EMAIL: 'true',
  // Requests without X-Forwarded-For then come from no network in particular.
  TRUST_PROXY: '127.0.0.1',
};
const service = await testApp(t, { env, catchesMail: true });
const rows = rowsOf(t, service.databaseUrl);

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

async function register(): Promise<{ id: number; email: string }> {
  const email = `user-${crypto.randomUUID()}@example.com`;
  return { id: (await service.register(email)).json().id, email };
}

/** The mails of this kind to an address. */
const mailsTo = async (email?: string, on = rows) =>
  (await mailsOf(on, email)).filter(({ kind }) => kind === 'sign_in');

const via = (ip?: string): Record<string, string> => (ip === undefined ? {} : { 'x-forwarded-for': ip });
const ask = (email: string, on: TestApp = service, ip?: string) => on.post('/api/login/email/', { email }, via(ip));
const verify = (payload: object, on: TestApp = service, ip?: string) =>
  on.post('/api/login/email/verify/', payload, via(ip));

const [OWN_NETWORK, OTHER_NETWORK] = ['203.0.113.7', '198.51.100.1'];

/** A new account that has logged in from OWN_NETWORK. */
async function registerAtHome() {
  const account = await register();
  await rows`update users set email_verified_at = now() where id = ${account.id}`;
  const answer = await service.post('/api/login/', { email: account.email, password: 'password' }, via(OWN_NETWORK));
  t.equal(answer.statusCode, 200);
  return account;
}

/** Stores that so many wrong codes were tried on an account today. */
const tried = (id: number, count: number) => rows`
  insert into account_tokens (user_id, purpose, token_hash, email, attempts, expires_at)
  select ${id}, 'sign_in_code', sha256(random()::text::bytea), '', 5, now() from generate_series(1, ${count / 5})`;

/** Asks for a mail; what the device got, and what the mail contains. */
async function begin(email: string, ip?: string) {
  const { sign_in_token: signInToken } = (await ask(email, service, ip)).json();
  const { data } = (await mailsTo(email)).at(-1) as Mail;
  const { url, code } = data as MailData['sign_in'];
  const token = new URL(url).searchParams.get('token') ?? '';
  return { signInToken: signInToken as string, code, token, url, wrong: code === '000000' ? '000001' : '000000' };
}

const tokensOf = (id: number) =>
  rows`select purpose, attempts, used_at from account_tokens where user_id = ${id} order by id`;

t.test('the mail is in the language of the account, or of the request if the account has none', async (t) => {
  const { id, email } = await register();
  const headers = { 'accept-language': 'fr-CH, en;q=0.5' };
  await service.post('/api/login/email/', { email }, headers);
  await rows`update users set locale = 'de' where id = ${id}`;
  await service.post('/api/login/email/', { email }, headers);
  t.strictSame(
    (await mailsTo(email)).map(({ locale }) => locale),
    ['fr-CH', 'de'],
  );
});

t.test('the code signs in on the device that asked for it', async (t) => {
  const { id, email } = await register();
  const { signInToken, code } = await begin(email);
  t.match(signInToken, TOKEN);
  t.match(code, /^\d{6}$/);
  const answer = await verify({ sign_in_token: signInToken, code });
  t.equal(answer.statusCode, 200);
  t.equal(claimsOf(answer.json()).user_id, id);
  t.equal(claimsOf(answer.json()).email_verified, true);
  t.equal((await service.me(answer.json().access_token)).json().email, email);
  t.equal((await service.refresh(answer.json().refresh_token)).statusCode, 200);
  t.match(
    service.logLines().find((line) => line.event === 'logged_in' && line.userId === id),
    { by: 'mail_code', ip: '127.0.0.1' },
  );
});

t.test('the code may be typed with a space or a hyphen in the middle', async (t) => {
  const { email } = await register();
  for (const separator of [' ', '-']) {
    const { signInToken, code } = await begin(email);
    const typed = `${code.slice(0, 3)}${separator}${code.slice(3)}`;
    t.equal((await verify({ sign_in_token: signInToken, code: typed })).statusCode, 200, typed);
  }
});

t.test('the link signs in where it is opened, and the device that asked is not signed in', async (t) => {
  const { id, email } = await register();
  const { signInToken, code, token, url } = await begin(email);
  t.match(url, /^http:\/\/localhost:\d+\/account\/sign-in\/\?token=[A-Za-z0-9_-]{43}$/);
  const answer = await verify({ token });
  t.equal(answer.statusCode, 200);
  t.equal(claimsOf(answer.json()).user_id, id);
  isProblem(t, await verify({ sign_in_token: signInToken, code }), 'invalid_email_token', 'the code is used up too');
  isProblem(t, await verify({ token }), 'invalid_email_token', 'a link works once');
});

t.test('the token of a link is no sign-in token, and the reverse', async (t) => {
  const { email } = await register();
  const { signInToken, code, token } = await begin(email);
  isProblem(t, await verify({ sign_in_token: token, code }), 'invalid_email_token', 'the token of the link');
  isProblem(t, await verify({ token: signInToken }), 'invalid_email_token', 'the token of the device');
  t.equal((await verify({ sign_in_token: signInToken, code })).statusCode, 200);
});

t.test('a sign-in makes all other links and codes of the account invalid', async (t) => {
  const { email } = await register();
  const [first, second] = [await begin(email), await begin(email)];
  t.equal((await verify({ sign_in_token: first.signInToken, code: first.code })).statusCode, 200);
  for (const proof of [
    { token: first.token },
    { token: second.token },
    { sign_in_token: second.signInToken, code: second.code },
  ]) {
    isProblem(t, await verify(proof), 'invalid_email_token', JSON.stringify(Object.keys(proof)));
  }
});

t.test('the code of one request does not work with the token of another', async (t) => {
  const [one, other] = [await register(), await register()];
  const [mine, theirs] = [await begin(one.email), await begin(other.email)];
  if (mine.code !== theirs.code) {
    isProblem(t, await verify({ sign_in_token: mine.signInToken, code: theirs.code }), 'invalid_email_token', 'code');
  }
  t.equal((await verify({ sign_in_token: mine.signInToken, code: mine.code })).statusCode, 200);
});

t.test('five codes can be tried with one token; then the right one is refused too, and the link works', async (t) => {
  const { id, email } = await register();
  const { signInToken, code, wrong, token } = await begin(email);
  for (let i = 0; i < 5; i++) {
    isProblem(t, await verify({ sign_in_token: signInToken, code: wrong }), 'invalid_email_token', `wrong ${i}`);
  }
  isProblem(t, await verify({ sign_in_token: signInToken, code }), 'invalid_email_token', 'the right one');
  t.equal((await tokensOf(id)).find(({ purpose }) => purpose === 'sign_in_code')?.attempts, 5);
  t.equal((await verify({ token })).statusCode, 200);
});

t.test('after four wrong codes the right one still signs in', async (t) => {
  const { id, email } = await register();
  const { signInToken, code, token, wrong } = await begin(email);
  for (let i = 0; i < 4; i++) await verify({ sign_in_token: signInToken, code: wrong });
  t.equal((await verify({ sign_in_token: signInToken, code })).statusCode, 200);
  isProblem(t, await verify({ token }), 'invalid_email_token', 'the link of a mail whose code was used');
  const events = await rows`
    select target_id, details ->> 'reason' as reason from audit_events where event = 'login.failed' order by id desc limit 5`;
  t.strictSame(
    events.map(({ target_id, reason }) => [reason, target_id]),
    [['sign_in_link_invalid', null], ...Array.from({ length: 4 }, () => ['sign_in_code_wrong', String(id)])],
  );
});

t.test('of fifty wrong codes at once exactly five are counted', async (t) => {
  const { id, email } = await register();
  const { signInToken, wrong } = await begin(email);
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => verify({ sign_in_token: signInToken, code: wrong })),
  );
  for (const answer of answers) isProblem(t, answer, 'invalid_email_token', 'a wrong code');
  t.equal((await tokensOf(id)).find(({ purpose }) => purpose === 'sign_in_code')?.attempts, 5);
});

t.test('of fifty right codes and links at once, on two instances, one signs in', async (t) => {
  const second = await testAppOn(t, service.databaseUrl, { env, catchesMail: true });
  const { id, email } = await register();
  const { signInToken, code, token } = await begin(email);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      verify(i % 2 ? { sign_in_token: signInToken, code } : { token }, i % 4 < 2 ? service : second),
    ),
  );
  t.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 1);
  for (const answer of answers.filter(({ statusCode }) => statusCode !== 200)) {
    isProblem(t, answer, 'invalid_email_token', 'the others');
  }
  const [{ count } = {}] = await rows`select count(*)::int from sessions where user_id = ${id} and revoked_at is null`;
  t.equal(count, 1);
});

t.test(
  'after fifty wrong codes in a day an account accepts no codes from a new network, and still its links',
  async (t) => {
    const { id, email } = await registerAtHome();
    const { signInToken, code, token } = await begin(email, OTHER_NETWORK);
    await tried(id, 50);
    const proof = { sign_in_token: signInToken, code };
    isProblem(t, await verify(proof, service, OTHER_NETWORK), 'invalid_email_token', 'the right code');
    isProblem(t, await verify(proof), 'invalid_email_token', 'from no network in particular');
    t.equal((await verify({ token }, service, OTHER_NETWORK)).statusCode, 200);
  },
);

t.test('a stranger cannot use up the codes of an owner whose network the account knows', async (t) => {
  const { id, email } = await registerAtHome();
  await tried(id, 50);
  for (const limit of [50, 100]) {
    const { signInToken, code } = await begin(email, OWN_NETWORK);
    const answer = await verify({ sign_in_token: signInToken, code }, service, OWN_NETWORK);
    if (limit === 50) t.equal(answer.statusCode, 200);
    else isProblem(t, answer, 'invalid_email_token', 'a hundred codes a day is all');
    await tried(id, 50);
  }
});

t.test('a right code is not counted as a wrong one', async (t) => {
  const { id, email } = await register();
  const { signInToken, code, wrong } = await begin(email);
  await verify({ sign_in_token: signInToken, code: wrong });
  t.equal((await verify({ sign_in_token: signInToken, code })).statusCode, 200);
  t.equal((await tokensOf(id)).find(({ purpose }) => purpose === 'sign_in_code')?.attempts, 1);
});

t.test('a stranger who asks for mails does not use up those of an owner whose network the account knows', async (t) => {
  const { email } = await registerAtHome();
  for (let i = 0; i < 6; i += 1) await ask(email, service, OTHER_NETWORK);
  t.equal((await mailsTo(email)).length, 5);
  for (let i = 0; i < 6; i += 1) await ask(email, service, OWN_NETWORK);
  t.equal((await mailsTo(email)).length, 10);
});

t.test('a sign-in by mail makes its network known', async (t) => {
  const { id, email } = await register();
  const { token } = await begin(email, OTHER_NETWORK);
  t.equal((await verify({ token }, service, OTHER_NETWORK)).statusCode, 200);
  await tried(id, 50);
  const { signInToken, code } = await begin(email, OTHER_NETWORK);
  t.equal((await verify({ sign_in_token: signInToken, code }, service, OTHER_NETWORK)).statusCode, 200);
});

t.test('wrong codes on all accounts together are limited, except from networks that an account knows', async (t) => {
  const limited = await testApp(t, { env: { ...env, SETTING_WRONG_SIGN_IN_CODES_PER_DAY: '100' }, catchesMail: true });
  const theirs = rowsOf(t, limited.databaseUrl);
  const beginThere = async (email: string) => {
    const { sign_in_token: signInToken } = (await ask(email, limited)).json();
    const { url, code } = ((await mailsTo(email, theirs)).at(-1) as Mail).data as MailData['sign_in'];
    const wrong = code === '000000' ? '000001' : '000000';
    return { signInToken, code, wrong, token: new URL(url).searchParams.get('token') };
  };
  const home = 'home@example.com';
  for (const email of ['attacked@example.com', 'guest@example.com', home]) await limited.register(email);
  t.equal((await limited.post('/api/login/', { email: home, password: 'password' }, via(OWN_NETWORK))).statusCode, 200);

  const attacked = await beginThere('attacked@example.com');
  isProblem(
    t,
    await verify({ sign_in_token: 'A'.repeat(43), code: '123456' }, limited),
    'invalid_email_token',
    'made up',
  );
  // One mail uses a quota for twelve minutes, one of a hundred codes for a quarter of an hour.
  const isOfCodes = theirs`full_at > now() + interval '13 minutes'`;
  t.equal((await theirs`select from quotas where ${isOfCodes}`).length, 0, 'a code on no token is no guess');
  await verify({ sign_in_token: attacked.signInToken, code: attacked.wrong }, limited);
  const quota =
    await theirs`update quotas set full_at = now() + interval '1 day' - interval '20 minutes' where ${isOfCodes} returning 1`;
  t.equal(quota.length, 1);
  t.notOk(limited.logLines().some(({ event }) => event === 'sign_in_codes_used_up'));
  await verify({ sign_in_token: attacked.signInToken, code: attacked.wrong }, limited);
  t.ok(limited.logLines().some(({ event }) => event === 'sign_in_codes_used_up'));

  const guest = await beginThere('guest@example.com');
  const guestProof = { sign_in_token: guest.signInToken, code: guest.code };
  isProblem(t, await verify(guestProof, limited, OTHER_NETWORK), 'invalid_email_token', 'a right code');
  t.equal((await verify({ token: guest.token }, limited, OTHER_NETWORK)).statusCode, 200, 'a link');
  const owner = await beginThere(home);
  const ownerProof = { sign_in_token: owner.signInToken, code: owner.code };
  t.equal((await verify(ownerProof, limited, OWN_NETWORK)).statusCode, 200, 'from a known network');
});

t.test('known, unknown and disabled addresses get the same answer, and only the known one a mail', async (t) => {
  const [known, disabled] = [await register(), await register()];
  await rows`update users set disabled_at = now(), disabled_reason = 'x' where id = ${disabled.id}`;
  const unknown = `nobody-${crypto.randomUUID()}@example.com`;
  const shapes = [];
  for (const email of [known.email, disabled.email, unknown]) {
    const answer = await ask(email);
    t.equal(answer.statusCode, 202);
    const { sign_in_token: token, ...rest } = answer.json();
    t.match(token, TOKEN);
    const names = Object.keys(answer.headers).sort();
    shapes.push({ rest, names, length: answer.headers['content-length'] });
    const wrong = await verify({ sign_in_token: token, code: '123456' });
    isProblem(t, wrong, 'invalid_email_token', email);
  }
  t.strictSame(shapes[1], shapes[0]);
  t.strictSame(shapes[2], shapes[0]);
  t.strictSame(shapes[0]?.rest, { expires_in: 600 });
  t.equal((await mailsTo(known.email)).length, 1);
  t.equal((await mailsTo(disabled.email)).length, 0);
  t.equal((await mailsTo(unknown)).length, 0);
  t.equal((await rows`select 1 from users where email = ${unknown}`).length, 0, 'no account is made');
});

t.test('a request is recorded for known and unknown addresses', async (t) => {
  const { id, email } = await register();
  const last = async () =>
    (await rows`select * from audit_events where event = 'login.email_requested' order by id desc limit 1`)[0];
  await ask(email);
  t.match(await last(), { actor_type: 'anonymous', target_type: 'user', target_id: String(id), ip: '127.0.0.1' });
  await ask(`nobody-${email}`);
  t.match(await last(), { actor_type: 'anonymous', target_type: null, target_id: null });
});

t.test('an account gets at most five mails an hour, also of requests at once', async (t) => {
  const { email } = await register();
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(email)));
  t.ok(answers.every(({ statusCode }) => statusCode === 202));
  t.equal((await mailsTo(email)).length, 5);
  await rows`update quotas set full_at = full_at - interval '1 hour'`;
  await ask(email);
  t.equal((await mailsTo(email)).length, 6, 'an hour later it gets another one');
  await rows`update quotas set full_at = now() + interval '50 minutes'`;
  for (let i = 0; i < 2; i += 1) await ask(email);
  t.equal((await mailsTo(email)).length, 6, 'one is left only every twelve minutes');
  await rows`update quotas set full_at = now() + interval '47 minutes'`;
  for (let i = 0; i < 2; i += 1) await ask(email);
  t.equal((await mailsTo(email)).length, 7);
});

t.test('quotas from before the clock was set back refuse nothing, and count from then on', async (t) => {
  const { email } = await registerAtHome();
  const { signInToken, code } = await begin(email, OWN_NETWORK);
  const { signInToken: other, wrong } = await begin(email, OWN_NETWORK);
  await verify({ sign_in_token: other, code: wrong }, service, OWN_NETWORK);
  await rows`update quotas set full_at = full_at + interval '3 days'`;
  const answer = await verify({ sign_in_token: signInToken, code }, service, OWN_NETWORK);
  t.equal(answer.statusCode, 200, 'a right code');
  for (let i = 0; i < 7; i += 1) await ask(email, service, OWN_NETWORK);
  t.equal((await mailsTo(email)).length, 2 + 5, 'as many mails as with a full quota');
});

t.test('a request that meets the deletion of its account is answered like one for an unknown address', async (t) => {
  const { id, email } = await register();
  const holder = rowsOf(t, service.databaseUrl);
  const answer = await holder.begin(async (tx) => {
    await tx`delete from users where id = ${id}`;
    const asked = ask(email);
    await untilBlocked(rows);
    return { asked };
  });
  t.equal((await answer.asked).statusCode, 202);
  t.strictSame(await mailsTo(email), []);
});

t.test('expired tokens, and tokens of an address that the account no longer has, are refused', async (t) => {
  const [late, moved] = [await register(), await register()];
  const [expired, old] = [await begin(late.email), await begin(moved.email)];
  await rows`update account_tokens set expires_at = now() where user_id = ${late.id}`;
  await rows`update users set email = ${`new-${moved.email}`} where id = ${moved.id}`;
  for (const [name, { token, signInToken, code }] of Object.entries({ expired, old })) {
    isProblem(t, await verify({ token }), 'invalid_email_token', `${name}: link`);
    isProblem(t, await verify({ sign_in_token: signInToken, code }), 'invalid_email_token', `${name}: code`);
  }
});

t.test('an account that was disabled or deleted after the mail is not signed in to', async (t) => {
  const [disabled, deleted] = [await register(), await register()];
  const [one, other] = [await begin(disabled.email), await begin(deleted.email)];
  await rows`update users set disabled_at = now(), disabled_reason = 'x' where id = ${disabled.id}`;
  await rows`delete from users where id = ${deleted.id}`;
  for (const { token, signInToken, code } of [one, other]) {
    isProblem(t, await verify({ token }), 'invalid_email_token', 'link');
    isProblem(t, await verify({ sign_in_token: signInToken, code }), 'invalid_email_token', 'code');
  }
});

t.test('malformed and foreign tokens are refused like wrong ones', async (t) => {
  for (const token of ['', 'x', 'A'.repeat(43), 'A'.repeat(256), '../../etc', "' or 1=1 --"]) {
    isProblem(t, await verify({ token }), 'invalid_email_token', `link ${token}`);
    isProblem(t, await verify({ sign_in_token: token, code: '123456' }), 'invalid_email_token', `code ${token}`);
  }
});

t.test('incomplete and contradictory bodies are refused with the field', async (t) => {
  const { email } = await register();
  const { signInToken, code, token } = await begin(email);
  for (const [payload, path] of [
    [{}, '/sign_in_token'],
    [{ code }, '/sign_in_token'],
    [{ sign_in_token: signInToken }, '/code'],
    [{ sign_in_token: signInToken, code: '12345' }, '/code'],
    [{ sign_in_token: signInToken, code: Number(code) }, '/code'],
    [{ sign_in_token: signInToken, code: '１２３４５６' }, '/code'],
    [{ token, code }, '/token'],
    [{ token: 5 }, '/token'],
    [{ token: 'x'.repeat(257) }, '/token'],
  ] as const) {
    const answer = await verify(payload);
    isProblem(t, answer, 'validation_failed', JSON.stringify(payload));
    t.equal(answer.json().errors[0].path, path, JSON.stringify(payload));
  }
  t.equal((await verify({ sign_in_token: signInToken, code })).statusCode, 200, 'none of them counted');
});

t.test('signing in to a never verified address ends the password, factors and sessions', async (t) => {
  const { id, email } = await register();
  const attacker = await service.login(email);
  // As where the service did not send mails when the factor was added.
  await verifyAddress(service, email);
  await addAuthenticator(service, attacker.access_token);
  await rows`update users set email_verified_at = null where id = ${id}`;
  const { signInToken, code } = await begin(email);
  const owner = (await verify({ sign_in_token: signInToken, code })).json();
  isProblem(t, await service.refresh(attacker.refresh_token), 'invalid_refresh_token', 'the session from before');
  isProblem(
    t,
    await service.post('/api/login/', { email, password: 'password' }),
    'invalid_credentials',
    'the password',
  );
  t.equal((await service.refresh(owner.refresh_token)).statusCode, 200);
  const [user] = await rows`select * from users where id = ${id}`;
  t.ok(user?.email_verified_at);
  t.equal(user?.password_hash, null);
  t.notOk(user?.has_second_factor);
});

t.test('signing in to an account with a verified address keeps its password and sessions', async (t) => {
  const { id, email } = await register();
  await rows`update users set email_verified_at = now() where id = ${id}`;
  const before = await service.login(email);
  const { signInToken, code } = await begin(email);
  t.equal((await verify({ sign_in_token: signInToken, code })).statusCode, 200);
  t.equal((await service.refresh(before.refresh_token)).statusCode, 200);
  await service.login(email);
});

t.test('a sign-in waits for a change of the account, and is refused if that disables it', async (t) => {
  const { id, email } = await register();
  const { token } = await begin(email);
  const other = rowsOf(t, service.databaseUrl);
  let answer: ReturnType<typeof verify> | undefined;
  await other.begin(async (tx) => {
    await tx`update users set disabled_at = now(), disabled_reason = 'x' where id = ${id}`;
    answer = verify({ token });
    answer.then(() => {});
    await untilBlocked(rows);
  });
  isProblem(t, await (answer as ReturnType<typeof verify>), 'invalid_email_token', 'disabled meanwhile');
});

t.test('while the secret is being changed, codes of both secrets sign in', async (t) => {
  // A database of its own: the signing keys are encrypted with the new secret.
  const before = await testApp(t, { env, catchesMail: true });
  await before.register();
  const { sign_in_token: signInToken } = (await ask('user@example.com', before)).json();
  const [mail] = await mailsTo(undefined, rowsOf(t, before.databaseUrl));
  const { code } = (mail as Mail).data as MailData['sign_in'];
  const after = await testAppOn(t, before.databaseUrl, {
    env: { ...env, AUTH_SECRET: `new-Wq3uZb8kPd5tXs1vHn6jRc0yLf9mGe4a,${TEST_SECRET}` },
    catchesMail: true,
  });
  t.equal((await verify({ sign_in_token: signInToken, code }, after)).statusCode, 200);
});

t.test('the setting switches both operations off at once, and mail is needed for the first', async (t) => {
  const { email } = await register();
  const { token } = await begin(email);
  const off = await testAppOn(t, service.databaseUrl, { catchesMail: true });
  isProblem(t, await ask(email, off), 'sign_in_by_email_disabled', 'by default');
  isProblem(t, await verify({ token }, off), 'sign_in_by_email_disabled', 'by default');
  await setSetting(off.app, 'SIGN_IN_BY_EMAIL', true);
  t.equal((await verify({ token }, off)).statusCode, 200);
  const without = await testAppOn(t, service.databaseUrl, { env });
  isProblem(t, await ask(email, without), 'mail_unavailable', 'without mail');
});

t.test('a sign-in is counted among the sessions of the account', async (t) => {
  const { id, email } = await register();
  await rows`update users set email_verified_at = now() where id = ${id}`;
  const limited = await testAppOn(t, service.databaseUrl, {
    env: { ...env, SETTING_MAX_SESSIONS_PER_USER: '1' },
    catchesMail: true,
  });
  const first = await limited.login(email);
  const { token } = await begin(email);
  t.equal((await verify({ token }, limited)).statusCode, 200);
  isProblem(t, await limited.refresh(first.refresh_token), 'invalid_refresh_token', 'the oldest session ended');
});

t.test('a link is not lost when the sessions beyond the limit cannot be ended; the next login ends them', async (t) => {
  const { id, email } = await register();
  const limited = await testAppOn(t, service.databaseUrl, {
    env: { ...env, SETTING_MAX_SESSIONS_PER_USER: '1' },
    catchesMail: true,
  });
  await rows`update users set email_verified_at = now() where id = ${id}`;
  await limited.login(email);
  await rows.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin raise 'refused' using errcode = '53100'; end $$;
    create trigger refuse before update of revoked_at on sessions for each row execute function refuse()`);
  const { token } = await begin(email);
  const answer = await verify({ token }, limited);
  await rows.unsafe('drop trigger refuse on sessions; drop function refuse()');
  t.equal(answer.statusCode, 200);
  t.equal((await limited.refresh(answer.json().refresh_token)).statusCode, 200);
  const live = async () => (await rows`select 1 from sessions where user_id = ${id} and revoked_at is null`).length;
  t.equal(await live(), 2);
  await limited.login(email);
  t.equal(await live(), 1);
});

t.test('no log line contains a code or a token', async (t) => {
  const { email } = await register();
  const { signInToken, code, token } = await begin(email);
  await verify({ sign_in_token: signInToken, code });
  await verify({ token });
  const text = JSON.stringify(service.logLines());
  for (const secret of [signInToken, token, `"${code}"`, email]) t.notOk(text.includes(secret));
});
