// Each rule of .dependency-cruiser.cjs reports a violation of it, and every source file states its purpose. (`npm run lint` applies the
// rules.)
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { missingComments } from './support/architecture.js';

const SOURCE_FOLDERS = ['api-docs', 'bench', 'client', 'console', 'drizzle', 'src', 'plugins', 'routes'];

/** Files with one import each, and the rule that the import violates; undefined if it is allowed. */
const IMPORTS: readonly [path: string, statement: string, rule: string | undefined][] = [
  ['src/users/a.ts', "import type { B } from './b.js';", 'no-circular-files'],
  ['src/roles/to-audit.ts', "import type { X } from '#audit/leaf.js';", 'no-circular-folders'],
  ['src/audit/to-roles.ts', "import type { X } from '#roles/leaf.js';", 'no-circular-folders'],
  ['src/users/unresolvable.ts', "import { x } from '#users/not-there.js';", 'no-unresolvable'],
  ['src/users/development.ts', "import { x } from 'fast-check';", 'no-dev-dependencies'],
  ['src/users/unused.ts', '', 'no-orphans'],
  ['src/platform/log/up.ts', "import type { X } from '#tokens/leaf.js';", 'platform-below-domain'],
  ['src/platform/log/up-to-app.ts', "import type { X } from '../../app.js';", 'platform-below-domain'],
  ['src/platform/log/to-tables.ts', "import { x } from '#drizzle/leaf.js';", 'platform-below-domain'],
  ['src/users/to-cli.ts', "import { x } from '#cli/leaf.js';", 'domain-below-entry-points'],
  ['src/users/to-plugins.ts', "import { x } from '../../plugins/leaf.js';", 'src-below-plugins-and-routes'],
  ['src/users/to-routes.ts', "const x = await import('../../routes/leaf.js');", 'src-below-plugins-and-routes'],
  ['src/users/fastify.ts', "import type { FastifyRequest } from 'fastify';", 'fastify-in-entry-points-only'],
  ['src/users/fastify-jwt.ts', "import jwt from '@fastify/jwt';", 'fastify-in-entry-points-only'],
  ['src/users/to-schemas.ts', "export { x } from '#schemas/leaf.js';", 'schemas-on-top-of-the-domain'],
  ['src/users/to-tables.ts', "import { x } from '#drizzle/leaf.js';", 'tables-in-repositories-only'],
  ['drizzle/to-src.ts', "import { x } from '#tokens/leaf.js';", 'tables-import-nothing'],
  ['src/keys/service.ts', "import { eq } from 'drizzle-orm';", 'no-sql-in-services'],
  ['src/settings/service.ts', "import { x } from './repository.js';", 'services-receive-their-dependencies'],
  ['src/throttles/repository.ts', "import { x } from '#platform/errors/leaf.js';", 'repositories-return-rows'],
  ['plugins/to-routes.ts', "import x from '../routes/leaf.js';", 'plugins-below-routes'],
  ['plugins/to-plugin.ts', "import x from './leaf.js';", 'plugins-use-decorators'],
  ['plugins/platform/up.ts', "import type { X } from '#tokens/leaf.js';", 'platform-plugins-below-others'],
  ['routes/to-service.ts', "import { x } from '#tokens/leaf.js';", 'routes-use-decorators'],
  ['routes/to-plugin.ts', "import x from '../plugins/leaf.js';", 'routes-use-decorators'],
  ['routes/sql.ts', "import { sql } from 'drizzle-orm';", 'no-sql-and-no-crypto-in-routes'],
  ['routes/crypto.ts', "import { randomBytes } from 'node:crypto';", 'no-sql-and-no-crypto-in-routes'],
  ['client/to-src.ts', "import type { x } from '../src/tokens/leaf.js';", 'client-stands-alone'],
  ['client/node.ts', "import { randomUUID } from 'node:crypto';", 'client-stands-alone'],
  ['console/page.tsx', "import { x } from '../src/tokens/leaf.js';", 'console-uses-the-client'],
  ['api-docs/to-src.ts', "import type { x } from '../src/tokens/leaf.js';", 'api-docs-stand-alone'],
  ['bench/references/to-src.ts', "import { x } from '#tokens/leaf.js';", 'references-stand-alone'],

  ['src/app.ts', "import Fastify from 'fastify';", undefined],
  ['src/cli/main.ts', "import { x } from '#schemas/leaf.js';", undefined],
  ['src/sessions/repository.ts', "import { x } from '#drizzle/leaf.js';", undefined],
  ['src/sessions/service.ts', "import type { X } from './repository.js';", undefined],
  ['plugins/sessions.ts', "import type { X } from './leaf.js';", undefined],
  ['plugins/tokens.ts', "import { x } from '#tokens/leaf.js';", undefined],
  ['routes/good.ts', "import { x } from '#schemas/leaf.js';", undefined],
  ['routes/typed.ts', "import type { X } from '#tokens/leaf.js';", undefined],
  ['client/good.ts', "import createClient from 'openapi-fetch';", undefined],
  ['console/good.tsx', "import { render } from 'preact';", undefined],
];

