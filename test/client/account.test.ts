// What a signed-in person does with the client, and what the client reports about its session; on the real service.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { Secret } from 'otpauth';
import t, { type Test } from 'tap';
import { catalogue } from '#platform/errors/catalogue.js';
import { codeAt, stepAt } from '#second-factors/totp.js';
import {
  createLatchkeyClient,
  errorTexts,
  LatchkeyError,
  type LatchkeyStorage,
  type SessionChange,
  textOf,
  type WebStorage,
  webStorage,
} from '../../client/index.js';
import { mailingApp } from '../support/mail-links.js';
import { verifyAddress } from '../support/second-factors.js';
import { resetSetting, setSetting } from '../support/settings.js';
import { until } from '../support/until.js';
import { codeOf } from './support.js';

const PASSWORD = 'a long password';
const service = await mailingApp(t);
const baseUrl = await service.app.listen({ host: '127.0.0.1', port: 0 });

/** A client, with the changes that it has reported. */
function reportingClient(storage?: LatchkeyStorage) {
  const ends: string[] = [];
  const client = createLatchkeyClient({ baseUrl, storage, onSessionEnd: (reason) => ends.push(reason) });
  const changes: SessionChange[] = [];
  const stop = client.onChange((change) => changes.push(change));
  return { ...client, ends, changes, stop };
}

async function signedIn(email: string, storage?: LatchkeyStorage) {
  const client = reportingClient(storage);
  await client.register({ email, password: PASSWORD });
  await client.login({ email, password: PASSWORD });
  return client;
}

/** A second session of the same account. */
async function another(email: string, password = PASSWORD) {
  const client = createLatchkeyClient({ baseUrl });
  await client.login({ email, password });
  return client;
}

t.test('a person sees and ends their sessions', async (t) => {
  const email = 'sessions@example.com';
  const client = await signedIn(email);
  const [first, second] = [await another(email), await another(email)];
  const sessions = await client.sessions();
  t.equal(sessions.length, 3);
  t.equal(sessions.filter(({ current }) => current).length, 1);
  await client.endSession((await first.sessions()).find(({ current }) => current)?.id ?? '');
  t.equal((await client.sessions()).length, 2);
  await client.endOtherSessions();
  t.match(await client.sessions(), [{ current: true }]);
  t.equal((await client.sessions()).length, 1);
  await t.rejects(client.endSession('1'), { code: 'session_not_found', status: 404 });
  t.equal(await codeOf(second.updateMe({ username: 'a' })), 'invalid_refresh_token', 'its session is over');
});

t.test('a person logs out everywhere', async (t) => {
  const email = 'everywhere@example.com';
  const client = await signedIn(email);
  const other = await another(email);
  await client.logoutEverywhere();
  t.equal(await client.isSignedIn(), false);
  t.equal(await codeOf(client.me()), 'signed_out');
  t.equal(await codeOf(other.updateMe({ username: 'a' })), 'invalid_refresh_token');
  t.strictSame(client.ends, [], 'the person asked for it');
  t.strictSame(client.changes, ['signed_in', 'signed_out']);
});

t.test('a person changes the password, reads and deletes the account', async (t) => {
  const email = 'delete@example.com';
  const client = await signedIn(email);
  t.match(await client.account(), { email, email_verified: false, has_password: true });
  t.match(await client.exportAccount(), { account: { email } });
  const wrong = { password: 'another password', current_password: 'a wrong password' };
  await t.rejects(client.changePassword(wrong), { code: 'current_password_wrong' });
  await client.changePassword({ password: 'another password', current_password: PASSWORD });
  t.equal((await client.me()).email, email, 'the session continues');
  await t.rejects(client.deleteAccount(PASSWORD), { code: 'current_password_wrong' });
  t.equal(await client.isSignedIn(), true);
  await client.deleteAccount('another password');
  t.equal(await client.isSignedIn(), false);
  await t.rejects(client.login({ email, password: 'another password' }), { code: 'invalid_credentials' });
});

t.test('a person verifies the address, and recovers the account', async (t) => {
  const email = 'mails@example.com';
  const client = createLatchkeyClient({ baseUrl });
  const verification = await service.tokenAfter(email, 'verify_email', () =>
    client.register({ email, password: PASSWORD }),
  );
  await client.verifyEmail({ token: verification });
  const reset = await service.tokenAfter(email, 'reset_password', () => client.forgotPassword(email));
  await client.resetPassword({ token: reset, password: 'another password' });
  t.equal(await client.isSignedIn(), false, 'a reset does not log in');
  await client.login({ email, password: 'another password' });
  t.match(await client.account(), { email_verified: true });
  await client.resendVerification('nobody@example.com');
  for (const attempt of [
    () => client.verifyEmail({ token: verification }),
    () => client.resetPassword({ token: reset, password: 'a third password' }),
    () => client.undoEmailChange('unknown'),
    () => client.confirmEmailChange({ token: 'unknown', current_password: 'another password' }),
  ])
    t.match(await codeOf(attempt()), /^(invalid_email_token|it succeeded)$/);
  t.equal(await codeOf(client.undoEmailChange('unknown')), 'invalid_email_token');
});

