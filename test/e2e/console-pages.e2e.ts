// Every page of the console, for everybody: axe finds nothing, in light and dark, and on a narrow screen it fits.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { browserOptions } from './browser.js';
import { consoleOf, logIn, said } from './operators-console.js';

/** Its pictures are made here: UPDATE_SCREENSHOT=1 npm run test:e2e */
const DOCUMENTATION = readFileSync(join(packageRoot, 'docs', 'console.md'), 'utf8');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
t.before(async () => {
  browser = await chromium.launch(browserOptions);
});
t.teardown(() => browser.close());

/** Holds what a page shows against axe and its width, and keeps a picture of it where the documentation has one. */
async function checkerOf(t: Test, page: Page, { width, colorScheme }: { width: number; colorScheme: string }) {
  await page.evaluate(AXE);
  return async (name: string) => {
    const found = await page.evaluate<string[]>(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))",
    );
    t.strictSame(found, [], name);
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), width, `${name} fits`);
    const picture = `console-${name}-${colorScheme}-${width}.png`;
    // Not in CI: it would change what is committed.
    if (process.env.UPDATE_SCREENSHOT !== '1' || !DOCUMENTATION.includes(`(img/${picture})`)) return;
    await page.screenshot({ path: join(packageRoot, 'docs', 'img', picture) });
  };
}

/** Every page, with what shows that it is there. */
const PAGES: readonly [name: string, hash: string, shown: string][] = [
  ['settings', '/settings', 'REQUIRE_CURRENT_PASSWORD'],
  ['users', '/users', 'mia@example.com'],
  ['user', '/users/2', 'Save roles'],
  ['new-user', '/new-user', 'Create'],
  ['sessions', '/users/2/sessions', 'Living sessions'],
  ['roles', '/roles', 'Has every permission'],
  ['role', '/roles/support', 'View accounts and their sessions.'],
  ['new-role', '/new-role', 'View accounts and their sessions.'],
  ['audit', '/audit', 'role.created'],
  ['keys', '/keys', 'active'],
  ['nowhere', '/nowhere', 'No such page'],
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1200, 360]) {
    t.test(`every page, ${colorScheme}, ${width} pixels wide: axe finds nothing, and nothing overflows`, async (t) => {
      const { open, register, login, complaints } = await consoleOf(t, browser);
      await register('mia@example.com');
      await register(`${'a.long.address.'.repeat(4)}end@department.of.long.names.example.com`);
      await login('mia@example.com');
      const page = await open({ width, colorScheme });
      const check = await checkerOf(t, page, { width, colorScheme });
      await check('log-in');
      await logIn(page);
      await page.evaluate("location.hash = '#/new-role'");
      await page.getByLabel('Name').fill('support');
      await page.getByLabel('What it is for').fill('Answers the mail of users');
      await page.getByLabel('users:read').check();
      await page.getByRole('button', { name: 'Create' }).click();
      await said(page, 'The role support has been saved.');
      for (const [name, hash, shown] of PAGES) {
        await page.evaluate(`location.hash = '#${hash}'`);
        await page.getByRole('main').getByText(shown).filter({ visible: true }).first().waitFor();
        await check(name);
      }
      await page.evaluate("location.hash = '#/users/2'");
      await page.getByRole('button', { name: 'Delete…' }).click();
      await check('delete');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      t.strictSame(complaints, []);
    });

    t.test(`the first admin, ${colorScheme}, ${width} pixels wide: the same`, async (t) => {
      const { open, complaints } = await consoleOf(t, browser, { setupToken: 'a-token' });
      const page = await open({ width, colorScheme, hash: '#setup=a-token' });
      const check = await checkerOf(t, page, { width, colorScheme });
      await page.getByRole('heading', { name: 'Create the first admin' }).waitFor();
      await check('setup');
      await page.getByLabel('E-mail address').fill('admin@example.com');
      await page.getByLabel('Password', { exact: true }).fill('a password');
      await page.getByLabel('The same again').fill('another password');
      await page.getByRole('button', { name: 'Create and log in' }).click();
      await page.getByText('is not the same password').waitFor();
      await check('setup-differs');
      await page.getByLabel('Password', { exact: true }).fill('short');
      await page.getByLabel('The same again').fill('short');
      await page.getByRole('button', { name: 'Create and log in' }).click();
      await page.getByRole('alert').waitFor();
      await check('setup-refused');
      // Chromium reports the refusal itself.
      t.strictSame(
        complaints.filter((each) => !each.includes('status of 400')),
        [],
      );
    });
  }
}
