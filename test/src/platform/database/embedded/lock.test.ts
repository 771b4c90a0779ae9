// The lock of a data folder in both forms: an abstract socket (Linux) and a socket file (elsewhere).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

import t, { type Test } from 'tap';
import { acquireLock, type Lock, socketPath } from '#platform/database/embedded/lock.js';
import { folder } from './processes.js';

const module = import.meta.resolve('#platform/database/embedded/lock.js');
const platforms = (['linux', 'darwin'] as const).filter((each) => each === 'darwin' || process.platform === 'linux');

/** A process that holds the lock of a folder. */
async function holder(t: Test, name: string, platform: string) {
  const source = `import { acquireLock } from ${JSON.stringify(module)};
    await acquireLock(${JSON.stringify(name)}, 'it', '${platform}');
    process.stdout.write('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

function held(t: Test, lock: Awaited<ReturnType<typeof acquireLock>>): Lock {
  t.ok('release' in lock, 'the lock was acquired');
  return lock as Lock;
}

for (const platform of platforms) {
  t.test(`${platform}: a lock has one holder and is released when its process dies`, async (t) => {
    const name = await folder(t);
    const child = await holder(t, name, platform);
    t.strictSame(await acquireLock(name, 'we', platform), { pid: child.pid, owner: 'it' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = held(t, await acquireLock(name, 'we', platform));
    t.strictSame(await acquireLock(name, 'we again', platform), { pid: process.pid, owner: 'we' });
    await lock.release();
    await held(t, await acquireLock(name, 'we', platform)).release();
  });

  t.test(`${platform}: a paused holder keeps its lock`, async (t) => {
    const name = await folder(t);
    const child = await holder(t, name, platform);
    child.kill('SIGSTOP');
    t.strictSame(await acquireLock(name, 'we', platform), {}, 'the holder is unknown');
    child.kill('SIGCONT');
    t.strictSame(await acquireLock(name, 'we', platform), { pid: child.pid, owner: 'it' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    // Removes the file of the dead process.
    await held(t, await acquireLock(name, 'we', platform)).release();
  });
}

t.test('an open connection to the lock does not delay its release', async (t) => {
  const name = await folder(t);
  const lock = held(t, await acquireLock(name, 'we'));
  const client = connect({ path: socketPath(name), allowHalfOpen: true });
  t.teardown(() => client.destroy());
  await once(client, 'data');
  await lock.release();
});
