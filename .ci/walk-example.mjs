// Uses the application of examples/react in Chromium: walk-example.mjs <URL of the page> <URL of Latchkey>.
import assert from 'node:assert/strict';
import { Secret, TOTP } from 'otpauth';
import { chromium } from 'playwright-core';

const [, , page, latchkey] = process.argv;
const email = `example-${Date.now()}@example.com`;
const password = 'a long password';

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
try {
  const context = await browser.newContext();
  const first = await context.newPage();
  await first.goto(page);

  await first.getByLabel('E-mail address').fill(email);
  await first.getByLabel('Password').fill(password);
  await first.getByRole('button', { name: 'Log in' }).click();
  await first.getByRole('alert').waitFor();
  await first.getByRole('button', { name: 'Register' }).click();
  await first.getByText(`Signed in as ${email}`).waitFor();
  await addNote(first, 'buy milk');

  const second = await context.newPage();
  await second.goto(page);
  await second.getByText(`Signed in as ${email}`).waitFor();
  await second.getByText('buy milk').waitFor();
  await second.getByRole('button', { name: 'Log out' }).click();
  await second.getByRole('button', { name: 'Register' }).waitFor();
  await first.getByRole('button', { name: 'Register' }).waitFor();

  const totp = await addSecondFactor();
  await first.getByLabel('E-mail address').fill(email);
  await first.getByLabel('Password').fill(password);
  await first.getByRole('button', { name: 'Log in' }).click();
  // The code of the present step was used to add the factor; that of the next one is accepted too.
  await first.getByLabel('Code').fill(totp.generate({ timestamp: Date.now() + 30_000 }));
  await first.getByRole('button', { name: 'Continue' }).click();
  await first.getByText('buy milk').waitFor();
  await second.getByText(`Signed in as ${email}`).waitFor();
  const sessions = first.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
  const end = first.getByRole('button', { name: 'End' }).first();
  await end.waitFor();
  const before = await sessions.count();
  await end.click();
  await sessions.nth(before - 1).waitFor({ state: 'detached' });

  // The device answers at once: to the dialog, and to the offer in the autofill, which logs in without a click.
  // Browsers use passkeys only for the page that has the focus.
  await second.close();
  await first.bringToFront();
  await addDevice(first);
  await first.getByLabel('Your password').fill(password);
  await first.getByRole('button', { name: 'Add a passkey' }).click();
  await first.getByText('Passkey Added by the example').waitFor();
  const answer = first.waitForResponse((response) => response.url().endsWith('/api/login/passkey/'));
  await first.getByRole('button', { name: 'Log out' }).click();
  assert.equal((await answer).status(), 200);
  await first.getByText(`Signed in as ${email}`).waitFor();
  process.stdout.write(
    'the example works: register, log in with a second factor, notes, sessions, log out in another tab, passkeys\n',
  );
} finally {
  await browser.close();
}

async function addNote(tab, text) {
  await tab.getByLabel('New note').fill(text);
  await tab.getByRole('button', { name: 'Add', exact: true }).click();
  await tab.getByText(text).waitFor();
}

/** Chromium's virtual device with passkeys. */
async function addDevice(tab) {
  const devTools = await tab.context().newCDPSession(tab);
  await devTools.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true };
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

/** Verifies the address with the caught e-mail, and adds an authenticator app, without a page. Leaves a session behind. */
async function addSecondFactor() {
  const mails = await (await fetch(`${latchkey}/dev/mail/`)).text();
  const [, token] = /verify-email\/\?token=([\w-]+)/.exec(mails) ?? [];
  await call('/api/email/verify/', { token });
  const { access_token } = await call('/api/login/', { email, password });
  const enrolled = await call('/api/me/factors/totp/', { current_password: password }, access_token);
  const totp = new TOTP({ secret: Secret.fromBase32(enrolled.secret) });
  await call(`/api/me/factors/totp/${enrolled.id}/confirm/`, { code: totp.generate() }, access_token);
  return totp;
}

async function call(path, body, token) {
  const response = await fetch(`${latchkey}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
