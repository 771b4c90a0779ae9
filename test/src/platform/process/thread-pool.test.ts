// The threads of the pool, which hash passwords, run at a lower priority.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { lowerThreadPoolPriority } from '#platform/process/thread-pool.js';

const run = promisify(execFile);
const MODULE = import.meta.resolve('#platform/process/thread-pool.js');
const SCRIPT = `import { lowerThreadPoolPriority } from '${MODULE}'; console.log(await lowerThreadPoolPriority());`;
const isLinux = process.platform === 'linux';

/** The nice value of each thread of this process, by its id. */
function niceness(): Map<number, number> {
  return new Map(
    readdirSync('/proc/self/task').map((id) => {
      const stat = readFileSync(join('/proc/self/task', id, 'stat'), 'utf8');
      // Field 19 of proc(5), counted after the name in brackets, which may contain anything.
      return [Number(id), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])];
    }),
  );
}

t.test('only the threads of the pool get a lower priority', { skip: !isLinux && 'Linux only' }, async (t) => {
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
  const before = niceness().get(process.pid);
  t.equal(await lowerThreadPoolPriority(), threads);
  const after = niceness();
  t.equal(after.get(process.pid), before, 'the main thread is unchanged');
  t.equal([...after.values()].filter((nice) => nice === 3).length, threads);
  t.equal(await lowerThreadPoolPriority(), threads, 'a second call');
});

t.test('a pool of any size is lowered', { skip: !isLinux && 'Linux only' }, async (t) => {
  for (const size of ['1', '7']) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', SCRIPT], {
      env: { ...process.env, UV_THREADPOOL_SIZE: size },
    });
    t.equal(stdout.trim(), size);
  }
});

t.test('a process that already runs at a low priority starts too', { skip: !isLinux && 'Linux only' }, async (t) => {
  const { stdout } = await run('nice', ['-n', '15', process.execPath, '--input-type=module', '-e', SCRIPT]);
  t.equal(stdout.trim(), '0');
});