const LEAVES = [
  'bench/leaf.ts',
  'drizzle/leaf.ts',
  'plugins/leaf.ts',
  'routes/leaf.ts',
  'src/audit/leaf.ts',
  'src/cli/leaf.ts',
  'src/platform/errors/leaf.ts',
  'src/roles/leaf.ts',
  'src/schemas/leaf.ts',
  'src/settings/repository.ts',
  'src/tokens/leaf.ts',
];

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

t.test('a violation of every import rule is reported, and allowed imports are not', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-imports-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['package.json', '.dependency-cruiser.cjs']) cpSync(join(packageRoot, name), join(folder, name));
  symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const path of LEAVES) write(path, 'export const x = 1;\nexport interface X {}\n');
  write('src/users/b.ts', "import type { A } from './a.js';\nexport interface B {}\n");
  for (const [path, statement] of IMPORTS) write(path, `${statement}\nexport interface A {}\nexport interface B {}\n`);

  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(packageRoot, 'node_modules', '.bin', 'depcruise'), ...SOURCE_FOLDERS, '--output-type', 'json'],
    { cwd: folder, maxBuffer: 2 ** 26 },
  ).catch((error) => error as { stdout: string });
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  const found = (from: string) => summary.violations.filter((each) => each.from === from).map(({ rule }) => rule.name);
  for (const [path, statement, rule] of IMPORTS) {
    if (rule === undefined) t.strictSame(found(path), [], `${path}: ${statement}`);
    else {
      const from = rule === 'no-circular-folders' ? dirname(path) : path;
      t.ok(found(from).includes(rule), `${path}: ${statement} breaks ${rule} (found: ${found(from)})`);
    }
  }
  const { forbidden } = (await import(join(packageRoot, '.dependency-cruiser.cjs'))).default as {
    forbidden: { name: string }[];
  };
  const shown = new Set(IMPORTS.map(([, , rule]) => rule));
  t.strictSame(
    forbidden.map(({ name }) => name).filter((name) => !shown.has(name)),
    [],
    'every rule has an example that violates it',
  );
});

t.test('every source file begins with a sentence on its purpose and documents its exports', async (t) => {
  const paths = SOURCE_FOLDERS.flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
  );
  t.ok(paths.length > 50, 'there are source files');
  const sources = new Map(paths.map((path) => [path, readFileSync(join(packageRoot, path), 'utf8')]));
  t.strictSame(missingComments(sources), []);
});

t.test('a missing comment is reported with its file and line', async (t) => {
  const HEAD = '// What it is for.\n';
  for (const [path, text, report] of [
    ['client/a.ts', `${HEAD}export class A {}`, 'client/a.ts:2: class A has no doc comment'],
    ['src/a.ts', `${HEAD}export function a() {}`, 'src/a.ts:2: function a has no doc comment'],
    ['src/a.ts', `${HEAD}export interface A {}`, 'src/a.ts:2: interface A has no doc comment'],
    ...['', '\n// Late.\n', '#!/usr/bin/env node\n', '/* Another comment. */\n', '// no sentence\n'].map(
      (head) =>
        [
          'plugins/a.ts',
          `${head}const a = 1;\n`,
          'plugins/a.ts:1: does not begin with a sentence on what it is for',
        ] as const,
    ),
  ] as const) {
    t.strictSame(missingComments(new Map([[path, `${text}\n`]])), [report], text);
  }
  const good = [
    ['client/openapi.ts', `${HEAD}export interface paths {}`],
    ['src/a.ts', `${HEAD}/** Documented. */\nexport function a() {}`],
    ['src/cli/main.ts', '#!/usr/bin/env node\n// A command.\nrun();'],
  ] as const;
  t.strictSame(missingComments(new Map(good)), []);
});
