// Mails: the built-in templates, and those of an operator.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { MailData, MailKind } from '#mail/kinds.js';
import { deviceName } from '#mail/templates/device-name.js';
import { readTemplates } from '#mail/templates/files.js';
import { createRenderer } from '#mail/templates/render.js';
import { mailKinds, placeholders } from '#mail/templates/values.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const link = { url: 'https://auth.example.com/account/?a=1&token=<T>', expiresAt: '2026-11-28T14:30:00.000Z' };
const occurrence = { at: '2026-11-28T13:05:00.000Z', ip: '203.0.113.7', userAgent: FIREFOX };
const email = 'new@example.com';

const examples: { readonly [Kind in MailKind]: MailData[Kind] } = {
  verify_email: link,
  reset_password: link,
  confirm_email_change: { ...link, email },
  undo_email_change: { ...link, email },
  sign_in: { ...link, code: '048213' },
  password_changed: occurrence,
  email_changed: { ...occurrence, email },
  new_sign_in: occurrence,
  refresh_token_reused: occurrence,
  second_factor_added: occurrence,
  second_factor_removed: occurrence,
  recovery_codes_created: occurrence,
  recovery_code_used: occurrence,
  second_factors_reset: { at: '2026-11-28T13:05:00.000Z' },
  deletion_scheduled: { deletesAt: '2026-12-05T13:05:00.000Z' },
  account_deleted: { at: '2026-12-05T13:05:00.000Z' },
  unverified_account_deleted: { at: '2026-12-05T13:05:00.000Z' },
};

const render = createRenderer(new Map(), { service: 'Acme & <Sons>' });

