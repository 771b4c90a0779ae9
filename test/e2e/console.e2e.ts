// The operator's console in a real browser, on the real service, as operators meet it. Needs Chromium: npm run test:e2e.
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import t from 'tap';
import type { TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { browserOptions } from './browser.js';
import { consoleOf, logIn, OPERATOR, said } from './operators-console.js';

let browser: Browser;
t.before(async () => {
  browser = await chromium.launch(browserOptions);
});
t.teardown(() => browser.close());

const setting = (page: Page, name: string): Locator => page.getByRole('article', { name, exact: true });
const goTo = (page: Page, section: string) =>
  page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: section, exact: true }).click();

/** Seconds between issue and end of the access token of a new login. */
async function tokenLifetime({ login }: Pick<TestApp, 'login'>): Promise<number> {
  const { access_token } = await login(OPERATOR);
  const { iat, exp } = JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString());
  return exp - iat;
}

t.test('an operator changes a setting, goes back, disables a user, and finds who did it', async (t) => {
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
  await said(page, 'ACCESS_TOKEN_LIFETIME is now 2 minutes.');
  await lifetime.getByText('Reached 1 of 1 instance.').waitFor();
  t.equal(await tokenLifetime(service), 120, 'the next token carries it');

  await lifetime.getByLabel('Value').fill('3');
  await lifetime.getByRole('button', { name: 'Save' }).click();
  await said(page, 'ACCESS_TOKEN_LIFETIME is now 3 minutes.');
  t.equal(await tokenLifetime(service), 180);
  await lifetime.getByText('History').click();
  await lifetime.getByRole('button', { name: 'Back to this value, 2 minutes' }).click();
  await said(page, 'ACCESS_TOKEN_LIFETIME is back at 2 minutes.');
  t.equal(await tokenLifetime(service), 120, 'rolled back');
  await lifetime.getByRole('button', { name: 'Back to the default' }).click();
  await said(page, 'ACCESS_TOKEN_LIFETIME is back at its default, 30 seconds.');
  t.equal(await tokenLifetime(service), 30);

  await goTo(page, 'Users');
  await page.getByRole('link', { name: 'zoe@example.com' }).waitFor();
  await page.getByLabel('E-mail begins with').fill('mi');
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
  await said(page, 'mia@example.com is disabled');
  t.equal((await service.post('/api/login/', { email: 'mia@example.com', password: 'password' })).statusCode, 401);

  await page.getByRole('button', { name: 'Enable…' }).click();
  await page.getByLabel('Reason').fill('was a mistake');
  await page.getByRole('button', { name: 'Enable', exact: true }).click();
  await said(page, 'mia@example.com is enabled');
  await page.getByRole('button', { name: 'Reset the password…' }).click();
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  const temporary = await page.getByRole('dialog').locator('output').innerText();
  await page.getByRole('button', { name: 'Done' }).click();
  t.equal(await page.getByText(temporary).count(), 0, 'it is shown once');
  await service.login('mia@example.com', temporary);
  await page.getByRole('link', { name: 'Sessions' }).click();
  await page.getByRole('button', { name: 'End all' }).click();
  await page.getByText('The account is logged in nowhere.').waitFor();

  await goTo(page, 'Audit');
  await page.getByRole('cell', { name: 'setting.changed' }).first().waitFor();
  const events = await page.getByRole('main').locator('td[data-title="Event"]').allInnerTexts();
  for (const event of ['setting.changed', 'setting.rolled_back', 'setting.reset', 'user.disabled', 'user.enabled']) {
    t.ok(events.includes(event), event);
  }
  await page.getByLabel('Event').selectOption('user.disabled');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('cell', { name: 'setting.changed' }).first().waitFor({ state: 'detached' });
  const line = page.getByRole('row').filter({ hasText: 'user.disabled' });
  t.match(await line.innerText(), /user 1[\s\S]*user 2/, 'by whom, and to whom');

  await page.getByRole('button', { name: 'Log out' }).click();
  await said(page, 'You are logged out.');
  t.strictSame(service.complaints, []);
});

t.test('a lost race shows the value of the other and keeps what was typed', async (t) => {
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
  t.match(await lifetime.getByRole('alert').innerText(), /Somebody was quicker\. user 1 has set it to 5 minutes/);
  t.equal(await lifetime.getByLabel('Value').inputValue(), '45');
  await lifetime.getByRole('button', { name: 'Save' }).click();
  await said(page, 'ACCESS_TOKEN_LIFETIME is now 45 seconds.');
});

