// Runs many test files in one process, one after the other. Starting a process, loading tap and the service, and the first calls of its
// code take more processor time than most files need for their tests. Several of these processes share a queue of files.
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import root, { type Test } from 'tap';
import { setCurrentTest } from './current-test.js';

/**
 * TEST_QUEUE: a folder with `files.json`; a worker claims a file by creating a folder named by its index. TEST_TIMES: a file to which the
 * processor time of this process and the time of each test file are written, in seconds.
 */
const { TEST_QUEUE: queue = '', TEST_TIMES } = process.env;
/** The limit of a file that hangs. */
const FILE_MILLISECONDS = 600_000;

function isClaimed(index: number): boolean {
  try {
    mkdirSync(join(queue, String(index)));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

let current: Test = root;
// Rejections that nothing handles are uncaught exceptions, too.
process.on('uncaughtException', (error) => current.threw(error));

const files: readonly string[] = JSON.parse(readFileSync(join(queue, 'files.json'), 'utf8'));
for (const [index, file] of files.entries()) {
  if (!isClaimed(index)) continue;
  const begin = { cpu: process.cpuUsage(), wall: performance.now() };
  await root.test(relative(process.cwd(), file), { timeout: FILE_MILLISECONDS }, async (test) => {
    current = test;
    setCurrentTest(test);
    await import(pathToFileURL(file).href);
  });
  if (TEST_TIMES === undefined) continue;
  const { user, system } = process.cpuUsage(begin.cpu);
  const seconds = [(user + system) / 1e6, (performance.now() - begin.wall) / 1000].map((each) => each.toFixed(1));
  appendFileSync(TEST_TIMES, `${seconds.join('\t')}\t${relative(process.cwd(), file)}\n`);
}
// A worker may find every file claimed by the others.
root.pass('the queue is empty');
