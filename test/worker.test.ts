// The processes that run the files of `npm test` (test/worker.ts).
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';

const LATER = "await new Promise((resolve) => setTimeout(resolve, 20)); console.log('# went on');";

for (const [what, code] of [
  ['an error in a timer', "setTimeout(() => { throw new Error('by itself'); });"],
  ['a rejection that nothing handles', "Promise.reject(new Error('by itself'));"],
] as const) {
  t.test(`${what} fails the file that it happens in, and the next file runs`, async (t) => {
    const folder = t.testdir({ 'first.mjs': `${code} ${LATER}`, 'second.mjs': LATER });
    writeFileSync(
      join(folder, 'files.json'),
      JSON.stringify(['first.mjs', 'second.mjs'].map((name) => join(folder, name))),
    );
    const preload = join(packageRoot, 'dist', 'test', 'without-async-hooks.js');
    const worker = join(packageRoot, 'dist', 'bundled', 'test', 'worker.js');
    const { NODE_OPTIONS: _, ...env } = process.env;
    const { status, stdout } = spawnSync(process.execPath, ['--import', preload, worker], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...env, TEST_QUEUE: folder, TEST_TIMES: undefined },
    });
    t.equal(status, 1);
    t.match(stdout, /^ {4}not ok 1 - by itself$/m);
    t.match(stdout, /^not ok \d+ - first\.mjs/m);
    t.match(stdout, /^ok \d+ - second\.mjs/m);
    t.equal(stdout.match(/^# went on$/gm)?.length, 2);
  });
}
