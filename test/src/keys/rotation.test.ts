// The life cycle of a signing key on real instances: created once, next, active, retired, deleted.
import t, { type Test } from 'tap';
import { createSigningKeysRepository } from '#keys/repository.js';
import { signingAlgorithms } from '#platform/config/signing-algorithms.js';
import { TEST_SECRET, type TestApp, testApp, testAppOn } from '../../support/app.js';
import { testDatabase } from '../../support/database.js';
import {
  ageKeys,
  announceKeys,
  keyIn,
  keyRows,
  keyStates,
  kidOf,
  linesOf,
  publishedKids,
  reloadKeys,
  tokenOf,
  twoInstances,
  untilSigningWith,
  verifyStatus,
} from '../../support/keys.js';
import { matchAll } from '../../support/match.js';
import { isProblem } from '../../support/problem.js';
import { rowsOf } from '../../support/rows.js';
import { setSetting } from '../../support/settings.js';
import { until } from '../../support/until.js';

const DAY = 86_400;
const ROTATED = 'signing key rotated';

const lines = (all: readonly TestApp[], message: string) => all.flatMap((each) => linesOf(each, message)).length;

/** Asserts that every instance accepts the token. */
async function isGood(t: Test, all: readonly TestApp[], token: string, what: string): Promise<void> {
  for (const [i, each] of all.entries()) t.equal(await verifyStatus(each, token), 204, `${what}, instance ${i}`);
}

/** Asserts that every instance refuses the token. */
async function isRefused(t: Test, all: readonly TestApp[], accessToken: string, what: string): Promise<void> {
  for (const [i, each] of all.entries()) {
    t.equal(await verifyStatus(each, accessToken), 401, `${what}, instance ${i}`);
    isProblem(t, await each.me(accessToken), 'invalid_token', `${what}, instance ${i}`);
  }
}

t.test('eight instances that start on an empty database at once create one active and one next key', async (t) => {
  const url = await testDatabase(t);
  const all = await Promise.all(Array.from({ length: 8 }, () => testAppOn(t, url)));
  const rows = rowsOf(t, url);
  t.strictSame(await keyStates(rows), { active: 1, next: 1, retired: 0 });
  t.equal(lines(all, 'signing key created'), 2, 'each once');
  const [first] = all;
  await first?.register();
  const { kid } = await keyIn(rows, 'active');
  const published = (await keyRows(rows)).map((row) => row.kid);
  for (const [i, each] of all.entries()) {
    const token = await tokenOf(each);
    t.equal(kidOf(token), kid, `instance ${i} signs with the one key`);
    for (const other of all) t.equal(await verifyStatus(other, token), 204);
    await until('both keys are published', async () => (await publishedKids(each)).length === 2);
    t.strictSame(await publishedKids(each), published, `instance ${i} publishes both`);
  }
});

t.test('an old key is replaced by the next one, once, and its tokens stay valid', async (t) => {
  const { one, two, all, rows } = await twoInstances(t);
  const before = await keyIn(rows, 'active');
  const next = await keyIn(rows, 'next');
  const old = await tokenOf(one);
  await ageKeys(rows, 90 * DAY);
  // Without a notification: the poll has to find it.
  for (const each of all) await untilSigningWith(each, next.kid);
  t.equal(lines(all, ROTATED), 1);
  await reloadKeys(all);
  t.strictSame(await keyStates(rows), { active: 1, next: 1, retired: 1 });
  t.equal((await keyIn(rows, 'retired')).kid, before.kid);
  t.equal(lines(all, ROTATED), 1, 'no second rotation');
  for (const each of all) {
    const token = await tokenOf(each);
    t.equal(kidOf(token), next.kid);
    await isGood(t, all, token, 'a token of the new key');
    const rowKids = (await keyRows(rows)).map(({ kid }) => kid);
    t.strictSame(await publishedKids(each), rowKids, 'retired, active and next are published');
  }
  await isGood(t, [two, one], old, 'a token of the retired key');
});

