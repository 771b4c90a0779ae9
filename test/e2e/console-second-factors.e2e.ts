// Second factors in the console: an operator adds one, logs in with it, uses a recovery code and removes it, and resets that of a user.
import { Secret } from 'otpauth';
import { type Browser, chromium, type Page } from 'playwright-core';
import t from 'tap';
import { codeAt, stepAt } from '#second-factors/totp.js';
import { mailsOf } from '../support/mail.js';
import { addAuthenticator, untilStepLasts, verifyAddress } from '../support/second-factors.js';
import { setSetting } from '../support/settings.js';
import { until } from '../support/until.js';
import { browserOptions } from './browser.js';
import { checkPage, consoleOf, logIn, OPERATOR, statusMessage } from './operators-console.js';

let browser: Browser;
t.before(async () => {
  browser = await chromium.launch(browserOptions);
});
t.teardown(() => browser.close());

const dialog = (page: Page) => page.getByRole('dialog');

async function enterPassword(page: Page): Promise<void> {
  await page.getByLabel('E-mail address').fill(OPERATOR);
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Enter the code' }).waitFor();
}

async function enterCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: 'Log in' }).click();
}

t.test('an operator adds an authenticator app, logs in with it and with a recovery code, and removes it', async (t) => {
  const { open } = await consoleOf(t, browser);
  const page = await open();
  await logIn(page);
  await page.getByRole('banner').getByRole('link', { name: OPERATOR }).click();
  await page.getByText('No second factor has been added.').waitFor();
  await checkPage(t, page, 'account');
  await page.getByRole('button', { name: 'Add an authenticator app…' }).click();
  await dialog(page).getByLabel('Name').fill('Phone');
  await dialog(page).getByLabel('Your password').fill('password');
  await dialog(page).getByRole('button', { name: 'Continue' }).click();
  const secret = Secret.fromBase32((await dialog(page).getByRole('status').textContent()) ?? '');
  const code = (steps: number) => codeAt(Buffer.from(secret.bytes), stepAt(Date.now()) + steps);
  t.ok(await page.evaluate<boolean>("document.querySelector('.qr-code img').naturalWidth > 0"), 'the QR code is shown');
  await checkPage(t, page, 'enrolment');
  await dialog(page).getByLabel('Code').fill('000000');
  await dialog(page).getByRole('button', { name: 'Confirm' }).click();
  await dialog(page).getByRole('alert').waitFor();
  await untilStepLasts();
  await dialog(page).getByLabel('Code').fill(code(-1));
  await dialog(page).getByRole('button', { name: 'Confirm' }).click();
  await statusMessage(page, 'The authenticator app was added.');

  await page.getByRole('button', { name: 'Make recovery codes…' }).click();
  await dialog(page).getByLabel('Your password').fill('password');
  await dialog(page).getByRole('button', { name: 'Make recovery codes' }).click();
  await dialog(page).getByRole('listitem').first().waitFor();
  const codes = await dialog(page).getByRole('listitem').allTextContents();
  t.equal(codes.length, 10);
  await checkPage(t, page, 'recovery codes');
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  await page.getByText('Recovery codes left: 10').waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();

  await enterPassword(page);
  await checkPage(t, page, 'code');
  await enterCode(page, '000000');
  await page.getByRole('alert').filter({ hasText: 'Wrong code' }).waitFor();
  await enterCode(page, code(0));
  await page.getByRole('button', { name: 'Log out' }).click();
  await enterPassword(page);
  await enterCode(page, codes[0] ?? '');
  await page.getByRole('button', { name: 'Log out' }).waitFor();

  await page.getByRole('banner').getByRole('link', { name: OPERATOR }).click();
  await page.getByText('Recovery codes left: 9').waitFor();
  await checkPage(t, page, 'factors');
  await page.getByRole('button', { name: 'Remove… Phone' }).click();
  await dialog(page).getByLabel('Your password').fill('password');
  await dialog(page).getByRole('button', { name: 'Remove' }).click();
  await statusMessage(page, 'Phone was removed.');
  await page.getByRole('button', { name: 'Log out' }).click();
  await logIn(page);
});

t.test('a challenge that has got too many codes leads back to the password', async (t) => {
  const { open, rows, ...service } = await consoleOf(t, browser);
  await addAuthenticator(service, (await service.login(OPERATOR)).access_token);
  const page = await open();
  await enterPassword(page);
  await rows`update account_tokens set used_at = now() where purpose = 'second_factor'`;
  await enterCode(page, '000000');
  await page.getByRole('alert').filter({ hasText: 'The login has expired' }).waitFor();
  await enterPassword(page);
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByLabel('Password').waitFor();
});

