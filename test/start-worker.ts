// What tap runs in place of many test files: test/worker.ts in a process of its own, without what tap adds to every Node process. tap's
// module hooks, and its async hooks, which watch each promise, took a fifth of the processor time of the tests.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const preload = join(import.meta.dirname, 'without-async-hooks.js');
const worker = join(import.meta.dirname, '..', 'bundled', 'test', 'worker.js');
const node = [process.execPath, '--enable-source-maps', '--import', preload, worker];

// tap has changed `spawn`, so that it adds the module hooks to the environment.
const child = spawn('env', ['-u', 'NODE_OPTIONS', ...node], { stdio: 'inherit' });
for (const signal of ['SIGALRM', 'SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
