// Builds dist: compiles, bundles what a process runs, and bundles the console. Each step is skipped when nothing that it reads has changed.
// `--clean` starts from an empty dist. Plain JavaScript, because it runs before anything is compiled.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const STAMP = join(dist, '.build.json');
const BUILD_INFO = join(dist, '.tsbuildinfo');

/** The folders and files that tsc compiles, as tsconfig.json lists them. */
const compiled = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).include;
/** What each step depends on besides its sources: a new version of a package must reach the bundles. */
const TOOLS = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'scripts/build.mjs',
  'node_modules/.package-lock.json',
];
const SOURCES = [...compiled, ...TOOLS];
/** Compiled folders that end up in the bundle of the service. */
const BUNDLED = ['dist/bundle.js', 'dist/src', 'dist/plugins', 'dist/routes', 'dist/drizzle', ...TOOLS];
const CONSOLE = ['dist/console/build.js', 'console', 'client', ...TOOLS];

/**
 * Every file below these paths, relative to the root.
 * @param {readonly string[]} paths
 */
function filesOf(paths) {
  return paths.flatMap((path) => {
    const absolute = join(root, path);
    if (!existsSync(absolute)) return [];
    if (statSync(absolute).isFile()) return [path];
    return readdirSync(absolute, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
      .sort();
  });
}

/**
 * A hash of names and contents. Contents and not times: a checkout of another branch can restore an old time.
 * @param {readonly string[]} paths
 */
function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of filesOf(paths)) hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

/**
 * Ends this process with the exit code of a step that failed.
 * @param {...string} args
 */
function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** Removes compiled files whose source is gone: the service would still serve a deleted route. */
function removeOrphans() {
  const folders = compiled.filter((path) => !path.endsWith('.ts')).map((path) => `dist/${path}`);
  for (const path of filesOf(folders)) {
    const source = path.slice('dist/'.length).replace(/(\.d)?\.js(\.map)?$/, '.ts');
    if (source.endsWith('.ts') && !existsSync(join(root, source))) rmSync(join(root, path));
  }
}

/** Whether each source has its compiled file. */
function isComplete() {
  return filesOf(compiled)
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .every((path) => existsSync(join(dist, path.replace(/\.ts$/, '.js'))));
}

/** @returns {Record<string, string>} */
function readStamp() {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'));
  } catch {
    return {};
  }
}

const started = performance.now();
if (process.argv.includes('--clean') || !isComplete()) rmSync(dist, { recursive: true, force: true });
const stamp = readStamp();
const done = [];

/**
 * @param {string} name
 * @param {readonly string[]} inputs
 * @param {() => void} run
 */
function step(name, inputs, run) {
  const print = fingerprint(inputs);
  if (stamp[name] === print) return;
  // Until the step has succeeded, the next build repeats it.
  delete stamp[name];
  if (existsSync(dist)) writeFileSync(STAMP, JSON.stringify(stamp));
  run();
  stamp[name] = print;
  writeFileSync(STAMP, JSON.stringify(stamp));
  done.push(name);
}

step('compile', SOURCES, () => {
  node('node_modules/typescript/bin/tsc', '--incremental', '--tsBuildInfoFile', BUILD_INFO);
  removeOrphans();
});
step('bundle', BUNDLED, () => node('dist/bundle.js'));
step('console', CONSOLE, () => node('dist/console/build.js'));
if (done.length > 0)
  process.stdout.write(`built (${done.join(', ')}) in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
