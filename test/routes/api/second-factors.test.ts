// Second factors: authenticator apps, recovery codes, and logins that need them.
import { sql } from 'drizzle-orm';
import t, { type Test } from 'tap';
import { sharedApps, TEST_SECRET, type TestApp, type TestAppOptions, testAppOn } from '../../support/app.js';
import { matchAll } from '../../support/match.js';
import { isProblem } from '../../support/problem.js';
import { rowsOf, untilBlocked } from '../../support/rows.js';
import { addAuthenticator, challengeOf, enrol, withToken } from '../../support/second-factors.js';
import { claimsOf } from '../../support/service.js';

const NEW_SECRET = 'test-Pw5yX2kFh4mV9cLr7TnWb3pJd6sGa1eN';
const STEP = 30_000;

// It stands still, so that no code changes between two lines of a test.
const clock = { time: Date.now() };
const apps = sharedApps(t, () => clock.time);

/** A service with a clock that the test can move, and a user who is logged in. */
async function serviceWithUser(_t: Test, options: TestAppOptions = {}) {
  clock.time = Date.now();
  const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600', SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '0', ...options.env };
  const service = await apps({ ...options, env });
  await service.register();
  const pair = await service.login();
  const { access_token: token } = pair;
  return { service, clock, token, pair, me: withToken(service, token), complete: completeOn(service) };
}

const completeOn = (service: TestApp) => (challenge: string, proof: object) =>
  service.post('/api/login/second-factor/', { challenge, ...proof });

const eventsOf = async ({ app }: TestApp) =>
  (await app.db.execute<{ event: string }>(sql`select event from audit_events order by id`)).map(({ event }) => event);

t.test('an authenticator app is added, confirmed, listed, renamed and removed', async (t) => {
  const { service, token, me } = await serviceWithUser(t);
  t.strictSame((await me('GET', '')).json(), { factors: [], recovery_codes_left: 0, required_from: null });
  const begun = (await me('POST', 'totp/', { current_password: 'password', name: 'Phone' })).json();
  t.match(begun, {
    type: 'totp',
    name: 'Phone',
    secret: /^[A-Z2-7]{32}$/,
    uri: /^otpauth:\/\/totp\//,
    qr_svg: /^<svg /,
  });
  t.equal(new URL(begun.uri).searchParams.get('secret'), begun.secret);
  t.equal((await service.post('/api/login/', { email: 'user@example.com', password: 'password' })).statusCode, 200);
  t.strictSame((await me('GET', '')).json().factors, [], 'it is not a factor before it is confirmed');
  t.equal((await me('PUT', `${begun.id}/`, { name: 'x' })).json().code, 'factor_not_found');

  const phone = await addAuthenticator(service, token);
  t.equal((await me('POST', `totp/${begun.id}/confirm/`, { code: '123456' })).json().code, 'factor_not_found');
  const tablet = await addAuthenticator(service, await tokenOf(service, phone.code()));
  const { factors } = (await me('GET', '')).json();
  matchAll(t, factors, [
    { id: phone.id, type: 'totp', name: 'Phone', last_used_at: String },
    { id: tablet.id, type: 'totp', name: 'Phone', last_used_at: String },
  ]);
  t.match((await me('PUT', `${tablet.id}/`, { name: 'Tablet' })).json(), { id: tablet.id, name: 'Tablet' });

  t.equal((await me('DELETE', `${phone.id}/`, { current_password: 'wrong' })).json().code, 'current_password_wrong');
  t.equal((await me('DELETE', `${phone.id}/`, { current_password: 'password' })).statusCode, 204);
  t.equal((await me('DELETE', `${phone.id}/`, { current_password: 'password' })).json().code, 'factor_not_found');
  await challengeOf(service);
  t.equal((await me('DELETE', `${tablet.id}/`, { current_password: 'password' })).statusCode, 204);
  t.ok((await service.login()).access_token, 'without a factor the password is enough again');
  const events = await eventsOf(service);
  t.equal(events.filter((event) => event === 'user.second_factor_added').length, 2);
  t.equal(events.filter((event) => event === 'user.second_factor_removed').length, 2);
});

