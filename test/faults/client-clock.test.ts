// Wrong device clocks: neither an offset nor a jump logs the user out or causes endless refreshes.
import t from 'tap';
import { memoryStorage } from '../../client/index.js';
import { CREDENTIALS, clientOf } from '../client/support.js';
import { testDatabase } from '../support/database.js';
import { startHttpProxy } from '../support/http-proxy.js';
import { startService } from '../support/service.js';
import { until } from '../support/until.js';

const DAY = 86_400_000;

/** The service runs in another process, whose clock is right. */
async function serviceApart(t: Parameters<typeof startService>[0], env: Readonly<Record<string, string>> = {}) {
  const { port, register } = await startService(t, await testDatabase(t), env);
  await register(CREDENTIALS.email, CREDENTIALS.password);
  return startHttpProxy(t, `http://127.0.0.1:${port}`);
}

/** Shifts a clock of this process until the test ends. */
function setClock(t: { teardown: (handler: () => void) => unknown }, clock: { now: () => number }, offset: number) {
  const { now } = clock;
  clock.now = () => now.call(clock) + offset;
  t.teardown(() => {
    clock.now = now;
  });
}

for (const [what, offset] of [
  ['a day fast', DAY],
  ['a day slow', -DAY],
] as const) {
  t.test(`on a device whose clock is ${what}, a token is used for its whole lifetime`, async (t) => {
    const proxy = await serviceApart(t);
    setClock(t, Date, offset);
    const client = clientOf(proxy.origin);
    await client.login(CREDENTIALS);
    const token = await client.getAccessToken();
    for (let call = 0; call < 5; call += 1) t.equal((await client.me()).id, 1);
    t.equal(await client.getAccessToken(), token);
    t.equal(proxy.requests('/api/refresh/').length, 0);
    proxy.expire();
    t.equal((await client.fetch(proxy.resource)).status, 200);
    t.strictSame(client.ends, []);
  });

  t.test(`on a device whose clock is ${what}, an expired token is replaced`, async (t) => {
    const proxy = await serviceApart(t, { SETTING_ACCESS_TOKEN_LIFETIME: '1' });
    setClock(t, Date, offset);
    const client = clientOf(proxy.origin);
    await client.login(CREDENTIALS);
    const token = await client.getAccessToken();
    await until('another token', async () => (await client.getAccessToken()) !== token);
    t.equal((await client.me()).id, 1);
  });
}

t.test('a token close to its expiry is refreshed in the background, and the call still uses it', async (t) => {
  const proxy = await serviceApart(t, { SETTING_ACCESS_TOKEN_LIFETIME: '600' });
  const client = clientOf(proxy.origin);
  await client.login(CREDENTIALS);
  const token = await client.getAccessToken();
  // The lifetime is ten minutes, so the token is certainly due and certainly not stale.
  setClock(t, performance, 500_000);
  t.equal(await client.getAccessToken(), token);
  await until('another token', async () => (await client.getAccessToken()) !== token);
  t.equal(proxy.requests('/api/refresh/').length, 1);
  proxy.decide(() => 'lose-request');
  setClock(t, performance, 500_000);
  const next = await client.getAccessToken();
  t.equal(await client.getAccessToken(), next, 'it is used until it expires although the refresh fails');
  t.strictSame(client.ends, []);
});

t.test('a clock that jumps forward costs one refresh, one that jumps back none', async (t) => {
  const proxy = await serviceApart(t);
  const storage = memoryStorage();
  const client = clientOf(proxy.origin, { storage });
  await client.login(CREDENTIALS);
  for (const [jump, refreshes] of [
    [DAY, 1],
    [-2 * DAY, 1],
    [DAY, 1],
    [2 * DAY, 2],
    [-DAY, 2],
  ] as const) {
    setClock(t, Date, jump);
    t.equal((await client.me()).id, 1);
    t.equal((await client.me()).id, 1);
    t.equal(proxy.requests('/api/refresh/').length, refreshes, `after a jump of ${jump / DAY} days`);
  }
  const restarted = clientOf(proxy.origin, { storage });
  t.equal((await restarted.me()).id, 1);
  t.strictSame([client.ends, restarted.ends], [[], []]);
});

t.test('a token is refreshed after the device slept with its monotonic clock stopped', async (t) => {
  const proxy = await serviceApart(t);
  const client = clientOf(proxy.origin);
  await client.login(CREDENTIALS);
  const token = await client.getAccessToken();
  setClock(t, Date, 60_000);
  t.not(await client.getAccessToken(), token);
});

t.test(
  'a token stored by another tab is taken to have its greatest possible age, whatever the clock says',
  async (t) => {
    const proxy = await serviceApart(t);
    const storage = memoryStorage();
    const [one, two] = [clientOf(proxy.origin, { storage }), clientOf(proxy.origin, { storage })];
    await one.login(CREDENTIALS);
    await two.me();
    t.equal(proxy.requests('/api/refresh/').length, 1, 'found in the storage with unknown age');
    await one.me();
    t.equal(proxy.requests('/api/refresh/').length, 1, 'stored after the last read of this tab');
    // More than a token's lifetime on the monotonic clock, nothing on the wall clock.
    setClock(t, performance, 60_000);
    await two.me();
    t.equal(proxy.requests('/api/refresh/').length, 2);
    await one.me();
    t.equal(proxy.requests('/api/refresh/').length, 3, 'this tab last read a minute ago, so the token may be that old');
  },
);
