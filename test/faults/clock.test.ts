// F25: the clocks of instances differ or jump: no user is logged out, and no token lives longer.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { testDatabase } from '../support/database.js';
import { unlessInstalled } from '../support/installed.js';
import { claimsOf, type Service, startService, tokensOf } from '../support/service.js';
import { report } from './harness/figures.js';

/** From Debian's package `libfaketime`. */
const LIBRARY = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`;
const skip = unlessInstalled(existsSync(LIBRARY), 'libfaketime');

const EMAIL = 'user@example.com';

/** A service whose clock is `seconds` ahead; `set` changes it. */
async function startWithClock(t: Test, databaseUrl: string, seconds: number) {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-clock-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'clock');
  const set = (ahead: number) => writeFile(file, `${ahead < 0 ? '-' : '+'}${Math.abs(ahead)}\n`);
  await set(seconds);
  const service = await startService(t, databaseUrl, {
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  });
  return { service, set };
}

const verify = (service: Service, token: string) =>
  service.as(token, 'GET', '/api/verify/').then(({ statusCode }) => statusCode);

t.test(
  'F25: instances with different clocks share sessions, and access tokens up to a minute of difference',
  { skip },
  async (t) => {
    const databaseUrl = await testDatabase(t);
    const right = await startService(t, databaseUrl);
    await right.register(EMAIL);
    const accepted: Record<string, number[]> = {};
    for (const skew of [2, -2, 30, 3600, -3600]) {
      const { service: other } = await startWithClock(t, databaseUrl, skew);
      let pair = tokensOf(await right.login(EMAIL));
      for (const service of [other, right, other]) {
        const answer = await service.refresh(pair.refresh_token);
        t.equal(answer.statusCode, 200, `${skew} s: the session stays alive`);
        pair = tokensOf(answer);
        t.equal(await verify(service, pair.access_token), 204, `${skew} s: an instance accepts its own tokens`);
      }
      const { iat = 0 } = claimsOf(pair);
      t.ok(Math.abs(Number(iat) - Date.now() / 1000 - skew) < 20, `${skew} s: its clock differs`);
      const there = await verify(right, pair.access_token);
      const back = await verify(other, tokensOf(await right.refresh(pair.refresh_token)).access_token);
      accepted[`${skew} s`] = [there, back];
    }
    const mutual = [204, 204];
    t.strictSame([accepted['2 s'], accepted['-2 s']], [mutual, mutual], 'two seconds do not matter');
    t.equal(accepted['30 s']?.[0], 204, 'a token issued up to a minute ahead is accepted');
    t.equal(accepted['3600 s']?.[0], 401, 'a token issued in the future is refused');
    t.equal(accepted['3600 s']?.[1], 401, 'the other instance refuses an expired token');
    t.equal(accepted['-3600 s']?.[0], 401);
    report(t, 'F25 tokens of a skewed instance at a right one, and back', accepted);
  },
);

t.test('F25: a clock that jumps by an hour and back ends no session', { skip }, async (t) => {
  const databaseUrl = await testDatabase(t);
  const { service, set } = await startWithClock(t, databaseUrl, 0);
  await service.register(EMAIL);
  let pair = tokensOf(await service.login(EMAIL));
  for (const ahead of [3600, 0, -300, 300, 0]) {
    await set(ahead);
    const before = pair;
    const answer = await service.refresh(pair.refresh_token);
    t.equal(answer.statusCode, 200, `${ahead} s: the session stays alive`);
    pair = tokensOf(answer);
    t.equal(await verify(service, pair.access_token), 204, `${ahead} s: its token is valid`);
    t.equal(await service.status('/readyz'), 200);
    if (ahead === 3600)
      t.equal(await verify(service, before.access_token), 401, 'a token that has expired by the new clock is refused');
  }
});

t.test('F25: register, login, verify and refresh work after 2038 and 2106', { skip }, async (t) => {
  const databaseUrl = await testDatabase(t);
  for (const year of [2039, 2107]) {
    const ahead = Math.round((Date.UTC(year, 0, 1) - Date.now()) / 1000);
    const { service } = await startWithClock(t, databaseUrl, ahead);
    const email = `${year}@example.com`;
    t.equal((await service.register(email)).statusCode, 201);
    const pair = tokensOf(await service.login(email));
    t.equal(await verify(service, pair.access_token), 204, `${year}`);
    t.equal((await service.refresh(pair.refresh_token)).statusCode, 200);
    await service.stop('SIGTERM');
  }
});
