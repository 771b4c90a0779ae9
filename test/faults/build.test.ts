// The build replaces the running files safely: commands can start meanwhile, a running process keeps its own files, and a build that fails
// or is killed leaves dist unchanged.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';

const SOURCES = [
  ...['package.json', 'tsconfig.json', 'drizzle.config.ts', 'bundle.ts', 'bundle-options.ts'],
  ...['api-docs', 'client', 'console', 'scripts', 'src', 'plugins', 'routes', 'drizzle'],
];
// Without the modules that tap preloads into every Node process.
const ENV = { PATH: process.env.PATH };
const CLEAN = ['-u', 'NODE_OPTIONS', process.execPath];
const MAIN = join('dist', 'bundle', 'src', 'cli', 'main.js');

const clone = mkdtempSync(join(tmpdir(), 'latchkey-build-'));
t.teardown(() => rmSync(clone, { recursive: true, force: true }));
for (const name of SOURCES) cpSync(join(packageRoot, name), join(clone, name), { recursive: true });
symlinkSync(join(packageRoot, 'node_modules'), join(clone, 'node_modules'));

function start(...args: string[]): ChildProcess & { text: () => string } {
  const child = spawn('env', [...CLEAN, ...args], { cwd: clone, env: ENV, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  return Object.assign(child, { text: () => text });
}

const ended = async (child: ChildProcess) =>
  (child.exitCode ?? child.signalCode ?? (await once(child, 'exit'))[0]) as unknown;
const leftovers = () => readdirSync(clone).filter((name) => name.startsWith('.dist-'));
const bundles = () => readdirSync(join(clone, 'dist', 'bundle')).filter((name) => name !== 'src');
const edit = (name: string, from: string, to: string) => {
  const path = join(clone, name);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
};

t.test('the first build and an identical second one create a single bundle', async (t) => {
  for (const nth of ['first', 'second']) {
    const build = start('scripts/build.mjs');
    t.equal(await ended(build), 0, `${nth} ${build.text()}`);
  }
  t.equal(bundles().length, 1);
  t.strictSame(leftovers(), []);
  t.match(
    execFileSync('env', [...CLEAN, MAIN, '--version'], { cwd: clone, env: ENV, encoding: 'utf8' }),
    /^\d+\.\d+\.\d+\n$/,
  );
});

t.test('commands that start during a build find their files, and stale files are removed', async (t) => {
  const [before = ''] = bundles();
  edit('src/cli/program.ts', 'Authentication and authorization microservice.', 'Another version.');
  rmSync(join(clone, 'routes', 'home.ts'));
  const build = start('scripts/build.mjs');
  let runs = 0;
  const wrong: string[] = [];
  const seen = new Set<boolean>();
  while (build.exitCode === null && build.signalCode === null) {
    const command = start(MAIN, '--help');
    if ((await ended(command)) !== 0) wrong.push(command.text());
    seen.add(command.text().includes('Another version.'));
    runs += 1;
  }
  t.equal(await ended(build), 0, build.text());
  t.strictSame(wrong, []);
  t.ok(runs > 3, `${runs} commands`);
  t.ok(seen.has(false), 'the old version ran during the build');
  t.match(
    execFileSync('env', [...CLEAN, MAIN, '--help'], { cwd: clone, env: ENV, encoding: 'utf8' }),
    'Another version.',
  );
  t.notOk(readdirSync(join(clone, 'dist', 'routes')).includes('home.js'));
  t.ok(bundles().includes(before), 'processes of the old version can still load their bundle');
});

t.test('a build with a type error reports it and changes nothing', async (t) => {
  const files = readdirSync(join(clone, 'dist'), { recursive: true }).sort();
  edit('src/platform/process/package-info.ts', 'export const packageRoot =', 'export const packageRoot: number =');
  const build = start('scripts/build.mjs');
  t.equal(await ended(build), 1);
  t.match(build.text(), /tsc ended with \d; dist is as it was/);
  t.strictSame(readdirSync(join(clone, 'dist'), { recursive: true }).sort(), files);
  t.strictSame(leftovers(), []);
  edit('src/platform/process/package-info.ts', 'export const packageRoot: number =', 'export const packageRoot =');
});

t.test('an interrupted build removes its files; those of a killed build are removed by the next one', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    const build = start('scripts/build.mjs', '--force');
    while (!leftovers().includes(`.dist-${build.pid}`) && build.exitCode === null) await sleep(5);
    build.kill(signal);
    await ended(build);
    if (signal !== 'SIGKILL') {
      t.equal(build.exitCode, signal === 'SIGINT' ? 130 : 143);
      t.strictSame(leftovers(), []);
    }
    t.match(
      execFileSync('env', [...CLEAN, MAIN, '--help'], { cwd: clone, env: ENV, encoding: 'utf8' }),
      'Another version.',
    );
  }
  const build = start('scripts/build.mjs', '--alone');
  t.equal(await ended(build), 0, build.text());
  t.strictSame(leftovers(), []);
  t.equal(bundles().length, 1, 'a build for the package has one bundle');
});