t.test('while the database is away that is said, and what was typed stays', async (t) => {
  const { open, inject, database } = await consoleOf(t, browser);
  const page = await open();
  await logIn(page);
  const lifetime = setting(page, 'ACCESS_TOKEN_LIFETIME');
  await lifetime.getByLabel('Value').fill('45');
  database.refuse();
  await lifetime.getByRole('button', { name: 'Save' }).click();
  await lifetime.getByRole('alert').filter({ hasText: 'The database is away.' }).waitFor();
  t.equal(await lifetime.getByLabel('Value').inputValue(), '45');
  await database.accept();
  await until('the database is back', async () => (await inject({ url: '/readyz' })).statusCode === 200);
  await lifetime.getByRole('button', { name: 'Save' }).click();
  await said(page, 'ACCESS_TOKEN_LIFETIME is now 45 seconds.');
  t.equal(await lifetime.getByRole('alert').count(), 0);
});

t.test('a row that is not acted on, a bad value and a user without a role are told so', async (t) => {
  const { open, rows, register } = await consoleOf(t, browser);
  const page = await open();
  await rows`insert into settings (name, value, version, updated_by) values ('PASSWORD_MIN_LENGTH', '4', 1, 'psql')`;
  await logIn(page);
  const length = setting(page, 'PASSWORD_MIN_LENGTH');
  await length.getByText('The row in the database is ignored.').waitFor();
  await length.getByLabel('Value').fill('65');
  await length.getByText('must be from 8 characters to 64 characters').waitFor();
  t.equal(await length.getByLabel('Value').getAttribute('aria-invalid'), 'true');

  await register('user@example.com');
  const other = await open();
  await logIn(other, 'user@example.com');
  await other.getByRole('heading', { name: 'Nothing to do here' }).waitFor();
  t.equal(await other.getByRole('navigation', { name: 'Sections' }).getByRole('link').count(), 0);
  await other.evaluate("location.hash = '#/keys'");
  t.match(await other.getByRole('alert').innerText(), /Not allowed/);
});

t.test('what a role does not allow is not offered', async (t) => {
  const { open, rows, register } = await consoleOf(t, browser);
  await register('support@example.com');
  await rows`insert into roles (name, description, permissions)
    values ('support', '', '{users:read,settings:read}')`;
  await rows`update users set roles = '{support}' where email = 'support@example.com'`;
  const page = await open();
  await until('the role is known', async () => {
    await logIn(page, 'support@example.com');
    if ((await page.getByRole('navigation', { name: 'Sections' }).getByRole('link').count()) > 0) return true;
    await page.getByRole('button', { name: 'Log out' }).click();
    return false;
  });
  t.strictSame(await page.getByRole('navigation', { name: 'Sections' }).getByRole('link').allInnerTexts(), [
    'Settings',
    'Users',
  ]);
  await setting(page, 'ACCESS_TOKEN_LIFETIME').waitFor();
  t.equal(await page.getByRole('button', { name: 'Save' }).count(), 0);
  await goTo(page, 'Users');
  await page.getByRole('link', { name: OPERATOR }).click();
  await page.getByRole('heading', { name: OPERATOR }).waitFor();
  await page.getByText('enabled').waitFor();
  t.equal(await page.getByRole('button', { name: /Disable|Delete|Reset/ }).count(), 0);
});

t.test('the keyboard is enough to log in and to change a setting', async (t) => {
  const { open, complaints, ...service } = await consoleOf(t, browser);
  const page = await open();
  const press = (key: string) => page.keyboard.press(key);
  const focused = () =>
    page.evaluate<string>('document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText');
  /** Presses Tab until the focus is there; a page whose focus goes round without it fails. */
  async function tabTo(what: Locator) {
    for (let presses = 0; presses < 60; presses += 1) {
      if ((await what.getAttribute('id')) === (await page.evaluate('document.activeElement.id'))) return;
      await press('Tab');
    }
    throw new Error(`Tab never came to ${what}`);
  }
  await page.getByRole('heading', { name: 'Latchkey console' }).waitFor();
  t.equal(await focused(), 'E-mail address', 'the first field has the focus');
  await page.keyboard.type(OPERATOR);
  await press('Tab');
  await page.keyboard.type('password');
  await press('Enter');
  await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
  t.equal(await focused(), 'Settings', 'the new page has the focus');
  const value = setting(page, 'ACCESS_TOKEN_LIFETIME').getByLabel('Value');
  await value.waitFor();
  await tabTo(value);
  await page.keyboard.type('55');
  await press('Enter');
  await said(page, 'ACCESS_TOKEN_LIFETIME is now 55 seconds.');
  t.equal(await tokenLifetime(service), 55);
  t.strictSame(complaints, []);
});

