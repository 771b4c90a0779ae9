// Imports and exports of accounts: what is created, what is refused, and that users keep their passwords.
import { randomBytes } from 'node:crypto';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import t from 'tap';
import { refusals } from '#transfer/refusals.js';
import { TEST_SECRET, testAppOn } from '../../support/app.js';
import { matchAll } from '../../support/match.js';
import { tables } from '../../support/page.js';
import { untilBlocked } from '../../support/rows.js';
import { transferOf } from './transfer.js';

const PASSWORD = 'a-password-of-the-test';
const BCRYPT = await bcryptHash(PASSWORD, 4);
const SIGNER_KEY = 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==';

/** Hashes of `user1password`. */
const HASHES = {
  firebase:
    '$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
  'better-auth':
    '75cb69090c22f98c5abae8f0d9ef1d6d:884d567e1852e2dfc534193bd7bb3fccdaf4aae57c03e9a315c410796e2a000f4cdf7d33811e4bbbb9bc35803e42e7e335145ddc40f5d0d35b1ea1721a92a3c9',
  bcrypt: (await bcryptHash('user1password', 4)).replace('$2b$', '$2y$'),
};

t.test('users sign in with their old passwords, and the first time renews the hash', async (t) => {
  const { service, rows, importLines, status } = await transferOf(t, { FIREBASE_SIGNER_KEY: SIGNER_KEY });
  const lines = Object.entries(HASHES).map(([name, hash]) => ({ email: `${name}@example.com`, password_hash: hash }));
  t.match(await importLines(lines), { created: lines.length, present: 0, refused: [] });

  for (const { email } of lines) {
    const hash = async () => (await rows`select password_hash from users where email = ${email}`)[0]?.password_hash;
    const imported = await hash();
    t.equal(await status(email, 'user1passwore'), 401, email);
    t.equal(await hash(), imported, 'a wrong password renews nothing');
    t.equal(await status(email, 'user1password'), 200, email);
    const renewed = await hash();
    t.match(renewed, /^\$argon2id\$v=19\$m=7168,t=1,p=1\$/);
    t.equal(await status(email, 'user1password'), 200, 'again');
    t.equal(await status(email, 'user1passwore'), 401);
    t.equal(await hash(), renewed, 'it is renewed once');
  }
  const log = JSON.stringify(service.logLines());
  for (const hash of Object.values(HASHES)) t.notOk(log.includes(hash.slice(-40)), 'no hash is in the log');
});

t.test('the first login remembers the language of an account that has none', async (t) => {
  const { service, rows, importLines } = await transferOf(t);
  await importLines([
    { email: 'new@example.com', password_hash: BCRYPT },
    { email: 'known@example.com', password_hash: BCRYPT, locale: 'pt_BR.UTF-8' },
  ]);
  const locale = async (email: string) => (await rows`select locale from users where email = ${email}`)[0]?.locale;
  const logIn = async (email: string, language: string) => {
    const headers = { 'accept-language': language };
    const payload = { email, password: PASSWORD };
    t.equal((await service.inject({ method: 'POST', url: '/api/login/', headers, payload })).statusCode, 200);
    return locale(email);
  };
  t.equal(await locale('new@example.com'), null);
  t.equal(await logIn('new@example.com', 'fr-CH, en;q=0.5'), 'fr-CH');
  t.equal(await logIn('new@example.com', 'de'), 'fr-CH', 'once');
  t.equal(await logIn('known@example.com', 'de'), 'pt-BR', 'the import knew it');
});

t.test('a password that changes during the first login wins', async (t) => {
  const { service, rows, observer, importLines, status } = await transferOf(t);
  await importLines([{ email: 'user@example.com', password_hash: BCRYPT }]);
  await service.register('other@example.com', 'another password');
  const [other] = await rows`select password_hash from users where email = 'other@example.com'`;
  let login: Promise<number> | undefined;
  await rows.begin(async (tx) => {
    await tx`update users set password_hash = ${other?.password_hash} where email = 'user@example.com'`;
    // The old hash is read and verified; its replacement waits for this transaction.
    login = status('user@example.com', PASSWORD);
    await untilBlocked(observer);
  });
  t.equal(await login, 401);
  t.equal(await status('user@example.com', 'another password'), 200);
});

