// latchkey audit: its output, filters and --follow.
import t, { type Test } from 'tap';
import { testDatabase } from '../../support/database.js';
import { runHere } from '../../support/in-process.js';
import { matchAll } from '../../support/match.js';
import { rowsOf } from '../../support/rows.js';
import { startCommand } from '../../support/service.js';
import { until } from '../../support/until.js';

async function log(t: Test) {
  const url = await testDatabase(t);
  const rows = rowsOf(t, url);
  return {
    env: { DATABASE_URL: url },
    rows,
    tail: (...args: string[]) => runHere(['audit', 'tail', ...args], { DATABASE_URL: url }),
    list: (...args: string[]) => runHere(['audit', 'list', ...args], { DATABASE_URL: url }),
    exported: (...args: string[]) => runHere(['audit', 'export', ...args], { DATABASE_URL: url }),
    /** Inserts events into the audit log. */
    add: (event: string, userId: number, count = 1) =>
      rows`insert into audit_events (event, actor_type, actor_id, target_type, target_id, ip, details)
        select ${event}, 'user', ${userId}, 'user', ${String(userId)}, '203.0.113.7', '{"reason":"test"}'
        from generate_series(1, ${count}::int)`,
  };
}

type Line = { id: number; event: string };

/** The complete lines; the last one may not have been written completely. */
const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

t.test('the latest events are printed, newest last, as a table or as JSON', async (t) => {
  const { tail, add } = await log(t);
  t.match(await tail(), { code: 0, stdout: /^$/, stderr: /^$/ }, 'no events');
  await add('user.registered', 1, 60);
  await add('user.updated', 2);

  const ids = async (...args: string[]) => linesOf((await tail('--json', ...args)).stdout).map(({ id }) => id);
  t.strictSame(
    await ids(),
    Array.from({ length: 50 }, (_, i) => 12 + i),
  );
  t.strictSame(await ids('-n', '2'), [60, 61]);
  t.strictSame(await ids('--event', 'user.updated'), [61]);
  t.strictSame(await ids('--user', '2'), [61]);
  t.match(
    (await tail('-n', '1')).stdout,
    /^\d{4}-.* user\.updated {2}by user:2 {2}on user:2 {2}203\.0\.113\.7 \{"reason":"test"\}\n$/,
  );
  matchAll(t, linesOf((await tail('--json', '-n', '1')).stdout), [
    { id: 61, event: 'user.updated', actor: { type: 'user', user_id: 2 }, target: { type: 'user', id: '2' } },
  ]);
});

t.test('invalid options are rejected in one line', async (t) => {
  const { tail } = await log(t);
  for (const [args, line] of [
    [['-n', '0'], /from 1 to 10000/],
    [['-n', '-1'], /from 1 to 10000/],
    [['-n', '99999'], /from 1 to 10000/],
    [['--event', 'user.hacked_by_aliens'], /user\.hacked_by_aliens is not an event; the events are: user\.registered/],
    [['--event', 'user.registred'], /did you mean user\.registered\?/],
    [['--ip', 'localhost'], /--ip must be an IPv4 or IPv6 address/],
    [['--since', 'tomorrow'], /--since must be a time: /],
    [['--until', '2026-11-25T23:30:00'], /--until must be a time: /],
    [['--user', 'nobody@example.com'], /no account has the e-mail address nobody@example\.com/],
  ] as [string[], RegExp][]) {
    t.match(await tail(...args), { code: 1, stdout: /^$/, stderr: line }, args.join(' '));
  }
});

t.test('--follow prints new events until Ctrl-C, including one that commits late', async (t) => {
  const { env, rows, add } = await log(t);
  await add('user.registered', 1);
  const { child, ended, stdout } = startCommand(['audit', 'tail', '--follow', '--json'], env);
  t.teardown(() => child.kill('SIGKILL'));
  const shown = () => linesOf(stdout()).map(({ id }) => id);
  await until('the first', async () => shown().includes(1));

  // This event takes its id first, but commits after the next one has been shown.
  await rows.begin(async (tx) => {
    await tx`insert into audit_events (event, actor_type) values ('user.updated', 'system')`;
    const other = rowsOf(t, env.DATABASE_URL);
    await other`insert into audit_events (event, actor_type) values ('user.deleted', 'system')`;
    await until('the later one', async () => shown().includes(3));
  });
  await until('the late one', async () => shown().includes(2));
  await add('user.updated', 2, 700);
  await until('more than a page', async () => shown().length === 703);
  t.strictSame(
    [...shown()].sort((a, b) => a - b),
    Array.from({ length: 703 }, (_, i) => i + 1),
    'each once',
  );

  child.kill('SIGINT');
  t.match(await ended, { code: 0, signal: null, stderr: /^$/ });
});

t.test('list prints the newest first, export prints all, and both filter', async (t) => {
  const { rows, list, exported, add } = await log(t);
  await add('user.registered', 1, 600);
  await add('login.failed', 2);
  await add('login.succeeded', 2);
  await rows`update audit_events set at = now() - interval '3 days' where id <= 599`;
  await rows`update audit_events set ip = '2001:db8::1' where id = 601`;
  const ids = ({ stdout }: { stdout: string }) => linesOf(stdout).map(({ id }) => id);
  t.strictSame(ids(await list('--json', '-n', '3')), [602, 601, 600]);
  t.match((await list('-n', '1')).stdout, /login\.succeeded/);
  t.strictSame(
    ids(await exported()),
    Array.from({ length: 602 }, (_, i) => 602 - i),
    'more than a page',
  );
  for (const [args, expected] of [
    [
      ['--since', '1h'],
      [602, 601, 600],
    ],
    [
      ['--since', '1h', '--event', 'login.failed', '--event', 'login.succeeded'],
      [602, 601],
    ],
    [['--ip', '2001:DB8:0::1'], [601]],
    [['--user', '2', '--ip', '203.0.113.7'], [602]],
    [['--until', '30d'], []],
    [['--since', '2d', '--until', 'now', '--event', 'user.registered'], [600]],
  ] as [string[], number[]][]) {
    t.strictSame(ids(await list('--json', ...args)), expected, args.join(' '));
    t.strictSame(ids(await exported(...args)), expected, `export ${args.join(' ')}`);
  }
});
