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
  const forAll = [
    ...[
      'confirmEmailChange',
      'cancelEmailChange',
      'undoEmailChange',
      'verifyEmail',
      'disownAccount',
      'resendVerification',
    ],
    ...['deleteMe', 'getMe', 'updateMe', 'getMyAccount', 'exportMyAccount'],
    ...['forgotPassword', 'resetForgottenPassword', 'register'],
    ...[
      'login',
      'requestSignIn',
      'verifySignIn',
      'logout',
      'logoutEverywhere',
      'endOtherSessions',
      'listSessions',
      'endSession',
      'refresh',
    ],
    ...['getKeySet', 'getAuthorizationServerMetadata', 'getOpenidConfiguration', 'verifyToken'],
    ...['livez', 'readyz'],
  ];
  t.strictSame(operations.slice(0, forAll.length), forAll);
  t.ok(operations.slice(forAll.length).includes('listUsers'), 'the operations of operators come last');
  if (process.env.UPDATE_SCREENSHOT === '1') await page.screenshot({ path: SCREENSHOT });

  await tryOut(page, 'Account', 'register', 201);
  const login = await tryOut(page, 'Session', 'login', 200);
  t.match(login, { access_token: /^eyJ/, refresh_token: /^[0-9a-f-]{36}$/ });

  await page.click('.auth-wrapper .authorize');
  await page.fill('.modal-ux input', login.access_token);
  await page.click('.modal-ux .authorize');
  await page.click('.modal-ux .btn-done');
  t.strictSame(await tryOut(page, 'Account', 'getMe', 200), { id: 1, username: '', email: 'user@example.com' });

  await page.reload();
  await page.waitForSelector('.opblock');
  t.strictSame(
    await tryOut(page, 'Account', 'getMe', 200),
    { id: 1, username: '', email: 'user@example.com' },
    'authorization survives a reload',
  );
  t.match(page.url(), /#\/Account\/getMe$/, 'every operation has a link');

  t.strictSame(errors, [], 'no console error and no violated policy');
  t.strictSame(foreign, [], 'no request to another host');
  await page.evaluate("document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))");
  matchAll(t, errors, [/Content Security Policy/], 'a violation is reported');
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