t.test('concurrent first logins all succeed', async (t) => {
  const { importLines, status } = await transferOf(t);
  await importLines([{ email: 'user@example.com', password_hash: BCRYPT }]);
  const codes = await Promise.all(Array.from({ length: 8 }, () => status('user@example.com', PASSWORD)));
  t.strictSame(new Set(codes), new Set([200]));
});

t.test('all fields of an account arrive', async (t) => {
  const { service, rows, importLines, status } = await transferOf(t);
  await rows`insert into roles (name) values ('editor')`;
  const result = await importLines([
    {
      id: 77,
      email: 'Jane@BÜCHER.example',
      username: 'Jane 😀',
      password_hash: BCRYPT,
      roles: ['editor', 'admin', 'editor'],
      email_verified: '2021-02-03 04:05:06.789012+02',
      disabled: false,
      created_at: '2020-01-02T03:04:05.123456Z',
      locale: 'DE-at',
      phone: 'unknown',
      ['x'.repeat(10)]: null,
    },
    { email: 'gone@example.com', password_hash: BCRYPT, disabled: true, disabled_reason: 'Left.' },
    { email: 'ruby@example.com', email_verified: '2021-02-03 02:05:06.789012 UTC' },
    { email: 'later@example.com', password_hash: BCRYPT, disabled: '2022-01-01T00:00:00+05:30', email_verified: true },
    { email: 'none@example.com', password_hash: null, email_verified: null, roles: null, created_at: '' },
    { email: 'django@example.com', password_hash: '!YCOv2RpcthuohedilaEJhjDGyCFc01tZQGgK39uo' },
  ]);
  t.match(result, { created: 6, refused: [], ignoredFields: ['phone', 'xxxxxxxxxx'] });
  const found = await rows`
    select email, username, roles, email_verified_at at time zone 'utc' = '2021-02-03 02:05:06.789012' as verified_then,
      email_verified_at is not null as verified, disabled_reason, disabled_at = '2021-12-31T18:30:00Z' as disabled_then,
      created_at = '2020-01-02T03:04:05.123456Z' as created_then, password_hash is not null as has_password, locale
    from users order by id`;
  matchAll(
    t,
    [...found],
    [
      {
        email: 'jane@xn--bcher-kva.example',
        username: 'Jane 😀',
        roles: ['admin', 'editor'],
        verified_then: true,
        disabled_reason: null,
        disabled_then: null,
        created_then: true,
        has_password: true,
        locale: 'de-AT',
      },
      { email: 'gone@example.com', disabled_reason: 'Left.', verified: false, username: '', roles: [] },
      { email: 'ruby@example.com', verified_then: true },
      { disabled_reason: 'Disabled before the import.', disabled_then: true, verified: true },
      { email: 'none@example.com', has_password: false, verified: false, disabled_then: null, locale: null },
      { email: 'django@example.com', has_password: false },
    ],
  );
  const { access_token: token } = (
    await service.post('/api/login/', { email: 'jane@bücher.example', password: PASSWORD })
  ).json();
  const headers = { authorization: `Bearer ${token}` };
  t.equal(
    (await service.inject({ method: 'GET', url: '/api/admin/users/', headers })).statusCode,
    200,
    'the role works',
  );
  for (const email of ['gone@example.com', 'later@example.com', 'none@example.com', 'django@example.com']) {
    t.equal(await status(email, PASSWORD), 401, email);
  }
});

const good = (n: number) => `{"email":"good${n}@example.com"}`;
const withField = (n: number, field: object) => JSON.stringify({ email: `bad${n}@example.com`, ...field });

