// /dev/mail/: mails that are caught instead of sent, and where the page does not exist.
import t from 'tap';
import { testApp } from '../../support/app.js';
import { enqueueMail, MAIL_EXPIRES_AT } from '../../support/mail.js';
import { rowsOf } from '../../support/rows.js';
import { until } from '../../support/until.js';

t.test('caught mails are shown, newest first, and the log says only that one is there', async (t) => {
  const { app, databaseUrl, logLines } = await testApp(t, { catchesMail: true });
  const get = (url: string, headers = {}) => app.inject({ url, headers: { host: 'localhost:3000', ...headers } });
  t.match((await get('/dev/mail/')).body, 'There are no e-mails yet.');
  await enqueueMail(app, { data: { url: app.links.to('verify-email', 'first-token'), expiresAt: MAIL_EXPIRES_AT } });
  await enqueueMail(app, { data: { url: app.links.to('verify-email', 'second-token'), expiresAt: MAIL_EXPIRES_AT } });
  const line = await until('the log', () => {
    const caught = logLines().filter(({ event }) => event === 'mail_caught');
    return caught.length === 2 && caught[0];
  });
  t.match(line, { kind: 'verify_email', url: /^http:\/\/localhost:\d+\/dev\/mail\/$/ });
  t.notMatch(JSON.stringify(logLines()), /mia@example|-token/);
  const rows = rowsOf(t, databaseUrl);
  await until(
    'they are stored as sent',
    async () => (await rows`select 1 from mails where state = 'sent'`).length === 2,
  );
  t.equal((await rows`select 1 from mails where content is not null`).length, 2, 'with their content');

  const page = await get('/dev/mail/');
  t.equal(page.statusCode, 200);
  t.match(page.headers, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': /script-src 'self'.*frame-src 'self'$/,
  });
  const [newer, older] = [page.body.indexOf('second-token'), page.body.indexOf('first-token')];
  t.ok(newer > 0 && newer < older, 'the newest comes first');
  t.match(page.body, 'mia@example.com');
  t.match(page.body, /<a href="http:\/\/localhost:\d+\/account\/verify-email\/\?token=second-token"/);
  t.notMatch(page.body, /<script|style="/, 'nothing that the policy forbids');

  const frame = await get(/src="(\d+\/)"/.exec(page.body)?.[1]?.replace(/^/, '/dev/mail/') ?? '');
  t.match(frame.body, '<base target="_blank">');
  t.match(frame.body, 'second-token');
  t.match(frame.headers, {
    'content-security-policy': /^default-src 'none'.*frame-ancestors 'self'; sandbox allow-popups/,
    'x-frame-options': 'SAMEORIGIN',
  });
  t.equal((await get('/dev/mail')).headers.location, 'mail/');
  t.match((await get('/dev/mail/mail.css')).headers, { 'content-type': 'text/css; charset=utf-8' });
  for (const path of ['0/', '999/', 'x/', '1e3/']) t.equal((await get(`/dev/mail/${path}`)).statusCode, 404, path);
});

t.test('a page of another site cannot read the mails by DNS rebinding', async (t) => {
  const { app } = await testApp(t, { catchesMail: true, env: { PUBLIC_URL: 'https://auth.dev.example' } });
  const status = async (host: string) => (await app.inject({ url: '/dev/mail/', headers: { host } })).statusCode;
  for (const host of ['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000', '192.168.1.5'])
    t.equal(await status(host), 200, host);
  for (const host of ['auth.dev.example', 'evil.example', 'evil.example:3000', 'localhost.evil.example'])
    t.equal(await status(host), 404, host);
  for (const header of ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']) {
    const headers = { host: 'localhost', [header]: '192.0.2.1' };
    t.equal((await app.inject({ url: '/dev/mail/', headers })).statusCode, 404, header);
  }
  const remote = { url: '/dev/mail/', headers: { host: 'localhost' }, remoteAddress: '192.0.2.1' };
  t.equal((await app.inject(remote)).statusCode, 404, 'from another machine');
});

t.test('the page exists neither in production, nor on a database of its own, nor with a mail server', async (t) => {
  const smtp = {
    SMTP_URL: 'smtp://localhost:2525?tls=none',
    MAIL_FROM: 'a@example.com',
    PUBLIC_URL: 'https://auth.example.com',
  };
  for (const env of [{}, { NODE_ENV: 'production' }, smtp, { ...smtp, NODE_ENV: 'production' }]) {
    const { app, routes } = await testApp(t, { env });
    t.equal(app.caughtMails, undefined);
    t.notMatch(JSON.stringify(routes), '/dev/mail');
    t.equal((await app.inject({ url: '/dev/mail/', headers: { host: 'localhost' } })).statusCode, 404);
  }
});
