// Swagger UI in a real browser, as a developer uses it. Needs Chromium (CHROMIUM, default /usr/bin/chromium): npm run test:e2e.
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { testApp } from '../support/app.js';
import { matchAll } from '../support/match.js';
import { browserOptions } from './browser.js';

const SCREENSHOT = join(packageRoot, 'docs', 'img', 'swagger-ui.png');

t.test('a developer opens the documentation, tries operations and stays authorized after a reload', async (t) => {
  // Long enough for a slow machine: there are many clicks between login and reload.
  const { app } = await testApp(t, { env: { SETTING_ACCESS_TOKEN_LIFETIME: '600' } });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const browser = await chromium.launch(browserOptions);
  t.teardown(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const errors: string[] = [];
  const foreign: string[] = [];
  // Chromium reports a violated Content-Security-Policy and a missing file as console errors too.
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin) foreign.push(request.url());
  });
  await page.goto(`${origin}/`);
  await page.waitForSelector('.opblock');
  t.equal(page.url(), `${origin}/docs/`, 'the root redirects to the documentation');
  const operations = await page.locator('.opblock-summary-operation-id').allInnerTexts();
  t.strictSame(operations.slice(0, 6), ['register', 'login', 'refresh', 'getMe', 'updateMe', 'logout']);
  t.ok(operations.includes('readyz'));
  t.notOk(operations.includes('listUsers'), 'the groups of operators are closed');
  t.equal(await page.getByText('Servers', { exact: true }).filter({ visible: true }).count(), 0, 'there is one server');
  t.equal(await page.getByText('If nothing else appears').count(), 0, 'the page has loaded');
  await page.locator('.opblock-tag[data-tag="Admin: accounts"]').click();
  await page.locator('.opblock-summary-operation-id', { hasText: /^listUsers$/ }).waitFor();
  await page.locator('.opblock-tag[data-tag="Admin: accounts"]').click();

  const registered = await tryOut(page, 'Authentication', 'register', 201);
  t.strictSame(registered, { id: 1, email: 'user@example.com' });
  const login = page.locator('#operations-Authentication-login');
  await login.locator('.opblock-summary-control').click();
  await login.locator('.folded-response').first().waitFor();
  t.strictSame(await login.locator('.folded-response strong').allInnerTexts(), [
    '400',
    '401',
    '403',
    '429',
    'Other errors',
  ]);
  t.ok(((await login.boundingBox())?.height ?? 0) < 2000, 'the errors are folded');
  await login.locator('summary', { hasText: 'invalid_credentials' }).click();
  await login
    .locator('.folded-response .microlight', { hasText: 'urn:latchkey:problem:invalid_credentials' })
    .waitFor();
  await login.locator('.snippets button', { hasText: 'TypeScript' }).click();
  t.match(await login.locator('.snippets pre').innerText(), /await client\.login\(\{ password: 'password'/);
  if (process.env.UPDATE_SCREENSHOT === '1') {
    await login.locator('.snippets').scrollIntoViewIfNeeded();
    await page.screenshot({ path: SCREENSHOT });
  }
  await login.locator('.snippets button', { hasText: 'Python' }).click();
  t.match(await login.locator('.snippets pre').innerText(), /requests\.post\(/);
  t.match(await tryOut(page, 'Authentication', 'login', 200), {
    access_token: /^eyJ/,
    refresh_token: /^[0-9a-f-]{36}$/,
  });

  const me = { id: 1, username: '', email: 'user@example.com' };
  t.strictSame(await tryOut(page, 'Authentication', 'getMe', 200), me, 'the login has authorized the page');
  const stored = () => page.evaluate<string | null>("sessionStorage.getItem('latchkey-docs')");
  const before = await stored();
  await page.evaluate('{ const now = Date.now; Date.now = () => now() + 700_000; }');
  const renamed = { ...me, username: 'John Smith' };
  t.strictSame(await tryOut(page, 'Authentication', 'updateMe', 200), renamed, 'an expired token is refreshed');
  t.not(await stored(), before);

  await page.reload();
  await page.waitForSelector('.opblock');
  t.strictSame(await tryOut(page, 'Authentication', 'getMe', 200), renamed, 'authorization survives a reload');
  t.match(page.url(), /#\/Authentication\/getMe$/, 'every operation has a link');
  t.match(await tryOut(page, 'Authentication', 'logout', 200), { success: 'User logged out.' });
  t.equal(await stored(), null);

  for (const width of [360, 1200]) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    t.ok(wide <= width, `the page is not wider than ${width} px: ${wide}`);
  }

  t.strictSame(errors, [], 'no console error and no violated policy');
  t.strictSame(foreign, [], 'no request to another host');
  await page.evaluate("document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))");
  matchAll(t, errors, [/Content Security Policy/], 'a violation is reported');
});

t.test('the page fits on a phone, and is dark where the device is', async (t) => {
  const { app } = await testApp(t);
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const browser = await chromium.launch(browserOptions);
  t.teardown(() => browser.close());
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } as const;
  const context = await browser.newContext({ ...phone, colorScheme: 'dark' });
  const page = await context.newPage();
  await page.goto(`${origin}/docs/`);
  const login = page.locator('#operations-Authentication-login');
  await login.locator('.opblock-summary-control').tap();
  await login.locator('.folded-response').first().waitFor();
  t.equal(await page.evaluate<number>('innerWidth'), 390, 'not the page of a desktop, made smaller');
  t.equal(await page.evaluate<number>('document.documentElement.scrollWidth'), 390, 'not wider than the phone');

  const brightness = (selector: string) =>
    page.evaluate<number>(
      `Math.max(...getComputedStyle(document.querySelector('${selector}')).backgroundColor.match(/\\d+/g).slice(0, 3))`,
    );
  t.ok((await brightness('html')) < 64, 'dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.waitForFunction("!document.documentElement.classList.contains('dark-mode')");
  t.ok((await brightness('html')) > 192, 'light as soon as the device is');
});

t.test('without its script, the page says what to do', async (t) => {
  const { app } = await testApp(t);
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const browser = await chromium.launch(browserOptions);
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  await page.route('**/swagger-ui-bundle.js', (route) => route.abort());
  await page.goto(`${origin}/docs/`);
  await page.getByText('check your connection and reload the page').waitFor();
  const without = await browser.newPage({ javaScriptEnabled: false });
  await without.goto(`${origin}/docs/`);
  t.match(await without.locator('body').innerText(), 'This page requires JavaScript.');
});

/** Opens an operation, sends its prefilled example and returns the answer. */
async function tryOut(page: Page, tag: string, operationId: string, status: number) {
  const block = page.locator(`#operations-${tag}-${operationId}`);
  if (!(await block.getAttribute('class'))?.includes('is-open'))
    await block.locator('.opblock-summary-control').click();
  await block.locator('.try-out__btn').click();
  await block.locator('.execute').click();
  await block.locator('.live-responses-table .response-col_status', { hasText: String(status) }).waitFor();
  const [response] = await block.locator('.live-responses-table .response .highlight-code .microlight').allInnerTexts();
  return JSON.parse(response ?? '');
}
