// Node's thread pool, which hashes passwords: without free threads, passwords wait without costing processor time.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { threadPoolSize } from '#platform/process/thread-pool.js';
import { until } from './until.js';

/** How many hashes begin at once (plugins/passwords.ts). */
const BEGUN = Math.min(threadPoolSize, availableParallelism()) + 1;

/** Occupies all threads of this process until the returned function is called: opening a FIFO to read waits until it is opened to write. */
export function occupyThreads(): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-fifo-'));
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const readers = Array.from({ length: threadPoolSize }, () => open(fifo, 'r'));
  return async () => {
    const writer = openSync(fifo, 'r+');
    for (const reader of readers) await (await reader).close();
    closeSync(writer);
    rmSync(folder, { recursive: true });
  };
}

/**
 * Sends `count` requests with passwords to one service while no thread is free. Those that wait for their hash are refused; those whose
 * hash has begun, one for each core and one more while many wait, are answered afterwards. Resolves to all answers.
 */
export async function floodWithoutThreads<T>(count: number, send: (index: number) => Promise<T>): Promise<T[]> {
  const release = occupyThreads();
  let answered = 0;
  const pending = Array.from({ length: count }, async (_, index) => {
    const answer = await send(index);
    answered += 1;
    return answer;
  });
  const all = Promise.all(pending);
  await Promise.race([all, until('the queue is empty', () => answered >= count - BEGUN)]);
  await release();
  return all;
}