t.test('the owner gets an e-mail when a factor is added or removed, and when recovery codes are made', async (t) => {
  const { service, token, me } = await serviceWithUser(t, { catchesMail: true });
  await service.app.db.execute(sql`update users set email_verified_at = now()`);
  const notices = async () =>
    (
      await service.app.db.execute<{ kind: string }>(
        sql`select kind from mails where kind ~ '^(second_factor|recovery_codes)_' order by id`,
      )
    ).map(({ kind }) => kind);
  await me('POST', 'totp/', { current_password: 'password' });
  t.strictSame(await notices(), [], 'an app that is not confirmed is no factor');
  const { id } = await addAuthenticator(service, token);
  t.strictSame(await notices(), ['second_factor_added']);
  t.equal((await me('POST', 'recovery-codes/', { current_password: 'password' })).statusCode, 201);
  await me('DELETE', `${id}/`, { current_password: 'wrong' });
  t.equal((await me('DELETE', `${id}/`, { current_password: 'password' })).statusCode, 204);
  t.strictSame(await notices(), ['second_factor_added', 'recovery_codes_created', 'second_factor_removed']);
});

async function tokenOf(service: TestApp, code: string): Promise<string> {
  const completed = await completeOn(service)(await challengeOf(service), { code });
  if (completed.statusCode !== 200) throw new Error(`login failed: ${completed.body}`);
  return completed.json().access_token;
}

t.test('factors of another account, and ids that are none, are not found', async (t) => {
  const { service, token } = await serviceWithUser(t);
  const own = await addAuthenticator(service, token);
  await service.register('other@example.com');
  const other = withToken(service, (await service.login('other@example.com')).access_token);
  for (const id of [own.id, 0, -1, 'x', '1e3', '9'.repeat(30)]) {
    t.equal((await other('PUT', `${id}/`, { name: 'Mine' })).json().code, 'factor_not_found', String(id));
    t.equal((await other('DELETE', `${id}/`, { current_password: 'password' })).json().code, 'factor_not_found');
    t.equal((await other('POST', `totp/${id}/confirm/`, { code: own.code() })).json().code, 'factor_not_found');
  }
  t.match((await withToken(service, token)('GET', '')).json(), { factors: [{ id: own.id, name: 'Phone' }] });
});

t.test('an ended session changes no factors, and an account has five apps at most', async (t) => {
  const { service, token, pair, me } = await serviceWithUser(t);
  for (let i = 0; i < 5; i++) await addAuthenticator(service, token);
  t.equal((await me('POST', 'totp/', { current_password: 'password' })).json().code, 'too_many_factors');
  const [factor] = (await me('GET', '')).json().factors;
  await service.logout(pair.refresh_token);
  for (const response of [
    await me('GET', ''),
    await me('POST', 'totp/', { current_password: 'password' }),
    await me('POST', 'totp/1/confirm/', { code: '123456' }),
    await me('PUT', `${factor.id}/`, { name: 'x' }),
    await me('DELETE', `${factor.id}/`, { current_password: 'password' }),
    await me('POST', 'recovery-codes/', { current_password: 'password' }),
  ])
    t.equal(response.json().code, 'invalid_token');
});

t.test(
  'the first second factor ends the sessions that began without one, and the removal of one all others',
  async (t) => {
    const { service, token, pair, me } = await serviceWithUser(t);
    const thief = await service.login();
    const phone = await addAuthenticator(service, token);
    const byThief = withToken(service, thief.access_token);
    const removal = await byThief('DELETE', `${phone.id}/`, { current_password: 'password' });
    t.equal(removal.json().code, 'invalid_token', 'the password alone does not remove the factor');
    t.equal((await service.refresh(thief.refresh_token)).json().code, 'invalid_refresh_token');
    t.equal((await me('GET', '')).json().factors.length, 1, 'the session that added it goes on');

    const challenge = await challengeOf(service);
    const other = (await completeOn(service)(challenge, { code: phone.code() })).json();
    const tablet = await addAuthenticator(service, token);
    const kept = await service.refresh(other.refresh_token);
    t.equal(kept.statusCode, 200, 'a further factor ends no session');
    t.equal((await me('DELETE', `${tablet.id}/`, { current_password: 'password' })).statusCode, 204);
    t.equal((await service.refresh(kept.json().refresh_token)).json().code, 'invalid_refresh_token');
    t.equal((await service.refresh(pair.refresh_token)).statusCode, 200);
    const reasons = await service.app.db.execute<{ reason: string }>(
      sql`select details->>'reason' as reason from audit_events where event = 'sessions.ended' order by id`,
    );
    t.strictSame(
      reasons.map(({ reason }) => reason),
      ['second_factor_added', 'second_factor_removed'],
    );
  },
);

