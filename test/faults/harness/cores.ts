// CPU load: processes that compete for the cores, and the scheduling of the service's hashing threads.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import type { Test } from 'tap';

/** The service's default hash cost; other tests lower it. */
export const realHashCost = { ARGON2_MEMORY_KIB: '19456', ARGON2_TIME_COST: '2' };

const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Starts processes that use a core each. They belong to the same session as this test and its service, so that Linux schedules all of
 * them in one group (sched(7), "The autogroup feature"), as in a container. `stop` ends them, as does the end of the test.
 */
export async function startBusyLoops(t: Pick<Test, 'teardown'>, count: number): Promise<{ stop: () => Promise<void> }> {
  const loops = Array.from({ length: count }, () => spawn('bash', ['-c', 'while :; do :; done'], { stdio: 'ignore' }));
  const stop = async () => {
    const running = loops.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    for (const loop of running) loop.kill('SIGKILL');
    await Promise.all(running.map((loop) => once(loop, 'exit')));
  };
  t.teardown(stop);
  await Promise.all(loops.map((loop) => once(loop, 'spawn')));
  return { stop };
}

/** The number of passwords per second that argon2 alone verifies on all cores, at the service's default cost. */
export async function hashesPerSecond(seconds: number): Promise<number> {
  const stored = await hash('password', PARAMETERS);
  let count = 0;
  const begun = performance.now();
  const end = begun + seconds * 1000;
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      while (performance.now() < end) {
        await verify(stored, 'password');
        count += 1;
      }
    }),
  );
  return (count * 1000) / (performance.now() - begun);
}

/**
 * For measurements only: `HASHING_NICE=n` changes the priority of the threads that the service has lowered, and
 * `HASHING_POLICY=batch` their policy. Raising a priority needs root.
 */
export function adjustHashingThreads(pid: number): void {
  const { HASHING_NICE, HASHING_POLICY } = process.env;
  for (const id of HASHING_NICE === undefined && HASHING_POLICY === undefined ? [] : loweredThreads(pid)) {
    if (HASHING_NICE !== undefined) setPriority(id, Number(HASHING_NICE));
    if (HASHING_POLICY !== undefined) execFileSync('chrt', [`--${HASHING_POLICY}`, '--pid', '0', String(id)]);
  }
}

/** The ids of the threads with a lower priority than the main thread. */
function loweredThreads(pid: number): number[] {
  const nice = (id: number) => {
    const stat = readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  };
  const ids = readdirSync(`/proc/${pid}/task`).map(Number);
  return ids.filter((id) => nice(id) > nice(pid));
}
