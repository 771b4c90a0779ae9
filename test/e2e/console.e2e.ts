// The operator console in a real browser, on a real service. Needs Chromium: npm run test:e2e.
import { readFile } from 'node:fs/promises';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import t from 'tap';
import type { TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { browserOptions } from './browser.js';
import { consoleOf, logIn, OPERATOR, statusMessage } from './operators-console.js';

let browser: Browser;
t.before(async () => {
  browser = await chromium.launch(browserOptions);
});
t.teardown(() => browser.close());

const setting = (page: Page, name: string): Locator => page.getByRole('article', { name, exact: true });
const goTo = (page: Page, section: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: section, exact: true }).click();

/** The lifetime of a new access token, in seconds. */
async function tokenLifetime({ login }: Pick<TestApp, 'login'>): Promise<number> {
  const { access_token } = await login(OPERATOR);
  const { iat, exp } = JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString());
  return exp - iat;
}

t.test(
  'an operator changes a setting, rolls it back, disables a user, and finds each event in the audit log',
  async (t) => {
    const service = await consoleOf(t, browser);
    for (const name of ['mia', 'milo', 'zoe']) await service.register(`${name}@example.com`);
    const page = await service.open();
    await logIn(page);

    const lifetime = setting(page, 'ACCESS_TOKEN_LIFETIME');
    t.equal(await setting(page, 'REFRESH_TOKEN_LIFETIME').getByLabel('Value').inputValue(), '30');
    t.equal(await setting(page, 'REFRESH_TOKEN_LIFETIME').getByLabel('Unit').inputValue(), 'days');
    await lifetime.getByLabel('Value').fill('2');
    await lifetime.getByLabel('Unit').selectOption('minutes');
    await lifetime.getByText('= 120 seconds').waitFor();
    await lifetime.getByRole('button', { name: 'Save' }).click();
    await statusMessage(page, 'ACCESS_TOKEN_LIFETIME is now 2 minutes.');
    await lifetime.getByText('Applied on 1 of 1 instance.').waitFor();
    t.equal(await tokenLifetime(service), 120, 'the next token has the new lifetime');

    await lifetime.getByLabel('Value').fill('3');
    await lifetime.getByRole('button', { name: 'Save' }).click();
    await statusMessage(page, 'ACCESS_TOKEN_LIFETIME is now 3 minutes.');
    t.equal(await tokenLifetime(service), 180);
    await lifetime.getByText('History').click();
    await lifetime.getByRole('button', { name: 'Roll back to 2 minutes' }).click();
    await statusMessage(page, 'ACCESS_TOKEN_LIFETIME was rolled back to 2 minutes.');
    t.equal(await tokenLifetime(service), 120, 'rolled back');
    await lifetime.getByRole('button', { name: 'Reset to default' }).click();
    await statusMessage(page, 'ACCESS_TOKEN_LIFETIME was reset to its default, 30 seconds.');
    t.equal(await tokenLifetime(service), 30);

    await goTo(page, 'Users');
    await page.getByRole('link', { name: 'zoe@example.com' }).waitFor();
    await page.getByLabel('Part of the address or username').fill(' MI ');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: 'zoe@example.com' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'mia@example.com' }).waitFor();
    t.strictSame(await page.getByRole('main').getByRole('link', { name: '@example.com' }).allInnerTexts(), [
      'mia@example.com',
      'milo@example.com',
    ]);
    await page.getByRole('link', { name: 'mia@example.com' }).click();
    await page.getByRole('button', { name: 'Disable…' }).click();
    await page.getByLabel('Reason').fill('asked for it');
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await statusMessage(page, 'mia@example.com was disabled');
    t.equal((await service.post('/api/login/', { email: 'mia@example.com', password: 'password' })).statusCode, 401);

    await page.getByRole('button', { name: 'Enable…' }).click();
    await page.getByLabel('Reason').fill('was a mistake');
    await page.getByRole('button', { name: 'Enable', exact: true }).click();
    await statusMessage(page, 'mia@example.com was enabled');
    await page.getByRole('button', { name: 'Reset password…' }).click();
    // This service sends no mail, so that the console offers a temporary password instead.
    await page.getByRole('button', { name: 'Send reset link' }).click();
    await page.getByRole('button', { name: 'Reset password', exact: true }).click();
    const temporary = await page.getByRole('dialog').locator('output').innerText();
    await page.getByRole('button', { name: 'Done' }).click();
    t.equal(await page.getByText(temporary).count(), 0, 'it is shown once');
    await service.login('mia@example.com', temporary);
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.getByRole('button', { name: 'End all sessions' }).click();
    await page.getByText('This account has no active sessions.').waitFor();

    await goTo(page, 'Audit log');
    await page.getByRole('cell', { name: 'setting.changed' }).first().waitFor();
    const events = await page.getByRole('main').locator('td[data-title="Event"]').allInnerTexts();
    for (const event of ['setting.changed', 'setting.rolled_back', 'setting.reset', 'user.disabled', 'user.enabled']) {
      t.ok(events.includes(event), event);
    }
    await page.getByText('All events').click();
    await page.getByLabel('user.disabled').check();
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('cell', { name: 'setting.changed' }).first().waitFor({ state: 'detached' });
    const line = page.getByRole('row').filter({ hasText: 'user.disabled' });
    t.match(await line.innerText(), /user 1[\s\S]*user 2/, 'the actor and the target');
    await page.getByRole('link', { name: 'Changes today' }).click();
    await page.getByRole('heading', { name: 'Changes', exact: true }).waitFor();
    await page.getByRole('cell', { name: 'setting.changed' }).first().waitFor();
    t.equal(await page.getByRole('cell', { name: 'login.succeeded' }).count(), 0);
    await page.getByText(/Counts of the \d+ events on this page/).click();
    await page.getByRole('link', { name: 'setting.rolled_back', exact: true }).click();
    await page.getByRole('cell', { name: 'setting.changed' }).first().waitFor({ state: 'detached' });
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export these events' }).click();
    const exported = (await readFile(await (await downloading).path(), 'utf8')).trimEnd().split('\n');
    t.strictSame(
      exported.map((each) => JSON.parse(each).event),
      ['setting.rolled_back'],
    );
    await statusMessage(page, '1 event exported.');
    await page.getByRole('link', { name: 'setting ACCESS_TOKEN_LIFETIME' }).click();
    await lifetime.waitFor();
    t.equal(await page.getByRole('article').count(), 1, 'the search of the settings has its name');
    await page.getByLabel('Search settings').fill('refresh token life');
    await setting(page, 'REFRESH_TOKEN_LIFETIME').getByRole('heading', { name: 'Refresh token lifetime' }).waitFor();
    await lifetime.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Log out' }).click();
    await statusMessage(page, 'You have logged out.');
    t.strictSame(
      service.complaints.map((each) => /status of \d+/.exec(each)?.[0]),
      ['status of 503'],
      'only that there is no mail',
    );
  },
);

