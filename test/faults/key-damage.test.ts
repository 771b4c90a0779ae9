// Lost or damaged rows of signing keys: the service keeps using the keys that it has, reports the damage once, and replaces lost keys.
import type postgres from 'postgres';
import t, { type Test } from 'tap';
import { buildApp } from '#app.js';
import { UnreadableSigningKeys } from '#keys/service.js';
import { type TestApp, testAppOn, testConfiguration } from '../support/app.js';
import {
  ageKeys,
  announceKeys,
  dropDatabase,
  type KeyRow,
  keyIn,
  keyRows,
  keyStates,
  kidOf,
  linesOf,
  publishedKids,
  reloadKeys,
  tokenOf,
  twoInstances,
  verifyStatus,
} from '../support/keys.js';
import { matchAll } from '../support/match.js';
import { until } from '../support/until.js';

const DAY = 86_400;
const UNREADABLE = 'a signing key cannot be read';

const loud = ({ logLines }: TestApp) =>
  logLines().filter(({ level }) => ['warn', 'error', 'fatal'].includes(`${level}`));

/** Calls every instance in turn until `end`, which resolves to the statuses seen. A failed login throws. */
function traffic(all: readonly TestApp[]) {
  let active = true;
  const statuses = new Set<number>();
  const run = async (on: TestApp) => {
    while (active) {
      const pair = await on.login();
      for (const other of all) {
        statuses.add(await verifyStatus(other, pair.access_token));
        statuses.add((await other.me(pair.access_token)).statusCode);
      }
      statuses.add((await on.refresh(pair.refresh_token)).statusCode);
      statuses.add((await on.inject({ method: 'GET', url: '/.well-known/jwks.json' })).statusCode);
    }
  };
  const running = Promise.all(all.map(run));
  return {
    end: async (): Promise<number[]> => {
      active = false;
      await running;
      return [...statuses].sort();
    },
  };
}

/** Asserts that a start on this database fails with one line that names these keys. */
async function startFails(t: Test, databaseUrl: string, kids: readonly string[], what: string): Promise<void> {
  const starting = buildApp(testConfiguration(databaseUrl, { LOG_LEVEL: 'silent' }));
  const error = await starting.then(
    (app) => app.close(),
    (reason: unknown) => reason,
  );
  t.ok(error instanceof UnreadableSigningKeys, `${what}: ${error}`);
  const { message = '' } = (error as Error | undefined) ?? {};
  for (const kid of kids) t.ok(message.includes(kid), `${what}: names ${kid}`);
  t.notMatch(message, /\n/, what);
}

const lost: Record<string, { where: (rows: postgres.Sql) => postgres.Fragment; tokensDie: boolean }> = {
  'every key': { where: (rows) => rows`true`, tokensDie: true },
  'the active key': { where: (rows) => rows`state = 'active'`, tokensDie: true },
  'the next key': { where: (rows) => rows`state = 'next'`, tokensDie: false },
};

for (const [what, { where, tokensDie }] of Object.entries(lost)) {
  t.test(`${what} deleted under load: it is replaced at once, and no response is a 5xx`, async (t) => {
    const { one, two, all, rows } = await twoInstances(t);
    const token = await tokenOf(one);
    const { kid } = await keyIn(rows, 'active');
    const calls = traffic(all);
    await rows`delete from signing_keys where ${where(rows)}`;
    await announceKeys(rows);
    await until('there are both again', async () => {
      const { active, next } = await keyStates(rows);
      return active === 1 && next === 1;
    });
    await reloadKeys(all);
    const statuses = await calls.end();
    t.ok(
      statuses.every((status) => status < 500),
      `${statuses}`,
    );
    t.strictSame(await keyStates(rows), { active: 1, next: 1, retired: 0 });
    const kids = (await keyRows(rows)).map((row) => row.kid);
    for (const each of all) {
      t.strictSame(await publishedKids(each), kids);
      t.equal(await verifyStatus(each, token), tokensDie ? 401 : 204, 'a token from before');
      const signed = await tokenOf(each);
      t.equal(kidOf(signed), (await keyIn(rows, 'active')).kid);
      t.equal(await verifyStatus(one, signed), 204);
      t.equal(await verifyStatus(two, signed), 204);
    }
    for (let i = 0; i < 5; i += 1) await reloadKeys(all);
    const complaints = all.flatMap((each) => linesOf(each, 'no active signing key: the last one signs'));
    if (tokensDie) {
      t.ok(complaints.length >= 1, 'it is said');
      t.ok(complaints.every((line) => line.level === 'error' && line.kid === kid));
    }
    for (const each of all) t.ok(loud(each).length <= 2, `and not for ever: ${JSON.stringify(loud(each))}`);
  });
}

