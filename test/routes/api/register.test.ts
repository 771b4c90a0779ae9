// POST /api/register/ creates one account per address, in any spelling.
import t from 'tap';
import { testApp, testAppOn } from '../../support/app.js';
import { matchAll } from '../../support/match.js';
import { isProblem } from '../../support/problem.js';
import { rowsOf } from '../../support/rows.js';
import { resetSetting, setSetting } from '../../support/settings.js';

const service = await testApp(t);
const { register, post } = service;
const rows = rowsOf(t, service.databaseUrl);

/** Spellings of one address, the canonical one first. */
const SPELLINGS: readonly (readonly [canonical: string, ...others: string[]])[] = [
  ['case@example.com', 'Case@example.com', 'CASE@EXAMPLE.COM', 'case@Example.Com'],
  ['space@example.com', ' space@example.com', 'space@example.com\t', '\r\n space@example.com \u00a0'],
  [
    'idn@xn--bcher-kva.example',
    'idn@bücher.example',
    'idn@BÜCHER.example',
    'idn@bu\u0308cher.example',
    'IDN@XN--BCHER-KVA.example',
  ],
];

t.test('an address is taken in every spelling, and every spelling logs in', async (t) => {
  for (const [canonical, ...others] of SPELLINGS) {
    const [first = canonical] = others;
    const answer = await register(first);
    t.equal(answer.statusCode, 201, JSON.stringify(first));
    t.equal(answer.json().email, canonical, 'the answer has the canonical form');
    for (const spelling of [canonical, ...others]) {
      isProblem(t, await register(spelling), 'email_taken', JSON.stringify(spelling));
      t.ok(await service.login(spelling), 'the spelling logs in');
    }
  }
});

t.test('a spelling that only looks like an address is refused, and the account keeps its own', async (t) => {
  t.equal((await register('dot@example.com')).statusCode, 201);
  for (const spelling of ['dot@example\u3002com', 'dot@ｅxample.com', 'dot@exam\u00adple.com', 'ｄot@example.com']) {
    isProblem(t, await register(spelling), 'validation_failed', JSON.stringify(spelling));
  }
});

t.test('addresses that are not the same are not taken for the same', async (t) => {
  const addresses = ['a.b@example.com', 'ab@example.com', 'a+b@example.com', 'a.b@sub.example.com', 'a.b@example.org'];
  for (const email of addresses) t.equal((await register(email)).statusCode, 201, email);
});

t.test(
  'of 50 concurrent registrations of one address, in mixed case, on two instances, exactly one succeeds',
  async (t) => {
    const other = await testAppOn(t, service.databaseUrl);
    for (let round = 0; round < 3; round += 1) {
      const email = `race-${round}@example.com`;
      const spellings = Array.from({ length: 50 }, (_, i) =>
        [...email].map((letter, at) => ((i >> (at % 5)) & 1 ? letter.toUpperCase() : letter)).join(''),
      );
      const answers = await Promise.all(
        spellings.map((spelling, i) => (i % 2 === 0 ? service : other).register(spelling, `password ${i}`)),
      );
      const made = answers.flatMap(({ statusCode }, i) => (statusCode === 201 ? [i] : []));
      t.equal(made.length, 1);
      const [winner = -1] = made;
      for (const [i, answer] of answers.entries())
        if (i !== winner) isProblem(t, answer, 'email_taken', spellings[i] ?? '');
      t.equal((await rows`select 1 from users where email = ${email}`).length, 1);
      t.ok(
        await service.login(email, `password ${winner}`),
        'the account has the password of the successful registration',
      );
    }
  },
);

t.test('a registration with a taken address does not change the account', async (t) => {
  const { id } = (await register('taken@example.com', 'first password')).json();
  const account = async () => (await rows`select * from users where id = ${id}`)[0];
  const before = await account();
  isProblem(t, await register('Taken@example.com', 'second password'), 'email_taken', 'taken');
  t.strictSame(await account(), before);
  await rows`update users set disabled_at = now() where id = ${id}`;
  isProblem(
    t,
    await register('taken@example.com', 'third password'),
    'email_taken',
    'a disabled account keeps its address',
  );
});

