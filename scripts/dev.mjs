// npm run dev: compiles at each change and, if that succeeds, restarts the service. Ctrl-C stops the service and the compiler.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const COMPILED = /Found (\d+) errors?\. Watching for file changes/;
const SETTLED_MILLISECONDS = 100;
/** The time in which the service must finish requests and stop its Postgres. */
const STOP_MILLISECONDS = 20_000;

const build = () => spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' }).status;
// Compile errors are reported by the watching compiler below.
build();
// From here on tsc writes to dist directly, so the next build must not consider it up to date.
rmSync(join(root, 'dist', '.build'), { force: true });

/** @type {import('node:child_process').ChildProcess | undefined} */
let service;
let stopping = false;
let wanted = 0;
/** @type {Promise<void>} */
let turn = Promise.resolve();

const compiler = spawn(
  join(root, 'node_modules', '.bin', 'tsc'),
  ['--watch', '--preserveWatchOutput', '--incremental', '--tsBuildInfoFile', 'dist/.tsbuildinfo'],
  { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], detached: true },
);
let output = '';
compiler.stdout.on('data', (chunk) => {
  process.stdout.write(chunk);
  output = (output + chunk).slice(-4096);
  const [, errors] = COMPILED.exec(output) ?? [];
  if (errors === undefined) return;
  output = '';
  if (errors === '0') restart();
});
compiler.once('exit', () => void stop());

// The pages are bundled from sources that tsc does not watch.
const pageWatches = ['console', 'api-docs'].map((page) => {
  const build = join('dist', page, 'build.js');
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  return watch(join(root, page), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => existsSync(join(root, build)) && spawnSync(process.execPath, [build], { cwd: root, stdio: 'inherit' }),
      SETTLED_MILLISECONDS,
    );
  });
});

/** Stops the running service and starts the latest build. Of several calls in a row, only the last one starts a service. */
function restart() {
  wanted += 1;
  const mine = wanted;
  turn = turn.then(async () => {
    await stopService();
    if (stopping || mine !== wanted) return;
    service = spawn(process.execPath, ['--enable-source-maps', 'dist/src/cli/main.js', 'serve'], {
      cwd: root,
      stdio: 'inherit',
      // There is no load balancer to wait for.
      env: { DRAIN_SECONDS: '0', ...process.env },
      // Ctrl-C reaches this process only, which then stops the service.
      detached: true,
    });
    service.once('exit', (code) => {
      if (!stopping && code !== 0 && code !== null)
        process.stdout.write(`the service ended with exit code ${code} and will be restarted at the next change\n`);
    });
  });
}

/** @returns {Promise<void>} */
function stopService() {
  const running = service;
  service = undefined;
  if (running === undefined || running.exitCode !== null || running.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const kill = setTimeout(() => running.kill('SIGKILL'), STOP_MILLISECONDS);
    running.once('exit', () => {
      clearTimeout(kill);
      resolve();
    });
    running.kill('SIGTERM');
  });
}

async function stop() {
  if (stopping) return;
  stopping = true;
  for (const each of pageWatches) each.close();
  clearTimeout(timer);
  // The process group, because tsc runs the compiler as a child.
  if (compiler.pid !== undefined && compiler.exitCode === null) process.kill(-compiler.pid, 'SIGTERM');
  await turn;
  await stopService();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop());
