// The threads of Node's pool, which hash passwords. They can be busy all the time, and must not keep the main thread, which serves requests,
// from running.
import { readlink } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { promisify } from 'node:util';

/** How many things the pool does at a time. Node reads UV_THREADPOOL_SIZE before the first line of a program runs. */
export const threadPoolSize = Number(process.env.UV_THREADPOOL_SIZE) || 4;
const ROUNDS = 20;
/**
 * Nice 3: about half the share of a core. With less, hashing would get nearly no time beside other busy processes, and logins would be
 * refused. This is sufficient for the main thread to run first (docs/decisions.md).
 */
const PRIORITY = 3;

/**
 * Gives the threads of Node's thread pool a smaller share of the processor than other threads when cores are scarce. Resolves to the
 * number of threads; 0 where the operating system has no priority per thread (all but Linux).
 */
export async function lowerThreadPoolPriority(threads = threadPoolSize): Promise<number> {
  // The operator has lowered the whole process at least as far. Raising a priority needs privileges.
  if (getPriority() >= PRIORITY) return 0;
  const lowered = new Set<number>();
  // Any free thread of the pool executes the call, and the link names the thread that does.
  const self = promisify(readlink);
  for (let round = 0; round < ROUNDS && lowered.size < threads; round += 1) {
    const names = await Promise.all(
      Array.from({ length: 4 * threads }, () => self('/proc/thread-self').catch(() => '')),
    );
    for (const name of new Set(names)) {
      const [own, id] = /^(\d+)\/task\/(\d+)$/.exec(name)?.slice(1).map(Number) ?? [];
      // A process id of another namespace, or the main thread.
      if (own !== process.pid || id === undefined || id === own || lowered.has(id)) continue;
      if (!lower(id)) return lowered.size;
      lowered.add(id);
    }
  }
  return lowered.size;
}

/** False if the system does not permit it; hashing then keeps its priority. */
function lower(id: number): boolean {
  try {
    setPriority(id, PRIORITY);
    return true;
  } catch {
    return false;
  }
}