t.test('an address is changed and changed back', async (t) => {
  const [email, next] = ['old@example.com', 'new@example.com'];
  const client = createLatchkeyClient({ baseUrl });
  const token = await service.tokenAfter(email, 'verify_email', () => client.register({ email, password: PASSWORD }));
  await client.verifyEmail({ token });
  await client.login({ email, password: PASSWORD });
  const confirmation = await service.tokenAfter(next, 'confirm_email_change', () =>
    client.updateMe({ email: next, current_password: PASSWORD }),
  );
  const undo = await service.tokenAfter(email, 'undo_email_change', () =>
    client.confirmEmailChange({ token: confirmation, current_password: PASSWORD }),
  );
  await client.login({ email: next, password: PASSWORD });
  t.equal((await client.me()).email, next);
  await client.undoEmailChange(undo);
  await t.rejects(client.login({ email: next, password: PASSWORD }), { code: 'invalid_credentials' });
});

/** What browsers do: localStorage, whose changes are reported to the other pages. Here each page has a window of its own. */
function pages(t: Test) {
  const values = new Map<string, string>();
  const windows: EventTarget[] = [];
  const storages: WebStorage[] = [];
  const page = globalThis as { addEventListener?: unknown; removeEventListener?: unknown };
  // Node has neither function.
  t.teardown(() => {
    delete page.addEventListener;
    delete page.removeEventListener;
  });
  const tell = (from: number, key: string | null) =>
    windows.forEach((window, at) => {
      if (at !== from) window.dispatchEvent(Object.assign(new Event('storage'), { key, storageArea: storages[at] }));
    });
  return {
    windows,
    tell,
    /** The storage of a new page. The client that is created next belongs to this page. */
    open(): LatchkeyStorage {
      const at = windows.push(new EventTarget()) - 1;
      const storage: WebStorage = {
        getItem: (key) => values.get(key) ?? null,
        setItem: (key, value) => {
          values.set(key, value);
          tell(at, key);
        },
        removeItem: (key) => {
          values.delete(key);
          tell(at, key);
        },
      };
      storages.push(storage);
      const window = windows[at] ?? new EventTarget();
      page.addEventListener = window.addEventListener.bind(window);
      page.removeEventListener = window.removeEventListener.bind(window);
      return webStorage(storage);
    },
    values,
  };
}

t.test('a sign-in, a refresh and a sign-out reach the other tabs without a call', async (t) => {
  const browser = pages(t);
  const one = reportingClient(browser.open());
  const two = reportingClient(browser.open());
  t.equal(await two.isSignedIn(), false);
  const account = { email: 'tabs@example.com', password: PASSWORD };
  await one.register(account);
  await one.login(account);
  await until('the sign-in', () => two.changes.length === 1);
  t.equal(await two.isSignedIn(), true);
  // A page that is opened now finds the session, which is no change. Its token may be old, so its first call refreshes.
  const three = reportingClient(browser.open());
  t.equal((await three.me()).email, account.email);
  await until('the refresh', () => one.changes.length === 2 && two.changes.length === 2);
  two.stop();
  await one.logout();
  await until('the sign-out', () => three.changes.length === 2 && two.ends.length === 1);
  t.strictSame(one.changes, ['signed_in', 'refreshed', 'signed_out']);
  t.strictSame(two.changes, ['signed_in', 'refreshed'], 'it has stopped to listen');
  t.strictSame(three.changes, ['refreshed', 'signed_out']);
  t.strictSame([one.ends, two.ends, three.ends], [[], ['ended_elsewhere'], ['ended_elsewhere']]);
});

t.test(
  'a page notices that localStorage was cleared, and what happened while it was in the back/forward cache',
  async (t) => {
    const browser = pages(t);
    const client = await signedIn('cleared@example.com', browser.open());
    const stored = browser.values.get('latchkey') ?? '';
    browser.values.clear();
    browser.tell(-1, 'unrelated');
    t.strictSame(client.changes, ['signed_in']);
    browser.tell(-1, null);
    await until('the sign-out', () => client.changes.length === 2);
    browser.values.set('latchkey', stored);
    browser.windows[0]?.dispatchEvent(new Event('pageshow'));
    await until('the sign-in', () => client.changes.length === 3);
    t.strictSame(client.changes, ['signed_in', 'signed_out', 'signed_in']);
  },
);

/** An API that accepts the tokens for which `accepts` is true. */
async function ownApi(t: Test, accepts: (token: string) => boolean) {
  const seen: { path: string; token: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    seen.push({ path: request.url ?? '', token, body: Buffer.concat(chunks).toString() });
    response.writeHead(accepts(token) ? 200 : 401).end();
  });
  t.teardown(() => server.close().closeAllConnections());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, seen };
}

