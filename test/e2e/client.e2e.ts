// The client in a real browser: two tabs of one origin share localStorage and Web Locks.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { CREDENTIALS, service } from '../client/support.js';
import { startHttpProxy } from '../support/http-proxy.js';
import { until } from '../support/until.js';
import { browserOptions } from './browser.js';

// As in the documentation: the modules are loaded without a bundler.
const PAGE = `<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<script type="importmap">{ "imports": { "latchkey/client": "/modules/client/index.js", "openapi-fetch": "/modules/openapi-fetch.js" } }</script>
<script type="module">
  import { createLatchkeyClient, webStorage } from 'latchkey/client';
  window.ends = [];
  window.client = createLatchkeyClient({
    baseUrl: location.origin,
    storage: webStorage(localStorage),
    firstPauseMilliseconds: 10,
    timeoutMilliseconds: 1000,
    onSessionEnd: (reason) => window.ends.push(reason),
  });
</script>`;

const read = (path: string) => readFileSync(join(packageRoot, path));
const javascript = (body: Buffer) => ({ type: 'text/javascript', body });

function page(path: string) {
  if (path === '/page') return { type: 'text/html', body: PAGE };
  if (path === '/modules/openapi-fetch.js') return javascript(read('node_modules/openapi-fetch/dist/index.mjs'));
  const name = /^\/modules\/client\/([a-z-]+\.js)$/.exec(path)?.[1];
  return name === undefined ? undefined : javascript(read(`dist/client/${name}`));
}

t.test('two tabs share one session, refresh it one at a time, and both end with it', async (t) => {
  const { origin, liveSessions } = await service(t);
  const proxy = await startHttpProxy(t, origin, page);
  const browser = await chromium.launch(browserOptions);
  t.teardown(() => browser.close());
  const context = await browser.newContext();
  const errors: string[] = [];
  const open = async (): Promise<Page> => {
    const tab = await context.newPage();
    tab.on('pageerror', (error) => errors.push(error.message));
    await tab.goto(`${proxy.origin}/page`);
    await tab.waitForFunction('window.client !== undefined');
    return tab;
  };
  const ask = (tab: Page, expression: string) => tab.evaluate<unknown>(`(async () => ${expression})()`);
  const resource = `(await client.fetch('/resource')).status`;

  const tabs = [await open(), await open()] as const;
  const [one, two] = tabs;
  t.equal(await ask(one, 'navigator.locks !== undefined'), true, 'the browser has locks');
  await ask(one, `client.login(${JSON.stringify(CREDENTIALS)})`);
  t.strictSame(await ask(two, 'client.me()'), { id: 1, username: '', email: CREDENTIALS.email });
  await ask(one, 'client.me()');

  const generation = `JSON.parse(localStorage.getItem('latchkey')).generation`;
  const before = Number(await ask(one, generation));
  const asked = proxy.requests('/api/refresh/').length;
  for (let round = 1; round <= 12; round += 1) {
    proxy.expire();
    t.strictSame(await Promise.all(tabs.map((tab) => ask(tab, resource))), [200, 200]);
    await until('both tabs have the new generation', async () =>
      (await Promise.all(tabs.map((tab) => ask(tab, generation)))).every((each) => each === before + round),
    );
  }
  // Not always one per round: a write to localStorage reaches the process of another tab a moment after the lock does.
  t.comment(`${proxy.requests('/api/refresh/').length - asked} requests for 12 rounds of two tabs`);

  proxy.expire();
  const fates = ['lose-answer', 'cut-answer', 'slow-answer', 'slow-request'] as const;
  let next = 0;
  proxy.decide(({ path }) => (path === '/api/refresh/' && fates[next++]) || 'pass');
  t.strictSame(await Promise.all(tabs.map((tab) => ask(tab, resource))), [200, 200], 'also over a bad network');
  await proxy.deliver();

  await two.reload();
  await two.waitForFunction('window.client !== undefined');
  t.equal(await ask(two, resource), 200, 'a reload keeps the session');
  t.equal(await liveSessions(), 1);

  t.strictSame(await ask(one, 'client.logout()'), { revoked: true });
  t.equal(await ask(two, `client.me().catch((error) => error.code)`), 'signed_out');
  t.strictSame([await ask(one, 'ends'), await ask(two, 'ends')], [[], ['ended_elsewhere']]);
  t.equal(await ask(one, 'localStorage.length'), 0);
  t.equal(await liveSessions(), 0);
  t.strictSame(errors, []);
});
