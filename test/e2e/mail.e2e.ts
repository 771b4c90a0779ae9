// Mails in Chromium: the page /dev/mail/ of a developer, and the operators' page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import t from 'tap';
import { testApp } from '../support/app.js';
import { enqueueMail, MAIL_EXPIRES_AT } from '../support/mail.js';
import { until } from '../support/until.js';
import { browserOptions } from './browser.js';
import { consoleOf, logIn, statusMessage } from './operators-console.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
t.before(async () => {
  browser = await chromium.launch(browserOptions);
});
t.teardown(() => browser.close());

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))",
  );
}

for (const colorScheme of ['light', 'dark'] as const) {
  t.test(`a caught mail is read and its link followed, on a narrow screen (${colorScheme})`, async (t) => {
    const { app } = await testApp(t, { catchesMail: true });
    const origin = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('127.0.0.1', 'localhost');
    const target = `${origin}/livez?token=${'x'.repeat(43)}`;
    await enqueueMail(app, { data: { url: target, expiresAt: MAIL_EXPIRES_AT } });
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme });
    t.teardown(() => context.close());
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(`${origin}/dev/mail`);
    await page.getByRole('heading', { name: 'Verify your e-mail address for Latchkey' }).waitFor();
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), 360, 'it fits the screen');
    t.strictSame(await violations(page), []);

    await page.getByText('HTML', { exact: true }).click();
    const frame = page.frameLocator('iframe');
    const button = frame.getByRole('link', { name: 'Verify this address' });
    t.equal(await button.getAttribute('href'), target);
    const [popup] = await Promise.all([context.waitForEvent('page'), button.click()]);
    await popup.waitForLoadState();
    t.equal(popup.url(), target, 'the button leads to the address');
    t.strictSame(complaints, []);

    await page.getByRole('link', { name: target }).first().click();
    t.equal(page.url(), target, 'and so does the link in the text');
  });
}

t.test('an operator finds a dead mail and sends it again', async (t) => {
  const { open, rows, complaints } = await consoleOf(t, browser);
  await rows`
    insert into mails (kind, user_id, recipient, content, state, attempts, last_error) values
      ('verify_email', 1, 'mia@example.com', 'x', 'dead', 20, '550 5.1.1 No such user'),
      ('reset_password', null, 'tom@example.com', null, 'sent', 1, null)`;
  const page = await open();
  await logIn(page);
  await page.getByRole('link', { name: 'Mail', exact: true }).click();
  await page.getByText('tom@example.com').waitFor();
  t.equal(await page.getByRole('button', { name: /^Send again/ }).count(), 1, 'not for the sent mail');
  await page.getByLabel('State').selectOption('dead');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('550 5.1.1 No such user').waitFor();
  await page.getByText('tom@example.com').waitFor({ state: 'detached' });
  t.strictSame(await violations(page), []);
  await page.getByRole('button', { name: 'Send again e-mail 1' }).click();
  await statusMessage(page, 'E-mail 1 will be sent again.');
  await page.getByText('No e-mails match.').waitFor();
  await until('it waits', async () => (await rows`select 1 from mails where state = 'waiting'`).length === 1);
  t.strictSame(complaints, []);
});
