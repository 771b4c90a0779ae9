// /api/admin/mails/: what operators see of the outbox, and sending a mail again; and the mails as a whole service sends them.
import t, { type Test } from 'tap';
import { makeAdmin } from '../../../support/admin.js';
import { type TestApp, testApp, testAppOn } from '../../../support/app.js';
import { makeCertificates } from '../../../support/debian-postgres.js';
import { enqueueMail } from '../../../support/mail.js';
import { operatorsOf } from '../../../support/operator.js';
import { isProblem } from '../../../support/problem.js';
import { type MailServer, mailServer } from '../../../support/smtp.js';
import { until } from '../../../support/until.js';

const certificates = await makeCertificates(t);

const smtpEnv = (server: MailServer) => ({
  SETTING_ACCESS_TOKEN_LIFETIME: '3600',
  SMTP_URL: server.url(),
  MAIL_FROM: 'Acme <no-reply@example.com>',
  PUBLIC_URL: 'https://auth.example.com',
});

/** A service with a mail server and an administrator. */
async function fixture(t: Test) {
  const server = await mailServer(t, { certificates });
  const service = await testApp(t, { env: smtpEnv(server) });
  const operators = operatorsOf(t, service);
  const admin = await makeAdmin(t, service);
  // The registration of the admin has sent one.
  await server.receive(1);
  await until(
    'that is stored',
    async () => (await operators.rows`select 1 from mails where state = 'sent'`).length === 1,
  );
  await operators.rows`delete from mails`;
  const call = (method: 'GET' | 'POST', path: string, token = admin.accessToken) =>
    operators.as(token, method, `/mails/${path}`);
  return { server, ...service, ...operators, call };
}

t.test('mails are listed with their state, by page and by filter, and never with their content', async (t) => {
  const { app, server, call, rows } = await fixture(t);
  server.behave({ recipient: '550 5.1.1 No such user' });
  for (let count = 0; count < 3; count += 1) await enqueueMail(app, { to: `user-${count}@example.com` });
  await until('the mails are dead', async () => (await rows`select 1 from mails where state = 'dead'`).length === 3);
  server.behave({});
  await enqueueMail(app, { kind: 'account_deleted', data: { at: '2026-11-28T13:05:00.000Z' } });
  await until('one is sent', async () => (await rows`select 1 from mails where state = 'sent'`).length === 1);

  const first = (await call('GET', '?limit=2')).json();
  t.match(first.mails, [
    {
      kind: 'account_deleted',
      state: 'sent',
      to: 'mia@example.com',
      attempts: 1,
      last_error: null,
      next_attempt_at: null,
    },
    { kind: 'verify_email', state: 'dead', to: 'user-2@example.com', last_error: '550 5.1.1 No such user' },
  ]);
  const second = (await call('GET', `?limit=2&cursor=${first.next_cursor}`)).json();
  t.strictSame(
    second.mails.map(({ to }: { to: string }) => to),
    ['user-1@example.com', 'user-0@example.com'],
  );
  t.equal(second.next_cursor, null);
  t.equal((await call('GET', '?state=dead')).json().mails.length, 3);
  t.equal((await call('GET', '?kind=account_deleted')).json().mails.length, 1);
  t.equal((await call('GET', '?state=dead&kind=account_deleted')).json().mails.length, 0);
  t.equal((await call('GET', '?state=lost')).statusCode, 400);
  const all = await call('GET', '');
  t.notMatch(all.body, /token=secret|"content"/);
  t.match(all.json().mails[0], { sent_at: /^20/ });
});

