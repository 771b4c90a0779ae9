// `latchkey users` and `latchkey sessions`: how operators manage accounts, and what is refused.
import t, { type Test } from 'tap';
import { testDatabase } from '../../support/database.js';
import { runHere, serveHere } from '../../support/in-process.js';
import { matchAll } from '../../support/match.js';
import { rowsOf } from '../../support/rows.js';
import { runCommand, serviceEnvironment, tokensOf } from '../../support/service.js';

const PASSWORD = 'a-password-of-the-test';

async function operator(t: Test) {
  const url = await testDatabase(t);
  const env = serviceEnvironment(url, 0);
  const rows = rowsOf(t, url);
  const run = (args: readonly string[], input: string | Buffer = '') => runHere(args, env, input);
  return {
    url,
    env,
    rows,
    users: (...args: string[]) => run(['users', ...args]),
    sessions: (...args: string[]) => run(['sessions', ...args]),
    withPassword: (args: readonly string[], input: string | Buffer = `${PASSWORD}\n`) => run(['users', ...args], input),
    events: async () =>
      (await rows`select event, actor_type, actor_name, target_id from audit_events order by id`).map((row) => ({
        ...row,
      })),
  };
}

/** Asserts that a command was refused in one matching line, with nothing on stdout. */
function refused(
  t: Test,
  { code, stdout, stderr }: { code: number | null; stdout: string; stderr: string },
  line: RegExp,
): void {
  t.equal(code, 1, String(line));
  t.equal(stdout, '');
  t.match(stderr, /^latchkey: [^\n]+\n$/, 'one line');
  t.match(stderr, line);
}

t.test('an admin is created with a password from standard input and can log in', async (t) => {
  const { url, env, users, events } = await operator(t);
  const create = ['users', 'create', 'Admin@Example.com', '--role', 'admin', '--username', 'Jane'];
  const made = await runCommand(create, env, undefined, `${PASSWORD}\n`);
  t.strictSame(made, { code: 0, signal: null, stdout: '1  admin@example.com  admin  active  Jane\n', stderr: '' });

  const service = await serveHere(t, url);
  const { access_token: accessToken } = tokensOf(await service.login('admin@example.com', PASSWORD));
  t.equal((await service.as(accessToken, 'GET', '/api/admin/users/')).statusCode, 200);

  const [created] = await events();
  t.match(created, { event: 'user.created', actor_type: 'cli', actor_name: /./, target_id: '1' });
  refused(
    t,
    await runCommand(create, env, undefined, `${PASSWORD}\n`),
    /account with this e-mail address already exists/,
  );
  matchAll(t, JSON.parse((await users('show', 'admin@example.com', '--json')).stdout), {
    id: 1,
    roles: ['admin'],
    disabled_at: null,
    has_password: true,
    has_second_factor: false,
  });
});

t.test('the second factors of an account are reset, once; its sessions end', async (t) => {
  const { users, withPassword, rows, events } = await operator(t);
  t.equal((await withPassword(['create', 'user@example.com'])).code, 0);
  refused(t, await users('reset-factors', 'user@example.com'), /no second factor/);
  await rows`insert into totp_factors (user_id, name, secret, confirmed_at) values (1, 'Phone', 'x', now())`;
  await rows`update users set has_second_factor = true`;
  const reset = await users('reset-factors', 'user@example.com', '--json');
  matchAll(t, JSON.parse(reset.stdout), { id: 1, has_second_factor: false });
  t.equal((await rows`select from totp_factors`).length, 0);
  t.match((await events()).at(-1), { event: 'user.second_factors_reset', actor_type: 'cli', target_id: '1' });
  refused(t, await users('reset-factors', 'user@example.com'), /no second factor/);
  refused(t, await users('reset-factors', 'nobody@example.com'), /no account/);
});

t.test('invalid input is refused before an account is created', async (t) => {
  const { users, withPassword, rows } = await operator(t);
  const inputs: [string | Buffer, RegExp][] = [
    ['', /standard input has no password/],
    ['\n', /standard input has no password/],
    ['short\n', /password must have at least 8 characters/],
    [`${PASSWORD}\n${PASSWORD}\n`, /more than one line/],
    [Buffer.from([0x61, 0xff, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61]), /not UTF-8/],
    ['x'.repeat(20_000), /too long for a password/],
  ];
  for (const [input, line] of inputs) refused(t, await withPassword(['create', 'user@example.com'], input), line);
  refused(t, await withPassword(['create', 'no-address']), /email must be an e-mail address/);
  refused(
    t,
    await withPassword(['create', 'user@example.com', '--role', 'none']),
    /roles must exist: there is no role "none"/,
  );
  t.match(await users('create', 'user@example.com', PASSWORD), { code: 1, stderr: /too many arguments/ });
  t.match(await users('create', 'user@example.com', '--password', PASSWORD), { code: 1, stderr: /unknown option/ });
  t.strictSame([...(await rows`select id from users`)], []);
});

