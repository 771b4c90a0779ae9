// Passkeys in the console: an operator adds one, logs in with it, and proves their identity with it.
import { type Browser, chromium, type Page } from 'playwright-core';
import t from 'tap';
import { setSetting } from '../support/settings.js';
import { browserOptions } from './browser.js';
import { checkPage, consoleOf, logIn, OPERATOR, statusMessage } from './operators-console.js';
import { addVirtualAuthenticator } from './virtual-authenticator.js';

let browser: Browser;
t.before(async () => {
  browser = await chromium.launch(browserOptions);
});
t.teardown(() => browser.close());

const dialog = (page: Page) => page.getByRole('dialog');
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function openAccount(page: Page): Promise<void> {
  await page.getByRole('banner').getByRole('link', { name: OPERATOR }).click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
}

/**
 * Logs out, and in again with the passkey that the autofill offers: the device is present, so its user chooses it as soon as it is offered. A
 * device that becomes present only when the login page is shown can be asked twice, by the autofill and by a button that the test clicks.
 */
async function logInByAutofill(page: Page): Promise<void> {
  const answer = page.waitForResponse((response) => response.url().endsWith('/api/login/passkey/'));
  await button(page, 'Log out').click();
  await answer;
  await button(page, 'Log out').waitFor();
}

/** Adds a passkey to the account of the operator, who is logged in. */
async function addPasskey(page: Page, name: string): Promise<void> {
  await openAccount(page);
  await button(page, 'Add a passkey…').click();
  await dialog(page).getByLabel('Name').fill(name);
  await dialog(page).getByLabel('Your password').fill('password');
  await dialog(page).getByRole('button', { name: 'Continue' }).click();
}

async function enterPassword(page: Page): Promise<void> {
  await page.getByLabel('E-mail address').fill(OPERATOR);
  await page.getByLabel('Password').fill('password');
  await button(page, 'Log in').click();
}

t.test('an operator adds a passkey, logs in with it in every way, renames and removes it', async (t) => {
  const { open, complaints } = await consoleOf(t, browser);
  const page = await open();
  const device = await addVirtualAuthenticator(page);
  await logIn(page);
  await openAccount(page);
  await button(page, 'Add a passkey…').click();
  await checkPage(t, page, 'add-passkey');
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  await addPasskey(page, 'Laptop');
  await statusMessage(page, 'The passkey was added.');
  await page.getByRole('cell', { name: 'Passkey, on one device' }).waitFor();
  await checkPage(t, page, 'passkeys');
  await addPasskey(page, 'The same device');
  await page.getByRole('alert').filter({ hasText: 'already has a passkey' }).waitFor();
  t.equal(await device.count(), 1);

  // The user does not choose a passkey in the autofill, but in the dialog of the button.
  await device.setPresent(false);
  await button(page, 'Log out').click();
  await button(page, 'Use a passkey').waitFor();
  await checkPage(t, page, 'log-in-with-passkey');
  await device.setPresent(true);
  await button(page, 'Use a passkey').click();
  await button(page, 'Log out').waitFor();

  await logInByAutofill(page);

  // As a second factor. Without a code there is nothing to type.
  await device.setPresent(false);
  await button(page, 'Log out').click();
  await enterPassword(page);
  await page.getByRole('heading', { name: 'Use your passkey' }).waitFor();
  await checkPage(t, page, 'second-factor-passkey');
  await device.setPresent(true);
  await device.setUserVerified(false);
  await button(page, 'Use a passkey').click();
  await page.getByRole('alert').filter({ hasText: 'No passkey was used' }).waitFor();
  await device.setUserVerified(true);
  await button(page, 'Use a passkey').click();
  await button(page, 'Log out').waitFor();

  await openAccount(page);
  await button(page, 'Make recovery codes…').click();
  await dialog(page).getByLabel('Your password').fill('password');
  await dialog(page).getByRole('button', { name: 'Make recovery codes' }).click();
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  await button(page, 'Rename… Laptop').click();
  await checkPage(t, page, 'rename-passkey');
  await dialog(page).getByLabel('Name').fill('Old laptop');
  await dialog(page).getByRole('button', { name: 'Rename' }).click();
  await statusMessage(page, 'The name was changed.');

  // As a second factor beside recovery codes.
  await device.setPresent(false);
  await button(page, 'Log out').click();
  await enterPassword(page);
  await page.getByLabel('Recovery code').waitFor();
  await checkPage(t, page, 'second-factor-both');
  await device.setPresent(true);
  await button(page, 'Use a passkey').click();
  await button(page, 'Log out').waitFor();
  t.strictSame(
    complaints.filter((each) => !/status of 401/.test(each)),
    [],
  );

  await openAccount(page);
  await button(page, 'Remove… Old laptop').click();
  await dialog(page).getByLabel('Your password').fill('password');
  await dialog(page).getByRole('button', { name: 'Remove' }).click();
  await statusMessage(page, 'Old laptop was removed.');
  await page.getByText('No second factor has been added.').waitFor();
  await button(page, 'Log out').click();
  // The device still has it, and the autofill offers it at once.
  await page.getByRole('alert').filter({ hasText: 'This passkey was not accepted' }).waitFor();
  await logIn(page);
});

t.test('a change asks for a passkey when the login is too old', async (t) => {
  const { open, rows, ...service } = await consoleOf(t, browser);
  const page = await open();
  const device = await addVirtualAuthenticator(page);
  await logIn(page);
  await addPasskey(page, 'Laptop');
  await statusMessage(page, 'The passkey was added.');
  await logInByAutofill(page);
  await openAccount(page);
  await setSetting(service.app, 'STEP_UP_MAX_AGE', 300);
  await rows`update sessions set created_at = now() - interval '1 hour', authenticated_at = now() - interval '1 hour'`;
  // The refresh token is in a cookie: the page continues with a new access token, and without a new login.
  await device.setPresent(false);
  await page.reload();
  await button(page, 'Remove… Laptop').waitFor();
  await device.setPresent(true);
  await button(page, 'Remove… Laptop').click();
  await dialog(page).getByLabel('Your password').fill('password');
  await dialog(page).getByRole('button', { name: 'Remove' }).click();
  const proof = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await proof.waitFor();
  await checkPage(t, page, 'step-up-passkey');
  await proof.getByRole('button', { name: 'Use a passkey' }).click();
  await statusMessage(page, 'Laptop was removed.');
});

t.test('where passkeys cannot be used, the console does not offer them', async (t) => {
  const { open, complaints } = await consoleOf(t, browser, {
    env: { PASSKEY_RP_ID: 'example.com', PASSKEY_ORIGINS: 'https://console.example.com' },
  });
  const page = await open();
  await logIn(page);
  await openAccount(page);
  await button(page, 'Add an authenticator app…').waitFor();
  t.equal(await page.getByRole('button', { name: 'passkey' }).count(), 0);
  await button(page, 'Log out').click();
  await page.getByLabel('Password').waitFor();
  t.equal(await page.getByRole('button', { name: 'passkey' }).count(), 0);
  t.strictSame(complaints, []);
});