t.test('a dead mail is sent again, which is audited; sent, expired and unknown ones are refused', async (t) => {
  const { app, server, call, rows, logLines } = await fixture(t);
  server.behave({ recipient: '550 5.1.1 No such user' });
  await enqueueMail(app);
  const [{ id }] = (await until('the mail is dead', async () => {
    const dead = await rows`select id from mails where state = 'dead'`;
    return dead.length === 1 && dead;
  })) as unknown as [{ id: string }];
  server.behave({});
  const answer = await call('POST', `${id}/resend/`);
  t.equal(answer.statusCode, 200);
  t.match(answer.json(), { id: Number(id), state: 'waiting', attempts: 0 });
  const [, mail] = await server.receive(2);
  t.equal(mail?.to, 'mia@example.com');
  await until('that is stored', async () => (await rows`select 1 from mails where state = 'sent'`).length === 1);
  const events =
    await rows`select event, target_type, target_id, details from audit_events where event = 'mail.resent'`;
  t.strictSame(
    [...events],
    [{ event: 'mail.resent', target_type: 'mail', target_id: id, details: { kind: 'verify_email' } }],
  );
  t.ok(logLines().some(({ event, mailId }) => event === 'mail_resent' && mailId === Number(id)));

  isProblem(t, await call('POST', `${id}/resend/`), 'mail_not_sendable', 'sent');
  await rows`update mails set state = 'dead'`;
  isProblem(t, await call('POST', `${id}/resend/`), 'mail_not_sendable', 'its content is gone');
  const [expired] = await rows`
    insert into mails (kind, recipient, content, state, expires_at) values ('verify_email', 'a@b.example', 'x', 'dead', now())
    returning id`;
  isProblem(t, await call('POST', `${expired?.id}/resend/`), 'mail_not_sendable', 'expired');
  const [busy] = await rows`
    insert into mails (kind, recipient, content, next_attempt_at, leased_until)
    values ('verify_email', 'a@b.example', 'x', now() + interval '1 minute', now() + interval '1 minute') returning id`;
  isProblem(t, await call('POST', `${busy?.id}/resend/`), 'mail_not_sendable', 'in progress');
  for (const unknown of ['999', '0', 'x', '-1', '99999999999999999999'])
    isProblem(t, await call('POST', `${unknown}/resend/`), 'mail_not_found', unknown);
});

t.test('reading and sending again require their permissions', async (t) => {
  const { call, user, role } = await fixture(t);
  const reader = await user(await role('mails:read'));
  const other = await user(await role('audit:read'));
  t.equal((await call('GET', '', reader.access_token)).statusCode, 200);
  isProblem(t, await call('POST', '1/resend/', reader.access_token), 'forbidden', 'resend');
  isProblem(t, await call('GET', '', other.access_token), 'forbidden', 'list');
});

t.test('two instances send every mail once', async (t) => {
  const server = await mailServer(t, { certificates });
  const first = await testApp(t, { env: smtpEnv(server) });
  const second = await testAppOn(t, first.databaseUrl, { env: smtpEnv(server) });
  const count = 120;
  for (let index = 0; index < count; index += 1) {
    await enqueueMail((index % 2 === 0 ? first : second).app, { to: `user-${index}@example.com` });
  }
  await server.receive(count);
  await until('all are stored as sent', async () => {
    const found = await first.app.db.execute(`select 1 from mails where state = 'sent' and attempts = 1`);
    return found.length === count;
  });
  t.equal(server.received.length, count);
  t.equal(new Set(server.received.map(({ to }) => to)).size, count);
  const sent = ({ logLines }: TestApp) => logLines().filter(({ event }) => event === 'mail_sent').length;
  t.equal(sent(first) + sent(second), count);
  t.notMatch(JSON.stringify([...first.logLines(), ...second.logLines()]), /user-7@|token=secret/, 'not in the log');
});

t.test('a mail server that hangs delays no answer and no connection to the database', async (t) => {
  const { app, server, register, login, me } = await fixture(t);
  server.behave({ afterData: 'hang' });
  for (let count = 0; count < 10; count += 1) await enqueueMail(app);
  await server.receive(6);
  const idle = await app.db.execute(
    `select 1 from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`,
  );
  t.equal(idle.length, 0, 'no transaction is open');
  t.equal((await register()).statusCode, 201);
  t.equal((await me((await login()).access_token)).statusCode, 200);
});
