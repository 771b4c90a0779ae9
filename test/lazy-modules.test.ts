// What a start of the service must not load: each module costs memory in every process, and time at every start. The bundle is read;
// nothing is started.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';

const BUNDLES = join(packageRoot, 'dist', 'bundle');
/** The entry of the bundle names the folder of the build. */
const ENTRY = readFileSync(join(BUNDLES, 'src', 'cli', 'main.js'), 'utf8');
const BUILD = join(BUNDLES, /'\.\.\/\.\.\/([\da-f]+)\/src\/cli\/main\.js'/.exec(ENTRY)?.[1] ?? '');

/** Used by other commands, by features that are off by default, or by rare requests. */
const LAZY = ['nodemailer', 'csv-parse', '@zxcvbn-ts', '@node-rs/bcrypt', 'fastest-levenshtein', '@opentelemetry'];
/** The application, which the primary process of several workers does not run. */
const APPLICATION = [
  ...LAZY,
  'fastify',
  '@node-rs/argon2',
  'otpauth',
  'uqr',
  'fast-jwt',
  '@fastify/swagger',
  // The primary loads it only to start an embedded database.
  'postgres',
];

const IMPORT = /^(?:import|export)\b(?:[^'"();]*?\bfrom\s*)?["']([^"']+)["']/gm;

interface Loaded {
  /** Relative to the build. */
  readonly files: Set<string>;
  readonly packages: Set<string>;
}

/** The files that are loaded with these, and the packages in them. */
function loadedWith(entries: readonly string[]): Loaded {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = entries.map((name) => join(BUILD, name));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(relative(BUILD, file))) continue;
    files.add(relative(BUILD, file));
    const text = readFileSync(file, 'utf8');
    for (const [, name = ''] of text.matchAll(/^(?:\/\/|\s+") ?[^\n]*?node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm))
      packages.add(name);
    for (const [, target = ''] of text.matchAll(IMPORT)) {
      if (target.startsWith('.')) waiting.push(join(dirname(file), target));
      else packages.add(target);
    }
  }
  return { files, packages };
}

const filesIn = (folder: string) =>
  readdirSync(join(BUILD, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, name));
/** The chunks of the files with this name that are imported on demand. */
const chunks = (name: string) =>
  readdirSync(join(BUILD, 'src'))
    .filter((file) => new RegExp(`^${name}-[A-Z\\d]+\\.js$`).test(file))
    .map((file) => join('src', file));

const primary = loadedWith([join('src', 'cli', 'main.js'), ...chunks('serve')]);
const service = loadedWith([...primary.files, ...chunks('server'), ...filesIn('plugins'), ...filesIn('routes')]);
const withName = (packages: Iterable<string>, name: string) =>
  [...packages].filter((each) => each === name || each.startsWith(`${name}/`));

t.test('a start of the service loads nothing that only other commands or rare requests need', async (t) => {
  // The lists below would be satisfied by a reading that finds nothing.
  for (const name of ['fastify', '@node-rs/argon2', 'drizzle-orm', 'postgres']) t.ok(service.packages.has(name), name);
  for (const name of LAZY) t.strictSame(withName(service.packages, name), [], name);
  t.strictSame(
    chunks('commands').map((file) => service.files.has(file)),
    [false],
    'the other commands',
  );
});

t.test('the primary process of several workers loads nothing of the application', async (t) => {
  for (const name of ['pino', 'commander']) t.ok(primary.packages.has(name), name);
  for (const name of APPLICATION) t.strictSame(withName(primary.packages, name), [], name);
});

t.test('what is not loaded at a start is found in the bundle or beside it', async (t) => {
  const text = filesIn('.').map((file) => readFileSync(join(BUILD, file), 'utf8'));
  for (const name of LAZY)
    t.ok(
      text.some((each) => each.includes(name)),
      name,
    );
});