t.test('a new password ends all sessions, is recorded, and is printed nowhere', async (t) => {
  const { url, withPassword, rows, events } = await operator(t);
  const service = await serveHere(t, url);
  await service.register('user@example.com');
  const { refresh_token: refreshToken } = tokensOf(await service.login('user@example.com'));

  // With the line end of `echo` on Windows, which is not part of the password.
  const set = await withPassword(['set-password', 'user@example.com'], `${PASSWORD}\r\n`);
  t.match(set, { code: 0, stdout: /^1 {2}user@example\.com/, stderr: /^$/ });
  t.equal((await service.refresh(refreshToken)).statusCode, 401);
  t.equal((await service.login('user@example.com')).statusCode, 401);
  t.equal((await service.login('user@example.com', PASSWORD)).statusCode, 200);
  matchAll(
    t,
    (await events()).filter(({ actor_type: type }) => type === 'cli').map(({ event }) => event),
    ['user.password_reset', 'sessions.ended'],
  );

  const log = JSON.stringify(service.logLines());
  const audit = JSON.stringify(await rows`select * from audit_events`);
  for (const text of [set.stdout, set.stderr, log, audit]) t.notMatch(text, PASSWORD);
  refused(t, await withPassword(['set-password', '1'], 'short'), /password must have at least 8 characters/);
  refused(t, await withPassword(['set-password', '2']), /No account has this id/);
});

t.test('accounts are listed by address prefix, role and state', async (t) => {
  const { users, rows } = await operator(t);
  await rows`insert into users (email, roles) select 'user' || n || '@example.com', '{}' from generate_series(1, 230) n`;
  await rows`update users set roles = '{admin}' where id = 7`;
  await rows`update users set disabled_at = now(), disabled_reason = 'Gone.' where id = 8`;
  const ids = async (...args: string[]) =>
    (JSON.parse((await users('list', '--json', ...args)).stdout) as { id: number }[]).map(({ id }) => id);

  t.strictSame(
    await ids(),
    Array.from({ length: 230 }, (_, i) => i + 1),
    'more than one page',
  );
  t.equal((await users('list')).stdout.split('\n').length, 231);
  t.strictSame(await ids('--email', 'USER22'), [22, ...Array.from({ length: 10 }, (_, i) => 220 + i)]);
  t.strictSame(await ids('--search', 'R22@EXAMPLE'), [22]);
  t.strictSame(await ids('--role', 'admin'), [7]);
  t.strictSame(await ids('--disabled'), [8]);
  const shown = (await users('show', '8')).stdout;
  t.match(shown, /^id {13}8\ne-mail {9}user8@example\.com\nverified {7}no\n/);
  t.match(shown, /^state {10}disabled \d{4}-\d\d-\d\d: Gone\.$/m);
  t.match(shown, /^must wait {6}no$/m);
  const unnamed = /the account must be an id \(a number\) or an e-mail address/;
  for (const [account, message] of [
    ['0', /No account has this id/],
    ['-1', unnamed],
    ['01', /No account has this id/],
    ['x', unnamed],
    ['2147483648', /No account has this id/],
    ['9999', /No account has this id/],
    ['nobody@example.com', /no account has the e-mail address nobody@example\.com/],
    ["'@'", /e-mail address/],
  ] as const) {
    refused(t, await users('show', '--', account), message);
  }
});

t.test('control characters in a username are replaced in the output', async (t) => {
  const { users, rows } = await operator(t);
  const name = 'a\u001b]0;title\u0007\u202eb';
  await rows`insert into users (email, username) values ('user@example.com', ${name})`;
  t.equal((await users('list')).stdout, '1  user@example.com  -  active  a\ufffd]0;title\ufffd\ufffdb\n');
});