t.test('no rotation happens before it is due', async (t) => {
  const { all, rows } = await twoInstances(t);
  const { kid } = await keyIn(rows, 'active');
  const still = async (what: string) => {
    await reloadKeys(all);
    t.equal((await keyIn(rows, 'active')).kid, kid, what);
  };
  await rows`update signing_keys set activated_at = now() - interval '4000 days' where state = 'active'`;
  await still('the next key has not been published for KEY_LEAD_TIME');
  await rows`update signing_keys set created_at = now() - interval '7190 seconds' where state = 'next'`;
  await still('the lead time is not quite over');
  await rows`update signing_keys set activated_at = now() - interval '89.9 days' where state = 'active'`;
  await rows`update signing_keys set created_at = now() - interval '4000 days' where state = 'next'`;
  await still('KEY_ROTATION_DAYS have not passed');
  await ageKeys(rows, DAY);
  await reloadKeys(all);
  t.not((await keyIn(rows, 'active')).kid, kid, 'now it is due');
});

t.test('with KEY_ROTATION_DAYS=0 a key signs until it is rotated by hand', async (t) => {
  const service = await testApp(t, { env: { SETTING_KEY_ROTATION_DAYS: '0' } });
  const rows = rowsOf(t, service.databaseUrl);
  const { kid } = await keyIn(rows, 'active');
  await ageKeys(rows, 4000 * DAY);
  await service.app.keys.reload();
  t.equal(service.app.keys.current().kid, kid);
  await setSetting(service.app, 'KEY_ROTATION_DAYS', 365);
  await service.app.keys.reload();
  t.not(service.app.keys.current().kid, kid, 'until the setting is changed');
});

t.test('instances that find a rotation due at the same time rotate once', async (t) => {
  const { all, rows } = await twoInstances(t);
  for (let round = 1; round <= 5; round += 1) {
    const next = await keyIn(rows, 'next');
    await ageKeys(rows, 90 * DAY);
    // Keeps the retired keys, so that they can be counted.
    await rows`update signing_keys set expires_at = now() + interval '1 hour' where state = 'retired'`;
    await reloadKeys(all);
    t.strictSame(await keyStates(rows), { active: 1, next: 1, retired: round });
    t.equal((await keyIn(rows, 'active')).kid, next.kid);
    for (const { app } of all) t.equal(app.keys.current().kid, next.kid);
  }
  t.equal(lines(all, ROTATED), 5);
  t.strictSame(
    all.flatMap(({ logLines }) => logLines()).filter(({ level }) => level === 'warn' || level === 'error'),
    [],
  );
});

