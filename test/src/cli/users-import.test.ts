// `latchkey users import` and `latchkey users export` as processes: files, pipes, output and exit codes. test/src/transfer has the rest.
import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { testDatabase } from '../../support/database.js';
import { rowsOf } from '../../support/rows.js';
import { runCommand, serviceEnvironment, startCommand } from '../../support/service.js';
import { until } from '../../support/until.js';

async function operator(t: Test, more: Readonly<Record<string, string>> = {}) {
  const url = await testDatabase(t);
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-import-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const env = { ...serviceEnvironment(url, 0), ...more };
  return {
    env,
    folder,
    rows: rowsOf(t, url),
    file: async (name: string, text: string) => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    },
    users: (args: readonly string[], input: string | Buffer = '') => runCommand(['users', ...args], env, 60_000, input),
  };
}

const line = (n: number) => `{"email":"user${n}@example.com"}\n`;

t.test('the exit code says whether every line was imported, and the report lists the others', async (t) => {
  const { folder, file, rows, users } = await operator(t);
  const input = await file('users.jsonl', `${line(1)}nonsense\n${line(2)}`);
  const report = join(folder, 'refused.jsonl');
  const nonsense = 'latchkey: line 2: json_invalid: the line is not a JSON object\n';
  t.match(await users(['import', input, '--dry-run']), {
    code: 1,
    stdout: '2 would be created, 0 exist already, 1 line refused.\n',
    stderr: `${nonsense}latchkey: 1 line was refused\n`,
  });
  t.equal((await rows`select id from users`).length, 0);
  t.match(await users(['import', input, '--report', report]), {
    code: 1,
    stdout: '2 created, 0 existed already, 1 line refused.\n',
    stderr: `latchkey: 1 line was refused; ${report} lists them\n`,
  });
  t.equal(
    await readFile(report, 'utf8'),
    '{"line":2,"code":"json_invalid","message":"the line is not a JSON object"}\n',
  );
  t.equal((await stat(report)).mode & 0o777, 0o600);

  const csv = await file('users.CSV', 'email,note\nuser1@example.com,\nuser3@example.com,x\n');
  t.match(await users(['import', csv, '--format', 'csv', '--resume', '--json']), {
    code: 0,
    stdout: '{"created":1,"present":1,"refused":0,"dry_run":false}\n',
    stderr: 'latchkey: these fields are unknown and were ignored: note\n',
  });
});

t.test('an export goes into a file that only its owner can read, or through a pipe into an import', async (t) => {
  const { folder, rows, users } = await operator(t);
  t.match(await users(['import', '-'], line(1) + line(2)), { code: 0, stderr: '' });
  const file = join(folder, 'out.jsonl');
  const written = await users(['export', file]);
  t.match(written, { code: 0, stdout: `2 accounts exported to ${file}.\n`, stderr: '' });
  t.equal((await stat(file)).mode & 0o777, 0o600);
  const piped = await users(['export']);
  t.equal(piped.stdout, await readFile(file, 'utf8'));
  t.equal(piped.stderr, '2 accounts exported.\n');
  await rows`delete from users`;
  t.match(await users(['import', '-'], piped.stdout), {
    code: 0,
    stdout: '2 created, 0 existed already, 0 lines refused.\n',
  });
  t.strictSame((await readdir(folder)).sort(), ['out.jsonl'], 'no unfinished file is left');
});

t.test('a file that cannot be used is refused in one line', async (t) => {
  const { folder, file, rows, users } = await operator(t);
  const input = await file('users.jsonl', line(1));
  const empty = await file('empty.csv', '');
  const array = await file('array.jsonl', '[{"email":"a@example.com"}]');
  const secret = await file('secret.jsonl', line(1));
  await chmod(secret, 0o000);
  const cases: [args: string[], message: RegExp][] = [
    [['import', join(folder, 'missing.jsonl')], /missing\.jsonl does not exist, or its folder does not \(ENOENT\)/],
    [['import', folder], /is a folder \(EISDIR\)/],
    [['import', empty], /empty\.csv cannot be imported as CSV: the file is empty/],
    [['import', array], /array\.jsonl cannot be imported as JSON lines: it is one JSON array, not an object per line/],
    [['import', input, '--report', input], /--report names the file to import, which would be overwritten/],
    [['import', input, '--report', join(folder, 'none', 'report')], /does not exist, or its folder does not/],
    [['export', join(folder, 'none', 'out.jsonl')], /does not exist, or its folder does not/],
    [['export', folder], /is a folder/],
  ];
  if (process.getuid?.() !== 0) cases.push([['import', secret], /cannot be opened by this user \(EACCES\)/]);
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await users(args);
    t.match({ code, stdout }, { code: 1, stdout: /^$/ }, args.join(' '));
    t.match(stderr, /^latchkey: [^\n]+\n$/);
    t.match(stderr, message);
  }
  t.equal(await readFile(input, 'utf8'), line(1), 'the input is as it was');
  t.match(await users(['import', input, '--format', 'xml']), { code: 1, stderr: /Allowed choices are jsonl, csv/ });
  t.equal((await rows`select id from users`).length, 0);
});

t.test('an invalid FIREBASE_SIGNER_KEY is refused before anything is read', async (t) => {
  for (const key of ['not base64!', 'c2hvcnQ=']) {
    const { users } = await operator(t, { FIREBASE_SIGNER_KEY: key });
    const { code, stderr } = await users(['import', '-'], line(1));
    t.equal(code, 1);
    t.match(stderr, /^latchkey: FIREBASE_SIGNER_KEY must be 32 to 128 bytes in Base64, for example [^\n]+\n$/);
    t.notMatch(stderr, key);
  }
});

t.test('the first ten refused lines are shown, and no more', async (t) => {
  const { users } = await operator(t);
  const { code, stderr } = await users(['import', '-'], 'x\n'.repeat(12));
  t.equal(code, 1);
  t.equal(stderr.match(/json_invalid/g)?.length, 10);
  t.match(stderr, /\nlatchkey: 12 lines were refused; --report <file> lists all of them\n$/);
});

for (const signal of ['SIGINT', 'SIGHUP'] as const) {
  t.test(`${signal} ends an import after its batch, and a resumed one completes it`, async (t) => {
    const { env, folder, rows, users } = await operator(t);
    const all = Array.from(
      { length: 1500 },
      (_, n) => `{"email":"user${n}@example.com","created_at":"2024-05-01T12:00:00Z"}\n`,
    );
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { child, ended } = startCommand(['users', 'import', '-'], env, '', `exec <${pipe}`);
    const writer = createWriteStream(pipe);
    t.teardown(() => writer.destroy());
    writer.on('error', () => {});
    writer.write(all.slice(0, 600).join(''));
    await until('the first batch is committed', async () => (await rows`select id from users`).length === 500);
    // The import waits for more input.
    child.kill(signal);
    t.match(await ended, {
      code: 1,
      stdout: '500 created, 0 existed already, 0 lines refused.\n',
      stderr: 'latchkey: interrupted; import the file again with --resume\n',
    });
    t.match(await users(['import', '-', '--resume'], all.join('')), {
      code: 0,
      stdout: '1000 created, 500 existed already, 0 lines refused.\n',
    });
  });
}
