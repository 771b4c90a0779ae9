// Passkeys in the client, with the real service and a device in software; test/e2e has them in a browser.
import { sql } from 'drizzle-orm';
import t from 'tap';
import {
  createLatchkeyClient,
  type LatchkeyClientOptions,
  type LatchkeyError,
  type LatchkeyStorage,
  memoryStorage,
  textOf,
} from '../../client/index.js';
import { testApp } from '../support/app.js';
import { addPasskey } from '../support/authenticator.js';
import { browserWithPasskeys, replaceGlobal } from '../support/browser-with-passkeys.js';
import { resetSetting, setSetting } from '../support/settings.js';
import { until } from '../support/until.js';
import { codeOf } from './support.js';

const PASSWORD = 'password';
const service = await testApp(t);
const baseUrl = await service.app.listen({ host: '127.0.0.1', port: 0 });
let accounts = 0;

/** A client of a new account. Other tests of this process have no browser, so each test has to ask for one first. */
async function newClient(options: Partial<LatchkeyClientOptions> = {}) {
  accounts += 1;
  const account = { email: `user-${accounts}@example.com`, password: PASSWORD };
  const client = createLatchkeyClient({ baseUrl, firstPauseMilliseconds: 10, ...options });
  await client.register(account);
  return { ...client, account, logInWithPassword: () => client.login(account) };
}

/** The same with a passkey, logged out. */
async function clientWithPasskey(options: Partial<LatchkeyClientOptions> = {}) {
  const client = await newClient(options);
  await client.logInWithPassword();
  await client.addPasskey({ current_password: PASSWORD, name: 'Laptop' });
  await client.logout();
  return client;
}

t.test('a passkey logs in, is a second factor, and proves the identity again', async (t) => {
  const browser = browserWithPasskeys(t);
  const client = await newClient();
  t.equal(await client.passkeysAvailable(), true);
  await client.logInWithPassword();
  const { id: userId } = await client.me();
  const added = await client.addPasskey({ current_password: PASSWORD, name: 'Laptop' });
  t.match(added, { type: 'passkey', name: 'Laptop', backed_up: false });
  // The next call gets an access token, which the passkey has changed.
  const hourAgo = sql`now() - interval '1 hour'`;
  await setSetting(service.app, 'STEP_UP_MAX_AGE', 300);
  t.teardown(() => resetSetting(service.app, 'STEP_UP_MAX_AGE'));
  await service.app.db.execute(sql`update sessions set authenticated_at = ${hourAgo} where user_id = ${userId}`);
  t.match(await client.factors(), { factors: [{ id: added.id, name: 'Laptop' }] });
  t.match(await client.renameFactor(added.id, 'Old laptop'), { name: 'Old laptop' });
  await t.rejects(client.createRecoveryCodes(PASSWORD), {
    code: 'insufficient_user_authentication',
    stepUp: { factors: ['passkey'], maxAgeSeconds: 300 },
  });
  await client.stepUp({ passkey: true });
  t.equal((await client.createRecoveryCodes(PASSWORD)).length, 10);
  await client.logout();

  await client.logInWithPasskey();
  t.equal((await client.me()).email, client.account.email);
  await client.logout();

  const refused = await client.logInWithPassword().catch((error: LatchkeyError) => error.secondFactor);
  t.match(refused, { factors: ['passkey', 'recovery_code'] });
  await client.completeLogin({ challenge: refused?.challenge ?? '', passkey: true });

  t.notOk(
    browser.requests.some(({ mediation }) => mediation),
    'all of them by a dialog',
  );
  await client.removeFactor(added.id, PASSWORD);
  await client.logout();
  t.equal(await codeOf(client.logInWithPasskey()), 'passkey_refused');
  await client.logInWithPassword();
});

t.test('a device that has a passkey of the account is excluded', async (t) => {
  const browser = browserWithPasskeys(t);
  const client = await newClient();
  await client.logInWithPassword();
  const { id } = await addPasskey(service, await client.getAccessToken());
  await client.addPasskey({ current_password: PASSWORD });
  t.match(browser.requests, [
    { publicKey: { excludeCredentials: [{ id: new Uint8Array(Buffer.from(id, 'base64url')) }] } },
  ]);
});

t.test('an offer in the autofill waits for the user, and a dialog interrupts it only', async (t) => {
  const browser = browserWithPasskeys(t);
  const client = await clientWithPasskey();
  t.equal(await client.passkeysAvailable({ conditional: true }), true);
  browser.requests.length = 0;
  const offers = () => browser.requests.filter(({ mediation }) => mediation === 'conditional').length;
  browser.behave('wait');
  const offered = client.logInWithPasskey({ conditional: true });
  await until('an offer', () => offers() === 1);
  browser.behave(new DOMException('cancelled', 'NotAllowedError'));
  t.equal(await codeOf(client.logInWithPasskey()), 'passkey_cancelled');
  browser.behave('wait');
  await until('the offer continues', () => offers() === 2);
  browser.choose();
  await offered;
  t.equal((await client.me()).email, client.account.email);
});

t.test('while a login by a dialog is on its way, nothing is offered, so that one session begins', async (t) => {
  const browser = browserWithPasskeys(t);
  const client = await clientWithPasskey();
  browser.requests.length = 0;
  const offers = () => browser.requests.filter(({ mediation }) => mediation === 'conditional').length;
  browser.behave('wait');
  const offered = client.logInWithPasskey({ conditional: true });
  await until('an offer', () => offers() === 1);
  browser.behave('answer');
  const ended = codeOf(offered);
  await client.logInWithPasskey();
  t.equal(await ended, 'passkey_cancelled');
  t.equal(offers(), 1);
});

