// Standard output that cannot be written: a full disk, or a closed pipe.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { testDatabase } from '../support/database.js';
import { freePort, httpClient, runCommand, serviceEnvironment } from '../support/service.js';
import { until } from '../support/until.js';

const MAIN = join(packageRoot, 'dist', 'bundle', 'src', 'cli', 'main.js');
const skip = existsSync('/dev/full') ? false : 'there is no /dev/full';

type Target = 'full' | 'pipe' | 'gone';

/** Starts a process with the given targets for standard output and error; `gone` is a pipe whose reader was closed. */
function start(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdout: Target,
  stderr: Target = 'pipe',
) {
  const { PATH = '', HOME = '' } = process.env;
  const target = (to: Target) => (to === 'full' ? openSync('/dev/full', 'w') : 'pipe');
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    cwd: tmpdir(),
    env: { PATH, HOME, ...env },
    stdio: ['ignore', target(stdout), target(stderr)],
  });
  if (stdout === 'gone') child.stdout?.destroy();
  if (stderr === 'gone') child.stderr?.destroy();
  const text = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => (text.stdout += chunk));
  child.stderr?.on('data', (chunk) => (text.stderr += chunk));
  return { child, text, ended: once(child, 'close').then(([code]) => code as number | null) };
}

for (const [what, stdout, code] of [
  ['a full disk', 'full', 'ENOSPC'],
  ['a closed pipe', 'gone', 'EPIPE'],
] as const) {
  t.test(`${what}: the service keeps running without its log, and reports it once`, { skip }, async (t) => {
    const url = await testDatabase(t);
    // Not with more workers: the first one answers before the primary handles signals.
    for (const workers of ['1']) {
      const port = await freePort();
      const env = {
        ...serviceEnvironment(url, port),
        WEB_CONCURRENCY: workers,
        LOG_LEVEL: 'debug',
        DRAIN_SECONDS: '0',
      };
      const service = start(['serve'], env, stdout);
      t.teardown(() => service.child.kill('SIGKILL'));
      const client = httpClient(port);
      await until('the service is ready', async () => (await client.status('/readyz')) === 200, 30_000);
      for (let request = 0; request < 20; request += 1) t.equal(await client.status('/livez'), 200);
      service.child.kill('SIGTERM');
      t.equal(await service.ended, 0);
      const lines = service.text.stderr.trimEnd().split('\n');
      t.ok(lines.length <= 1 + Number(workers), 'one line per process');
      for (const line of lines) {
        t.equal(line, `latchkey: the log cannot be written to standard output (${code}); continuing without it`);
      }
    }
  });

  t.test(`${what}: a command exits with 1 and prints one line`, { skip }, async (t) => {
    const url = await testDatabase(t);
    const env = serviceEnvironment(url, 0);
    const commands = [
      ['settings', 'list'],
      ['keys', 'list', '--json'],
      ['users', 'list'],
      ['migrate'],
      ['doctor'],
      ['--help'],
      ['users', '--help'],
      ['--version'],
    ];
    await runCommand(['users', 'create', 'first@example.com'], env, 30_000, 'a password of the first\n');
    for (const args of commands) {
      const command = start(args, env, stdout);
      t.equal(await command.ended, 1, args.join(' '));
      t.equal(command.text.stderr, `latchkey: standard output cannot be written (${code})\n`, args.join(' '));
    }
  });
}

t.test('without any writable stream, the service keeps running and commands exit with 1', { skip }, async (t) => {
  const url = await testDatabase(t);
  const port = await freePort();
  const service = start(['serve'], { ...serviceEnvironment(url, port), DRAIN_SECONDS: '0' }, 'full', 'full');
  t.teardown(() => service.child.kill('SIGKILL'));
  const client = httpClient(port);
  await until('the service is ready', async () => (await client.status('/readyz')) === 200, 30_000);
  t.equal(await client.status('/livez'), 200);
  service.child.kill('SIGTERM');
  t.equal(await service.ended, 0);
  t.equal(await start(['settings', 'list'], serviceEnvironment(url, port), 'full', 'full').ended, 1);
  t.equal(await start(['srve'], {}, 'pipe', 'full').ended, 1);
});
