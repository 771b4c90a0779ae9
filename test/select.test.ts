// How `npm test -- <arguments>` selects tests.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { SelectionError, select } from './select.js';

const root = t.testdir();
for (const path of [
  'a.test',
  'routes/b.test',
  'routes/c.test',
  'routes/help',
  'faults/d.test',
  'faults/deep/e.test',
  'e2e/f.e2e',
]) {
  const file = join(root, 'dist', 'test', `${path}.js`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
}
const B = 'dist/test/routes/b.test.js';
const C = 'dist/test/routes/c.test.js';

for (const [args, expected] of [
  [[], ['dist/test/a.test.js', B, C]],
  [['--suite=faults'], ['dist/test/faults/d.test.js', 'dist/test/faults/deep/e.test.js']],
  [['test/routes/b.test.ts'], [B]],
  [
    ['./test/routes/b.test.ts', 'test/routes/c.test.ts', 'test/routes'],
    [B, C],
  ],
  [['test/routes/'], [B, C]],
  [[B], [B]],
  [['dist/bundled/test/routes/b.test.js'], [B]],
  [[join(root, 'test/routes/b.test.ts')], [B]],
  [['test/e2e'], ['dist/test/e2e/f.e2e.js']],
  [['test/faults/d.test.ts'], ['dist/test/faults/d.test.js']],
  [
    ['--grep=/x/', '--bail', B],
    ['--grep=/x/', '--bail', B],
  ],
  [
    ['--grep', 'x', B],
    ['--grep', 'x', B],
  ],
] as const) {
  t.test(`npm test -- ${args.join(' ').replace(root, '')}`, async (t) => {
    t.strictSame(select(args, root, root), expected);
  });
}

t.test('an argument that is not a test is an error that names it', async (t) => {
  for (const path of ['test/routes/none.test.ts', 'test/routes/help.ts', 'src/app.ts', '../a.test.ts', '']) {
    t.throws(() => select([path], root, root), { name: 'SelectionError', message: `no test at ${path}` }, path);
  }
  t.throws(() => select(['--suite=other'], root, root), SelectionError);
});
