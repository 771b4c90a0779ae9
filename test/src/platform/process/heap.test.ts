// V8's heap during and after the start, in processes of its own.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import t from 'tap';

/** Runs a script that has `heap`, and `sizeOf` for the bytes of a space of V8. Resolves to the JSON that it prints. */
async function run(script: string) {
  const whole = `
    const heap = await import(${JSON.stringify(import.meta.resolve('#platform/process/heap.js'))});
    const { getHeapSpaceStatistics } = await import('node:v8');
    const sizeOf = (name) => getHeapSpaceStatistics().find(({ space_name }) => space_name === name).space_size;
    ${script}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', whole]);
  return JSON.parse(stdout);
}

t.test('garbage is collected, and the memory that it has taken is given back', async (t) => {
  // Every tenth object stays, so that no page of the old generation becomes empty by itself.
  const { before, after, gc } = await run(`
    let all = Array.from({ length: 500_000 }, (_, i) => ({ text: \`text \${i}\` }));
    const kept = all.filter((_, i) => i % 10 === 0);
    all = undefined;
    const before = sizeOf('old_space');
    heap.compactHeap();
    const { runInNewContext } = await import('node:vm');
    const gc = runInNewContext('typeof gc');
    console.log(JSON.stringify({ before, after: sizeOf('old_space'), gc, kept: kept.length }));`);
  t.ok(after * 2 < before, `${after} of ${before} bytes`);
  t.equal(gc, 'undefined', 'no other code can collect garbage afterwards');
});

t.test('the young generation does not grow until it may', async (t) => {
  const { held, released } = await run(`
    const grow = () => {
      const kept = [];
      for (let i = 0; i < 300_000; i += 1) kept.push({ i });
      return sizeOf('new_space');
    };
    heap.holdYoungGeneration();
    const held = grow();
    heap.releaseYoungGeneration();
    console.log(JSON.stringify({ held, released: grow() }));`);
  t.ok(held * 3 < released, `${held} and ${released} bytes`);
});