t.test('on a conflicting change, the console shows the other value and keeps the draft', async (t) => {
  const { open, login, inject } = await consoleOf(t, browser);
  const page = await open();
  await logIn(page);
  const lifetime = setting(page, 'ACCESS_TOKEN_LIFETIME');
  await lifetime.getByLabel('Value').fill('45');
  const { access_token } = await login(OPERATOR);
  const theirs = await inject({
    method: 'PUT',
    url: '/api/admin/settings/ACCESS_TOKEN_LIFETIME/',
    headers: { authorization: `Bearer ${access_token}` },
    payload: { value: 300, version: 0 },
  });
  t.equal(theirs.statusCode, 200);
  await lifetime.getByRole('button', { name: 'Save' }).click();
  t.match(
    await lifetime.getByRole('alert').innerText(),
    /This setting has changed\. It was set to 5 minutes by user 1\./,
  );
  t.equal(await lifetime.getByLabel('Value').inputValue(), '45');
  await lifetime.getByRole('button', { name: 'Save' }).click();
  await statusMessage(page, 'ACCESS_TOKEN_LIFETIME is now 45 seconds.');
});

t.test('while the database is unavailable, the console says so and keeps the draft', async (t) => {
  const { open, inject, database } = await consoleOf(t, browser);
  const page = await open();
  await logIn(page);
  const lifetime = setting(page, 'ACCESS_TOKEN_LIFETIME');
  await lifetime.getByLabel('Value').fill('45');
  database.refuse();
  await lifetime.getByRole('button', { name: 'Save' }).click();
  await lifetime.getByRole('alert').filter({ hasText: 'The database is unavailable.' }).waitFor();
  t.equal(await lifetime.getByLabel('Value').inputValue(), '45');
  await database.accept();
  await until('the database is back', async () => (await inject({ url: '/readyz' })).statusCode === 200);
  await lifetime.getByRole('button', { name: 'Save' }).click();
  await statusMessage(page, 'ACCESS_TOKEN_LIFETIME is now 45 seconds.');
  t.equal(await lifetime.getByRole('alert').count(), 0);
});

