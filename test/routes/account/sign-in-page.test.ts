// The page /account/sign-in/, where the link of a mail to sign in leads.
import t from 'tap';
import { signInProof } from '../../openapi/error-scenarios.js';
import { testApp } from '../../support/app.js';
import { rowsOf } from '../../support/rows.js';
import { addAuthenticator, verifyAddress } from '../../support/second-factors.js';

const signIn = { SETTING_SIGN_IN_BY_EMAIL: 'true' };
const env = { ...signIn, REFRESH_COOKIE: 'true', PUBLIC_URL: 'https://auth.example.com' };
const service = await testApp(t, { env, catchesMail: true });
const plain = await testApp(t, { env: signIn, catchesMail: true });
const rows = rowsOf(t, service.databaseUrl);

const submit = (token: string | null, on = service, headers: Record<string, string> = {}) =>
  on.app.inject({
    method: 'POST',
    url: '/account/sign-in/',
    payload: `token=${token}`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      ...headers,
    },
  });

/** What a browser without Fetch Metadata sends. */
const submitPlainly = (fields: Record<string, string>, cookie?: string) =>
  service.app.inject({
    method: 'POST',
    url: '/account/sign-in/',
    payload: new URLSearchParams(fields).toString(),
    // Because of `Referrer-Policy: no-referrer`.
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'null',
      ...(cookie !== undefined && { cookie }),
    },
  });

/** Opens the page: the cookie that the browser gets, and the key in the form. */
async function open(token: string | null, cookie?: string) {
  const page = await service.app.inject({
    url: `/account/sign-in/?token=${token}`,
    headers: cookie === undefined ? {} : { cookie },
  });
  const [, key = ''] = /name="form_key" value="([^"]+)"/.exec(page.body) ?? [];
  const set = String(page.headers['set-cookie']);
  return { key, set, cookie: set.split(';', 1)[0] ?? '' };
}

async function begin(on = service) {
  const email = `user-${crypto.randomUUID()}@example.com`;
  await on.register(email);
  return { email, ...(await signInProof(on, email)) };
}

t.test('looking at the page uses nothing; its button signs in this browser', async (t) => {
  const { email, token } = await begin();
  for (const method of ['GET', 'HEAD', 'GET'] as const) {
    const page = await service.app.inject({ method, url: `/account/sign-in/?token=${token}` });
    t.equal(page.statusCode, 200);
    t.equal(page.headers['referrer-policy'], 'no-referrer');
    t.match(page.headers['set-cookie'], /^__Host-latchkey-form=/);
    if (method === 'GET') t.ok(page.body.includes(email));
  }
  t.equal((await rows`select 1 from sessions`).length, 0);
  const answer = await submit(token);
  t.equal(answer.statusCode, 200);
  t.ok(answer.body.includes('You are signed in'));
  const cookie = String(answer.headers['set-cookie']);
  t.match(cookie, /HttpOnly/);
  t.equal((await rows`select 1 from sessions`).length, 1);
  const refreshed = await service.inject({
    method: 'POST',
    url: '/api/refresh/',
    headers: {
      cookie: cookie.split(';', 1)[0] ?? '',
      'x-refresh-token-mode': 'cookie',
      origin: 'https://auth.example.com',
    },
  });
  t.equal(refreshed.statusCode, 200);
  t.equal((await submit(token)).statusCode, 400, 'a link works once');
});

t.test('the device that asked is not signed in by the button', async (t) => {
  const { token, sign_in_token, code } = await begin();
  await submit(token);
  const answer = await service.post('/api/login/email/verify/', { sign_in_token, code });
  t.equal(answer.json().code, 'invalid_email_token');
});

t.test('another site cannot send the form', async (t) => {
  const { token } = await begin();
  t.equal((await submit(token, service, { 'sec-fetch-site': 'cross-site' })).statusCode, 403);
  t.equal((await submit(token)).statusCode, 200, 'the token is unused');
});