/** Lines that are refused. */
const BAD_JSON: readonly [line: string | Buffer, refusal: keyof typeof refusals][] = [
  [Buffer.from('{"email":"b\xffd@example.com"}', 'latin1'), 'not_utf8'],
  [Buffer.from([0xed, 0xa0, 0x80]), 'not_utf8'],
  ['{"email":"a\0@example.com"}', 'contains_nul'],
  [`{"email":"a@example.com","bio":"${'x'.repeat(70_000)}"}`, 'line_too_long'],
  ['nonsense', 'json_invalid'],
  ['{"email":"cut@example.com"', 'json_invalid'],
  ['["a@example.com"]', 'json_invalid'],
  ['null', 'json_invalid'],
  ['"a@example.com"', 'json_invalid'],
  ['{}', 'email_missing'],
  ['{"email":""}', 'email_missing'],
  ['{"__proto__":{"email":"a@example.com"}}', 'email_missing'],
  ['{"email":7}', 'email_invalid'],
  ['{"email":"no-address"}', 'email_invalid'],
  ['{"email":"a\\u0000@example.com"}', 'email_invalid'],
  [`{"email":"${'a'.repeat(300)}@example.com"}`, 'email_invalid'],
  [withField(1, { username: 7 }), 'username_invalid'],
  [withField(2, { username: 'x'.repeat(151) }), 'username_invalid'],
  [withField(3, { username: 'a\nb' }), 'username_invalid'],
  ['{"email":"b@example.com","username":"\\ud800"}', 'username_invalid'],
  [withField(4, { password_hash: 7 }), 'hash_invalid'],
  [withField(5, { password_hash: 'password' }), 'hash_unknown'],
  [withField(6, { password_hash: '$2b$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy' }), 'hash_too_costly'],
  [withField(7, { password_hash: HASHES.firebase }), 'signer_key_missing'],
  [withField(8, { password_hash: BCRYPT, hash_algorithm: 'bcrypt' }), 'hash_algorithm_unknown'],
  [withField(9, { password_hash: BCRYPT, hash_algorithm: 'latchkey' }), 'hash_unknown'],
  [
    withField(10, {
      password_hash:
        '$argon2id$v=19$m=1048576,t=10,p=1$c29tZXNhbHRzb21lc2FsdA$4ls6YrXEP5zPjTDgzkVPUaiMFNmxpBpFjLTKK7hrzkk',
      hash_algorithm: 'latchkey',
    }),
    'hash_too_costly',
  ],
  [withField(11, { roles: 7 }), 'roles_invalid'],
  [withField(12, { roles: ['admin', 7] }), 'roles_invalid'],
  [withField(13, { roles: ['a\u0000b'] }), 'roles_invalid'],
  [withField(14, { roles: ['admin', 'none'] }), 'role_unknown'],
  [withField(15, { email_verified: 'yes' }), 'email_verified_invalid'],
  [withField(16, { email_verified: '2021-02-30T00:00:00Z' }), 'email_verified_invalid'],
  [withField(17, { disabled: 2 }), 'disabled_invalid'],
  [withField(26, { disabled: ['true'] }), 'disabled_invalid'],
  [withField(18, { disabled: true, disabled_reason: 'x'.repeat(501) }), 'disabled_reason_invalid'],
  [withField(29, { disabled: false, deletion_due_at: '2024-05-01T12:00:00Z' }), 'deletion_due_at_invalid'],
  [withField(30, { disabled: true, deletion_due_at: '9999-12-31T23:59:59Z' }), 'deletion_due_at_invalid'],
  [withField(31, { created_at: '2024-05-01T24:00:00.0001Z' }), 'created_at_invalid'],
  [withField(19, { created_at: 1_700_000_000 }), 'created_at_invalid'],
  [withField(20, { created_at: '2024-05-01T12:00:00' }), 'created_at_invalid'],
  [withField(21, { created_at: '2024-05-01' }), 'created_at_invalid'],
  [withField(22, { created_at: '2024-13-01T12:00:00Z' }), 'created_at_invalid'],
  [withField(23, { created_at: '2024-05-01T12:00:60Z' }), 'created_at_invalid'],
  [withField(24, { created_at: '2024-05-01T12:00:00+16' }), 'created_at_invalid'],
  [withField(25, { created_at: '1969-12-31T23:59:59Z' }), 'created_at_invalid'],
  [withField(27, { created_at: '9999-12-31T23:59:59Z' }), 'created_at_invalid'],
  [withField(28, { locale: 'not a language' }), 'locale_invalid'],
  [good(0), 'duplicate'],
  ['{"email":"GOOD0@example.com","username":"other"}', 'duplicate'],
  ['{"email":"taken@example.com"}', 'email_taken'],
];