t.test('the console reports an ignored row, an invalid value, and an account without permissions', async (t) => {
  const { open, rows, register } = await consoleOf(t, browser);
  const page = await open();
  await rows`insert into settings (name, value, version, updated_by) values ('PASSWORD_MIN_LENGTH', '4', 1, 'psql')`;
  await logIn(page);
  const length = setting(page, 'PASSWORD_MIN_LENGTH');
  await length.getByText('The value in the database is ignored.').waitFor();
  await length.getByLabel('Value').fill('65');
  await length.getByText('Enter a value from 8 to 64 characters.').waitFor();
  t.equal(await length.getByLabel('Value').getAttribute('aria-invalid'), 'true');

  await register('user@example.com');
  const other = await open();
  await logIn(other, 'user@example.com');
  await other.getByRole('heading', { name: 'No access' }).waitFor();
  t.equal(await other.getByRole('navigation', { name: 'Main' }).getByRole('link').count(), 0);
  await other.evaluate("location.hash = '#/keys'");
  t.match(await other.getByRole('alert').innerText(), /Permission denied/);
});

t.test('the console does not offer what a role does not allow', async (t) => {
  const { open, rows, register } = await consoleOf(t, browser);
  await register('support@example.com');
  await rows`insert into roles (name, description, permissions)
    values ('support', '', '{users:read,settings:read}')`;
  await rows`update users set roles = '{support}' where email = 'support@example.com'`;
  const page = await open();
  await until('the role is known', async () => {
    await logIn(page, 'support@example.com');
    if ((await page.getByRole('navigation', { name: 'Main' }).getByRole('link').count()) > 0) return true;
    await page.getByRole('button', { name: 'Log out' }).click();
    return false;
  });
  t.strictSame(await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts(), [
    'Overview',
    'Settings',
    'Users',
  ]);
  await setting(page, 'ACCESS_TOKEN_LIFETIME').waitFor();
  t.equal(await page.getByRole('button', { name: 'Save' }).count(), 0);
  await goTo(page, 'Users');
  await page.getByRole('main').getByRole('link', { name: OPERATOR }).click();
  await page.getByRole('heading', { name: OPERATOR }).waitFor();
  await page.getByText('enabled').waitFor();
  t.equal(await page.getByRole('button', { name: /Disable|Delete|Reset/ }).count(), 0);
});

t.test('the page of a user says why they cannot log in, and ends a delay', async (t) => {
  const { open, rows, register, post, complaints } = await consoleOf(t, browser);
  await register('mia@example.com');
  const attempt = (password: string) => post('/api/login/', { email: 'mia@example.com', password });
  for (let i = 0; i < 5; i += 1) await attempt('wrong password');
  // Long enough for a slow machine: the delay doubles with each wrong password.
  await rows`update throttles set failures = 15, attempted_at = now() where failures >= 5`;
  t.equal((await attempt('password')).statusCode, 429);
  const page = await open();
  await logIn(page);
  await page.evaluate("location.hash = '#/users/2'");
  const login = page.getByRole('region', { name: 'Logging in' });
  await login.getByText('Must wait').waitFor();
  await login.getByText('Last login: none in the audit log').waitFor();
  t.strictSame(await login.locator('td[data-title="Attempts"]').allInnerTexts(), ['1', '5']);
  t.strictSame(await login.locator('td[data-title="Reason"]').allInnerTexts(), [
    'Had to wait because of wrong passwords',
    'Wrong password',
  ]);
  await login.getByRole('button', { name: 'Unblock' }).click();
  await statusMessage(page, 'The account was unblocked.');
  await login.getByText('The account can log in with its password now.').waitFor();
  t.equal((await attempt('password')).statusCode, 200);

  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByText('The charts as numbers').click();
  const failed = page.getByRole('main').locator('td[data-title="Failed logins"] a');
  t.equal(await failed.first().innerText(), '5');
  await failed.first().click();
  await page.getByRole('heading', { name: 'Audit log' }).waitFor();
  t.strictSame(complaints, []);
});