/** Damages to a row, and how they are reported. */
const damages: Record<string, { change: (rows: postgres.Sql, row: KeyRow) => Promise<unknown>; wrong: RegExp }> = {
  'a flipped bit in the private key': {
    change: (rows, { kid }) =>
      rows`update signing_keys set private_key = set_bit(private_key, 200, 1 - get_bit(private_key, 200)) where kid = ${kid}`,
    wrong: /AUTH_SECRET does not decrypt its private key/,
  },
  'an empty private key': {
    change: (rows, { kid }) => rows`update signing_keys set private_key = ''::bytea where kid = ${kid}`,
    wrong: /AUTH_SECRET does not decrypt its private key/,
  },
  'the private key of another row': {
    change: (rows, { kid }) =>
      rows`update signing_keys set private_key = (select private_key from signing_keys where kid <> ${kid} limit 1) where kid = ${kid}`,
    wrong: /AUTH_SECRET does not decrypt its private key/,
  },
  'another algorithm': {
    change: (rows, { kid }) => rows`update signing_keys set alg = 'RS256' where kid = ${kid}`,
    wrong: /its public key cannot be read/,
  },
  'the algorithm of shared secrets': {
    change: (rows, { kid }) => rows`update signing_keys set alg = 'HS256' where kid = ${kid}`,
    wrong: /AUTH_SECRET does not decrypt its private key/,
  },
  'an unsupported algorithm': {
    change: (rows, { kid }) => rows`update signing_keys set alg = 'none' where kid = ${kid}`,
    wrong: /its algorithm is unknown/,
  },
  'the public key of another row': {
    change: (rows, { kid }) =>
      rows`update signing_keys set public_jwk = (select public_jwk from signing_keys where kid <> ${kid} limit 1) where kid = ${kid}`,
    wrong: /its public key belongs to another key/,
  },
  'no public key': {
    change: (rows, { kid }) => rows`update signing_keys set public_jwk = null where kid = ${kid}`,
    wrong: /its public key cannot be read/,
  },
  'a malformed public key': {
    change: (rows, { kid }) => rows`update signing_keys set public_jwk = '[1, "two", null]' where kid = ${kid}`,
    wrong: /its public key cannot be read/,
  },
};

for (const state of ['active', 'next'] as const) {
  t.test(
    `a damaged row of the ${state} key is reported once, the last valid key stays in use, and a start fails`,
    async (t) => {
      const { one, two, all, rows } = await twoInstances(t);
      const row = await keyIn(rows, state);
      const published = await publishedKids(one);
      const token = await tokenOf(one);
      const calls = traffic(all);
      let reported = 0;
      // All cases for the active key, and some for the next one, which is read in the same way.
      const some = Object.entries(damages).filter((_, i) => state === 'active' || i % 3 === 0);
      for (const [what, { change, wrong }] of some) {
        await change(rows, row);
        await announceKeys(rows);
        reported += 1;
        for (const each of all) {
          await until(`${what} is reported`, () => linesOf(each, UNREADABLE).length === reported);
          t.match(linesOf(each, UNREADABLE).at(-1), { level: 'error', kid: row.kid, state, wrong }, what);
        }
        for (let i = 0; i < 3; i += 1) await reloadKeys(all);
        for (const each of all) {
          t.equal(linesOf(each, UNREADABLE).length, reported, `${what}: logged once`);
          t.strictSame((await publishedKids(each)).sort(), [...published].sort(), `${what}: still published`);
          const signed = await tokenOf(each);
          t.equal(kidOf(signed), kidOf(token), `${what}: the same key signs`);
          for (const other of all) t.equal(await verifyStatus(other, signed), 204, `${what}: it verifies`);
        }
        await startFails(t, one.databaseUrl, [row.kid], what);
        t.strictSame(await keyStates(rows), { active: 1, next: 1, retired: 0 }, `${what}: no key was created`);
        await rows`
        update signing_keys set
          alg = ${row.alg}, private_key = ${row.private_key}, public_jwk = ${rows.json(row.public_jwk as never)}
        where kid = ${row.kid}`;
        await reloadKeys(all);
      }
      t.strictSame(await calls.end(), [200, 204], 'no call failed');
      t.equal(await verifyStatus(two, token), 204);
      await testAppOn(t, one.databaseUrl);
      t.pass('with the restored row the service starts');
    },
  );
}

