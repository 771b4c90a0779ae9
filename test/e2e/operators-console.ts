// The operator's console for the browser tests: the real service with an operator, and browser pages on it.
import type { Browser, Page } from 'playwright-core';
import type { Test } from 'tap';
import { testAppOn } from '../support/app.js';
import { testDatabase } from '../support/database.js';
import { rowsOf } from '../support/rows.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

/** The address of an operator with all permissions. */
export const OPERATOR = 'operator@example.com';

/**
 * Starts the service with an operator; `open` opens the console with a window width and a color scheme. With `setupToken`,
 * which creates the first admin, there is no operator yet.
 */
export async function consoleOf(t: Test, browser: Browser, { setupToken }: { setupToken?: string } = {}) {
  // Through a proxy, so that a test can disconnect the database.
  const database = await startTcpProxy(t, await testDatabase(t));
  const service = await testAppOn(t, database.url, setupToken === undefined ? {} : { setupToken });
  const origin = await service.app.listen({ host: '127.0.0.1', port: 0 });
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

/** Logs in on the login page and waits for the first page. */
export async function logIn(page: Page, email = OPERATOR): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

/** Waits until the console shows this status message. */
export const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor();