t.test('a browser without Fetch Metadata needs the cookie of the page', async (t) => {
  const [own, other] = [await begin(), await begin()];
  const [page, ofAttacker] = [await open(own.token), await open(other.token)];
  t.match(page.set, /; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  const token = String(other.token);
  const sessions = async () => (await rows`select 1 from sessions`).length;
  const before = await sessions();
  for (const [what, answer] of Object.entries({
    'no cookie and no key': await submitPlainly({ token }),
    'a key without the cookie': await submitPlainly({ token, form_key: ofAttacker.key }),
    'a cookie without the key': await submitPlainly({ token }, page.cookie),
    'the key of another browser': await submitPlainly({ token, form_key: ofAttacker.key }, page.cookie),
    'empty values': await submitPlainly({ token, form_key: '' }, '__Host-latchkey-form='),
    'values that this service did not make': await submitPlainly({ token, form_key: 'x' }, '__Host-latchkey-form=x'),
  })) {
    t.equal(answer.statusCode, 403, what);
    t.match(answer.body, /sent by another site, or your browser refuses cookies/);
    t.equal(answer.headers['set-cookie'], undefined, 'nobody is signed in');
  }
  t.equal(await sessions(), before);
  t.match(service.logLines().filter(({ event }) => event === 'form_not_allowed').length, 6);
  const second = await open(own.token, page.cookie);
  t.equal(second.key, page.key, 'a second tab does not make the first one invalid');
  const answer = await submitPlainly({ token: String(own.token), form_key: page.key }, page.cookie);
  t.equal(answer.statusCode, 200);
  t.match(answer.body, /You are signed in/);
});

t.test('without the refresh token cookie the page asks for the code, and the link stays unused', async (t) => {
  const { token } = await begin(plain);
  const page = await plain.app.inject({ url: `/account/sign-in/?token=${token}` });
  t.equal(page.statusCode, 200);
  t.ok(page.body.includes('Enter the code'));
  t.notOk(page.body.includes('<form'));
  t.ok((await submit(token, plain)).body.includes('Enter the code'));
  t.equal((await plain.post('/api/login/email/verify/', { token })).statusCode, 200);
});

t.test('a link that is not valid', async (t) => {
  for (const token of ['', 'x', 'A'.repeat(43)]) {
    const page = await service.app.inject({ url: `/account/sign-in/?token=${token}` });
    t.equal(page.statusCode, 400);
    t.ok(page.body.includes('This link is not valid'));
  }
});

t.test('an account with a second factor is asked for its code, in a browser without Fetch Metadata too', async (t) => {
  const email = `user-${crypto.randomUUID()}@example.com`;
  await service.register(email);
  await verifyAddress(service, email);
  const { code } = await addAuthenticator(service, (await service.login(email)).access_token);
  const { token } = await signInProof(service, email);
  const { key, cookie } = await open(token);
  const asked = await submitPlainly({ token: String(token), form_key: key }, cookie);
  t.equal(asked.statusCode, 200);
  t.notOk(/latchkey-refresh/.test(String(asked.headers['set-cookie'])), 'no session yet');
  t.match(asked.body, /name="code"/);
  const [, challenge = ''] = /name="token" value="([^"]+)"/.exec(asked.body) ?? [];
  const [, kept = ''] = /name="form_key" value="([^"]+)"/.exec(asked.body) ?? [];
  t.equal(kept, key);
  t.equal((await submitPlainly({ token: challenge, code: code() }, cookie)).statusCode, 403, 'not from our form');

  const wrong = await submitPlainly({ token: challenge, form_key: kept, code: '000000' }, cookie);
  t.equal(wrong.statusCode, 401);
  t.match(wrong.body, /name="code"/, 'the form is shown again');
  const long = await submitPlainly({ token: challenge, form_key: kept, code: '0'.repeat(5000) }, cookie);
  t.match(long.body, /name="code"/, 'also after one that is too long');
  const answer = await submitPlainly({ token: challenge, form_key: kept, code: code() }, cookie);
  t.equal(answer.statusCode, 200);
  t.ok(answer.body.includes('You are signed in'));
  t.match(String(answer.headers['set-cookie']), /HttpOnly/);
  const again = await submitPlainly({ token: challenge, form_key: kept, code: code(1) }, cookie);
  t.equal(again.statusCode, 400, 'a challenge works once');
});

t.test('the form counts as a login of its client address', async (t) => {
  const limited = await testApp(t, { env: { ...env, SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '2' }, catchesMail: true });
  const answers = [];
  for (let i = 0; i < 3; i++) answers.push(await submit('x', limited));
  t.strictSame(
    answers.map(({ statusCode }) => statusCode),
    [400, 400, 429],
  );
  const refused = answers.at(-1);
  t.match(refused?.headers, { 'content-type': /^text\/html/, 'retry-after': /^\d+$/ });
  t.match(refused?.body, /There have been too many attempts\. Try again in \d+ seconds\./);
  const recorded = await rowsOf(t, limited.databaseUrl)`select 1 from audit_events where event = 'login.failed'`;
  t.equal(recorded.length, 2);
});