t.test('a registration stores a hash of the configured cost and starts no session', async (t) => {
  const [answer, same] = [await register('hash-1@example.com'), await register('hash-2@example.com')];
  const [user, other] =
    await rows`select * from users where id in ${rows([answer.json().id, same.json().id])} order by id`;
  t.match(user?.password_hash, /^\$argon2id\$v=19\$m=7168,t=1,p=1\$[A-Za-z0-9+/]{22,}\$[A-Za-z0-9+/]{43}$/);
  t.not(user?.password_hash, other?.password_hash, 'each hash has its own salt');
  matchAll(t, user, { username: '', roles: [], email_verified_at: null, disabled_at: null });
  t.equal((await rows`select 1 from sessions where user_id = ${user?.id}`).length, 0);
  const log = JSON.stringify(service.logLines());
  t.notOk(log.includes('hash-1@example.com') || log.includes(user?.password_hash), 'neither is logged');
});

t.test('the default cost follows the OWASP recommendation', async (t) => {
  const env = { ARGON2_MEMORY_KIB: '', ARGON2_TIME_COST: '' };
  const { app } = await testAppOn(t, service.databaseUrl, { env });
  t.match(await app.passwords.hash('password'), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

t.test('PASSWORD_MIN_LENGTH takes effect at the next registration', async (t) => {
  const { app } = service;
  t.teardown(() => resetSetting(app, 'PASSWORD_MIN_LENGTH'));
  await setSetting(app, 'PASSWORD_MIN_LENGTH', 12);
  const answer = await register('long@example.com', 'elevenchars');
  isProblem(t, answer, 'validation_failed', 'too short');
  t.strictSame(answer.json().errors, [{ path: '/password', message: 'must have at least 12 characters' }]);
  t.equal((await register('long@example.com', 'twelve chars')).statusCode, 201);
  t.ok(await service.login('case@example.com'), 'an existing shorter password still works');
});

t.test('account ids are never reused', async (t) => {
  const { id } = (await register('gone@example.com')).json();
  await rows`delete from users where id = ${id}`;
  const again = (await post('/api/register/', { email: 'gone@example.com', password: 'password' })).json();
  t.ok(again.id > id);
});

t.test(
  'while REGISTRATION_OPEN is off nobody registers, and nothing is hashed; who has an account logs in',
  async (t) => {
    const service = await testApp(t);
    await service.register();
    await setSetting(service.app, 'REGISTRATION_OPEN', false);
    isProblem(t, await service.register('other@example.com'), 'registration_closed', 'closed');
    isProblem(t, await service.register(), 'registration_closed', 'a taken address is told from no other');
    isProblem(t, await service.post('/api/register/', { email: 'x' }), 'validation_failed', 'the form comes first');
    await service.login();
    await resetSetting(service.app, 'REGISTRATION_OPEN');
    t.equal((await service.register('other@example.com')).statusCode, 201);
  },
);

t.test(
  'where PASSWORD_REJECT_COMMON is on, common passwords are refused; those that are set go on working',
  async (t) => {
    const service = await testApp(t);
    await service.register();
    await setSetting(service.app, 'PASSWORD_REJECT_COMMON', true);
    const { access_token: token } = await service.login();
    for (const answer of [
      await service.register('other@example.com', 'PassWord1'),
      await service.updateMe(token, { password: 'PassWord1' }),
    ]) {
      isProblem(t, answer, 'validation_failed', 'common');
      matchAll(t, answer.json().errors, [
        { path: '/password', message: /^is one of the most common passwords; choose / },
      ]);
    }
    t.equal((await service.register('other@example.com', 'xkcd-936-staple')).statusCode, 201);
  },
);