t.test('a reload and a closed page end the session, and nothing is kept in the browser', async (t) => {
  const { open, rows } = await consoleOf(t, browser);
  const page = await open();
  await logIn(page);
  const living = async () => (await rows`select 1 from sessions where revoked_at is null`).length;
  t.equal(await living(), 1);
  t.strictSame(await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]'), [0, 0, '']);
  await page.reload();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  await until('the session has ended', async () => (await living()) === 0);
  t.equal(await living(), 0);
});

t.test(
  'the first admin is made by the link: its token leaves the address at once, and the admin is logged in',
  async (t) => {
    const { open, rows, complaints } = await consoleOf(t, browser, { setupToken: 'a-token' });
    const page = await open({ hash: '#setup=a-token' });
    await page.getByRole('heading', { name: 'Create the first admin' }).waitFor();
    t.match(page.url(), /\/admin\/$/, 'nothing of it is in the address');
    const focused = () => page.evaluate<string>('document.activeElement.labels?.[0]?.innerText');
    t.equal(await focused(), 'E-mail address', 'the first field has the focus');
    await page.keyboard.type('admin@example.com');
    await page.keyboard.press('Tab');
    await page.keyboard.type('a password');
    await page.keyboard.press('Tab');
    await page.keyboard.type('a passwort');
    await page.keyboard.press('Enter');
    const again = page.getByLabel('The same again');
    await page.getByText('is not the same password').waitFor();
    t.equal(await focused(), 'The same again', 'the focus is where something is wrong');
    t.equal(await again.getAttribute('aria-invalid'), 'true');
    t.equal((await rows`select 1 from users`).length, 0, 'nothing was sent');
    await again.fill('a password');
    await page.keyboard.press('Enter');
    await said(page, 'admin@example.com is the first admin.');
    await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
    t.equal(await page.getByRole('navigation', { name: 'Sections' }).getByRole('link').count(), 5, 'with all sections');
    t.strictSame([...(await rows`select email, roles from users`)], [{ email: 'admin@example.com', roles: ['admin'] }]);
    t.strictSame(complaints, []);
  },
);

t.test('what the service refuses of the first admin is said, and stays to be mended', async (t) => {
  const { open, register, rows } = await consoleOf(t, browser, { setupToken: 'a-token' });
  await register('admin@example.com');
  const page = await open({ hash: '#setup=a-token' });
  const fill = async (email: string, password: string) => {
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('The same again').fill(password);
    await page.getByRole('button', { name: 'Create and log in' }).click();
  };
  const trouble = (text: string) => page.getByRole('alert').filter({ hasText: text }).waitFor();
  await fill('other@example.com', 'short');
  await trouble('must have at least 8 characters');
  t.equal(await page.getByLabel('Password', { exact: true }).getAttribute('aria-invalid'), 'true');
  await fill('admin@example.com', 'a password');
  await trouble('This e-mail address is taken');
  await rows`update users set roles = '{admin}'`;
  await fill('other@example.com', 'a password');
  await trouble('This link does not work any more');
  t.equal((await rows`select 1 from users`).length, 1);
  await page.getByRole('button', { name: 'Log in instead' }).click();
  await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
  await logIn(page, 'admin@example.com');
});

t.test('a link in a window that has the console already works too; a page without one only logs in', async (t) => {
  const { open, origin } = await consoleOf(t, browser, { setupToken: 'a-token' });
  const page = await open();
  await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
  t.equal(await page.getByRole('heading', { name: 'Create the first admin' }).count(), 0);
  await page.goto(`${origin}/admin/#setup=a-token`);
  await page.getByRole('heading', { name: 'Create the first admin' }).waitFor();
  t.equal(page.url(), `${origin}/admin/`);
  await page.goBack();
  await page.goForward();
  t.equal(page.url(), `${origin}/admin/`, 'the history of the window does not have it either');
  t.equal(await page.evaluate('document.activeElement.labels[0].innerText'), 'E-mail address');
});