t.test('an operator can log in and change a setting with the keyboard alone', async (t) => {
  const { open, complaints, ...service } = await consoleOf(t, browser);
  const page = await open();
  const press = (key: string) => page.keyboard.press(key);
  const focused = () =>
    page.evaluate<string>('document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText');
  /** Presses Tab until the target has the focus. Throws if it is never reached. */
  async function tabTo(target: Locator) {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await target.evaluate((element) => element.matches(':focus'))) return;
      await press('Tab');
    }
    throw new Error(`Tab never reached ${target}`);
  }
  await page.getByRole('heading', { name: 'Latchkey console' }).waitFor();
  t.equal(await focused(), 'E-mail address', 'the first field has the focus');
  await page.keyboard.type(OPERATOR);
  await press('Tab');
  await page.keyboard.type('password');
  await press('Enter');
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  t.equal(await focused(), 'Overview', 'the new page has the focus');
  await tabTo(page.getByRole('link', { name: 'Settings', exact: true }));
  await press('Enter');
  await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
  const value = setting(page, 'ACCESS_TOKEN_LIFETIME').getByLabel('Value');
  await value.waitFor();
  await tabTo(value);
  await page.keyboard.type('55');
  await press('Enter');
  await statusMessage(page, 'ACCESS_TOKEN_LIFETIME is now 55 seconds.');
  t.equal(await tokenLifetime(service), 55);
  t.strictSame(complaints, []);
});

t.test('a reload keeps the operator logged in, tabs share the session, and scripts can read no token', async (t) => {
  const { open, rows, complaints } = await consoleOf(t, browser);
  const page = await open();
  await logIn(page);
  const stored = await page.evaluate<string>('JSON.stringify([Object.entries(localStorage), document.cookie])');
  t.notMatch(stored, /eyJ|[0-9a-f]{8}-[0-9a-f]{4}/);
  await page.reload();
  await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
  const second = await page.context().newPage();
  await second.goto(page.url());
  await second.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
  t.equal((await rows`select 1 from sessions`).length, 1);
  await second.getByRole('button', { name: 'Log out' }).click();
  for (const tab of [second, page]) await tab.getByRole('button', { name: 'Log in' }).waitFor();
  t.strictSame(await page.context().cookies(), []);
  await page.reload();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  t.strictSame(complaints, []);
});

t.test('while the service does not respond, a reload says so, and the session continues afterwards', async (t) => {
  const { open } = await consoleOf(t, browser);
  const page = await open();
  await logIn(page);
  await page.route('**/api/refresh/', (route) => route.abort());
  await page.reload();
  await page.getByRole('alert').filter({ hasText: 'The service does not respond. Try again in a moment.' }).waitFor();
  await page.unroute('**/api/refresh/');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();

  await page.route('**/console-*.js', (route) => route.abort());
  await page.reload();
  await page.getByText('check your connection and reload the page').waitFor();
});

t.test('after too many wrong passwords, the console says how long to wait', async (t) => {
  const { open, post, rows } = await consoleOf(t, browser);
  for (let i = 0; i < 5; i += 1) await post('/api/login/', { email: OPERATOR, password: 'wrong' });
  // Long enough for a slow machine: the delay doubles with each wrong password.
  await rows`update throttles set failures = 15, attempted_at = now() where failures >= 5`;
  const page = await open();
  await page.getByLabel('E-mail address').fill(OPERATOR);
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Log in' }).click();
  t.match(
    await page.getByRole('alert').innerText(),
    /^Too many wrong passwords or codes\. Try again in \d+ (second|minute)s?\./,
  );
});