t.test('createFetch sends the token to one API, and a new one when the API rejects it', async (t) => {
  const client = await signedIn('fetch@example.com');
  const rejected = await client.getAccessToken();
  const { url, seen } = await ownApi(t, (token) => token !== '' && token !== rejected);
  const elsewhere = await ownApi(t, () => true);
  const fetchOrders = client.createFetch(`${url}/`);
  t.equal((await fetchOrders('/orders/', { method: 'POST', body: 'an order' })).status, 200);
  t.equal((await fetchOrders(new URL(`${url}/orders/`))).status, 200);
  t.strictSame(
    seen.map(({ path, body, token }) => [path, body, token === rejected]),
    [
      ['/v1/orders/', 'an order', true],
      ['/v1/orders/', 'an order', false],
      ['/v1/orders/', '', false],
    ],
  );
  t.equal((await fetchOrders(elsewhere.url)).status, 200);
  t.equal(elsewhere.seen[0]?.token, '', 'another origin gets no token');
  await client.logout();
  t.equal((await fetchOrders('/orders/')).status, 401);
  t.equal(seen.at(-1)?.token, '', 'without a session there is no token');
});

t.test('an API that rejects every token costs one refresh, not one with each request', async (t) => {
  const client = await signedIn('rejected@example.com');
  const { url, seen } = await ownApi(t, () => false);
  const fetchOrders = client.createFetch(url);
  for (let request = 0; request < 3; request += 1) t.equal((await fetchOrders('/orders/')).status, 401);
  t.equal(seen.length, 4);
  t.equal(new Set(seen.map(({ token }) => token)).size, 2);
});

t.test('every error has a text for people', async (t) => {
  const passkey = ['cancelled', 'exists', 'unsupported', 'no_authenticator', 'origin_not_allowed', 'failed'];
  const own = [
    'signed_out',
    'ended_elsewhere',
    'unavailable',
    'unexpected_answer',
    ...passkey.map((each) => `passkey_${each}`),
  ];
  for (const code of Object.keys(errorTexts)) t.ok(code in catalogue || own.includes(code), `${code} is a code`);
  for (const code of own) t.ok(errorTexts[code], `${code} has a text`);
  for (const [code, { detail }] of Object.entries(catalogue)) {
    const text = textOf(new LatchkeyError(code, detail, { retryAfterSeconds: 8 }));
    t.notMatch(text, /\{|undefined/, code);
  }
  t.equal(
    textOf(new LatchkeyError('too_many_attempts', 'a', { retryAfterSeconds: 8 })),
    'Too many wrong passwords or codes have been entered. Try again in 8 seconds.',
  );
  t.match(textOf(new LatchkeyError('too_many_attempts', 'a', { retryAfterSeconds: 1 })), /Try again in a second\.$/);
  const login = reportingClient().login({ email: 'nobody@example.com', password: PASSWORD });
  const error = await login.catch((error: unknown) => error);
  t.equal(textOf(error), 'The e-mail address or the password is wrong. Check both and try again.');
  t.equal(textOf(error, { ...errorTexts, invalid_credentials: 'Falsches Passwort.' }), 'Falsches Passwort.');
  t.match(textOf(new TypeError('secret')), /^Something went wrong/);
  t.equal(textOf(new TypeError('secret'), errorTexts, 'Sorry.'), 'Sorry.');
});

t.test('a person adds a second factor, and proves their identity again with it', async (t) => {
  const email = 'factors@example.com';
  const client = await signedIn(email);
  await verifyAddress(service, email);
  const { id: userId } = await client.me();
  const { id, secret } = await client.addTotp({ current_password: PASSWORD, name: 'Phone' });
  const code = (steps: number) =>
    codeAt(Buffer.from(Secret.fromBase32(secret).bytes), stepAt(service.app.now()) + steps);
  const first = code(-1);
  t.match(await client.confirmTotp(id, first), { id, name: 'Phone' });
  // The next call gets an access token, which the confirmation has changed.
  await service.app.db.execute(
    sql`update sessions set authenticated_at = now() - interval '1 hour' where user_id = ${userId}`,
  );
  t.match(await client.renameFactor(id, 'Old phone'), { name: 'Old phone' });
  t.match(await client.factors(), { factors: [{ id, name: 'Old phone' }], recovery_codes_left: 0 });

  await setSetting(service.app, 'STEP_UP_MAX_AGE', 300);
  t.teardown(() => resetSetting(service.app, 'STEP_UP_MAX_AGE'));
  await t.rejects(client.createRecoveryCodes(PASSWORD), {
    code: 'insufficient_user_authentication',
    stepUp: { factors: ['totp'], maxAgeSeconds: 300 },
  });
  await t.rejects(client.stepUp({ code: first }), { code: 'factor_code_wrong' }, 'a code works once');
  await client.stepUp({ code: code(0) });
  t.equal((await client.createRecoveryCodes(PASSWORD)).length, 10);
  t.equal((await client.factors()).recovery_codes_left, 10);
  await client.removeFactor(id, PASSWORD);
  t.strictSame(await client.factors(), { factors: [], recovery_codes_left: 0, required_from: null });
});