t.test('control characters in a username are escaped in JSON, and those of C1 too, which terminals obey', async (t) => {
  const { users, rows } = await operator(t);
  const name = 'a\u001b\u009b2J\u202eb\u{e0001}c';
  await rows`insert into users (email, username) values ('user@example.com', ${name})`;
  const { stdout } = await users('list', '--json');
  t.match(stdout, /^[\x20-\x7e]+\n$/);
  t.equal(JSON.parse(stdout)[0].username, name);
});

t.test('a disabled account cannot log in, and an enabled one can', async (t) => {
  const { url, users, events } = await operator(t);
  const service = await serveHere(t, url);
  await service.register('user@example.com');
  const { refresh_token: refreshToken } = tokensOf(await service.login('user@example.com'));

  t.match(await users('disable', '1'), { code: 1, stderr: /required option '--reason/ });
  refused(t, await users('disable', '1', '--reason', ' '), /reason must not be empty/);
  refused(t, await users('disable', '1', '--reason', 'a\nb'), /reason must not contain control characters/);
  t.equal((await service.login('user@example.com')).statusCode, 200, 'nothing has happened yet');

  t.match(await users('disable', '1', '--reason', 'Reported.'), { code: 0, stdout: /disabled .*: Reported\.\n$/ });
  t.equal((await service.login('user@example.com')).statusCode, 401);
  t.match(await users('enable', 'user@example.com'), { code: 0, stdout: /active\n$/ });
  t.equal((await service.login('user@example.com')).statusCode, 200);
  t.equal((await service.refresh(refreshToken)).statusCode, 401, 'the earlier session stays ended');
  matchAll(
    t,
    (await events()).filter(({ actor_type: type }) => type === 'cli').map(({ event }) => event),
    ['user.disabled', 'sessions.ended', 'user.enabled'],
  );
});

t.test(
  'an account that is unblocked need not wait, neither from anywhere nor on the network of its owner',
  async (t) => {
    const { url, users, events } = await operator(t);
    const service = await serveHere(t, url, { TRUST_PROXY: '127.0.0.1' });
    const email = 'user@example.com';
    await service.register(email);
    const from = (ip: string, password: string) =>
      service.call('POST', '/api/login/', { headers: { 'x-forwarded-for': ip }, body: { email, password } });
    const [home, abroad] = ['203.0.113.7', '198.51.100.9'];
    t.equal((await from(home, 'password')).statusCode, 200);
    for (const ip of [home, abroad]) {
      for (let i = 0; i < 6; i += 1) await from(ip, 'wrong password');
      t.equal((await from(ip, 'password')).statusCode, 429, ip);
    }
    t.match((await users('show', email)).stdout, /^must wait {6}(\d+ s|no)$/m);
    const unblock = await users('unblock', email, '--json');
    t.equal(unblock.code, 0, unblock.stderr);
    for (const ip of [home, abroad]) t.equal((await from(ip, 'password')).statusCode, 200, ip);
    t.match(
      (await events()).filter(({ actor_type: type }) => type === 'cli').map(({ event }) => event),
      ['user.unblocked'],
    );
    t.match(await users('unblock', 'nobody@example.com'), { code: 1, stderr: /no account has the e-mail address/ });
  },
);

t.test('roles are granted and revoked one by one, except from the last admin', async (t) => {
  const { users, withPassword, events } = await operator(t);
  await withPassword(['create', 'admin@example.com', '--role', 'admin']);
  await withPassword(['create', 'user@example.com']);
  for (const args of [
    ['revoke', '1', 'admin'],
    ['disable', '1', '--reason', 'Test.'],
    ['delete', '1', '--yes'],
  ]) {
    refused(t, await users(...args), /last one with the role `admin`/);
  }
  refused(t, await users('grant', '2', 'none'), /roles must exist: there is no role "none"/);
  refused(t, await users('revoke', '2', 'admin'), /role is not a role of this account/);
  t.match(await users('grant', 'user@example.com', 'admin'), {
    code: 0,
    stdout: '2  user@example.com  admin  active\n',
  });
  t.match(await users('grant', '2', 'admin'), { code: 0 }, 'granting it again changes nothing');
  t.match(await users('revoke', '1', 'admin'), { code: 0, stdout: '1  admin@example.com  -  active\n' });
  matchAll(
    t,
    (await events()).map(({ event, target_id: id }) => [event, id]),
    [
      ['user.created', '1'],
      ['user.created', '2'],
      ['user.roles_changed', '2'],
      ['user.roles_changed', '1'],
    ],
  );
});

t.test('concurrent grants of several roles are all kept', async (t) => {
  const { users, rows } = await operator(t);
  await rows`insert into users (email) values ('user@example.com')`;
  const names = ['one', 'two', 'three', 'four'];
  await rows`insert into roles (name) select unnest(${names}::text[])`;
  await Promise.all(names.map((name) => users('grant', '1', name)));
  const [user] = await rows`select roles from users`;
  t.strictSame([...(user?.roles ?? [])].sort(), [...names].sort());
});

t.test('an account is deleted only with --yes', async (t) => {
  const { users, rows } = await operator(t);
  await rows`insert into users (email) values ('user@example.com')`;
  refused(t, await users('delete', '1'), /cannot be undone; .*--yes/);
  t.equal((await users('show', '1')).code, 0);
  t.match(await users('delete', 'user@example.com', '--yes', '--json'), { code: 0, stdout: '{"deleted":1}\n' });
  refused(t, await users('show', '1'), /No account has this id/);
});

t.test('sessions are listed and ended, one or all', async (t) => {
  const { url, sessions } = await operator(t);
  const service = await serveHere(t, url);
  await service.register('user@example.com');
  const pairs = [];
  for (let i = 0; i < 3; i += 1) pairs.push(tokensOf(await service.login('user@example.com')));
  const list = async () =>
    JSON.parse((await sessions('list', 'user@example.com', '--json')).stdout) as { id: string }[];

  const [first] = await list();
  t.match(await list(), { length: 3 });
  t.match((await sessions('list', '1')).stdout, /^(\d+ +since \d{4}-.* refreshed .*127\.0\.0\.1.*\n){3}$/);
  t.match(await sessions('end', '1', String(first?.id)), { code: 0, stdout: '1 session has ended.\n' });
  refused(t, await sessions('end', '1', String(first?.id)), /This account has no active session with this id/);
  refused(t, await sessions('end', '1', 'x'), /no active session with this id/);
  refused(t, await sessions('end', '1'), /give the id of one session, or --all/);
  refused(t, await sessions('end', '1', '1', '--all'), /give the id of one session, or --all/);
  t.match(await list(), { length: 2 });
  t.match(await sessions('end', '1', '--all', '--json'), { code: 0, stdout: '{"ended":2}\n' });
  t.strictSame(await list(), []);
  for (const pair of pairs) t.equal((await service.refresh(pair.refresh_token)).statusCode, 401);
});

t.test('end-all ends the sessions of all users only with --yes, optionally those started before a time', async (t) => {
  const { url, sessions, rows, events } = await operator(t);
  const service = await serveHere(t, url);
  const tokens: string[] = [];
  for (const email of ['a@example.com', 'b@example.com']) {
    await service.register(email);
    for (let i = 0; i < 2; i += 1) tokens.push(tokensOf(await service.login(email)).refresh_token);
  }
  await rows`update sessions set created_at = '2020-01-01T00:00:00Z' where user_id = 1`;
  const alive = async () => {
    const [row] = await rows`select count(*)::int from sessions where revoked_at is null`;
    return row?.count;
  };

  refused(t, await sessions('end-all'), /all users will have to log in again; .*--yes/);
  for (const time of ['before noon', '2020-01', '2020-01-01T00:00:00']) {
    refused(t, await sessions('end-all', '--yes', '--before', time), /--before must be a time: /);
  }
  t.equal(await alive(), 4);
  const early = await sessions('end-all', '--yes', '--before', '2020-01-01T02:00:00+01:00');
  t.match(early, { code: 0, stdout: '2 sessions have ended.\n' });
  t.equal(await alive(), 2);
  t.match(await sessions('end-all', '--yes', '--json'), { code: 0, stdout: '{"ended":2}\n' });
  t.match(await sessions('end-all', '--yes'), { code: 0, stdout: '0 sessions have ended.\n' });
  for (const token of tokens) t.equal((await service.refresh(token)).statusCode, 401);
  t.equal((await service.login('a@example.com')).statusCode, 200, 'a new login works');

  const found = (await events()).filter(({ event }) => event === 'sessions.ended');
  matchAll(t, found, [
    { actor_type: 'cli', target_id: null },
    { actor_type: 'cli', target_id: null },
  ]);
  t.equal(found.length, 2, 'no event when no session was ended');
});