t.test('an operator resets the second factors of a user', async (t) => {
  const { open, rows, ...service } = await consoleOf(t, browser);
  await service.register('mia@example.com');
  await verifyAddress(service, 'mia@example.com');
  await addAuthenticator(service, (await service.login('mia@example.com')).access_token);
  const page = await open({ hash: '#/users/2' });
  await logIn(page);
  await page.getByRole('button', { name: 'Reset second factors…' }).click();
  await checkPage(t, page, 'reset');
  await dialog(page).getByRole('button', { name: 'Reset second factors' }).click();
  await statusMessage(page, 'The second factors of mia@example.com were removed');
  await page.getByRole('button', { name: 'Reset second factors…' }).waitFor({ state: 'detached' });
  t.ok((await service.login('mia@example.com')).access_token, 'the password is enough');
});

t.test('a change asks the operator for their password when the login is too old', async (t) => {
  const { open, rows, ...service } = await consoleOf(t, browser);
  await service.register('mia@example.com');
  await verifyAddress(service, 'mia@example.com');
  await addAuthenticator(service, (await service.login('mia@example.com')).access_token);
  const page = await open({ hash: '#/users/2' });
  await logIn(page);
  await page.getByRole('button', { name: 'Reset second factors…' }).waitFor();
  await setSetting(service.app, 'STEP_UP_MAX_AGE', 300);
  await setSetting(service.app, 'STEP_UP_FOR_OPERATORS', true);
  await rows`update sessions set created_at = created_at - interval '1 hour'`;
  // The token in use still says that the login was a moment ago. Refused once, the console gets another one.
  await page.route(
    '**/factors/',
    (route) => route.fulfill({ status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }),
    { times: 1 },
  );
  await page.getByRole('button', { name: 'Reset second factors…' }).click();
  await dialog(page).getByRole('button', { name: 'Reset second factors' }).click();
  const proof = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await proof.getByLabel('Your password').fill('not the password');
  await proof.getByRole('button', { name: 'Confirm' }).click();
  await proof.getByRole('alert').waitFor();
  await checkPage(t, page, 'step-up');
  await proof.getByLabel('Your password').fill('password');
  await proof.getByRole('button', { name: 'Confirm' }).click();
  await statusMessage(page, 'The second factors of mia@example.com were removed');
});

t.test('an operator who has to have a second factor adds one, and then uses the console', async (t) => {
  const { open, rows, ...service } = await consoleOf(t, browser);
  await setSetting(service.app, 'SECOND_FACTOR_REQUIRED_FOR_OPERATORS', true);
  const page = await open();
  await logIn(page);
  await page.getByRole('banner').getByRole('link', { name: OPERATOR }).click();
  await page.getByText('Your account has to have a second factor from').waitFor();
  await checkPage(t, page, 'grace');
  await page.getByRole('button', { name: 'Log out' }).click();

  await rows`update users set second_factor_asked_at = now() - interval '1 year'`;
  await page.goto(`${service.origin}/admin/`);
  await logIn(page);
  await page.getByRole('link', { name: 'Add one' }).click();
  await page.getByRole('button', { name: 'Add an authenticator app…' }).click();
  await dialog(page).getByLabel('Your password').fill('password');
  await dialog(page).getByRole('button', { name: 'Continue' }).click();
  const secret = Secret.fromBase32((await dialog(page).getByRole('status').textContent()) ?? '');
  await dialog(page)
    .getByLabel('Code')
    .fill(codeAt(Buffer.from(secret.bytes), stepAt(Date.now())));
  await dialog(page).getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
});

t.test(
  'while the service sends mail, an operator verifies their address first, with an e-mail from the console',
  async (t) => {
    const { open, rows } = await consoleOf(t, browser, { catchesMail: true });
    const page = await open();
    await logIn(page);
    await page.getByRole('banner').getByRole('link', { name: OPERATOR }).click();
    const addApp = async () => {
      await page.getByRole('button', { name: 'Add an authenticator app…' }).click();
      await dialog(page).getByLabel('Your password').fill('password');
      await dialog(page).getByRole('button', { name: 'Continue' }).click();
    };
    await addApp();
    await page.getByRole('alert').filter({ hasText: 'The address of your account is not verified' }).waitFor();
    const before = (await mailsOf(rows, OPERATOR)).length;
    await page.getByRole('button', { name: 'Send the e-mail again' }).click();
    await statusMessage(page, `An e-mail with a link is on its way to ${OPERATOR}.`);
    await checkPage(t, page, 'address not verified');
    await until('another e-mail is stored', async () => (await mailsOf(rows, OPERATOR)).length > before);
    await rows`update users set email_verified_at = now()`;
    await addApp();
    await dialog(page).getByLabel('Code').waitFor();
  },
);