t.test('each bad line is refused by number and code, and all others are imported', async (t) => {
  for (const chunk of [7, 1000, 1 << 20]) {
    const { service, rows, importBytes } = await transferOf(t);
    await service.register('taken@example.com');
    const lines: Buffer[] = [Buffer.from(`\uFEFF${good(0)}\r`)];
    for (const [index, [line]] of BAD_JSON.entries()) {
      lines.push(Buffer.from(line), Buffer.from(index % 2 === 0 ? good(index + 1) : `  ${good(index + 1)}\r`));
    }
    lines.push(Buffer.from(''), Buffer.from(' \r'), Buffer.from('{"email":"last@example.com"}'));
    const bytes = Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [Buffer.from('\n'), line])));
    const expected = {
      created: BAD_JSON.length + 2,
      present: 0,
      interrupted: false,
      ignoredFields: ['__proto__'],
      refused: BAD_JSON.map(([, refusal], index) => [2 * index + 2, refusal]),
    };
    t.strictSame(await importBytes(bytes, { chunk, dryRun: true }), expected, 'a dry run says the same');
    t.strictSame((await rows`select count(*)::int from users`)[0]?.count, 1, 'and changes nothing');
    t.strictSame(await importBytes(bytes, { chunk }), expected);
    t.equal((await rows`select count(*)::int from users where email ~ '^(good|last)'`)[0]?.count, BAD_JSON.length + 2);
  }
  const tested = new Set(BAD_JSON.map(([, refusal]) => refusal));
  const elsewhere = ['csv_invalid', 'csv_columns', 'signer_key_differs'];
  t.strictSame(new Set([...tested, ...elsewhere]), new Set(Object.keys(refusals)), 'every code is tested');
});

t.test('CSV has the same fields; a record with wrong quotes costs no other', async (t) => {
  const long = 'x'.repeat(70_000);
  const lines = [
    '\uFEFFcreated_at, email ,password_hash,roles,disabled,email_verified,bio',
    `2024-05-01 12:00:00+00,a@example.com,${BCRYPT},"admin, editor",f,t,"He said ""hi"",`,
    'and left.',
    '',
    '"',
    `,b@example.com,${BCRYPT},,1,2024-05-01T12:00:00Z,`,
    ',c@example.com,,,,,"never closed',
    ',d@example.com,,,,,',
    ',e"x@example.com,,,,,',
    '"x"y,f@example.com,,,,,',
    ',g@example.com,,,',
    ',h@example.com,,,,,,,',
    '',
    `,i@example.com,,,,,${long}`,
    `,j@example.com,,,,,"${long}"`,
    `,k@example.com,,,,,"${'x\n'.repeat(1001)}"`,
    ',l@example.com,,,,,"ends here"',
    ',,,,,,',
    ',m@example.com,,,,,',
  ];
  for (const [end, chunk] of [
    ['\n', 1 << 20],
    ['\r\n', 1 << 20],
    ['\n', 1000],
  ] as const) {
    const { rows, importBytes } = await transferOf(t);
    await rows`insert into roles (name) values ('editor')`;
    const result = await importBytes(lines.join(end), { format: 'csv', chunk });
    t.equal(result.created, 5);
    t.strictSame(result.ignoredFields, ['bio']);
    const many = result.refused.filter(([line]) => line > 16 && line < 1019);
    const rest = result.refused.filter(([line]) => line <= 16 || line >= 1019);
    t.strictSame(rest, [
      [7, 'csv_invalid'],
      [9, 'csv_invalid'],
      [10, 'csv_invalid'],
      [11, 'csv_columns'],
      [12, 'csv_columns'],
      [14, 'line_too_long'],
      [15, 'line_too_long'],
      [16, 'csv_invalid'],
      [1019, 'email_missing'],
    ]);
    t.equal(many.length, 1001, 'the lines of a field that is too long');
    t.strictSame(
      (
        await rows`select email, roles, disabled_at is not null as disabled, email_verified_at is not null as verified from users order by id`
      ).map((row) => Object.values(row)),
      [
        ['a@example.com', ['admin', 'editor'], false, true],
        ['b@example.com', [], true, true],
        ['d@example.com', [], false, false],
        ['l@example.com', [], false, false],
        ['m@example.com', [], false, false],
      ],
    );
  }
});