t.test('where other pages share the origin, a reload ends the session, and the browser stores nothing', async (t) => {
  const { open, rows } = await consoleOf(t, browser, { env: { PUBLIC_URL: 'http://localhost:3000/auth' } });
  const page = await open();
  await logIn(page);
  const activeSessions = async () => (await rows`select 1 from sessions where revoked_at is null`).length;
  t.equal(await activeSessions(), 1);
  t.strictSame(await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]'), [0, 0, '']);
  await page.reload();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  await until('the session has ended', async () => (await activeSessions()) === 0);
  t.equal(await activeSessions(), 0);
});

t.test('the setup link creates the first administrator and logs in; its token is removed from the URL', async (t) => {
  const { open, rows, complaints } = await consoleOf(t, browser, { setupToken: 'a-token' });
  const page = await open({ hash: '#setup=a-token' });
  await page.getByRole('heading', { name: 'Create the first administrator' }).waitFor();
  t.match(page.url(), /\/admin\/$/, 'the token is not in the URL');
  const focused = () => page.evaluate<string>('document.activeElement.labels?.[0]?.innerText');
  t.equal(await focused(), 'E-mail address', 'the first field has the focus');
  await page.keyboard.type('admin@example.com');
  await page.keyboard.press('Tab');
  await page.keyboard.type('a password');
  await page.keyboard.press('Tab');
  await page.keyboard.type('a passwort');
  await page.keyboard.press('Enter');
  const confirmation = page.getByLabel('Confirm password');
  await page.getByText('The passwords do not match.').waitFor();
  t.equal(await focused(), 'Confirm password', 'the field with the error has the focus');
  t.equal(await confirmation.getAttribute('aria-invalid'), 'true');
  t.equal((await rows`select 1 from users`).length, 0, 'nothing was sent');
  await confirmation.fill('a password');
  await page.keyboard.press('Enter');
  await statusMessage(page, 'admin@example.com was created as the first administrator.');
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  t.equal(await page.getByRole('navigation', { name: 'Main' }).getByRole('link').count(), 7, 'with all sections');
  t.strictSame([...(await rows`select email, roles from users`)], [{ email: 'admin@example.com', roles: ['admin'] }]);
  t.strictSame(complaints, []);
});

t.test('the setup form shows what the service refuses, and keeps the input', async (t) => {
  const { open, register, rows } = await consoleOf(t, browser, { setupToken: 'a-token' });
  await register('admin@example.com');
  const page = await open({ hash: '#setup=a-token' });
  const fill = async (email: string, password: string) => {
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('Confirm password').fill(password);
    await page.getByRole('button', { name: 'Create and log in' }).click();
  };
  const alert = (text: string) => page.getByRole('alert').filter({ hasText: text }).waitFor();
  await fill('other@example.com', 'short');
  await alert('at least 8 characters');
  t.equal(await page.getByLabel('Password', { exact: true }).getAttribute('aria-invalid'), 'true');
  await fill('admin@example.com', 'a password');
  await alert('This e-mail address is already in use');
  await rows`update users set roles = '{admin}'`;
  await fill('other@example.com', 'a password');
  await alert('This link no longer works');
  t.equal((await rows`select 1 from users`).length, 1);
  await page.getByRole('button', { name: 'Log in instead' }).click();
  await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
  await logIn(page, 'admin@example.com');
});

t.test(
  'a setup link works in a window that shows the console already; without one there is only the login form',
  async (t) => {
    const { open, origin } = await consoleOf(t, browser, { setupToken: 'a-token' });
    const page = await open();
    await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
    t.equal(await page.getByRole('heading', { name: 'Create the first administrator' }).count(), 0);
    await page.goto(`${origin}/admin/#setup=a-token`);
    await page.getByRole('heading', { name: 'Create the first administrator' }).waitFor();
    t.equal(page.url(), `${origin}/admin/`);
    await page.goBack();
    await page.goForward();
    t.equal(page.url(), `${origin}/admin/`, 'the token is not in the history of the window');
    t.equal(await page.evaluate('document.activeElement.labels[0].innerText'), 'E-mail address');
  },
);