function folder(t: Test, files: Readonly<Record<string, string | Buffer>>): string {
  const path = t.testdir();
  mkdirSync(path, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

const renderOwn = (t: Test, files: Readonly<Record<string, string>>) =>
  createRenderer(readTemplates(folder(t, files)), { service: 'Acme' });

t.test('every kind has a subject, a text and HTML with all of its values', async (t) => {
  const shown = {
    url: link.url,
    expires_at: '28 November 2026 at 14:30 UTC',
    email,
    code: '048213',
    at: '2026 at 13:05',
    ip: '203.0.113.7',
    device: 'Firefox on Linux',
    deletes_at: '5 December 2026 at 13:05 UTC',
  };
  for (const kind of mailKinds) {
    const mail = render(kind, examples[kind], null);
    t.match(mail.subject, 'Acme & <Sons>', kind);
    t.notMatch(mail.subject, /[\r\n]/);
    t.notMatch(mail.text + mail.html, /undefined|null|\{\{|!\s/, `${kind} is complete`);
    t.notMatch(mail.html, /<img|src=|@import|<script|<Sons>/, `${kind} loads nothing`);
    t.match(mail.html, 'overflow-wrap:anywhere', `${kind} is not wider than a phone, however long an address is`);
    for (const name of placeholders[kind]) {
      t.ok(mail.text.includes(shown[name]), `${kind} has ${name} in its text: ${mail.text}`);
    }
  }
});

t.test('the address of a button is a link, and visible, with its special characters escaped', async (t) => {
  const { html = '', text } = render('verify_email', link, null);
  const escaped = 'https://auth.example.com/account/?a=1&#38;token=&#60;T&#62;';
  t.equal(html.split(`href="${escaped}"`).length - 1, 2);
  t.ok(html.includes(`>${escaped}</a>`));
  t.match(text, /^https:\/\/auth\.example\.com\/account\/\?a=1&token=<T>$/m, 'on a line of its own');
});

t.test('a value can add neither a line nor markup', async (t) => {
  const evil = { ...occurrence, ip: '1\r\nBcc: victim@example.com', email: '<b>@example.com' };
  const { text, html } = render('email_changed', evil, null);
  t.notMatch(text, /^Bcc/m);
  t.notMatch(html, '<b>');
});

t.test('a reader who may be a stranger to the account is not told the new address', async (t) => {
  const { text, html } = render('email_changed', { ...occurrence, email: null }, null);
  for (const content of [text, html]) t.match(content, 'was changed to another address');
});

t.test('a user agent is never quoted', async (t) => {
  const spam = { ...occurrence, userAgent: 'Prize! Log in at https://evil.example/' };
  const { text, html } = render('new_sign_in', spam, null);
  t.notMatch(text + html, /evil|Prize/);
  t.match(text, 'Device: unknown');
  t.equal(deviceName(null), null);
  const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0';
  t.equal(deviceName(`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/140.0`), 'Edge on Windows');
  t.equal(deviceName(`Mozilla/5.0 (Linux; Android 15; Pixel 9) ${chrome} Mobile Safari/537.36`), 'Chrome on Android');
  const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
  t.equal(deviceName(`${iphone} Version/18.0 Mobile/15E148 Safari/604.1`), 'Safari on iOS');
  t.equal(deviceName('curl/8.14.1'), null);
});

t.test('the files of an operator replace a kind, by language', async (t) => {
  const own = renderOwn(t, {
    'verify_email.txt': 'Subject: Welcome to {{service}}\n\nOpen {{ url }}\n',
    'verify_email.html': '<p><a href="{{url}}">Open</a> until {{expires_at}}</p>',
    'verify_email.de.txt': 'Subject: Willkommen\r\n\r\nÖffne {{url}} bis {{expires_at}}\r\n',
  });
  const english = own('verify_email', link, 'en-US');
  t.strictSame(english, {
    subject: 'Welcome to Acme',
    text: `Open ${link.url}\n`,
    html: '<p><a href="https://auth.example.com/account/?a=1&#38;token=&#60;T&#62;">Open</a> until 28 November 2026 at 14:30 UTC</p>',
  });
  t.strictSame(own('verify_email', link, null), english);
  for (const locale of ['de', 'de-AT']) {
    const german = own('verify_email', link, locale);
    t.equal(german.subject, 'Willkommen');
    t.match(german.text, '28. November 2026 um 14:30 UTC');
    t.equal(german.html, undefined, 'no HTML in another language');
  }
  t.match(own('reset_password', link, 'de').subject, 'Set a new password', 'other kinds stay as they are');
});

t.test('a style sheet in HTML can have braces of its own', async (t) => {
  const style = '<style type="text/css">@media print{a{color:red}}</style>';
  const own = renderOwn(t, {
    'verify_email.txt': 'Subject: Welcome\n\n{{url}}\n',
    'verify_email.html': `${style}<a href="{{url}}">Open</a>`,
  });
  t.match(own('verify_email', link, null).html, style);
});

t.test('what is wrong with a file is one line', async (t) => {
  const subject = 'Subject: Hello\n\n{{url}}';
  const cases: readonly (readonly [files: Record<string, string | Buffer>, message: string])[] = [
    [{ 'verify.txt': subject }, 'MAIL_TEMPLATES: verify.txt is not a name of a template: use KIND.txt'],
    [{ 'verify_email.md': subject }, 'MAIL_TEMPLATES: verify_email.md is not a name of a template'],
    [{ 'verify_email.d.txt': subject }, 'MAIL_TEMPLATES: verify_email.d.txt has no valid language'],
    [{ 'verify_email.txt': '{{url}}' }, 'MAIL_TEMPLATES: verify_email.txt must begin with a line "Subject: …"'],
    [{ 'verify_email.txt': 'Subject: x\n{{url}}' }, 'MAIL_TEMPLATES: verify_email.txt must begin with'],
    [
      { 'verify_email.txt': `${subject} {{code}}` },
      'MAIL_TEMPLATES: verify_email.txt has the unknown placeholder {{code}}: use {{service}}, {{url}}, {{expires_at}}',
    ],
    [
      { 'verify_email.txt': subject, 'verify_email.html': '{{url}} {{constructor}}' },
      'MAIL_TEMPLATES: verify_email.html has the unknown placeholder {{constructor}}',
    ],
    [{ 'verify_email.txt': `${subject} {{service` }, 'MAIL_TEMPLATES: verify_email.txt has {{ or }} that belong'],
    [{ 'verify_email.txt': 'Subject: x\n\nHello' }, 'MAIL_TEMPLATES: verify_email.txt must contain {{url}}'],
    [
      { 'verify_email.txt': subject, 'verify_email.html': '<p>}}</p>{{url}}' },
      'MAIL_TEMPLATES: verify_email.html has {{ or }} that belong',
    ],
    [{ 'password_changed.txt': '' }, 'MAIL_TEMPLATES: password_changed.txt must begin with a line "Subject: …"'],
    [
      { 'password_changed.txt': 'Subject: x\n\n \n' },
      'MAIL_TEMPLATES: password_changed.txt has no text below its subject',
    ],
    [
      { 'password_changed.txt': 'Subject: x\n\nHello', 'password_changed.html': '\n' },
      'MAIL_TEMPLATES: password_changed.html is empty: delete it to send the text only',
    ],
    [{ 'verify_email.html': '{{url}}' }, 'MAIL_TEMPLATES: verify_email.html requires verify_email.txt beside it'],
    [{ 'verify_email.txt': Buffer.from([0xff, 0xfe]) }, 'MAIL_TEMPLATES: verify_email.txt is not UTF-8'],
    [{ 'verify_email.txt': 'x'.repeat(200_001) }, 'MAIL_TEMPLATES: verify_email.txt is larger than 200000 bytes'],
    [
      { 'verify_email.de.txt': subject, 'verify_email.DE.txt': subject },
      'MAIL_TEMPLATES: verify_email.de.txt is for the same language',
    ],
  ];
  for (const [index, [files, message]] of cases.entries()) {
    t.test(String(index), async (t) => {
      t.throws(() => readTemplates(folder(t, files)), {
        name: 'ConfigurationError',
        message: new RegExp(`^${escapeRegExp(message)}`),
      });
    });
  }
  t.throws(() => readTemplates('/nowhere/at/all'), {
    message: /^MAIL_TEMPLATES: the folder cannot be read \(ENOENT\)$/,
  });
});

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
