// The page of examples/second-factors, in a browser with a device that keeps passkeys.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Secret } from 'otpauth';
import { type Browser, chromium, type Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { codeAt, stepAt } from '#second-factors/totp.js';
import { CREDENTIALS, service } from '../client/support.js';
import { untilStepLasts } from '../support/second-factors.js';
import { freePort } from '../support/service.js';
import { until } from '../support/until.js';
import { browserOptions } from './browser.js';
import { addVirtualAuthenticator } from './virtual-authenticator.js';

let browser: Browser;
t.before(async () => {
  browser = await chromium.launch(browserOptions);
});
t.teardown(() => browser.close());

/** Starts the service and the example's server, and opens its page. */
async function example(t: Test) {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const latchkey = await service(t, {
    PASSKEY_RP_ID: 'localhost',
    PASSKEY_ORIGINS: origin,
    SETTING_STEP_UP_MAX_AGE: '300',
  });
  const server = spawn(process.execPath, [join(packageRoot, 'examples', 'second-factors', 'serve.js')], {
    env: { ...process.env, LATCHKEY_URL: latchkey.origin, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => server.kill());
  await once(server.stdout, 'data');

  const context = await browser.newContext();
  t.teardown(() => context.close());
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const device = await addVirtualAuthenticator(page);
  await page.goto(origin);
  return { ...latchkey, page, device, errors };
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const signedIn = (page: Page) => page.getByText(`Signed in as ${CREDENTIALS.email}`).waitFor();

async function logIn(page: Page): Promise<void> {
  await page.getByLabel('E-mail address').fill(CREDENTIALS.email);
  await page.getByLabel('Password', { exact: true }).fill(CREDENTIALS.password);
  await button(page, 'Log in').click();
}

t.test('a passkey is added, signs in from the button and from the autofill, and is a second factor', async (t) => {
  const { page, device, rows, errors } = await example(t);
  await logIn(page);
  await signedIn(page);
  await page.getByLabel('Your password').fill(CREDENTIALS.password);
  await page.getByLabel('Name').fill('Laptop');
  await button(page, 'Add a passkey').click();
  await page.getByText('Laptop (passkey, on one device)').waitFor();
  t.equal(await device.count(), 1);

  // Nobody answers: the autofill waits. A device that is present before the page has offered its passkeys would answer to that.
  const logOutAlone = async () => {
    await device.setPresent(false);
    const offer = device.nextOffer();
    await button(page, 'Log out').click();
    await offer;
  };
  await logOutAlone();
  await device.setPresent(true);
  await button(page, 'Sign in with a passkey').click();
  await signedIn(page);

  await logOutAlone();
  await device.setPresent(true);
  await page.reload();
  await signedIn(page);

  await logOutAlone();
  await logIn(page);
  await button(page, 'Use a passkey').waitFor();
  await device.setPresent(true);
  await device.setUserVerified(false);
  await button(page, 'Use a passkey').click();
  await page.getByRole('status').filter({ hasText: 'No passkey was used.' }).waitFor();
  await device.setUserVerified(true);
  await button(page, 'Use a passkey').click();
  await signedIn(page);

  // A change needs a recent proof of identity: the passkey gives it, and the change is made.
  await rows`update sessions set authenticated_at = now() - interval '1 hour', created_at = now() - interval '1 hour'`;
  await page.reload();
  await signedIn(page);
  await page.getByLabel('Your password').fill(CREDENTIALS.password);
  await button(page, 'Make recovery codes').click();
  await button(page, 'Use a passkey').click();
  await page.getByText('Recovery codes left: 10').waitFor();
  t.equal(await page.getByRole('listitem').count(), 11, 'the passkey and ten codes');
  t.strictSame(errors, []);
});

t.test('an authenticator app is added, and its codes and recovery codes complete a login', async (t) => {
  const { page, errors } = await example(t);
  await logIn(page);
  await signedIn(page);
  await page.getByLabel('Your password').fill('a wrong password');
  await button(page, 'Add an authenticator app').click();
  await page.getByRole('status').filter({ hasText: 'Your current password is wrong.' }).waitFor();
  await page.getByLabel('Your password').fill(CREDENTIALS.password);
  await button(page, 'Add an authenticator app').click();
  const secret = Secret.fromBase32((await page.locator('#secret:not(:empty)').textContent()) ?? '');
  const code = (steps: number) => codeAt(Buffer.from(secret.bytes), stepAt(Date.now()) + steps);
  t.ok(await page.evaluate<boolean>("document.querySelector('#qr-code').decode().then(() => true)"), 'a QR code');
  await untilStepLasts();
  await page.getByLabel('Code', { exact: true }).fill(code(-1));
  await button(page, 'Confirm').click();
  await page.getByText('(authenticator app)').waitFor();
  await button(page, 'Make recovery codes').click();
  await page.getByText('Recovery codes left: 10').waitFor();
  const [, recoveryCode = ''] = await page.getByRole('listitem').allTextContents();

  for (const proof of [code(0), recoveryCode]) {
    await button(page, 'Log out').click();
    await logIn(page);
    await page.getByLabel('Code of the app, or recovery code').fill(proof);
    await button(page, 'Continue').click();
    await signedIn(page);
  }
  await page.getByText('Recovery codes left: 9').waitFor();
  await page.getByLabel('Your password').fill(CREDENTIALS.password);
  await button(page, 'Remove').click();
  await page.getByText('(authenticator app)').waitFor({ state: 'detached' });
  t.strictSame(errors, []);
});

t.test('an answer that arrives after the log-out does not show the account again', async (t) => {
  const { page, errors } = await example(t);
  await logIn(page);
  await signedIn(page);
  const held: (() => Promise<void>)[] = [];
  await page.route('**/api/me/factors/', async (route) => {
    const response = await route.fetch();
    held.push(() => route.fulfill({ response }));
  });
  // The page reads the factors again after each action.
  await page.getByLabel('Your password').fill(CREDENTIALS.password);
  await button(page, 'Add an authenticator app').click();
  await until('the page asks for the factors', () => held.length > 0);
  await button(page, 'Log out').click();
  await page.getByLabel('E-mail address').waitFor();
  const answered = page.waitForResponse('**/api/me/factors/');
  await held[0]?.();
  await (await answered).finished();
  // What the page does with the answer it has done before this is answered.
  await page.evaluate('new Promise((resolve) => setTimeout(resolve))');
  await page.getByLabel('Password', { exact: true }).fill(CREDENTIALS.password, { timeout: 3000 });
  t.strictSame(errors, []);
});
