// The pages that the links in mails lead to: looking at them changes nothing, and their forms need no script.
import { createHash } from 'node:crypto';
import t from 'tap';
import { altered, mailingApp } from '../../support/mail-links.js';
import { isProblem } from '../../support/problem.js';

const service = await mailingApp(t);
const { app, rows, begin, verify, login, loginStatus, updateMe, tokensOf, resetTokenOf, isVerified } = service;

const PAGES = ['verify-email', 'reset-password', 'confirm-email', 'undo-email-change'] as const;
type Page = (typeof PAGES)[number];

const url = (page: Page, token: string) => `/account/${page}/?token=${encodeURIComponent(token)}`;
// Not the `inject` of the service, which expects that all errors are problems.
const get = (page: Page, token: string, method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({ method, url: url(page, token) });
const send = (page: Page, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: `/account/${page}/`,
    payload: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...headers },
  });

/** An account, and a token that can be used on each page. */
async function tokens() {
  const account = await begin();
  const other = await begin();
  await verify(other.verifyToken);
  const wanted = `new-${crypto.randomUUID()}@example.com`;
  await updateMe((await login(other.email)).access_token, { email: wanted });
  const third = await begin();
  await verify(third.verifyToken);
  const changed = `third-${crypto.randomUUID()}@example.com`;
  await updateMe((await login(third.email)).access_token, { email: changed });
  await service.confirmChange((await tokensOf(changed, 'confirm_email_change'))[0] ?? '');
  return {
    account,
    wanted,
    third,
    other,
    'verify-email': account.verifyToken,
    'reset-password': await resetTokenOf(account.email),
    'confirm-email': (await tokensOf(wanted, 'confirm_email_change'))[0] ?? '',
    'undo-email-change': (await tokensOf(third.email, 'undo_email_change'))[0] ?? '',
  };
}

t.test(
  'GET and HEAD use no token and change nothing, however often; the page cannot be indexed, framed or stored',
  async (t) => {
    const all = await tokens();
    const state = async () =>
      JSON.stringify([
        await rows`select * from users order by id`,
        await rows`select * from account_tokens order by id`,
        await rows`select id from mails order by id`,
        await rows`select id from audit_events order by id`,
      ]);
    const before = await state();
    for (const page of PAGES) {
      for (const method of ['HEAD', 'GET', 'HEAD', 'GET'] as const) {
        const answer = await get(page, all[page], method);
        t.equal(answer.statusCode, 200, `${method} ${page}`);
        const { headers } = answer;
        t.match(headers, {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'x-robots-tag': 'noindex, nofollow',
          'x-frame-options': 'DENY',
        });
        const policy = String(headers['content-security-policy']);
        t.match(policy, /form-action 'self'; frame-ancestors 'none'/);
        t.match(policy, /default-src 'none'; script-src 'sha256-[^']{44}'; style-src 'self'/);
        t.notMatch(policy, /unsafe/);
      }
      const { body, headers } = await get(page, all[page]);
      t.match(body, /<form method="post" action="\?"/);
      t.match(body, /<html lang="en">/);
      t.notMatch(body, /<script |style="|\son[a-z]+="|https?:/, 'no inline style, nothing from elsewhere');
      const scripts = [...body.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = '']) => script);
      t.equal(scripts.length, 1);
      const hash = createHash('sha256').update(String(scripts[0])).digest('base64');
      t.ok(String(headers['content-security-policy']).includes(`'sha256-${hash}'`), 'the only script that may run');
      for (const [, id] of body.matchAll(/<input id="([^"]+)"/g)) t.match(body, `<label for="${id}">`);
    }
    t.equal(await state(), before);
  },
);

t.test('every token that cannot be used leads to the same page', async (t) => {
  const all = await tokens();
  const bodies = new Set<string>();
  for (const page of PAGES) {
    for (const token of [
      altered(all[page]),
      '',
      'x'.repeat(500),
      '"><script>alert(1)</script>',
      all[page === 'verify-email' ? 'reset-password' : 'verify-email'],
    ]) {
      for (const answer of [
        await get(page, token),
        await send(page, { token, password: 'some new password', action: 'verify', current_password: 'password' }),
      ]) {
        t.equal(answer.statusCode, 400, `${page} ${token}`);
        bodies.add(answer.body);
      }
    }
    t.equal((await app.inject(`/account/${page}/`)).statusCode, 400, 'without a token');
    t.equal((await app.inject(`/account/${page}/?token=a&token=b`)).statusCode, 400, 'with two tokens');
  }
  t.equal(bodies.size, 1);
  t.match([...bodies][0], /This link is not valid/);
});

