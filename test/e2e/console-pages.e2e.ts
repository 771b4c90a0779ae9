// Accessibility and layout of every page of the console, in light and dark, on a wide and a narrow screen.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { browserOptions } from './browser.js';
import { consoleOf, logIn, statusMessage } from './operators-console.js';

/** UPDATE_SCREENSHOT=1 npm run test:e2e renews the screenshots that it shows. */
const DOCUMENTATION = readFileSync(join(packageRoot, 'docs', 'console.md'), 'utf8');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
t.before(async () => {
  browser = await chromium.launch(browserOptions);
});
t.teardown(() => browser.close());

/**
 * Returns a function that checks the current page: axe finds no violation, and the page is not wider than the window. It also
 * takes the screenshots of the documentation.
 */
async function pageChecker(t: Test, page: Page, { width, colorScheme }: { width: number; colorScheme: string }) {
  await page.evaluate(AXE);
  return async (name: string) => {
    const violations = await page.evaluate<string[]>(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))",
    );
    t.strictSame(violations, [], name);
    // The wide page in a window of half its size, too.
    for (const each of width === WIDE ? [768, width] : [width]) {
      await page.setViewportSize({ width: each, height: 860 });
      t.equal(await page.evaluate('document.documentElement.scrollWidth'), each, `${name} fits ${each}`);
    }
    const screenshot = `console-${name}-${colorScheme}-${width}.png`;
    // Only on request: screenshots are committed, and differ between machines.
    if (process.env.UPDATE_SCREENSHOT !== '1' || !DOCUMENTATION.includes(`(img/${screenshot})`)) return;
    await page.screenshot({ path: join(packageRoot, 'docs', 'img', screenshot) });
  };
}

const WIDE = 1200;
/** The smallest width that pages have to fit: that of a phone, or of a desktop at 400 % (WCAG 2.2, 1.4.10). */
const NARROW = 320;

/** Every page, with a text that appears once it has loaded. */
const PAGES: readonly [name: string, hash: string, text: string][] = [
  ['overview', '/overview', 'Reused refresh tokens'],
  ['settings', '/settings', 'REQUIRE_CURRENT_PASSWORD'],
  ['users', '/users', 'mia@example.com'],
  ['user', '/users/2', 'Save roles'],
  ['new-user', '/new-user', 'Create user'],
  ['sessions', '/users/2/sessions', 'Active sessions'],
  ['roles', '/roles', 'Built in'],
  ['role', '/roles/support', 'users:read'],
  ['new-role', '/new-role', 'users:read'],
  ['mails', '/mails', '550 5.1.1'],
  ['audit', '/audit', 'role.created'],
  ['keys', '/keys', 'Active'],
  ['not-found', '/nowhere', 'Page not found'],
];

/** Two days of activity, as the charts show it: more by day than by night. */
async function addActivity(rows: Awaited<ReturnType<typeof consoleOf>>['rows']): Promise<void> {
  await rows`
    insert into activity (hour, name, count)
    select date_trunc('hour', now(), 'UTC') - n * interval '1 hour', name, round(most * (1.1 + sin(n * pi() / 12)) + n % 3)
    from generate_series(1, 47) n,
      (values ('logins', 4200), ('failed_logins', 90), ('delayed_logins', 4), ('refreshes', 180000), ('registrations', 60)) as kind (name, most)`;
}

/** An e-mail that was given up, with words that are too long for a line. */
async function addDeadMail(rows: Awaited<ReturnType<typeof consoleOf>>['rows']): Promise<void> {
  await rows`
    insert into mails (kind, recipient, content, state, attempts, last_error)
    values ('unverified_account_deleted', 'mia@example.com', 'x', 'dead', 20, ${`550 5.1.1 ${'x'.repeat(100)}`})`;
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [WIDE, NARROW]) {
    t.test(`every page is accessible and fits the window (${colorScheme}, ${width} pixels)`, async (t) => {
      const { open, register, login, rows, complaints } = await consoleOf(t, browser);
      await addActivity(rows);
      await register('mia@example.com');
      await register(`${'a.long.address.'.repeat(4)}end@department.of.long.names.example.com`);
      await login('mia@example.com');
      await rows`update users set username = repeat('W', 100) where id = 3`;
      const page = await open({ width, colorScheme });
      const check = await pageChecker(t, page, { width, colorScheme });
      await check('log-in');
      await logIn(page);
      await page.evaluate("location.hash = '#/new-role'");
      await page.getByLabel('Name').fill('support');
      await page.getByLabel('Description').fill('Answers questions of users');
      await page.getByLabel('users:read').check();
      await page.getByRole('button', { name: 'Create role' }).click();
      await statusMessage(page, 'The role support was created.');
      for (const [name, hash, text] of PAGES) {
        if (name === 'mails') await addDeadMail(rows);
        await page.evaluate(`location.hash = '#${hash}'`);
        await page.getByRole('main').getByText(text).filter({ visible: true }).first().waitFor();
        await check(name);
      }
      await page.evaluate("location.hash = '#/users/2'");
      await page.getByRole('button', { name: 'Delete…' }).click();
      await check('delete');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      t.strictSame(complaints, []);
    });

    t.test(`the setup page is accessible and fits the window (${colorScheme}, ${width} pixels)`, async (t) => {
      const { open, complaints } = await consoleOf(t, browser, { setupToken: 'a-token' });
      const page = await open({ width, colorScheme, hash: '#setup=a-token' });
      const check = await pageChecker(t, page, { width, colorScheme });
      await page.getByRole('heading', { name: 'Create the first administrator' }).waitFor();
      await check('setup');
      await page.getByLabel('E-mail address').fill('admin@example.com');
      await page.getByLabel('Password', { exact: true }).fill('a password');
      await page.getByLabel('Confirm password').fill('another password');
      await page.getByRole('button', { name: 'Create and log in' }).click();
      await page.getByText('The passwords do not match.').waitFor();
      await check('setup-differs');
      await page.getByLabel('Password', { exact: true }).fill('short');
      await page.getByLabel('Confirm password').fill('short');
      await page.getByRole('button', { name: 'Create and log in' }).click();
      await page.getByRole('alert').waitFor();
      await check('setup-refused');
      // Chromium reports every response with status 400 as an error.
      t.strictSame(
        complaints.filter((each) => !each.includes('status of 400')),
        [],
      );
    });
  }
}
