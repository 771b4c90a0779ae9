// The threads that hash passwords: busy for as long as anybody logs in, they must not keep the one that answers from running.
import { readlink } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { promisify } from 'node:util';

/** node's own default (UV_THREADPOOL_SIZE). */
const THREADS = 4;
const ROUNDS = 20;
/**
 * About half the share of a core (nice 3), and no less: beside other busy processes, hashing would get nothing and logins be refused. The thread
 * that answers comes first all the same (docs/decisions.md).
 */
const PRIORITY = 3;

/**
 * Gives node's thread pool less of a core than everything else when there are not enough of them.
 * Resolves to how many threads that is; 0 where the system does not tell them apart (all but Linux).
 */
export async function lowerThreadPoolPriority(
  threads = Number(process.env.UV_THREADPOOL_SIZE) || THREADS,
): Promise<number> {
  // Nobody may raise what somebody has put lower than that.
  if (getPriority() >= PRIORITY) return 0;
  const lowered = new Set<number>();
  // Each of these is answered by whichever thread of the pool is free, with its own name.
  const self = promisify(readlink);
  for (let round = 0; round < ROUNDS && lowered.size < threads; round += 1) {
    const names = await Promise.all(
      Array.from({ length: 4 * threads }, () => self('/proc/thread-self').catch(() => '')),
    );
    for (const name of new Set(names)) {
      const [own, id] = /^(\d+)\/task\/(\d+)$/.exec(name)?.slice(1).map(Number) ?? [];
      // Of another namespace, or the thread that asks.
      if (own !== process.pid || id === undefined || id === own || lowered.has(id)) continue;
      if (!lower(id)) return lowered.size;
      lowered.add(id);
    }
  }
  return lowered.size;
}

/** False where that is forbidden: then hashing takes its share as before. */
function lower(id: number): boolean {
  try {
    setPriority(id, PRIORITY);
    return true;
  } catch {
    return false;
  }
}