t.test('of two concurrent rotations one succeeds, and the other is refused', async (t) => {
  const { all, rows } = await twoInstances(t);
  for (const early of [true, false]) {
    const next = await keyIn(rows, 'next');
    await ageKeys(rows, DAY);
    await rows`update signing_keys set expires_at = now() + interval '1 hour' where state = 'retired'`;
    const results = await Promise.allSettled(all.map(({ app }) => app.keys.rotate({ early })));
    t.strictSame(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    t.match(
      results.find(({ status }) => status === 'rejected'),
      { reason: { message: /another rotation came first|can sign from/ } },
    );
    t.equal((await keyIn(rows, 'active')).kid, next.kid);
  }
  t.strictSame(await keyStates(rows), { active: 1, next: 1, retired: 2 });
});

t.test('a retired key verifies until its last token has expired, and is then removed everywhere', async (t) => {
  const { one, two, all, rows } = await twoInstances(t);
  const old = await tokenOf(one);
  await isGood(t, all, old, 'before');
  await ageKeys(rows, 90 * DAY);
  await reloadKeys(all);
  const retired = await keyIn(rows, 'retired');
  t.equal(retired.kid, kidOf(old));
  const seconds = (Number(retired.expires_at) - Number(retired.retired_at)) / 1000;
  t.equal(
    seconds,
    30 + 65,
    'the lifetime of its last token, the time until every instance follows, and a minute of leeway',
  );

  await rows`update signing_keys set expires_at = now() + interval '30 seconds' where kid = ${retired.kid}`;
  await one.app.keys.reload();
  t.ok((await publishedKids(one)).includes(retired.kid), 'it is published until then');
  await rows`update signing_keys set expires_at = now() where kid = ${retired.kid}`;
  await one.app.keys.reload();
  t.strictSame(await keyStates(rows), { active: 1, next: 1, retired: 0 });
  await until('the other instance follows', async () => !(await publishedKids(two)).includes(retired.kid));
  t.notOk((await publishedKids(one)).includes(retired.kid));
  await isRefused(t, all, old, 'a token that had been verified before');
  t.equal(lines(all, 'signing key removed: its tokens have expired'), 1);
  await isGood(t, all, await tokenOf(two), 'the others');
});

t.test('a retired key is kept for the longest token lifetime that it has signed with', async (t) => {
  const { one, rows } = await twoInstances(t);
  await setSetting(one.app, 'ACCESS_TOKEN_LIFETIME', 3600);
  await announceKeys(rows);
  await until('it is noted', async () => (await keyIn(rows, 'active')).longest_lifetime === 3600);
  await setSetting(one.app, 'ACCESS_TOKEN_LIFETIME', 10);
  await ageKeys(rows, 90 * DAY);
  await one.app.keys.reload();
  const { longest_lifetime: longest, expires_at: expires, retired_at: retired } = await keyIn(rows, 'retired');
  t.equal(longest, 3600);
  t.equal((Number(expires) - Number(retired)) / 1000, 3600 + 65);
  t.equal((await keyIn(rows, 'active')).longest_lifetime, 10, 'the next key starts with the current lifetime');
});

for (const state of ['active', 'next', 'retired'] as const) {
  t.test(
    `retiring the ${state} key invalidates its tokens everywhere at once, and the service keeps running`,
    async (t) => {
      const { one, two, all, rows } = await twoInstances(t);
      const first = await tokenOf(one);
      await ageKeys(rows, 90 * DAY);
      await reloadKeys(all);
      const second = await tokenOf(one);
      // Verified before, so remembered: that must not help.
      for (const token of [first, second]) await isGood(t, all, token, 'before');
      const successor = await keyIn(rows, 'next');
      const { kid } = await keyIn(rows, state);

      t.equal(await one.app.keys.retire(kid), state);
      for (const each of all) await until('it is followed', async () => !(await publishedKids(each)).includes(kid));
      for (const token of [first, second]) {
        if (kidOf(token) === kid) await isRefused(t, all, token, 'a token of the key');
        else await isGood(t, all, token, 'a token of another key');
      }
      await until('one active and one next', async () => {
        const { active, next } = await keyStates(rows);
        return active === 1 && next === 1;
      });
      t.notOk((await keyRows(rows)).some((row) => row.kid === kid));
      const signing = (await keyIn(rows, 'active')).kid;
      t.equal(signing, state === 'active' ? successor.kid : kidOf(second));
      for (const each of all) {
        await untilSigningWith(each, signing);
        await isGood(t, all, await tokenOf(each), 'a new token');
      }
      await t.rejects(two.app.keys.retire(kid), { message: `there is no signing key ${kid}; see: latchkey keys list` });
    },
  );
}

for (const alg of signingAlgorithms) {
  t.test(`SIGNING_ALGORITHM=${alg}: keys sign, verify and are published with it`, async (t) => {
    const { one, two, all, rows } = await twoInstances(t, { env: { SIGNING_ALGORITHM: alg } });
    const token = await tokenOf(one);
    t.match(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()), {
      alg,
      typ: 'at+jwt',
      kid: (await keyIn(rows, 'active')).kid,
    });
    t.equal((await two.me(token)).statusCode, 200);
    await isGood(t, all, token, 'a token');
    const kids = (await keyRows(rows)).map(({ kid }) => kid);
    await until('all have both', () => two.app.keys.find(kids[1] ?? '') !== undefined);
    for (const each of all) t.strictSame(await publishedKids(each), alg === 'HS256' ? [] : kids);
    await ageKeys(rows, 90 * DAY);
    await reloadKeys(all);
    await isGood(t, all, token, 'a token of the retired key');
    await isGood(t, all, await tokenOf(two), 'a token of the new key');
  });
}

