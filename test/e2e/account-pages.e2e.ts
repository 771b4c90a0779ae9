// The links in mails, followed in a real browser, with and without scripts: to reset a password and to verify an address.
import { type Browser, chromium } from 'playwright-core';
import t from 'tap';
import { mailsOf } from '../support/mail.js';
import { mailingApp } from '../support/mail-links.js';
import { until } from '../support/until.js';
import { browserOptions } from './browser.js';

let browser: Browser;
t.before(async () => {
  browser = await chromium.launch(browserOptions);
});
t.teardown(() => browser.close());

for (const javaScriptEnabled of [true, false]) {
  t.test(
    `a link resets the password and another verifies an address, scripts ${javaScriptEnabled ? 'on' : 'off'}`,
    async (t) => {
      const service = await mailingApp(t);
      await service.app.listen({ host: '127.0.0.1', port: 0 });
      const context = await browser.newContext({ javaScriptEnabled });
      t.teardown(() => context.close());
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        // The browser reports the expected refusals as errors.
        if (['error', 'warning'].includes(message.type()) && !/40[03]/.test(message.text()))
          complaints.push(message.text());
      });
      page.on('request', (request) => {
        if (request.headers().referer) complaints.push(`a referrer: ${request.headers().referer}`);
      });
      const { email } = await service.begin();
      const linkOf = (kind: string) =>
        until(`a mail ${kind}`, async () => {
          const mail = (await mailsOf(service.rows, email)).find((each) => each.kind === kind);
          return (mail?.data as { url?: string } | undefined)?.url;
        });

      await page.goto(await linkOf('verify_email'));
      const password = page.getByLabel('Password');
      await password.fill('wrong');
      await page.getByRole('button', { name: 'Verify the address' }).click();
      await page.getByText('Password: is not right.').waitFor();
      t.equal(await password.getAttribute('aria-invalid'), 'true');
      t.notMatch(page.url(), 'token=', 'the token is not in the URL of the answer');
      await password.fill('password');
      await page.getByRole('button', { name: 'Verify the address' }).click();
      await page.getByRole('heading', { name: 'Your address is verified' }).waitFor();

      await service.forgot(email);
      await page.goto(await linkOf('reset_password'));
      await page.getByLabel('New password').fill('short');
      await page.getByRole('button', { name: 'Set the password' }).click();
      await page.getByText('must have at least 8 characters').waitFor();
      await page.getByLabel('New password').fill('a new password of mine');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Your password is set' }).waitFor();
      t.equal(await service.loginStatus(email, 'a new password of mine'), 200);
      t.equal(await service.loginStatus(email), 401);
      await page.goto(await linkOf('reset_password'));
      await page.getByRole('heading', { name: 'This link is not valid' }).waitFor();
      t.strictSame(complaints, []);
    },
  );
}

t.test('a second click on a button does not lose the answer to the first one', async (t) => {
  const service = await mailingApp(t);
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  const context = await browser.newContext();
  t.teardown(() => context.close());
  const page = await context.newPage();
  const { email } = await service.begin();
  const [mail] = await mailsOf(service.rows, email);
  await page.goto(String((mail?.data as { url?: string } | undefined)?.url));
  await page.getByLabel('Password').fill('password');
  // The service has answered the first click before the second one, and the browser gets the answer after it.
  let answered = () => {};
  let clickedAgain = () => {};
  const firstAnswer = new Promise<void>((resolve) => {
    answered = resolve;
  });
  const secondClick = new Promise<void>((resolve) => {
    clickedAgain = resolve;
  });
  await page.route('**/account/**', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const response = await route.fetch();
    answered();
    await secondClick;
    // The browser may have dropped the request.
    await route.fulfill({ response }).catch(() => {});
  });
  const button = await page.getByRole('button', { name: 'Verify the address' }).boundingBox();
  const click = () => page.mouse.click((button?.x ?? 0) + 5, (button?.y ?? 0) + 5);
  await click();
  await firstAnswer;
  await click();
  clickedAgain();
  await page.getByRole('heading', { name: /Your address is verified|This link is not valid/ }).waitFor();
  t.equal(await page.getByRole('heading').innerText(), 'Your address is verified');
});
