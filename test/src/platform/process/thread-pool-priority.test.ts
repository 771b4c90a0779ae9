// Threads that hash yield: what the kernel says of each thread of a process.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { lowerThreadPoolPriority } from '#platform/process/thread-pool-priority.js';

const run = promisify(execFile);
const MODULE = new URL('../../src/platform/process/thread-pool-priority.js', import.meta.url).href;
const SCRIPT = `import { lowerThreadPoolPriority } from '${MODULE}'; console.log(await lowerThreadPoolPriority());`;
const isLinux = process.platform === 'linux';

/** How much each thread of this process yields, by its id. */
function niceness(): Map<number, number> {
  return new Map(
    readdirSync('/proc/self/task').map((id) => {
      const stat = readFileSync(join('/proc/self/task', id, 'stat'), 'utf8');
      // After the name in brackets, which may hold anything: field 19 of proc(5).
      return [Number(id), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])];
    }),
  );
}

t.test('the threads of the pool yield, and no others', { skip: !isLinux && 'Linux only' }, async (t) => {
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
  const before = niceness().get(process.pid);
  t.equal(await lowerThreadPoolPriority(), threads);
  const after = niceness();
  t.equal(after.get(process.pid), before, 'not the one that answers');
  t.equal([...after.values()].filter((nice) => nice === 3).length, threads);
  t.equal(await lowerThreadPoolPriority(), threads, 'and once more');
});

t.test('a pool of another size', { skip: !isLinux && 'Linux only' }, async (t) => {
  for (const size of ['1', '7']) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', SCRIPT], {
      env: { ...process.env, UV_THREADPOOL_SIZE: size },
    });
    t.equal(stdout.trim(), size);
  }
});

t.test('a process that is to yield altogether starts all the same', { skip: !isLinux && 'Linux only' }, async (t) => {
  const { stdout } = await run('nice', ['-n', '15', process.execPath, '--input-type=module', '-e', SCRIPT]);
  t.equal(stdout.trim(), '0');
});
