// SMTP_URL, MAIL_FROM and the variables with them: what is accepted, and the line that refuses the rest.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { LOCAL_SENDER, readConfiguration } from '#platform/config/config.js';
import { parseMailbox } from '#platform/config/mailbox.js';
import { parseSmtpUrl } from '#platform/config/smtp-url.js';

const plain = { user: undefined, password: undefined, ca: undefined };
const SMTP_URL = 'smtp://user:password@smtp.example.com:587';
const complete = { SMTP_URL, MAIL_FROM: 'Acme <no-reply@example.com>', PUBLIC_URL: 'https://auth.example.com' };

t.test('SMTP_URL is parsed into its parts', async (t) => {
  t.strictSame(parseSmtpUrl('smtp://mail.example.com'), {
    host: 'mail.example.com',
    port: 587,
    tls: 'required',
    ...plain,
  });
  t.strictSame(parseSmtpUrl('smtps://mail.example.com/'), {
    host: 'mail.example.com',
    port: 465,
    tls: 'implicit',
    ...plain,
  });
  t.match(parseSmtpUrl('smtp://[::1]:2525?tls=none'), { host: '::1', port: 2525, tls: 'none' });
  t.match(parseSmtpUrl('smtp://localhost?tls=optional'), { tls: 'optional' });
  t.match(parseSmtpUrl('smtp://me%40example.com:p%40ss%2F%3A%3F%23%25@localhost:25'), {
    user: 'me@example.com',
    password: 'p@ss/:?#%',
    port: 25,
  });
});

t.test('a wrong SMTP_URL is one line, without the password', async (t) => {
  const file = join(t.testdir(), 'ca.pem');
  writeFileSync(file, 'no certificate');
  const refused = [
    'mail.example.com',
    'http://mail.example.com',
    'smtp://',
    'smtp://user:s3cret#x@mail.example.com',
    'smtp://user:s3cret/x@mail.example.com',
    'smtp://user:s3cret?x@mail.example.com',
    'smtp://user:s3cret%zz@mail.example.com',
    'smtp://user:s3cret%0d%0aDATA@mail.example.com',
    'smtp://user:s3 cret@mail.example.com',
    'smtp://user@mail.example.com',
    'smtp://mail.example.com:0',
    'smtp://mail.example.com:99999',
    'smtp://mail.example.com?tls=maybe',
    'smtp://mail.example.com?tls=none&tls=required',
    'smtps://mail.example.com?tls=none',
    'smtp://mail.example.com?rejectUnauthorized=false',
    'smtp://mail.example.com?ca=/nowhere/ca.pem',
    `smtp://mail.example.com?ca=${file}`,
  ];
  for (const url of refused) {
    t.throws(
      () => readConfiguration({ ...complete, SMTP_URL: url }),
      { name: 'ConfigurationError', message: /^SMTP_URL must [^\n]+, for example SMTP_URL=smtp:\/\/user:password@/ },
      url,
    );
    try {
      readConfiguration({ ...complete, SMTP_URL: url });
    } catch (error) {
      t.notMatch((error as Error).message, 's3', url);
    }
  }
});

t.test('MAIL_FROM is one address, with a name if there is one', async (t) => {
  t.strictSame(parseMailbox('no-reply@example.com'), { name: '', address: 'no-reply@example.com' });
  t.strictSame(parseMailbox('Äcme & Söhne <no-reply@example.com>'), {
    name: 'Äcme & Söhne',
    address: 'no-reply@example.com',
  });
  t.strictSame(parseMailbox('"Acme, Inc." <a.b@example.com>'), { name: 'Acme, Inc.', address: 'a.b@example.com' });
  t.strictSame(parseMailbox('latchkey@localhost'), { name: '', address: 'latchkey@localhost' });
  const refused = [
    'Acme',
    'Acme <no-reply@example.com',
    'a@example.com, b@example.com',
    'Acme <a@example.com> <b@example.com>',
    'Acme <a@example.com>\r\nBcc: victim@example.com',
    'Acme\r\nBcc: victim@example.com <a@example.com>',
    'a b@example.com',
    'a@-example.com',
    'a@example..com',
    `${'x'.repeat(101)} <a@example.com>`,
    'Ac"me <a@example.com>',
  ];
  for (const text of refused) {
    t.equal(parseMailbox(text), undefined, text);
    t.throws(() => readConfiguration({ ...complete, MAIL_FROM: text }), { message: /^MAIL_FROM must be one address/ });
  }
});

t.test('mails are sent, caught, or not available', async (t) => {
  t.match(readConfiguration(complete).mail, { type: 'smtp', from: { name: 'Acme', address: 'no-reply@example.com' } });
  t.strictSame(readConfiguration({}).mail, { type: 'catch', from: LOCAL_SENDER, templates: undefined });
  t.equal(readConfiguration({ DATABASE_URL: 'postgres://localhost/latchkey' }).mail, undefined);
  const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://localhost/latchkey' };
  t.equal(readConfiguration(production).mail, undefined);
  t.match(readConfiguration({ ...production, ...complete }).mail, { type: 'smtp' });
  t.throws(() => readConfiguration({ SMTP_URL }), { message: /^MAIL_FROM is required when SMTP_URL is set/ });
  t.throws(() => readConfiguration({ SMTP_URL, MAIL_FROM: 'a@example.com' }), {
    message: /^PUBLIC_URL is required when SMTP_URL is set/,
  });
});
