// Signing keys rotate under load on two real instances: no valid token is refused, and unknown kids cause no query.
import { randomBytes } from 'node:crypto';
import t from 'tap';
import { testApp, testAppOn } from '../support/app.js';
import { testDatabase } from '../support/database.js';
import { announceKeys, keyRows, kidOf, publishedKids } from '../support/keys.js';
import type { Answer } from '../support/problem.js';
import { rowsOf } from '../support/rows.js';
import { claimsOf, runCommand, type Service, serviceEnvironment, startService, tokensOf } from '../support/service.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const EMAIL = 'user@example.com';
const ROTATIONS = 2;
const WORKERS = 6;

interface Issued {
  readonly token: string;
  readonly kid: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** Verifies tokens on instances and records every refusal of an unexpired one. */
function createChecker() {
  const refused: { readonly kid: string; readonly port: number }[] = [];

  /** The expiry is checked after the answer, because a slow answer may come too late. */
  async function check(service: Service, { token, kid, expires }: Issued, path: string): Promise<Answer> {
    const answer = await service.call('GET', path, { headers: { authorization: `Bearer ${token}` } });
    if (answer.statusCode === 401 && Date.now() < expires) refused.push({ kid, port: service.port });
    return answer;
  }
  return { check, refused };
}

/** Logs in, refreshes, verifies and reads on all instances until `end`. */
function load(all: readonly Service[], check: ReturnType<typeof createChecker>['check']) {
  const issued: Issued[] = [];
  const statuses = new Map<number, number>();
  let running = true;
  let operations = 0;

  const count = (answer: Answer): Answer => {
    operations += 1;
    statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
    return answer;
  };
  const anyOf = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)];

  /** Records the access token of an answer and returns its refresh token; undefined when it has none. */
  const remember = (answer: Answer): string | undefined => {
    if (count(answer).statusCode !== 200) return undefined;
    const pair = tokensOf(answer);
    const { access_token: token, refresh_token: refreshToken } = pair;
    issued.push({ token, kid: kidOf(token), expires: 1000 * Number(claimsOf(pair).exp) });
    return refreshToken;
  };

  async function work(): Promise<void> {
    let session: string | undefined;
    for (let i = 0; running; i += 1) {
      const service = anyOf(all);
      const [latest, earlier] = [issued.at(-1), anyOf(issued)];
      if (service === undefined) return;
      if (session === undefined || i % 20 === 0) session = remember(await service.login(EMAIL));
      else if (i % 4 === 0) session = remember(await service.refresh(session));
      // The newest token is the one whose key an instance is most likely not to know yet; the others are of every key so far.
      else if (latest && i % 4 === 1) count(await check(service, latest, '/api/verify/'));
      else if (earlier) count(await check(service, earlier, i % 4 === 2 ? '/api/verify/' : '/api/me/'));
    }
  }

  const start = performance.now();
  const working = Promise.all(Array.from({ length: WORKERS }, work));
  return {
    issued,
    end: async () => {
      running = false;
      await working;
      return { operations, statuses, perSecond: Math.round((1000 * operations) / (performance.now() - start)) };
    },
  };
}

t.test('under load two instances rotate keys repeatedly and refuse no valid token', async (t) => {
  const url = await testDatabase(t);
  const env = { SETTING_KEY_LEAD_TIME: '5', SETTING_ACCESS_TOKEN_LIFETIME: '120' };
  // One listens for changes, the other polls.
  const all = [await startService(t, url, env), await startService(t, url, { ...env, DATABASE_POOLER: 'transaction' })];
  const rows = rowsOf(t, url);
  await all[0]?.register(EMAIL);
  const { check, refused } = createChecker();

  const { issued, end } = load(all, check);
  for (let i = 0; i < ROTATIONS; i += 1) {
    const { code, stderr } = await runCommand(['keys', 'rotate', '--now'], { ...serviceEnvironment(url, 0), ...env });
    t.strictSame([code, stderr], [0, ''], 'rotated');
    const signing = (await keyRows(rows)).find(({ state }) => state === 'active')?.kid;
    await until('tokens are signed with the new key', () => issued.some(({ kid }) => kid === signing));
  }
  const kids = (await keyRows(rows)).filter(({ state }) => state !== 'next').map(({ kid }) => kid);
  await until('every instance signs with the new key', async () =>
    (await Promise.all(all.map((each) => each.login(EMAIL)))).every(
      (answer) => answer.statusCode === 200 && kidOf(tokensOf(answer).access_token) === kids.at(-1),
    ),
  );
  const { operations, statuses, perSecond } = await end();
  t.comment(`${operations} calls, ${perSecond} a second: ${JSON.stringify([...statuses])}`);

  t.strictSame([...new Set(issued.map(({ kid }) => kid))].sort(), [...kids].sort(), 'each key has signed tokens');
  t.equal(kids.length, ROTATIONS + 1);
  // A busy machine may answer 503, which says nothing about the token.
  const unexpected = [...statuses.keys()].filter((status) => ![200, 204, 503].includes(status));
  t.strictSame(unexpected, [], 'no other answer');
  const some = kids.flatMap((kid) => issued.filter((each) => each.kid === kid).slice(-20));
  for (const service of all) for (const each of some) await check(service, each, '/api/verify/');
  t.strictSame(refused, [], 'no valid token was refused');

  const [first = '', second = ''] = kids;
  await rows`update signing_keys set expires_at = now() where kid = ${first}`;
  for (const service of all) {
    await until('the first key is no longer published', async () => !(await publishedKids(service)).includes(first));
    t.ok((await publishedKids(service)).includes(second), 'the second key is published');
  }
  t.notOk((await keyRows(rows)).some(({ kid }) => kid === first));
  t.strictSame(refused, []);

  // Control: the checker reports a retired key that is removed too early.
  const early = issued.findLast(({ kid }) => kid === second);
  if (early === undefined) throw new Error('the second key has not signed a token');
  await rows`delete from signing_keys where kid = ${second}`;
  await announceKeys(rows);
  for (const service of all) {
    await until('the refusal is recorded', async () => {
      await check(service, early, '/api/verify/');
      return refused.some(({ kid, port }) => kid === second && port === service.port);
    });
  }
});

t.test('tokens with unknown kids are refused without a query', async (t) => {
  const { databaseUrl } = await testApp(t);
  const proxy = await startTcpProxy(t, databaseUrl);
  // Without LISTEN, so that only polls disturb the measurement.
  const { app, register, login } = await testAppOn(t, proxy.url, {
    env: { DATABASE_POOLER: 'transaction', LOG_LEVEL: 'info' },
  });
  await register();
  const { access_token: token } = await login();
  const [, claims, signature] = token.split('.');
  const header = (kid: string) =>
    Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid })).toString('base64url');
  const sentBy = async (calls: number, tokenFor: () => string, status: number) => {
    const before = proxy.sent();
    for (let i = 0; i < calls; i += 1) {
      const headers = { authorization: `Bearer ${tokenFor()}` };
      const answer = await app.inject({ method: 'GET', url: '/api/me/', headers });
      if (answer.statusCode !== status) t.fail(`${answer.statusCode}: ${answer.body}`);
    }
    return (proxy.sent() - before) / calls;
  };
  const known = await sentBy(100, () => token, 200);
  t.ok(known > 10, 'a call that queries the database is measured');
  const unknownKids = () => `${header(randomBytes(32).toString('base64url'))}.${claims}.${signature}`;
  const unknown = await sentBy(1000, unknownKids, 401);
  t.ok(unknown < known / 10, `${unknown} bytes a call, against ${known}`);
});
