// The operator console for the browser tests: a real service with an administrator, and browser windows on its console.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import type { Test } from 'tap';
import { testAppOn } from '../support/app.js';
import { testDatabase } from '../support/database.js';
import { rowsOf } from '../support/rows.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The administrator's e-mail address. */
export const OPERATOR = 'operator@example.com';

/**
 * Starts a service with an administrator; with a setup token there is none yet. `open` opens the console in a window of its own,
 * with the given width and color scheme. `complaints` collects the browser's errors and warnings, and requests to other origins.
 */
export async function consoleOf(
  t: Test,
  browser: Browser,
  {
    setupToken,
    catchesMail = false,
    env = {},
  }: { setupToken?: string; catchesMail?: boolean; env?: Readonly<Record<string, string>> } = {},
) {
  // Behind a proxy, so that tests can cut the connection.
  const database = await startTcpProxy(t, await testDatabase(t));
  const service = await testAppOn(t, database.url, {
    env,
    catchesMail,
    ...(setupToken !== undefined && { setupToken }),
  });
  // Passkeys need a host name.
  const origin = (await service.app.listen({ host: '127.0.0.1', port: 0 })).replace('127.0.0.1', 'localhost');
  const rows = rowsOf(t, service.databaseUrl);
  if (setupToken === undefined) {
    await service.register(OPERATOR);
    await rows`update users set roles = '{admin}' where email = ${OPERATOR}`;
  }

  const complaints: string[] = [];
  async function open(options: { width?: number; colorScheme?: 'light' | 'dark'; hash?: string } = {}): Promise<Page> {
    const { width = 1200, colorScheme = 'light', hash = '' } = options;
    const context = await browser.newContext({ viewport: { width, height: 860 }, colorScheme });
    t.teardown(() => context.close());
    const page = await context.newPage();
    // Chromium reports a violated Content-Security-Policy as a console error too.
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`)) complaints.push(`a request to ${request.url()}`);
    });
    await page.goto(`${origin}/admin/${hash}`);
    return page;
  }
  return { ...service, origin, database, rows, open, complaints };
}

/** Logs in. If the URL names no page, the settings are opened, if the operator may see them. */
export async function logIn(page: Page, email = OPERATOR): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
  if (new URL(page.url()).hash !== '') return;
  const settings = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' });
  if ((await settings.count()) > 0) await settings.click();
}

/** Waits for a status message. */
export const statusMessage = (page: Page, text: string | RegExp) =>
  page.getByRole('status').filter({ hasText: text }).waitFor();

/** Axe finds no violation, and the page fits a wide and a narrow window. */
export async function checkPage(t: Test, page: Page, name: string): Promise<void> {
  await page.evaluate(AXE);
  for (const width of [1200, 360]) {
    await page.setViewportSize({ width, height: 860 });
    const violations = await page.evaluate<string[]>(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))",
    );
    t.strictSame(violations, [], `${name} at ${width}`);
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), width, `${name} fits ${width}`);
  }
}