t.test('a change of SIGNING_ALGORITHM replaces the next key, which signs after KEY_LEAD_TIME', async (t) => {
  const { one, two, rows } = await twoInstances(t);
  const old = await tokenOf(one);
  const replaced = await keyIn(rows, 'next');
  const env = { SIGNING_ALGORITHM: 'EdDSA' };
  const changed = await Promise.all([
    testAppOn(t, one.databaseUrl, { env }),
    testAppOn(t, one.databaseUrl, { env }),
    testAppOn(t, one.databaseUrl, { env }),
  ]);
  const all = [one, two, ...changed];
  const next = await keyIn(rows, 'next');
  matchAll(t, await keyRows(rows), [
    { alg: 'ES256', state: 'active' },
    { alg: 'EdDSA', state: 'next' },
  ]);
  t.notOk((await keyRows(rows)).some(({ kid }) => kid === replaced.kid));
  t.equal(lines(changed, 'next signing key replaced by one with the configured algorithm'), 1, 'by one of the three');
  for (const each of all) {
    await until('the new key is published', async () => (await publishedKids(each)).includes(next.kid));
    t.equal(kidOf(await tokenOf(each)), kidOf(old), 'the old key signs');
  }
  await ageKeys(rows, 7200);
  await announceKeys(rows);
  for (const each of all) await untilSigningWith(each, next.kid);
  for (const each of all) {
    const token = await tokenOf(each);
    t.equal(kidOf(token), next.kid);
    await isGood(t, all, token, 'a token of the new key');
  }
  await isGood(t, all, old, 'a token of the old key');
  // Instances with the old configuration do not undo the change.
  const settled = (await keyRows(rows)).map(({ kid, state }) => [kid, state]);
  await ageKeys(rows, 60);
  await announceKeys(rows);
  for (let i = 0; i < 3; i += 1) await reloadKeys(all);
  t.strictSame(
    (await keyRows(rows)).map(({ kid, state }) => [kid, state]),
    settled,
  );
});

t.test('every change sends a notification, so that listening instances need not wait for the poll', async (t) => {
  const { one, rows } = await twoInstances(t);
  const received: string[] = [];
  const listener = rowsOf(t, one.databaseUrl);
  await listener.listen('latchkey_signing_keys', (kid) => received.push(kid));
  const assertAnnounced = async (what: string, ...kids: string[]) => {
    await until(`${what} is announced`, () => kids.every((kid) => received.includes(kid)));
    for (const kid of kids) received.splice(received.indexOf(kid), 1);
  };
  const [active, next] = [await keyIn(rows, 'active'), await keyIn(rows, 'next')];
  await ageKeys(rows, 90 * DAY);
  await one.app.keys.reload();
  await assertAnnounced('a rotation', next.kid);
  await rows`update signing_keys set expires_at = now() where kid = ${active.kid}`;
  await one.app.keys.reload();
  await assertAnnounced('the end of a retired key', active.kid);
  await one.app.keys.retire(next.kid);
  await assertAnnounced('an early end', next.kid);
  await until('there is a next key', async () => (await keyStates(rows)).next === 1);
  await assertAnnounced('a new key', (await keyIn(rows, 'next')).kid);
  const replaced = await keyIn(rows, 'next');
  await testAppOn(t, one.databaseUrl, { env: { SIGNING_ALGORITHM: 'EdDSA' } });
  const replacement = await keyIn(rows, 'next');
  t.not(replacement.kid, replaced.kid);
  await assertAnnounced('a key in the place of the next one', replacement.kid);
  await testAppOn(t, one.databaseUrl, {
    env: { SIGNING_ALGORITHM: 'EdDSA', AUTH_SECRET: `test-Pw5yX2kFh4mV9cLr7TnWb3pJd6sGa1eN,${TEST_SECRET}` },
  });
  await assertAnnounced('a re-encryption', ...(await keyRows(rows)).map(({ kid }) => kid));
});

t.test('the next key does not become active beside another active key', async (t) => {
  const { app, databaseUrl } = await testApp(t);
  const rows = rowsOf(t, databaseUrl);
  const { kid } = await keyIn(rows, 'next');
  t.equal(await createSigningKeysRepository(app.db).activate(kid), false);
  t.strictSame(await keyStates(rows), { active: 1, next: 1, retired: 0 });
});
