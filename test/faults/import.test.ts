// An import of 100,000 accounts: in less than a minute, in bounded memory, and complete although its process is killed again and again.
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import t, { type Test } from 'tap';
import { testDatabase } from '../support/database.js';
import { rowsOf } from '../support/rows.js';
import { runCommand, serviceEnvironment, startCommand } from '../support/service.js';

const ACCOUNTS = 100_000;
const HASH = 'pbkdf2_sha256$600000$lLRSYUI76zYYl0lBqGluku$SuVSWcIctYt1CMmtB0ZFz0YV/lwDHXgvpW8zTd41VFk=';

/** A file with accounts; every thousandth line is refused. */
async function makeFile(t: Test, accounts: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-import-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'users.jsonl');
  const handle = await open(file, 'w');
  for (let from = 0; from < accounts; from += 1000) {
    const lines = Array.from({ length: 1000 }, (_, n) => {
      const email = n === 999 ? 'nobody' : `user${from + n}@example.com`;
      return `${JSON.stringify({ email, password_hash: HASH, created_at: '2024-05-01T12:00:00.123456Z' })}\n`;
    });
    await handle.write(lines.join(''));
  }
  await handle.close();
  return file;
}

const count = async (rows: ReturnType<typeof rowsOf>): Promise<number> =>
  (await rows`select count(*)::int from users`)[0]?.count;

t.test('100,000 accounts are imported and exported in less than a minute each', async (t) => {
  const url = await testDatabase(t);
  const rows = rowsOf(t, url);
  const file = await makeFile(t, ACCOUNTS);
  const refused = ACCOUNTS / 1000;
  for (const [args, lines] of [
    [['import', file], 0],
    [['export'], ACCOUNTS - refused],
  ] as const) {
    const start = performance.now();
    const ran = await runCommand(['users', ...args], serviceEnvironment(url, 0), 300_000);
    const seconds = (performance.now() - start) / 1000;
    t.comment(`${args[0]}: ${seconds.toFixed(1)} s`);
    t.ok(seconds < 60, `${args[0]}: ${seconds.toFixed(1)} s`);
    if (lines > 0) t.equal(ran.stdout.trimEnd().split('\n').length, lines);
  }
  t.equal(await count(rows), ACCOUNTS - refused);
});

t.test('a million lines take no more memory than a hundred thousand, apart from 32 bytes each', async (t) => {
  const url = await testDatabase(t);
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-import-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const hook = join(folder, 'peak.mjs');
  await writeFile(
    hook,
    "process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + String.fromCharCode(10)));",
  );
  const env = { ...serviceEnvironment(url, 0), NODE_OPTIONS: `--import=${pathToFileURL(hook)}` };
  const peak = async (lines: number): Promise<number> => {
    const file = await makeFile(t, lines);
    // A dry run reads, checks and compares every line, and takes less time.
    const ran = await runCommand(['users', 'import', file, '--dry-run', '--json'], env, 300_000);
    t.match(JSON.parse(ran.stdout), { created: lines - lines / 1000, refused: lines / 1000 });
    const kilobytes = Number(/^peak (\d+)$/m.exec(ran.stderr)?.[1]);
    if (Number.isNaN(kilobytes)) throw new Error(ran.stderr);
    return kilobytes / 1024;
  };
  const [first, second] = [await peak(100_000), await peak(1_000_000)];
  t.comment(`${first.toFixed(0)} MiB and ${second.toFixed(0)} MiB`);
  // The set of addresses grows by doubling, so that for a moment it exists twice.
  t.ok(second < first + 80, `${first.toFixed(0)} MiB and ${second.toFixed(0)} MiB`);
});

t.test(
  'an import that is killed at random moments is completed by the next ones, and no account is there twice',
  async (t) => {
    const url = await testDatabase(t);
    const rows = rowsOf(t, url);
    const accounts = 20_000;
    const file = await makeFile(t, accounts);
    const env = serviceEnvironment(url, 0);
    let kills = 0;
    for (;;) {
      const { child, ended } = startCommand(['users', 'import', file, '--resume', '--json'], env);
      const timer = setTimeout(() => child.kill('SIGKILL'), (1000 + 1500 * Math.random()) * 1.15 ** kills);
      const { signal, stdout } = await ended;
      clearTimeout(timer);
      // The server may still be committing for the process that is gone.
      await sleep(200);
      const events = await rows`select details from audit_events where event = 'users.imported' order by id`;
      const created = events.reduce((sum, { details }) => sum + details.created, 0);
      t.equal(created, await count(rows), 'the events have the number of accounts');
      if (signal === null) {
        const { created: last, present, refused } = JSON.parse(stdout);
        t.equal(last + present, accounts - accounts / 1000);
        t.equal(refused, accounts / 1000);
        break;
      }
      kills += 1;
      if (kills > 40) throw new Error('no import was completed');
    }
    t.comment(`killed ${kills} times`);
    t.equal(await count(rows), accounts - accounts / 1000);
    const emails = new Set((await rows`select email from users`).map(({ email }) => email));
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const { email } = JSON.parse(line);
      if (email !== 'nobody' && !emails.has(email)) t.fail(email);
    }
  },
);
