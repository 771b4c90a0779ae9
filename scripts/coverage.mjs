// npm run coverage: runs the tests of `npm test`, or the given ones, with V8 coverage, including processes that tests start. Prints the
// coverage of lines and branches in src, plugins, routes and client, and fails below the thresholds of .c8rc.json. The arguments `tests`
// and `report` run one of the two steps.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const raw = join(root, 'coverage', 'raw');
const own = join(root, 'coverage', 'own');
/** Tests, and processes that they start, run what is bundled with the tests; a few tests run as compiled. */
const MEASURED = ['dist', 'dist/bundled'].flatMap((dist) =>
  ['src', 'plugins', 'routes', 'client'].map((folder) => pathToFileURL(join(root, dist, folder, '/')).href),
);

const [, , ...args] = process.argv;
const half = args[0] === 'tests' || args[0] === 'report' ? args.shift() : undefined;
let code = 0;
if (half !== 'report') code = tests();
if (half !== 'tests') code ||= report();
process.exitCode = code;

function tests() {
  rmSync(raw, { recursive: true, force: true });
  return node({ NODE_V8_COVERAGE: raw }, 'dist/test/run.js', ...args);
}

function report() {
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  // Each process also records its packages. Without those, c8 takes seconds instead of minutes.
  for (const name of readdirSync(raw)) {
    const { result, 'source-map-cache': maps = {}, ...rest } = JSON.parse(readFileSync(join(raw, name), 'utf8'));
    const isMeasured = (/** @type {string} */ url) => MEASURED.some((folder) => url.startsWith(folder));
    const measured = result.filter((/** @type {{ url: string }} */ { url }) => isMeasured(url));
    if (measured.length === 0) continue;
    const ownMaps = Object.fromEntries(Object.entries(maps).filter(([url]) => isMeasured(url)));
    writeFileSync(join(own, name), JSON.stringify({ ...rest, result: measured, 'source-map-cache': ownMaps }));
  }
  return node({}, 'node_modules/c8/bin/c8.js', 'report', '--temp-directory', own);
}

/**
 * @param {Record<string, string>} env
 * @param {...string} argv
 */
function node(env, ...argv) {
  return (
    spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1
  );
}
