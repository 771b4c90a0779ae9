// AUTH_SECRET is changed as docs/configuration.md says, instance by instance under traffic: no session ends, and every start succeeds.
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { TEST_SECRET, testAppOn } from '../support/app.js';
import { testDatabase } from '../support/database.js';
import { codeBlocks, tables } from '../support/page.js';
import { runCommand, type Service, serviceEnvironment, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';
import { timeout } from './harness/figures.js';
import { startInstance } from './harness/service.js';

const NEW_SECRET = 'test-Pw5yX2kFh4mV9cLr7TnWb3pJd6sGa1eN';
const CHAINS = 4;
const PAUSE_MILLISECONDS = 40;

/** The values of AUTH_SECRET in the page's table, one for each step. */
function steps(): string[] {
  const table = tables('configuration.md').find(([head]) => head?.[0] === 'step') ?? [];
  return table.slice(1).map(([, value = '']) =>
    value
      .replaceAll('`', '')
      .split(',')
      .map((name) => ({ old: TEST_SECRET, new: NEW_SECRET })[name])
      .join(','),
  );
}

t.test('the commands on the page match its table', async (t) => {
  const script = codeBlocks('configuration.md', 'sh').find((block) => block.includes('OLD_SECRET')) ?? '';
  const values = [...script.matchAll(/^AUTH_SECRET="(.*?)"/gm)].map(([, value = '']) =>
    value.replaceAll('$OLD_SECRET', TEST_SECRET).replaceAll('$NEW_SECRET', NEW_SECRET),
  );
  t.equal(values.length, 3);
  t.strictSame(values, steps());
});

t.test(
  'no session ends while AUTH_SECRET is changed step by step, instance by instance',
  { timeout: Math.max(timeout, 300_000) },
  async (t) => {
    const databaseUrl = await testDatabase(t);
    const start = (secret: string) => startInstance(t, databaseUrl, { AUTH_SECRET: secret, DRAIN_SECONDS: '0.2' });
    /** Starts an instance with this value, as a restart during the change would. */
    const startOnce = async (secret: string) => {
      const instance = await testAppOn(t, databaseUrl, { env: { AUTH_SECRET: secret } });
      await instance.app.close();
    };
    const balanced: Service[] = [await start(TEST_SECRET), await start(TEST_SECRET)];
    let turn = 0;
    const next = (): Service => {
      turn += 1;
      const service = balanced[turn % balanced.length];
      if (service === undefined) throw new Error('none is ready');
      return service;
    };

    let running = true;
    const wrong: string[] = [];
    const refreshes = Array.from({ length: CHAINS }, () => 0);
    let logins = 0;
    const chain = async (index: number) => {
      const email = `chain${index}@example.com`;
      await next().register(email);
      let pair = tokensOf(await next().login(email));
      while (running) {
        const refreshed = await next().refresh(pair.refresh_token);
        if (refreshed.statusCode === 200) {
          pair = tokensOf(refreshed);
          refreshes[index] = (refreshes[index] ?? 0) + 1;
        } else wrong.push(`refresh: ${refreshed.statusCode} ${refreshed.body}`);
        const me = await next().me(pair.access_token);
        if (me.statusCode !== 200) wrong.push(`me: ${me.statusCode} ${me.body}`);
        await sleep(PAUSE_MILLISECONDS);
      }
    };
    const guest = async () => {
      await next().register('guest@example.com');
      while (running) {
        const login = await next().login('guest@example.com');
        logins += 1;
        if (login.statusCode !== 200) wrong.push(`login: ${login.statusCode} ${login.body}`);
        else {
          const refreshed = await next().refresh(tokensOf(login).refresh_token);
          if (refreshed.statusCode !== 200)
            wrong.push(`refresh of a new session: ${refreshed.statusCode} ${refreshed.body}`);
        }
        await sleep(5 * PAUSE_MILLISECONDS);
      }
    };
    const clients = Promise.all([...refreshes.map((_, index) => chain(index)), guest()]);
    const untilAllRefresh = async (what: string) => {
      const before = [...refreshes];
      await until(
        `every client refreshes ${what}`,
        () => refreshes.every((count, at) => count >= (before[at] ?? 0) + 2),
        60_000,
      );
    };

    let last = TEST_SECRET;
    for (const secret of steps()) {
      // In production the last step waits for the lifetime of refresh tokens; here every session is refreshed.
      await untilAllRefresh('before the step');
      for (let at = 0; at < 2; at += 1) {
        balanced.push(await start(secret));
        const [old] = balanced;
        await until('not ready', async () => {
          old?.child.kill('SIGTERM');
          return old !== undefined && (await old.status('/readyz')) !== 200;
        });
        balanced.shift();
        t.equal((await old?.ended)?.code, 0);
        await untilAllRefresh('with both values side by side');
        // An instance can restart with either value, and a command with the new value can read the keys.
        await startOnce(at === 0 ? last : secret);
        await startOnce(secret);
        const list = await runCommand(['keys', 'list'], { ...serviceEnvironment(databaseUrl, 0), AUTH_SECRET: secret });
        t.equal(list.code, 0, list.stderr);
        t.strictSame(wrong, []);
      }
      last = secret;
    }
    t.equal(last, NEW_SECRET);
    running = false;
    await clients;
    t.strictSame(wrong, [], `${refreshes.reduce((sum, count) => sum + count)} refreshes, ${logins} logins`);
  },
);