t.test('flags are read as other programs write them', async (t) => {
  const { rows, importBytes } = await transferOf(t);
  const written = ['True', 'False', 'TRUE', 'FALSE', 't', 'f', '1', '0'];
  const csv = ['email,email_verified,disabled', ...written.map((flag, n) => `csv${n}@example.com,${flag},${flag}`)];
  t.match(await importBytes(csv.join('\n'), { format: 'csv' }), { created: written.length, refused: [] });
  const json = [true, false, 1, 0, 'true', 'False'].map((flag, n) =>
    JSON.stringify({ email: `json${n}@example.com`, email_verified: flag, disabled: flag }),
  );
  t.match(await importBytes(json.join('\n')), { created: json.length, refused: [] });
  const found = await rows`select email_verified_at is not null as verified, disabled_at is not null as disabled
    from users order by email`;
  for (const [index, row] of found.entries()) {
    t.strictSame({ ...row }, { verified: index % 2 === 0, disabled: index % 2 === 0 }, String(index));
  }
});

t.test('a JSON array is refused as a whole', async (t) => {
  const { rows, importBytes } = await transferOf(t);
  const long = JSON.stringify(Array.from({ length: 3000 }, (_, n) => ({ email: `user${n}@example.com` })));
  for (const text of [long, '[{"email":"a@example.com"}]', '\uFEFF\n\n [\n{"email":"a@example.com"}\n]\n']) {
    for (const chunk of [7, 1 << 20]) await t.rejects(importBytes(text, { chunk }), /JSON array.*jq -c '\.\[\]'/);
  }
  t.match(await importBytes('nonsense\n[1]\n{"email":"a@example.com"}\n'), { created: 1 }, 'later lines cost no other');
  t.equal((await rows`select 1 from users`).length, 1);
});

t.test('a CSV file without usable column names is refused as a whole', async (t) => {
  const { importBytes } = await transferOf(t);
  for (const [text, message] of [
    ['', /is empty/],
    ['\n\n', /is empty/],
    ['mail,hash\na@example.com,x\n', /must name the columns, among them email/],
    ['a@example.com,x\n', /must name the columns/],
    ['email;username\na@example.com;x\n', /among them email, separated by commas and not by semicolons$/],
    ['email\tusername\na@example.com\tx\n', /not by tabs$/],
    ['email,hash,email\na,b,c\n', /names a column twice/],
    [Buffer.from('\uFEFFemail,hash\na@example.com,x\n', 'utf16le'), /is not valid CSV in UTF-8/],
    ['"email\n', /is not valid CSV/],
  ] as const) {
    await t.rejects(importBytes(text, { format: 'csv' }), message, JSON.stringify(text.toString()));
  }
});

t.test('--resume skips what an earlier import has created, and nothing else', async (t) => {
  const { service, rows, importLines, status } = await transferOf(t);
  const created = '2020-01-02T03:04:05.123456Z';
  const lines = [
    { email: 'same@example.com', password_hash: BCRYPT, email_verified: true, disabled: true, roles: ['admin'] },
    { email: 'dated@example.com', password_hash: BCRYPT, created_at: created },
    { email: 'undated@example.com', password_hash: BCRYPT },
    { email: 'changed@example.com', password_hash: BCRYPT },
  ];
  t.match(await importLines(lines), { created: 4 });
  for (const email of ['dated@example.com', 'undated@example.com']) t.equal(await status(email, PASSWORD), 200);
  await rows`update users set username = 'Changed' where email = 'changed@example.com'`;
  await service.register('registered@example.com', PASSWORD);

  const again = [
    ...lines,
    { email: 'registered@example.com', password_hash: BCRYPT, created_at: created },
    { email: 'new@example.com', password_hash: BCRYPT },
    { email: 'new@example.com', password_hash: BCRYPT },
  ];
  const expected = {
    created: 1,
    present: 2,
    refused: [
      // Renewed at its login, and nothing else shows that it is the same account.
      [3, 'email_taken'],
      [4, 'email_taken'],
      [5, 'email_taken'],
      [7, 'duplicate'],
    ],
  };
  t.match(await importLines(again, { resume: true, dryRun: true }), expected);
  t.match(await importLines(again, { resume: true }), expected);
  t.match(await importLines(again), { created: 0, present: 0, refused: { length: 7 } }, 'without it all are refused');
  t.equal(await status('dated@example.com', PASSWORD), 200, 'nothing was overwritten');
});

