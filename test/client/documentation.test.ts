// The examples of docs/client.md compile against the client, and the one for Node runs.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { compile } from '../support/compile.js';
import { codeBlocks } from '../support/page.js';
import { service } from './support.js';

const run = promisify(execFile);

t.test('the examples compile as modules that import latchkey-client', async (t) => {
  const parent = join(packageRoot, 'dist', 'test', 'client');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'examples-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const blocks = codeBlocks('client.md', 'ts');
  t.ok(blocks.length >= 4);
  const files = await Promise.all(
    blocks.map(async (text, at) => {
      const file = join(folder, `${at}.ts`);
      await writeFile(file, text);
      return file;
    }),
  );
  t.equal(await compile(folder, files), '');

  const { origin } = await service(t);
  const forNode = files[blocks.findIndex((text) => text.includes('LATCHKEY_URL'))] ?? '';
  const { stdout } = await run(process.execPath, [forNode.replace(/\.ts$/, '.js')], {
    env: { ...process.env, LATCHKEY_URL: origin },
  });
  t.equal(stdout, '3 Robot\nok\ntrue\n');
});
