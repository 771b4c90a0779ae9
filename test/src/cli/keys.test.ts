// latchkey keys: its commands, with and without running services.
import t, { type Test } from 'tap';
import { testDatabase } from '../../support/database.js';
import { runHere, type ServiceHere, serveHere } from '../../support/in-process.js';
import { ageKeys, type KeyRow, keyIn, keyRows, keyStates, kidOf, publishedKids } from '../../support/keys.js';
import { isProblem } from '../../support/problem.js';
import { rowsOf } from '../../support/rows.js';
import { serviceEnvironment, tokensOf } from '../../support/service.js';
import { until } from '../../support/until.js';

const EMAIL = 'user@example.com';
const OTHER_SECRET = 'test-Pw5yX2kFh4mV9cLr7TnWb3pJd6sGa1eN';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Two services on one database with one account, its rows, and the command. */
async function pair(t: Test) {
  const url = await testDatabase(t);
  // Longer than the test, so that no token is refused because it expired.
  const env = { SETTING_ACCESS_TOKEN_LIFETIME: '600' };
  const one = await serveHere(t, url, env);
  const two = await serveHere(t, url, env);
  t.equal((await one.register(EMAIL)).statusCode, 201);
  return { one, two, all: [one, two], rows: rowsOf(t, url), keys: keysOn(url) };
}

const keysOn =
  (url: string, env: Record<string, string> = {}) =>
  (...args: string[]) =>
    runHere(['keys', ...args], { ...serviceEnvironment(url, 0), ...env });

const tokenOf = async (service: ServiceHere) => tokensOf(await service.login(EMAIL)).access_token;
const verify = (service: ServiceHere, accessToken: string) =>
  service.call('GET', '/api/verify/', { headers: { authorization: `Bearer ${accessToken}` } });

/** Asserts that every service signs with this key and accepts its tokens. */
async function signs(t: Test, all: readonly ServiceHere[], kid: string): Promise<void> {
  for (const each of all) {
    const token = await until('the service signs with the key', async () => {
      const signed = await tokenOf(each);
      return kidOf(signed) === kid && signed;
    });
    for (const other of all) t.equal((await verify(other, token)).statusCode, 204);
  }
}

t.test('rotate, list and retire take effect on two running services', async (t) => {
  const { one, two, all, rows, keys } = await pair(t);
  const active = await keyIn(rows, 'active');
  const next = await keyIn(rows, 'next');
  const old = await tokenOf(one);

  const list = await keys('list');
  t.match(list, { code: 0, stderr: /^$/ });
  t.match(
    list.stdout,
    new RegExp(`^${active.kid} {2}ES256 {2}active {2}signing since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d$`, 'm'),
  );
  t.match(list.stdout, new RegExp(`^${next.kid} {2}ES256 {2}next {4}published since \\d{4}-`, 'm'));

  const early = await keys('rotate');
  t.match(early, { code: 1, stdout: /^$/ });
  t.match(early.stderr, /^latchkey: the next key [\w-]{43} can sign from \d{4}-[^\n]+KEY_LEAD_TIME[^\n]+--now\n$/);
  t.equal((await keyIn(rows, 'active')).kid, active.kid);

  // Two operators at once cause one rotation, however much later the second one comes.
  await ageKeys(rows, 86_400);
  const [a, b] = await Promise.all([keys('rotate', '--json'), keys('rotate', '--json')]);
  t.strictSame([a.code, b.code].sort(), [0, 1], `${a.stderr}${b.stderr}`);
  const [winner, loser] = a.code === 0 ? [a, b] : [b, a];
  t.match(loser, {
    stdout: /^$/,
    stderr: /^latchkey: (another rotation came first|the next key [\w-]{43} can sign)[^\n]+\n$/,
  });
  t.strictSame(await keyStates(rows), { active: 1, next: 1, retired: 1 });
  t.equal((await keyIn(rows, 'active')).kid, next.kid);
  const [retired, now, after, ...others] = JSON.parse(winner.stdout);
  t.match(retired, { kid: active.kid, alg: 'ES256', state: 'retired', retiredAt: INSTANT, expiresAt: INSTANT });
  t.match(now, { kid: next.kid, alg: 'ES256', state: 'active', activatedAt: INSTANT, expiresAt: null });
  t.match(after, { state: 'next', createdAt: INSTANT, activatedAt: null });
  t.strictSame(others, []);
  for (const key of [retired, now, after]) {
    t.strictSame(Object.keys(key), ['kid', 'alg', 'state', 'createdAt', 'activatedAt', 'retiredAt', 'expiresAt']);
  }
  await signs(t, all, next.kid);
  for (const each of all) {
    t.equal((await verify(each, old)).statusCode, 204, 'tokens of the previous key stay valid');
    const kids = (await keyRows(rows)).map(({ kid }) => kid);
    await until('the next key is published', async () => (await publishedKids(each)).length === 3);
    t.strictSame(await publishedKids(each), kids);
  }

  const compromised = await tokenOf(two);
  for (const each of all) t.equal((await verify(each, compromised)).statusCode, 204, 'the token is valid before');
  const retire = await keys('retire', next.kid, '--json');
  t.match(retire, { code: 0, stderr: /^$/ });
  t.notOk(JSON.parse(retire.stdout).some(({ kid }: KeyRow) => kid === next.kid));
  for (const each of all) {
    await until('its tokens are refused', async () => (await verify(each, compromised)).statusCode === 401);
    isProblem(t, await verify(each, compromised), 'invalid_token', 'refused');
    isProblem(t, await each.me(compromised), 'invalid_token', 'refused');
    t.notOk((await publishedKids(each)).includes(next.kid));
    t.equal((await verify(each, old)).statusCode, 204, 'tokens of the previous key are accepted');
  }
  await signs(t, all, after.kid);
  await until('there is a next key again', async () => (await keyStates(rows)).next === 1);

  const again = await keys('retire', next.kid);
  t.match(again, {
    code: 1,
    stdout: /^$/,
    stderr: `latchkey: there is no signing key ${next.kid}; see: latchkey keys list\n`,
  });
  for (const each of all) {
    t.strictSame(
      each.logLines().filter(({ level }) => level === 'error' || level === 'fatal'),
      [],
      'no error was logged',
    );
  }
});

