// The pages under a path prefix of another site, behind nginx, in a real browser: no request leaves the prefix.
import { type Browser, chromium, type Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { testAppOn } from '../support/app.js';
import { testDatabase } from '../support/database.js';
import { nginxMissing, startNginxWith } from '../support/nginx.js';
import { rowsOf } from '../support/rows.js';
import { freePort } from '../support/service.js';
import { browserOptions } from './browser.js';

const OPERATOR = 'operator@example.com';

let browser: Browser;
t.before(async () => {
  browser = await chromium.launch(browserOptions);
});
t.teardown(() => browser.close());

/** A site that forwards the prefix to the service and answers everything else itself. */
async function site(t: Test, env: Record<string, string> = {}, prefix = '/auth/') {
  const port = await freePort();
  const nginx = await startNginxWith(
    t,
    `server {
      listen 127.0.0.1:PORT;
      location ${prefix} { proxy_pass http://127.0.0.1:${port}/; }
      location / { default_type text/plain; return 418 "another site"; }
    }`,
  );
  const origin = `http://localhost:${nginx.port}`;
  const given = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replace('ORIGIN', origin)]));
  const service = await testAppOn(t, await testDatabase(t), { env: given });
  await service.app.listen({ host: '127.0.0.1', port });
  await service.register(OPERATOR);
  await rowsOf(t, service.databaseUrl)`update users set roles = '{admin}' where email = ${OPERATOR}`;
  const errors: string[] = [];
  async function open(path: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1200, height: 860 } });
    t.teardown(() => context.close());
    const page = await context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('request', (request) => {
      if (/^(data|blob):/.test(request.url())) return;
      // nginx itself redirects /auth to /auth/.
      if (!request.url().startsWith(origin + prefix) && request.url() !== origin + prefix.slice(0, -1))
        errors.push(`a request to ${request.url()}`);
    });
    await page.goto(origin + path);
    return page;
  }
  return { ...service, ...nginx, origin, open, errors };
}

async function execute(page: Page, tag: string, operationId: string, status: number) {
  const block = page.locator(`#operations-${tag}-${operationId}`);
  await block.locator('.opblock-summary-control').click();
  await block.locator('.try-out__btn').click();
  await block.locator('.execute').click();
  await block.locator('.live-responses-table .response-col_status', { hasText: String(status) }).waitFor();
}

async function logIn(page: Page): Promise<void> {
  await page.getByLabel('E-mail address').fill(OPERATOR);
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

for (const [what, env] of Object.entries({
  'without PUBLIC_URL': {},
  'with PUBLIC_URL': { PUBLIC_URL: 'ORIGIN/auth' },
})) {
  t.test(
    `under a prefix, ${what}, all pages work and send no request outside it`,
    { skip: nginxMissing },
    async (t) => {
      const { open, origin, errors, call } = await site(t, env);
      for (const path of [
        '/auth/',
        '/auth',
        '/auth/docs/',
        '/auth/docs',
        '/auth/docs/?x',
        '/auth/docs/static/index.html',
      ]) {
        const page = await open(path);
        await page.waitForSelector('.opblock');
        t.match(page.url(), new RegExp(`^${origin}/auth/docs`), path);
        await execute(page, 'Authentication', 'register', path === '/auth/' ? 201 : 409);
        // The browser reports the expected 409 as an error.
        if (path !== '/auth/') t.match(errors.pop(), /409/);
        await page.context().close();
      }
      for (const path of ['/auth/admin/', '/auth/admin']) {
        const page = await open(path);
        await logIn(page);
        await page.getByRole('link', { name: 'Users' }).click();
        await page.getByRole('main').getByRole('link', { name: OPERATOR }).waitFor();
        await page.getByRole('button', { name: 'Log out' }).click();
        await page.getByLabel('Password').waitFor();
        await page.context().close();
      }
      t.strictSame(errors, [], 'no console error, and no request outside the prefix');

      const document = JSON.parse((await call('GET', '/auth/openapi.json')).body);
      t.equal(
        new URL(document.servers[0].url, `${origin}/auth/openapi.json`).href.replace(/\/$/, ''),
        `${origin}/auth`,
      );
      const home = JSON.parse((await call('GET', '/auth/')).body);
      t.equal(new URL(home.docs, `${origin}/auth/`).href, `${origin}/auth/docs/`);
      t.equal(new URL(home.openapi, `${origin}/auth/`).href, `${origin}/auth/openapi.json`);
      if (what === 'with PUBLIC_URL') {
        const metadata = JSON.parse((await call('GET', '/auth/.well-known/openid-configuration')).body);
        t.equal(metadata.jwks_uri, `${origin}/auth/.well-known/jwks.json`);
      }
    },
  );
}

t.test(
  'with REFRESH_COOKIE a reload keeps the operator logged in, and a logout ends the session in every tab',
  { skip: nginxMissing },
  async (t) => {
    const env = { PUBLIC_URL: 'ORIGIN/auth', REFRESH_COOKIE: 'true', SETTING_ACCESS_TOKEN_LIFETIME: '5' };
    const { open, errors } = await site(t, env);
    const page = await open('/auth/admin/');
    await logIn(page);
    const stored = await page.evaluate<string>('JSON.stringify(Object.entries(localStorage))');
    t.notMatch(stored, /eyJ|[0-9a-f]{8}-[0-9a-f]{4}/, 'no token is readable by scripts');
    t.equal(await page.evaluate('document.cookie'), '');
    const [cookie, ...others] = await page.context().cookies();
    t.match(cookie, {
      // Without TLS.
      name: 'latchkey-console',
      httpOnly: true,
      secure: false,
      sameSite: 'Strict',
      path: '/',
      domain: 'localhost',
    });
    t.strictSame(others, []);
    for (let i = 0; i < 3; i += 1) {
      await page.reload();
      await page.getByRole('button', { name: 'Log out' }).waitFor();
    }
    const second = await page.context().newPage();
    await second.goto(page.url());
    await second.getByRole('button', { name: 'Log out' }).waitFor();
    await second.getByRole('link', { name: 'Users' }).click();
    await second.getByRole('main').getByRole('link', { name: OPERATOR }).waitFor();
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('main').getByRole('link', { name: OPERATOR }).waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Password').waitFor();
    await second.getByLabel('Password').waitFor();
    t.strictSame(await page.context().cookies(), []);
    for (const tab of [page, second]) {
      await tab.reload();
      await tab.getByLabel('Password').waitFor();
    }
    t.strictSame(errors, []);
  },
);