t.test('a login whose password was verified before the first factor was added starts no session', async (t) => {
  const { service, token } = await serviceWithUser(t);
  const { users, secondFactorLogin } = service.app;
  let isFirst = true;
  const begun = users.authenticate({ email: 'user@example.com', password: 'password' }, {}, async (user) => {
    if (isFirst) await addAuthenticator(service, token);
    isFirst = false;
    return secondFactorLogin.start(user, {});
  });
  t.match(await begun, { code: 'second_factor_required' });
  await challengeOf(service);
});

t.test('a login that meets the deletion of its account is refused like one to an unknown address', async (t) => {
  const { service, token } = await serviceWithUser(t);
  await addAuthenticator(service, token);
  const [rows, holder] = [rowsOf(t, service.databaseUrl), rowsOf(t, service.databaseUrl)];
  const { begun } = await holder.begin(async (tx) => {
    await tx`delete from users`;
    const begun = service.post('/api/login/', { email: 'user@example.com', password: 'password' });
    await untilBlocked(rows);
    return { begun };
  });
  isProblem(t, await begun, 'invalid_credentials', 'deleted');
});

t.test('a recovery code is not lost when the count of wrong codes cannot be reset', async (t) => {
  const { service, token, me, complete } = await serviceWithUser(t);
  await addAuthenticator(service, token);
  const created = await me('POST', 'recovery-codes/', { current_password: 'password' });
  const [recoveryCode] = created.json().recovery_codes;
  const challenge = await challengeOf(service);
  const rows = rowsOf(t, service.databaseUrl);
  await rows.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin raise 'refused' using errcode = '53100'; end $$;
    create trigger refuse before delete on throttles for each row execute function refuse()`);
  const answer = await complete(challenge, { recovery_code: recoveryCode });
  await rows.unsafe('drop trigger refuse on throttles; drop function refuse()');
  t.equal(answer.statusCode, 200, answer.body);
  t.equal((await service.refresh(answer.json().refresh_token)).statusCode, 200);
});

t.test('the first code of an app cannot be guessed, and is accepted for an hour', async (t) => {
  const { service, token, me } = await serviceWithUser(t);
  const { id, code } = await enrol(service, token);
  const wrong = String((Number(code()) + 500_000) % 1_000_000).padStart(6, '0');
  const confirm = (digits: string) => me('POST', `totp/${id}/confirm/`, { code: digits });
  for (let i = 0; i < 5; i++) t.equal((await confirm(wrong)).json().code, 'factor_code_wrong');
  await service.app.db.execute(
    sql`update throttles set failures = 20 where attempted_at = (select max(attempted_at) from throttles)`,
  );
  t.equal((await confirm(code())).json().code, 'too_many_attempts', 'even the right one');
  t.ok((await service.login()).access_token, 'passwords are counted apart');
  await service.app.db.execute(sql`delete from throttles`);
  await service.app.db.execute(sql`update totp_factors set created_at = now() - interval '61 minutes'`);
  t.equal((await confirm(code())).json().code, 'factor_not_found');
  await service.app.db.execute(sql`update totp_factors set created_at = now() - interval '59 minutes'`);
  t.equal((await confirm(code())).statusCode, 200);
});

t.test('while the service sends mail, an app needs a verified address', async (t) => {
  const { service, me } = await serviceWithUser(t, { catchesMail: true });
  t.equal((await me('POST', 'totp/', { current_password: 'password' })).json().code, 'email_not_verified');
  await service.app.db.execute(sql`update users set email_verified_at = now()`);
  t.equal((await me('POST', 'totp/', { current_password: 'password' })).statusCode, 201);
});

t.test('a first code of another time tells that the clock is off; a wrong one does not', async (t) => {
  const { service, token, me } = await serviceWithUser(t);
  const { id, code } = await enrol(service, token);
  for (const steps of [-3, 3]) {
    t.equal((await me('POST', `totp/${id}/confirm/`, { code: code(steps) })).json().code, 'factor_clock_off');
  }
  t.equal((await me('POST', `totp/${id}/confirm/`, { code: code(100) })).json().code, 'factor_code_wrong');
  t.equal((await me('POST', `totp/${id}/confirm/`, { code: code(1) })).statusCode, 200);
  t.equal((await me('POST', `totp/${id}/confirm/`, { code: code(0) })).json().code, 'factor_not_found', 'once');
});

t.test('a login needs a code, which works once', async (t) => {
  const { service, clock, token, complete } = await serviceWithUser(t);
  const { code } = await addAuthenticator(service, token);
  const required = await service.post('/api/login/', { email: 'user@example.com', password: 'password' });
  t.equal(required.statusCode, 401);
  t.match(required.json(), { code: 'second_factor_required', challenge: /^[\w-]{43}$/, expires_in: 300 });
  t.strictSame(required.json().factors, ['totp']);
  const wrongPassword = await service.post('/api/login/', { email: 'user@example.com', password: 'wrong' });
  t.strictSame(Object.keys(wrongPassword.json()), ['type', 'title', 'status', 'detail', 'code', 'request_id']);
  t.equal(wrongPassword.json().code, 'invalid_credentials', 'a wrong password tells nothing of the factor');

  const { challenge } = required.json();
  const formatted = `${code().slice(0, 3)} ${code().slice(3)}`;
  const completed = await complete(challenge, { code: formatted });
  t.equal(completed.statusCode, 200);
  t.strictSame(Object.keys(completed.json()), ['access_token', 'refresh_token']);
  t.equal((await service.me(completed.json().access_token)).statusCode, 200);
  t.equal((await service.refresh(completed.json().refresh_token)).statusCode, 200);

  t.equal((await complete(challenge, { code: code(1) })).json().code, 'invalid_challenge', 'a challenge works once');
  const again = await challengeOf(service);
  t.equal((await complete(again, { code: code() })).json().code, 'second_factor_wrong', 'so does a code');
  t.equal((await complete(again, { code: code(-1) })).json().code, 'second_factor_wrong', 'and no older one does');
  clock.time += STEP;
  t.equal((await complete(again, { code: code() })).statusCode, 200);
});

t.test('codes of one step before and after are accepted; a clock that is off by a minute is logged', async (t) => {
  const { service, token, clock, complete } = await serviceWithUser(t);
  const { id, code } = await addAuthenticator(service, token);
  clock.time += 10 * STEP;
  t.equal((await complete(await challengeOf(service), { code: code(-2) })).json().code, 'second_factor_wrong');
  t.equal((await complete(await challengeOf(service), { code: code(2) })).json().code, 'second_factor_wrong');
  const lines = service.logLines().filter(({ event }) => event === 'totp_clock_off');
  matchAll(t, lines, [
    { factorId: id, steps: -2 },
    { factorId: id, steps: 2 },
  ]);
  t.equal((await complete(await challengeOf(service), { code: code(-1) })).statusCode, 200);
  t.equal((await complete(await challengeOf(service), { code: code(1) })).statusCode, 200);
});

t.test('a challenge is bound to its account, its password, its time, and five codes', async (t) => {
  const { service, token, complete } = await serviceWithUser(t, {
    env: { SETTING_LOGIN_FAILURES_BEFORE_DELAY: '0' },
  });
  const { code } = await addAuthenticator(service, token);
  await service.register('other@example.com');
  const other = await addAuthenticator(service, (await service.login('other@example.com')).access_token);
  const own = await challengeOf(service);
  t.equal((await complete(own, { code: other.code() })).json().code, 'second_factor_wrong', 'of another account');
  for (let i = 0; i < 4; i++) t.equal((await complete(own, { code: other.code(50 + i) })).statusCode, 401);
  t.equal((await complete(own, { code: code() })).json().code, 'invalid_challenge', 'after five codes');

  const expired = await challengeOf(service);
  await service.app.db.execute(sql`update account_tokens set expires_at = now() where purpose = 'second_factor'`);
  t.equal((await complete(expired, { code: code() })).json().code, 'invalid_challenge', 'when it has expired');

  const outdated = await challengeOf(service);
  t.equal((await service.updateMe(token, { password: 'umbrella zwetschke turbine' })).statusCode, 200);
  t.equal(
    (await complete(outdated, { code: code() })).json().code,
    'invalid_challenge',
    'after a change of the password',
  );

  const disabled = await challengeOf(service, 'user@example.com', 'umbrella zwetschke turbine');
  await service.app.db.execute(sql`update users set disabled_at = now(), disabled_reason = 'x'`);
  t.equal(
    (await complete(disabled, { code: code() })).json().code,
    'invalid_challenge',
    'when the account is disabled',
  );
  for (const token of ['', 'x', 'A'.repeat(43), '\u0000'.repeat(43)]) {
    t.equal((await complete(token, { code: code() })).json().code, 'invalid_challenge', JSON.stringify(token));
  }
});

t.test('a proof is either a code or a recovery code', async (t) => {
  const { complete } = await serviceWithUser(t);
  const fieldsOf = async (proof: object) => (await complete('x', proof)).json().errors;
  matchAll(t, await fieldsOf({}), [{ path: '/code', message: 'is required, or recovery_code' }]);
  matchAll(t, await fieldsOf({ code: '123456', recovery_code: 'x' }), [{ path: '/code' }]);
  for (const code of ['12345', '1234567', 'abcdef', '12345\n', 123456]) {
    matchAll(t, await fieldsOf({ code }), [{ path: '/code' }]);
  }
});

t.test('fifty uses of one code, or of one recovery code, at once start one session', async (t) => {
  const { service, token, me, complete } = await serviceWithUser(t, {
    env: { SETTING_LOGIN_FAILURES_BEFORE_DELAY: '0' },
  });
  const { code } = await addAuthenticator(service, token);
  const created = await me('POST', 'recovery-codes/', { current_password: 'password' });
  const [recoveryCode] = created.json().recovery_codes;
  for (const proof of [{ code: code() }, { recovery_code: recoveryCode }]) {
    const challenges: string[] = [];
    for (let i = 0; i < 50; i++) challenges.push(await challengeOf(service));
    const answers = await Promise.all(challenges.map((challenge) => complete(challenge, proof)));
    const codes = answers.map((answer) => (answer.statusCode === 200 ? 'started' : answer.json().code));
    t.equal(codes.filter((each) => each === 'started').length, 1);
    t.ok(codes.includes('second_factor_wrong'));
    // A busy machine does not reach the last ones of the queue in time.
    t.strictSame(
      codes.filter((each) => !['started', 'second_factor_wrong', 'database_unavailable', 'overloaded'].includes(each)),
      [],
    );
  }
  t.equal((await me('GET', '')).json().recovery_codes_left, 9);
});

t.test('one challenge that is used fifty times at once starts one session', async (t) => {
  const { service, token, me, complete } = await serviceWithUser(t, {
    env: { SETTING_LOGIN_FAILURES_BEFORE_DELAY: '0' },
  });
  await addAuthenticator(service, token);
  const { recovery_codes: codes } = (await me('POST', 'recovery-codes/', { current_password: 'password' })).json();
  const challenge = await challengeOf(service);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => complete(challenge, { recovery_code: codes[i % codes.length] })),
  );
  t.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 1);
  t.equal((await me('GET', '')).json().recovery_codes_left, 9, 'no code is lost');
});

t.test('recovery codes take the place of the app, once each, until a new set replaces them', async (t) => {
  const { service, token, me, complete } = await serviceWithUser(t, { catchesMail: true });
  await service.app.db.execute(sql`update users set email_verified_at = now()`);
  const missing = await me('POST', 'recovery-codes/', { current_password: 'password' });
  t.equal(missing.json().code, 'second_factor_missing');
  await addAuthenticator(service, token);
  const make = async () =>
    (await me('POST', 'recovery-codes/', { current_password: 'password' })).json().recovery_codes as string[];
  const [first = '', second = ''] = await make();
  const required = await service.post('/api/login/', { email: 'user@example.com', password: 'password' });
  t.strictSame(required.json().factors, ['totp', 'recovery_code']);
  t.equal((await complete(required.json().challenge, { recovery_code: first.toLowerCase() })).statusCode, 200);
  const again = await complete(await challengeOf(service), { recovery_code: first });
  t.equal(again.json().code, 'second_factor_wrong', 'used');
  const kinds = await service.app.db.execute<{ kind: string }>(
    sql`select kind from mails where kind = 'recovery_code_used'`,
  );
  t.equal(kinds.length, 1, 'the owner is told');
  t.ok((await eventsOf(service)).includes('user.recovery_code_used'));
  t.equal((await me('GET', '')).json().recovery_codes_left, 9);

  const [renewed = ''] = await make();
  t.equal((await complete(await challengeOf(service), { recovery_code: second })).json().code, 'second_factor_wrong');
  t.equal((await complete(await challengeOf(service), { recovery_code: renewed })).statusCode, 200);
  const stored = await service.app.db.execute(sql`select encode(code_hash, 'escape') as text from recovery_codes`);
  t.notOk(JSON.stringify(stored).includes(renewed), 'only hashes are stored');
  const logged = JSON.stringify(service.logLines());
  t.notOk(logged.includes(renewed) || logged.includes(first), 'no code is logged');
});

t.test('a thousand guesses are throttled, and do not lock the owner out', async (t) => {
  const { service, token, complete } = await serviceWithUser(t);
  const { code } = await addAuthenticator(service, token);
  // The owner logs in from an address that is known from then on.
  const owner = { remoteAddress: '198.51.100.7' };
  const from = (remoteAddress: string, url: string, payload: object) =>
    service.inject({ method: 'POST', url, payload, remoteAddress });
  const login = { email: 'user@example.com', password: 'password' };
  const challengeFrom = async (address: string) => (await from(address, '/api/login/', login)).json().challenge;
  const first = await challengeFrom(owner.remoteAddress);
  const started = await from(owner.remoteAddress, '/api/login/second-factor/', { challenge: first, code: code() });
  t.equal(started.statusCode, 200);

  const answers: string[] = [];
  for (let i = 0; i < 1000; i += 50) {
    const challenge = await challengeFrom(`203.0.113.${i / 10}`);
    const guesses = Array.from({ length: 50 }, (_, k) => String(100_000 + i + k));
    for (const answer of await Promise.all(
      guesses.map((guess, k) => from(`203.0.113.${k}`, '/api/login/second-factor/', { challenge, code: guess })),
    ))
      answers.push(answer.json().code);
  }
  const count = (name: string) => answers.filter((each) => each === name).length;
  t.equal(answers.length, 1000);
  t.ok(count('second_factor_wrong') <= 30, `${count('second_factor_wrong')} of 1,000 were tried`);
  t.ok(count('too_many_attempts') > 900, `${count('too_many_attempts')} had to wait`);
  const recorded = await service.app.db.execute<{ reason: string; count: number }>(sql`
    select details ->> 'reason' as reason, count(*)::int as count from audit_events where event = 'login.failed' group by 1`);
  const events = Object.fromEntries(recorded.map(({ reason, count: number }) => [reason, number]));
  t.equal(events.second_factor_wrong, count('second_factor_wrong'));
  const delays = events.second_factor_throttled ?? 0;
  t.ok(delays > 0 && delays <= count('second_factor_wrong'), `${delays} events, one for each delay`);

  const challenge = await challengeFrom(owner.remoteAddress);
  const late = await from(owner.remoteAddress, '/api/login/second-factor/', { challenge, code: code(1) });
  t.equal(late.statusCode, 200, 'the owner need not wait');
  t.equal((await complete('x', { code: '123456' })).json().code, 'invalid_challenge');
});

t.test('a login without its second factor does not cancel the deletion of the account', async (t) => {
  const { service, token, complete } = await serviceWithUser(t, { env: { SETTING_ACCOUNT_DELETION_GRACE: '86400' } });
  const { code } = await addAuthenticator(service, token);
  t.equal((await service.deleteMe(token)).statusCode, 204);
  const isDisabled = async () =>
    (await service.app.db.execute<{ is: boolean }>(sql`select disabled_at is not null as is from users`))[0]?.is;
  const challenge = await challengeOf(service);
  t.equal(await isDisabled(), true);
  t.equal((await complete(challenge, { code: code() })).statusCode, 200);
  t.equal(await isDisabled(), false);
});

t.test('a deleted account leaves nothing behind', async (t) => {
  const { service, token, me } = await serviceWithUser(t);
  await addAuthenticator(service, token);
  await me('POST', 'recovery-codes/', { current_password: 'password' });
  await challengeOf(service);
  t.equal((await service.deleteMe(token)).statusCode, 204);
  for (const table of ['totp_factors', 'recovery_codes', 'account_tokens']) {
    t.equal((await service.app.db.execute(sql`select from ${sql.identifier(table)}`)).length, 0, table);
  }
});

t.test('the export lists factors and recovery codes without their secrets', async (t) => {
  const { service, token, me } = await serviceWithUser(t);
  await addAuthenticator(service, token);
  await me('POST', 'recovery-codes/', { current_password: 'password' });
  const headers = { authorization: `Bearer ${token}` };
  const exported = (await service.inject({ method: 'GET', url: '/api/me/export/', headers })).json();
  matchAll(t, exported.second_factors, [{ type: 'totp', name: 'Phone', confirmed_at: String }]);
  t.equal(exported.recovery_codes.length, 10);
  t.equal(exported.account.has_second_factor, true);
});

t.test('secrets are encrypted, and survive AUTH_SECRET=old,new, new,old and new', async (t) => {
  const { service, clock, token, me } = await serviceWithUser(t);
  const { secret, code } = await addAuthenticator(service, token);
  const { recovery_codes: codes } = (await me('POST', 'recovery-codes/', { current_password: 'password' })).json();
  const [row] = await service.app.db.execute<{ secret: Buffer }>(sql`select secret from totp_factors`);
  t.notOk(Buffer.from(row?.secret ?? '').includes(secret), 'the secret is not stored as it is');
  t.equal((await completeOn(service)(await challengeOf(service), { code: code() })).statusCode, 200);

  const restart = async (secrets: string, steps: number) => {
    const now = () => clock.time + steps * STEP;
    const next = await testAppOn(t, service.databaseUrl, { env: { AUTH_SECRET: secrets }, now });
    const completed = await completeOn(next)(await challengeOf(next), { code: code(steps) });
    t.equal(completed.statusCode, 200, `${secrets.split(',').length} secrets`);
    return next;
  };
  await restart(`${TEST_SECRET},${NEW_SECRET}`, 1);
  const both = await restart(`${NEW_SECRET},${TEST_SECRET}`, 2);
  t.equal(await both.app.reencryptSecondFactors(), 1);
  t.equal(await both.app.reencryptSecondFactors(), 0, 'once');
  const last = await restart(NEW_SECRET, 3);
  const recovered = await completeOn(last)(await challengeOf(last), { recovery_code: codes[0] });
  t.equal(recovered.statusCode, 200, 'recovery codes need no secret');
  t.equal(claimsOf(recovered.json()).user_id, 1);

  const wrong = await testAppOn(t, service.databaseUrl, {
    env: { AUTH_SECRET: `${NEW_SECRET.slice(0, -1)}Q,${NEW_SECRET}` },
    now: () => clock.time + 4 * STEP,
  });
  t.equal(await wrong.app.reencryptSecondFactors(), 1, 'to a secret that the next instance does not have');
  const refused = await completeOn(last)(await challengeOf(last), { code: code(3) });
  t.equal(refused.json().code, 'second_factor_wrong');
  t.ok(last.logLines().some(({ msg }) => /AUTH_SECRET does not decrypt a second factor/.test(String(msg))));
});

t.test('an operator resets the factors of an account that is not their own; the owner is told', async (t) => {
  const { service, token, me } = await serviceWithUser(t, { catchesMail: true });
  await service.app.db.execute(sql`update users set email_verified_at = now()`);
  await addAuthenticator(service, token);
  await me('POST', 'recovery-codes/', { current_password: 'password' });
  await service.register('admin@example.com');
  await service.app.db.execute(sql`update users set roles = '{admin}' where email = 'admin@example.com'`);
  const admin = (await service.login('admin@example.com')).access_token;
  const reset = (id: number, accessToken = admin) =>
    service.inject({
      method: 'DELETE',
      url: `/api/admin/users/${id}/factors/`,
      headers: { authorization: `Bearer ${accessToken}` },
    });
  t.equal((await reset(1, token)).json().code, 'forbidden');
  t.equal((await reset(2)).json().code, 'forbidden', 'their own');
  t.equal((await reset(99)).json().code, 'user_not_found');
  t.equal((await reset(1)).statusCode, 204);
  t.equal((await reset(1)).json().code, 'second_factor_missing');
  t.equal((await me('GET', '')).json().code, 'invalid_token', 'the sessions have ended');
  t.ok((await service.login()).access_token, 'the password is enough');
  const mails = await service.app.db.execute(sql`select from mails where kind = 'second_factors_reset'`);
  t.equal(mails.length, 1);
  t.ok((await eventsOf(service)).includes('user.second_factors_reset'));
});