t.test('without a running service, the commands work on the table', async (t) => {
  const url = await testDatabase(t);
  const rows = rowsOf(t, url);
  const keys = keysOn(url, { SETTING_KEY_LEAD_TIME: '5' });
  t.match(await keys('list', '--json'), { code: 0, stdout: '[]\n' });
  const first = await keys('rotate');
  t.match(first, { code: 1, stderr: /^latchkey: the next key [\w-]{43} can sign from [^\n]+\n$/ });
  t.strictSame(await keyStates(rows), { active: 1, next: 1, retired: 0 }, 'the missing keys were created');

  // An automatic rotation is due too: the command makes only one.
  const next = await keyIn(rows, 'next');
  await rows`update signing_keys set created_at = now() - interval '100 days', activated_at = activated_at - interval '100 days'`;
  t.match(await keys('rotate'), { code: 0, stderr: /^$/ });
  t.equal((await keyIn(rows, 'active')).kid, next.kid);
  t.strictSame(await keyStates(rows), { active: 1, next: 1, retired: 1 });

  const other = keysOn(url, { AUTH_SECRET: OTHER_SECRET });
  const wrong = await other('rotate');
  t.match(wrong, { code: 1, stdout: /^$/, stderr: /^latchkey: signing keys cannot be read: [^\n]+\n$/ });
  t.notMatch(wrong.stderr, /retire/, 'the message does not advise to retire keys');
  // Keys are retired only with both confirmations, and only those that cannot be read.
  const before = (await keyRows(rows)).map(({ kid }) => kid);
  for (const args of [[], ['--yes'], ['--new-secret']]) {
    t.match(await other('retire', '--unreadable', ...args), { code: 1, stdout: /^$/, stderr: /^latchkey: [^\n]+\n$/ });
  }
  t.match(await other('retire'), { code: 1, stderr: /--unreadable/ });
  t.strictSame(
    (await keyRows(rows)).map(({ kid }) => kid),
    before,
  );
  t.match(
    await keys('retire', '--unreadable', '--new-secret', '--yes'),
    { code: 0 },
    'with the right secret no key is unreadable',
  );
  t.strictSame(
    (await keyRows(rows)).map(({ kid }) => kid),
    before,
  );
  t.match(await other('retire', '--unreadable', '--new-secret', '--yes'), { code: 0, stderr: /^$/ });
  t.strictSame(await keyStates(rows), { active: 0, next: 0, retired: 1 }, 'a retired key can still verify');
  await serveHere(t, url, { AUTH_SECRET: OTHER_SECRET });
  t.strictSame(await keyStates(rows), { active: 1, next: 1, retired: 1 });

  // One damaged row, while the secret opens another: --yes is sufficient.
  await rows`update signing_keys set private_key = 'x'::bytea where state = 'next'`;
  const damaged = await keyIn(rows, 'next');
  t.match(await other('retire', '--unreadable', '--yes'), { code: 0, stderr: /^$/ });
  t.notOk((await keyRows(rows)).some(({ kid }) => kid === damaged.kid));
});
