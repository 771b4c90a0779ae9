// latchkey mail: the outbox at the command line, and a test of the mail server.
import t from 'tap';
import { TEST_SECRET } from '../../support/app.js';
import { testDatabase } from '../../support/database.js';
import { makeCertificates } from '../../support/debian-postgres.js';
import { rowsOf } from '../../support/rows.js';
import { runCommand } from '../../support/service.js';
import { mailServer } from '../../support/smtp.js';

const certificates = await makeCertificates(t);
const sender = { MAIL_FROM: 'Acme <no-reply@example.com>', PUBLIC_URL: 'https://auth.example.com' };

t.test('mails are listed and sent again', async (t) => {
  const DATABASE_URL = await testDatabase(t);
  const rows = rowsOf(t, DATABASE_URL);
  const mail = (...args: string[]) => runCommand(['mail', ...args], { DATABASE_URL });
  await rows`
    insert into mails (kind, recipient, content, state, attempts, last_error, sent_at) values
      ('verify_email', 'mia@example.com', 'secret', 'dead', 20, E'550 no\x1b[2J such user', null),
      ('reset_password', 'tom@example.com', null, 'sent', 1, null, '2026-11-28T13:00:00Z')`;

  const list = await mail('list');
  t.equal(list.code, 0);
  const lines = list.stdout.trimEnd().split('\n');
  t.match(lines[0], /^2 {2}sent +reset_password +tom@example\.com +sent 2026-11-28 13:00:00 +1 attempts$/);
  t.match(
    lines[1],
    /^1 {2}dead +verify_email +mia@example\.com +created .* 20 attempts {2}550 no\uFFFD\[2J such user$/,
  );
  t.match(JSON.parse((await mail('list', '--state', 'dead', '--json')).stdout), [{ id: 1, to: 'mia@example.com' }]);
  t.equal((await mail('list', '--kind', 'sign_in')).stdout, '');
  t.equal((await mail('list', '-n', '1')).stdout.split('\n').length, 2);
  t.match((await mail('list', '-n', '0')).stderr, 'latchkey: the number of e-mails must be from 1 to 10000');

  const resent = await mail('resend', '1', '--json');
  t.match(JSON.parse(resent.stdout), [{ id: 1, state: 'waiting', attempts: 0 }]);
  t.match(
    [...(await rows`select event, actor_type, target_id from audit_events`)],
    [{ event: 'mail.resent', actor_type: 'cli', target_id: '1' }],
  );
  for (const [id, message] of [
    ['2', /^latchkey: The e-mail has been sent/],
    ['9', /^latchkey: No e-mail has this id/],
    ['x', /^latchkey: No e-mail has this id/],
  ] as const) {
    const refused = await mail('resend', id);
    t.equal(refused.code, 1);
    t.match(refused.stderr, message);
  }

  await rows`update mails set state = 'dead' where id = 1`;
  const several = await mail('resend', '2', '1', '9');
  t.match(several, { code: 1, stdout: /^1 {2}waiting .*\n$/ });
  t.match(several.stderr, /^latchkey: 2: The e-mail has been sent.* 9: No e-mail has this id.*\n$/);
});

t.test('a test mail is sent at once, and what goes wrong is one line', async (t) => {
  const server = await mailServer(t, { certificates });
  const test = (SMTP_URL: string, address = 'you@example.com') =>
    runCommand(['mail', 'test', address], { ...sender, SMTP_URL });
  const sent = await test(server.url());
  t.equal(sent.code, 0, sent.stderr);
  t.match(sent.stdout, /^The mail server has accepted the mail: 250 /);
  const json = await runCommand(['mail', 'test', 'you@example.com', '--json'], { ...sender, SMTP_URL: server.url() });
  t.match(JSON.parse(json.stdout), { answer: /^250 / });
  t.match(server.received.slice(0, 1), [{ to: 'you@example.com', headers: { subject: 'Test mail of Latchkey' } }]);

  const cases = [
    [await test(server.url({ password: 'wrong' })), /^latchkey: the mail could not be sent: 535 /],
    [await test(server.url({ ca: certificates.otherAuthority })), /unknown authority; add \?ca=FILE/],
    [await test(server.url({ scheme: 'smtps' })), /does not speak TLS on this port/],
    [await test('smtp://127.0.0.1:1'), /the mail server refuses connections \(ECONNREFUSED\)/],
    [await test(server.url(), 'no address'), /^latchkey: this is not a valid e-mail address$/m],
    [await runCommand(['mail', 'test', 'you@example.com'], {}), /SMTP_URL is not set/],
  ] as const;
  for (const [{ code, stdout, stderr }, message] of cases) {
    t.equal(code, 1);
    t.equal(stdout, '');
    t.match(stderr, message);
    t.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  }
  t.equal(server.received.length, 2);
});

t.test('doctor checks the mail server, the templates and the outbox', async (t) => {
  const server = await mailServer(t, { certificates });
  const DATABASE_URL = await testDatabase(t);
  const rows = rowsOf(t, DATABASE_URL);
  const doctor = async (env: Record<string, string>) => {
    const { stdout } = await runCommand(['doctor', '--json'], { DATABASE_URL, AUTH_SECRET: TEST_SECRET, ...env });
    const findings = JSON.parse(stdout) as { check: string; status: string; message: string }[];
    return Object.fromEntries(findings.map(({ check, status, message }) => [check, `${status}: ${message}`]));
  };
  const smtp = (url: string) => ({ ...sender, SMTP_URL: url });

  const good = await doctor(smtp(server.url()));
  t.match(good.mail, `ok: localhost:${server.port} with login, over TLS`);
  t.match(good.outbox, 'ok: 0 e-mails wait, none was given up');
  const production = { NODE_ENV: 'production' };
  t.match((await doctor(production)).mail, /^warn: SMTP_URL is not set: .* return 503 mail_unavailable$/);
  t.match((await doctor({})).mail, /^ok: SMTP_URL is not set/);
  t.match((await doctor(smtp(server.url({ password: 'wrong' })))).mail, /^fail: localhost:\d+: 535 /);
  t.match((await doctor(smtp(server.url({ ca: certificates.otherAuthority })))).mail, /^fail: .*unknown authority/);
  t.match((await doctor({ ...smtp(server.url()), MAIL_TEMPLATES: '/nowhere' })).mail, /^fail: MAIL_TEMPLATES: /);

  await rows`
    insert into mails (kind, recipient, content, state, created_at) values
      ('verify_email', 'a@b.example', 'x', 'dead', now()),
      ('verify_email', 'a@b.example', 'x', 'waiting', now() - interval '11 minutes'),
      ('verify_email', 'a@b.example', 'x', 'waiting', now())`;
  t.match(
    (await doctor(smtp(server.url()))).outbox,
    'warn: 1 e-mail was given up; 1 of 2 waiting e-mails are older than 10 minutes; run: latchkey mail list',
  );
  t.equal(server.received.length, 0, 'doctor sends nothing');
});