t.test('verify: the password is needed; a wrong one is shown at its field and can be corrected', async (t) => {
  const { id, verifyToken: token, email } = await begin();
  t.match((await get('verify-email', token)).body, email);
  for (const wrong of ['', 'wrong']) {
    const answer = await send('verify-email', { token, action: 'verify', current_password: wrong });
    t.equal(answer.statusCode, 403, wrong);
    t.match(
      answer.body,
      /<p class="error" id="current_password-error">Password: is not right\. If you have forgotten it, [^<]+\.<\/p>/,
    );
    t.match(answer.body, /aria-describedby="current_password-error" aria-invalid="true" autofocus/);
    t.match(answer.body, /<title>Error: /);
    t.notMatch(answer.body, 'value="wrong"');
  }
  t.notOk(await isVerified(id));
  t.match((await send('verify-email', { token })).body, /role="alert">The form did not arrive/, 'without its fields');
  const answer = await send('verify-email', { token, action: 'verify', current_password: 'password' });
  t.equal(answer.statusCode, 200);
  t.match(answer.body, /Your address is verified/);
  t.ok(await isVerified(id));
});

t.test('who has entered too many wrong passwords reads how long to wait', async (t) => {
  const { verifyToken: token } = await begin();
  let answer = await send('verify-email', { token, action: 'verify', current_password: 'wrong' });
  for (let i = 0; i < 20 && answer.statusCode !== 429; i++)
    answer = await send('verify-email', { token, action: 'verify', current_password: 'wrong' });
  t.equal(answer.statusCode, 429);
  t.match(answer.body, /role="alert">Too many wrong passwords or codes have been entered\. Try again in [^.`]+\./);
  t.match(answer.body, /name="current_password"/, 'the form is shown again');
});

t.test('password managers find the account of a password', async (t) => {
  const all = await tokens();
  const field = (address: string) =>
    `<input class="username" type="text" autocomplete="username" value="${address}" readonly tabindex="-1" aria-hidden="true">`;
  for (const page of ['verify-email', 'reset-password'] as const)
    t.ok((await get(page, all[page])).body.includes(field(all.account.email)), page);
  t.notMatch(
    (await get('confirm-email', all['confirm-email'])).body,
    'autocomplete="username"',
    'it may be a stranger',
  );
});

t.test('verify: who did not create the account locks it', async (t) => {
  const { id, email, verifyToken: token } = await begin();
  const answer = await send('verify-email', { token, action: 'disown', current_password: '' });
  t.equal(answer.statusCode, 200);
  t.match(answer.body, /The account is locked/);
  t.equal(await loginStatus(email), 401);
  t.notOk(await isVerified(id));
});

t.test('reset: a refused password is explained at its field; the next one is set', async (t) => {
  const { email } = await begin();
  const token = await resetTokenOf(email);
  const short = await send('reset-password', { token, password: 'short' });
  t.equal(short.statusCode, 400);
  t.match(short.body, /New password: must have at least 8 characters\./);
  t.match(short.body, /aria-describedby="password-hint password-error"/);
  t.equal((await send('reset-password', { token })).statusCode, 400, 'without a password');
  const answer = await send('reset-password', { token, password: 'pass wörd & more+1%' });
  t.equal(answer.statusCode, 200, answer.body);
  t.equal(await loginStatus(email, 'pass wörd & more+1%'), 200);
  t.equal((await send('reset-password', { token, password: 'pass wörd & more+1%' })).statusCode, 400, 'once');
});

t.test('confirm and undo a change of the address', async (t) => {
  const all = await tokens();
  const { body } = await get('confirm-email', all['confirm-email']);
  t.match(body, all.wanted);
  t.notMatch(body, all.other.email, 'the reader may be a stranger');
  for (const wrong of ['', 'wrong']) {
    const refused = await send('confirm-email', {
      token: all['confirm-email'],
      action: 'confirm',
      current_password: wrong,
    });
    t.equal(refused.statusCode, 403, wrong);
    t.match(refused.body, /Password: is not right/);
  }
  const fields = { token: all['confirm-email'], action: 'confirm', current_password: 'password' };
  t.match((await send('confirm-email', fields)).body, /Your address is changed/);
  t.equal(await loginStatus(all.wanted), 200);
  t.match((await send('undo-email-change', { token: all['undo-email-change'] })).body, /The change is undone/);
  const [row] = await rows`select email from users where id = ${all.third.id}`;
  t.equal(row?.email, all.third.email);
  t.equal((await tokensOf(all.third.email, 'reset_password')).length, 1);
});

t.test('confirm: a stranger cancels the change; an account without a password can only do that', async (t) => {
  const all = await tokens();
  const answer = await send('confirm-email', { token: all['confirm-email'], action: 'cancel', current_password: '' });
  t.match(answer.body, /The change is cancelled/);
  t.equal((await get('confirm-email', all['confirm-email'])).statusCode, 400);
  t.equal(await loginStatus(all.other.email), 200);

  const { access_token: accessToken } = await login(all.other.email);
  await rows`update users set password_hash = null where id = ${all.other.id}`;
  const wanted = `new-${crypto.randomUUID()}@example.com`;
  await updateMe(accessToken, { email: wanted });
  const [token = ''] = await tokensOf(wanted, 'confirm_email_change');
  const { body } = await get('confirm-email', token);
  t.match(body, /set a password first/);
  t.notMatch(body, /type="password"|Change the address/);
  t.equal((await send('confirm-email', { token, action: 'confirm', current_password: '' })).statusCode, 403);
});

t.test('a form of another site, and bodies that are no forms, are refused with a page', async (t) => {
  const { verifyToken: token, id } = await begin();
  const fields = { token, action: 'verify', current_password: 'password' };
  for (const site of ['cross-site', 'same-site']) {
    const answer = await send('verify-email', fields, { 'sec-fetch-site': site });
    t.equal(answer.statusCode, 403, site);
    t.match(answer.body, /sent by another site/);
  }
  for (const [status, payload, type] of [
    [415, JSON.stringify(fields), 'application/json'],
    [415, 'x', 'text/plain'],
    [400, Buffer.from([0x74, 0x3d, 0xff]), 'application/x-www-form-urlencoded'],
    [400, 'token=a&token=b', 'application/x-www-form-urlencoded'],
    [400, `token=${token}&action=verify&current_password=%ff`, 'application/x-www-form-urlencoded'],
    [400, '', 'application/x-www-form-urlencoded'],
    [413, `token=${'x'.repeat(17_000)}`, 'application/x-www-form-urlencoded'],
  ] as const) {
    const answer = await app.inject({
      method: 'POST',
      url: '/account/verify-email/',
      payload,
      headers: { 'content-type': type },
    });
    t.equal(answer.statusCode, status, `${type} ${String(payload).slice(0, 40)}`);
    t.match(answer.headers['content-type'], 'text/html');
  }
  t.notOk(await isVerified(id));
  t.equal((await service.post('/api/email/verify/', { token })).statusCode, 204, 'the token was not used');
  const { statusCode } = await app.inject({
    method: 'POST',
    url: '/api/login/',
    payload: 'email=a',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  t.equal(statusCode, 415, 'the API accepts no forms');
});

t.test('links lead to PUBLIC_URL with its path, or to the pages of the operator', async (t) => {
  const prefixed = await mailingApp(t, {
    PUBLIC_URL: 'https://www.example.com/auth',
    LINK_URL_RESET_PASSWORD: 'https://app.example.com/reset#{token}',
  });
  const { email } = await prefixed.begin();
  await prefixed.forgot(email);
  await prefixed.settled();
  const { mailsOf } = await import('../../support/mail.js');
  const urls = (await mailsOf(prefixed.rows, email)).map(({ data }) => (data as { url?: string }).url);
  t.match(urls[0], /^https:\/\/www\.example\.com\/auth\/account\/verify-email\/\?token=/);
  t.match(urls[1], /^https:\/\/app\.example\.com\/reset#[A-Za-z0-9_-]{43}$/);
});

t.test('an address below /account/ that does not exist shows a page in a browser', async (t) => {
  const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  for (const [path, styleUrl] of [
    ['/account', './account/style.css'],
    ['/account/', 'style.css'],
    ['/account/verify-em', 'style.css'],
    ['/account/verify-em/?token=a/b', '../style.css'],
    ['/account/reset-password/%22%3E%3Cscript%3E/', '../../style.css'],
  ] as const) {
    for (const method of ['GET', 'HEAD'] as const) {
      const answer = await app.inject({ method, url: path, headers: { accept } });
      t.equal(answer.statusCode, 404, path);
      t.match(answer.headers, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
      t.match(answer.headers['content-security-policy'], "default-src 'none'");
      if (method === 'HEAD') continue;
      t.ok(answer.body.includes(`href="${styleUrl}"`), `${path}: ${styleUrl}`);
      t.notMatch(answer.body, '<script>');
      t.match(answer.body, 'This page does not exist');
    }
  }
  for (const [method, path, code, wanted] of [
    ['GET', '/accounts/', 'not_found', accept],
    ['GET', '/api/account/', 'not_found', accept],
    ['GET', '/account/verify-em', 'not_found', '*/*'],
    ['POST', '/account/verify-em', 'not_found', accept],
    ['DELETE', '/account/verify-email/', 'method_not_allowed', accept],
  ] as const) {
    isProblem(t, await app.inject({ method, url: path, headers: { accept: wanted } }), code, `${method} ${path}`);
  }
});