t.test('an import in many batches has one event, which is right after an interruption and an error', async (t) => {
  const { rows, importLines, importFrom, events } = await transferOf(t);
  const lines = Array.from({ length: 1200 }, (_, n) => ({
    email: `user${n}@example.com`,
    created_at: '2024-05-01T12:00:00Z',
  }));
  t.match(await importLines(lines, { dryRun: true }), { created: 1200 });
  t.strictSame(await events('users.imported'), [], 'a dry run leaves no event');

  const text = (from: number, to: number) =>
    Buffer.from(
      lines
        .slice(from, to)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
  const interrupt = new AbortController();
  async function* interrupted() {
    yield text(0, 700);
    interrupt.abort();
    yield text(700, 1200);
  }
  t.match(await importFrom(interrupted(), { signal: interrupt.signal }), { created: 500, interrupted: true });
  async function* broken() {
    yield text(0, 1050);
    throw new Error('the disk is gone');
  }
  await t.rejects(importFrom(broken(), { resume: true }), /the disk is gone/);
  t.match(await importLines([...lines, { email: 'x' }], { resume: true }), {
    created: 200,
    present: 1000,
    refused: [[1201, 'email_invalid']],
  });

  matchAll(
    t,
    await events('users.imported'),
    [
      { created: 500, present: 0, refused: 0 },
      { created: 500, present: 500, refused: 0 },
      { created: 200, present: 1000, refused: 1 },
    ].map((details) => ({ actor_type: 'cli', actor_name: /./, target_id: null, details })),
  );
  t.equal((await rows`select count(*)::int from users`)[0]?.count, 1200);
  t.match(await importLines(lines, { resume: true }), { created: 0, present: 1200 });
  t.equal((await events('users.imported')).length, 3, 'nothing created, no event');
});

t.test('a role that is deleted during the import is not granted', async (t) => {
  const { rows, observer, importLines } = await transferOf(t);
  await rows`insert into roles (name) values ('editor')`;
  let importing: ReturnType<typeof importLines> | undefined;
  await rows.begin(async (tx) => {
    await tx`delete from roles where name = 'editor'`;
    importing = importLines([{ email: 'a@example.com', roles: ['editor'] }, { email: 'b@example.com' }]);
    await untilBlocked(observer);
  });
  t.match(await importing, { created: 1, refused: [[1, 'role_unknown']] });
});

t.test('an export contains what an import needs: the same accounts log in elsewhere', async (t) => {
  const env = { FIREBASE_SIGNER_KEY: SIGNER_KEY };
  const here = await transferOf(t, env);
  await here.service.register('own@example.com', 'pässword with ümlauts');
  await here.rows`insert into roles (name) values ('editor')`;
  await here.importLines([
    ...Object.entries(HASHES).map(([name, hash]) => ({
      email: `${name}@example.com`,
      password_hash: hash,
      username: name,
    })),
    { email: 'gone@example.com', password_hash: BCRYPT, disabled: true, email_verified: true, roles: ['editor'] },
    { email: 'none@example.com', locale: 'de' },
    { email: 'leaving@example.com', password_hash: BCRYPT },
  ]);
  await here.rows`update users set disabled_at = now(), deletion_due_at = now() + interval '90 days'
    where email = 'leaving@example.com'`;
  t.equal(await here.status('bcrypt@example.com', 'user1password'), 200);
  await here.importLines(Array.from({ length: 600 }, (_, n) => ({ email: `user${n}@example.com` })));
  await here.rows`update users set deleted_at = now(), disabled_at = now(), email = 'deleted:1' where email = 'user0@example.com'`;
  const text = await here.exportText();
  const { length } = text.trimEnd().split('\n');
  t.equal(length, 606, 'more than one page, without a deleted account');
  matchAll(t, await here.events('users.exported'), [{ actor_type: 'cli', details: { accounts: 606 } }]);
  t.notOk(text.includes(SIGNER_KEY.slice(0, 40)), 'the signer key is not exported');

  const there = await transferOf(t, env);
  await there.rows`insert into roles (name) values ('editor')`;
  t.match(await there.importBytes(text), { created: 606, refused: [], ignoredFields: [] });
  const withoutIds = (lines: string) => lines.replaceAll(/"id":\d+,/g, '');
  t.equal(withoutIds(await there.exportText()), withoutIds(text));
  t.match(await there.importBytes(text, { resume: true }), { created: 0, present: 606, refused: [] });

  const hashOf = async ({ rows }: typeof here, email: string) =>
    (await rows`select password_hash from users where email = ${email}`)[0]?.password_hash;
  t.equal(await hashOf(there, 'own@example.com'), await hashOf(here, 'own@example.com'), 'our own hash is kept');
  t.equal(
    await there.status('own@example.com', 'pässword with ümlauts'.normalize('NFD')),
    200,
    'in either Unicode form',
  );
  for (const name of Object.keys(HASHES))
    t.equal(await there.status(`${name}@example.com`, 'user1password'), 200, name);
  t.equal(await there.status('gone@example.com', PASSWORD), 401);
  t.equal(await there.status('leaving@example.com', PASSWORD), 200, 'a login restores it, as before');
});

t.test('the reason of an account that is not disabled is ignored: its owner can leave and come back', async (t) => {
  const { service, rows, importLines } = await transferOf(t, { SETTING_ACCOUNT_DELETION_GRACE: '3600' });
  const email = 'back@example.com';
  await importLines([{ email, password_hash: BCRYPT, disabled: false, disabled_reason: 'Unpaid.' }]);
  t.match([...(await rows`select disabled_reason from users`)], [{ disabled_reason: null }]);
  // As an earlier version imported it.
  await rows`update users set disabled_reason = 'Unpaid.'`;
  const { access_token: token } = (await service.post('/api/login/', { email, password: PASSWORD })).json();
  t.equal((await service.deleteMe(token, PASSWORD)).statusCode, 204);
  t.equal((await service.post('/api/login/', { email, password: PASSWORD })).statusCode, 200);
});

t.test('our own hash may cost as much as the hashes of the other instance', async (t) => {
  const hash = '$argon2id$v=19$m=262144,t=8,p=1$c29tZXNhbHRzb21lc2FsdA$4ls6YrXEP5zPjTDgzkVPUaiMFNmxpBpFjLTKK7hrzkk';
  const line = { email: 'user@example.com', password_hash: hash, hash_algorithm: 'latchkey' };
  const cheap = await transferOf(t);
  t.match(await cheap.importLines([line]), { refused: [[1, 'hash_too_costly']] });
  t.match(await cheap.importLines([{ ...line, hash_algorithm: null }]), { refused: [[1, 'hash_too_costly']] });
});

t.test('a Firebase hash without its key is a wrong password, and the log says why', async (t) => {
  const { service, importLines } = await transferOf(t, { FIREBASE_SIGNER_KEY: SIGNER_KEY });
  await importLines([{ email: 'user@example.com', password_hash: HASHES.firebase }]);
  const other = randomBytes(64).toString('base64');
  for (const [env, key] of [
    [{}, 'missing'],
    [{ FIREBASE_SIGNER_KEY: other }, 'different'],
  ] as const) {
    const instance = await testAppOn(t, service.databaseUrl, { env: { AUTH_SECRET: TEST_SECRET, ...env } });
    const refused = await instance.post('/api/login/', { email: 'user@example.com', password: 'user1password' });
    t.equal(refused.statusCode, 401);
    t.match(
      instance.logLines().find(({ msg }) => String(msg).includes('FIREBASE_SIGNER_KEY')),
      { level: 'warn', key },
    );
  }
  t.equal(
    (await service.post('/api/login/', { email: 'user@example.com', password: 'user1password' })).statusCode,
    200,
  );
});

t.test('docs/moving.md lists every code with its message', async (t) => {
  const table = tables('moving.md').find(([head]) => head?.[0] === 'code') ?? [];
  const listed = table.slice(1).map(([code = '', reason]) => [code.replaceAll('`', ''), reason]);
  t.strictSame(listed, Object.entries(refusals));
});