t.test(
  'a damaged next key never signs: the active key keeps signing until the operator retires the damaged one',
  async (t) => {
    const { one, all, rows } = await twoInstances(t);
    const active = await keyIn(rows, 'active');
    const damaged = await keyIn(rows, 'next');
    await damages['a flipped bit in the private key']?.change(rows, damaged);
    for (let i = 0; i < 3; i += 1) await reloadKeys(all);
    await ageKeys(rows, 90 * DAY);
    await reloadKeys(all);
    t.equal((await keyIn(rows, 'active')).kid, active.kid, 'though it would be due');
    t.equal((await keyIn(rows, 'next')).kid, damaged.kid, 'and nothing is replaced');
    await one.app.keys.retire(damaged.kid);
    await reloadKeys(all);
    const next = await keyIn(rows, 'next');
    await ageKeys(rows, 7200);
    await reloadKeys(all);
    await reloadKeys(all);
    t.equal((await keyIn(rows, 'active')).kid, next.kid, 'which signs after KEY_LEAD_TIME');
    const late = await testAppOn(t, one.databaseUrl);
    t.equal(kidOf(await tokenOf(late)), next.kid, 'and the service starts again');
  },
);

t.test('a damaged row of a retired key affects only the tokens of that key, and no start', async (t) => {
  const { one, two, all, rows } = await twoInstances(t);
  const old = await tokenOf(one);
  await ageKeys(rows, 90 * DAY);
  await reloadKeys(all);
  const retired = await keyIn(rows, 'retired');
  await rows`update signing_keys set private_key = ''::bytea where kid = ${retired.kid}`;
  await reloadKeys(all);
  const third = await testAppOn(t, one.databaseUrl);
  t.strictSame(loud(third), [], 'its private key is no longer needed');
  await damages['no public key']?.change(rows, retired);
  await reloadKeys(all);
  const late = await testAppOn(t, one.databaseUrl);
  matchAll(t, linesOf(late, UNREADABLE), [{ level: 'error', kid: retired.kid, state: 'retired' }]);
  for (const each of [one, two, third])
    t.equal(await verifyStatus(each, old), 204, 'instances that have read the key accept its token');
  t.equal(await verifyStatus(late, old), 401, 'an instance that starts later does not');
  t.equal(await verifyStatus(late, await tokenOf(one)), 204);
});

t.test('members beyond the public key are not published', async (t) => {
  const { one, two, all, rows } = await twoInstances(t);
  await rows`update signing_keys set public_jwk = public_jwk || '{"d": "secret", "k": "secret", "use": "enc", "x5u": "u"}'`;
  await reloadKeys(all);
  const late = await testAppOn(t, one.databaseUrl);
  for (const each of [one, two, late]) {
    const { keys } = (await each.inject({ method: 'GET', url: '/.well-known/jwks.json' })).json();
    for (const key of keys) t.strictSame(Object.keys(key), ['kty', 'crv', 'x', 'y', 'use', 'alg', 'kid']);
    t.strictSame([keys.length, keys[0].use], [2, 'sig']);
  }
});

t.test('without the database, tokens are signed and verified with the keys in memory', async (t) => {
  const { one, rows } = await twoInstances(t);
  const token = await tokenOf(one);
  await rows.end();
  await dropDatabase(t, one.databaseUrl);
  const away = 'signing keys cannot be read: the cached ones stay in use';
  await until('it is noticed', () => linesOf(one, away).length > 0);
  await t.rejects(one.app.keys.reload());
  t.equal(await verifyStatus(one, token), 204);
  t.ok((await one.me(token)).statusCode >= 500, 'the database is unreachable');
  const signed = one.app.tokens.issue({
    userId: 1,
    sessionId: 1,
    username: '',
    emailVerified: false,
    authTime: 1,
    methods: [],
    mustEnrol: false,
    roles: [],
    permissions: [],
  });
  t.equal(await verifyStatus(one, signed), 204);
  t.equal((await publishedKids(one)).length, 2);
  t.equal(linesOf(one, away).length, 1, 'it is logged once');
});