t.test('an offer gets a new challenge before the old one expires', async (t) => {
  const browser = browserWithPasskeys(t);
  const client = await clientWithPasskey({
    fetch: async (request) => {
      const response = await fetch(request);
      if (!request.url.endsWith('/api/login/passkey/options/')) return response;
      return Response.json({ ...((await response.json()) as object), timeout: 20 });
    },
  });
  browser.requests.length = 0;
  browser.behave('wait');
  const page = new AbortController();
  const offered = client.logInWithPasskey({ conditional: true, signal: page.signal });
  await until('three challenges', () => browser.requests.length >= 3);
  const challenges = browser.requests.map(({ publicKey }) => Buffer.from(publicKey.challenge).toString('hex'));
  t.equal(new Set(challenges).size, challenges.length);
  page.abort('the page was left');
  t.equal(await codeOf(offered), 'passkey_cancelled');
});

t.test('an offer ends when a session begins in another way', async (t) => {
  const browser = browserWithPasskeys(t);
  const client = await newClient();
  browser.behave('wait');
  const offered = client.logInWithPasskey({ conditional: true });
  await until('an offer', () => browser.requests.length === 1);
  await client.logInWithPassword();
  t.equal(await codeOf(offered), 'passkey_cancelled');
  t.equal(browser.requests[0]?.signal?.aborted, true);
});

t.test('a login with a passkey reaches the other tabs, and ends their offers', async (t) => {
  const browser = browserWithPasskeys(t);
  const listeners = new Set<() => void>();
  const kept = memoryStorage();
  const storage: LatchkeyStorage = {
    ...kept,
    name: 'tabs',
    set: async (value) => {
      await kept.set(value);
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const one = await clientWithPasskey({ storage });
  const two = createLatchkeyClient({ baseUrl, storage });
  browser.behave('wait');
  const before = browser.requests.length;
  const offered = two.logInWithPasskey({ conditional: true });
  await until('an offer', () => browser.requests.length > before);
  browser.behave('answer');
  await one.logInWithPasskey();
  t.equal(await codeOf(offered), 'passkey_cancelled');
  t.equal((await two.me()).email, one.account.email);
});

t.test('an aborted signal ends an offer and a dialog, also before they begin', async (t) => {
  const browser = browserWithPasskeys(t);
  const client = await newClient();
  browser.behave('wait');
  for (const conditional of [true, false]) {
    const before = browser.requests.length;
    const page = new AbortController();
    const waiting = client.logInWithPasskey({ conditional, signal: page.signal });
    await until('a request', () => browser.requests.length > before);
    page.abort(new Error('the page was left'));
    t.equal(await codeOf(waiting), 'passkey_cancelled');
    t.equal(await codeOf(client.logInWithPasskey({ conditional, signal: page.signal })), 'passkey_cancelled');
  }
});

t.test('every error of a browser has a code and a text', async (t) => {
  const browser = browserWithPasskeys(t);
  const client = await newClient();
  await client.logInWithPassword();
  const add = () => client.addPasskey({ current_password: PASSWORD });
  for (const [name, code] of [
    ['NotAllowedError', 'passkey_cancelled'],
    ['InvalidStateError', 'passkey_exists'],
    ['NotSupportedError', 'passkey_no_authenticator'],
    ['ConstraintError', 'passkey_no_authenticator'],
    ['SecurityError', 'passkey_origin_not_allowed'],
    ['UnknownError', 'passkey_failed'],
  ] as const) {
    const cause = new DOMException('a text of the browser', name);
    browser.behave(cause);
    await t.rejects(add(), { code, cause }, name);
    const error = await add().catch((error: unknown) => error);
    t.match(textOf(error), /^(No passkey|This device|This browser|Passkeys|Your device)/, name);
  }
  browser.behave('nothing');
  t.equal(await codeOf(add()), 'passkey_cancelled');
  t.strictSame((await client.factors()).factors, []);
});

t.test('where passkeys cannot be used, the client says so', async (t) => {
  const client = await newClient();
  t.equal(await client.passkeysAvailable(), false, 'no browser');
  t.equal(await codeOf(client.logInWithPasskey()), 'passkey_unsupported');
  t.equal(await codeOf(client.logInWithPasskey({ conditional: true })), 'passkey_unsupported');

  await t.test('on a page of another host', async (t) => {
    browserWithPasskeys(t, 'localhost.example.com');
    t.equal(await client.passkeysAvailable(), false);
  });
  await t.test('on a page of a subdomain', async (t) => {
    browserWithPasskeys(t, 'www.localhost');
    t.equal(await client.passkeysAvailable(), true);
  });
  await t.test('in a browser without autofill', async (t) => {
    browserWithPasskeys(t);
    replaceGlobal(t, 'PublicKeyCredential', {});
    t.equal(await client.passkeysAvailable(), true);
    t.equal(await client.passkeysAvailable({ conditional: true }), false);
  });
  await t.test('with a service that does not offer them', async (t) => {
    browserWithPasskeys(t);
    const unavailable = createLatchkeyClient({
      baseUrl,
      fetch: async () => Response.json({ code: 'passkeys_unavailable', detail: 'a' }, { status: 503 }),
    });
    t.equal(await unavailable.passkeysAvailable(), false);
  });
});
