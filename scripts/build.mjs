// npm run build: compiles and bundles in a staging folder and then moves the result to dist, so that a service which runs from dist, or a
// command that starts during the build, never misses a file. Plain JavaScript, because it runs before anything is compiled.
//
// Processes run dist/bundle/<hash of its content>. The launcher dist/bundle/src/cli/main.js names one of these folders and is replaced
// atomically. Older bundles remain for the processes that run them. All other files in dist are replaced one by one.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const staging = join(root, `.dist-${process.pid}`);
/** The number of different builds to keep. A process of an older build may miss files that it has not loaded yet. */
const KEPT_BUNDLES = 8;
const BUNDLE_NAME = /^[0-9a-f]{16}$/;
/** For npm packages: keep only this build. */
const alone = process.argv.includes('--alone');
/** Build even if nothing has changed since the last build. */
const force = alone || process.argv.includes('--force');
/** Contains a hash of all inputs of the build in dist. */
const STAMP = '.build';

/** The running command. @type {import('node:child_process').ChildProcess | undefined} */
let child;

for (const [signal, number] of /** @type {const} */ ([
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
])) {
  process.once(signal, () => {
    const end = () => {
      rmSync(staging, { recursive: true, force: true, maxRetries: 10 });
      process.exit(128 + number);
    };
    // Kills the whole process group, which would otherwise continue to write: tsc runs the compiler as a child.
    if (child?.pid === undefined) end();
    else {
      child.removeAllListeners('exit').once('exit', end);
      process.kill(-child.pid, 'SIGKILL');
    }
  });
}

const made = fingerprint();
if (!force && readStamp() === made) process.exit(0);

removeAbandoned();
try {
  await run(join(root, 'node_modules', '.bin', 'tsc'), ['--outDir', staging]);
  await run(process.execPath, [join(staging, 'console', 'build.js')]);
  await run(process.execPath, [join(staging, 'api-docs', 'build.js')]);
  await run(process.execPath, [join(staging, 'bundle.js')]);
  publish();
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`build: ${error instanceof Error ? error.message : error}\n`);
} finally {
  rmSync(staging, { recursive: true, force: true });
  // Again: the compiler of a killed build may have written meanwhile.
  removeAbandoned();
}

/** @param {string} command @param {readonly string[]} args */
function run(command, args) {
  return new Promise((resolve, reject) => {
    child = spawn(command, args, { cwd: root, stdio: 'inherit', detached: true });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      child = undefined;
      if (code === 0) resolve(undefined);
      else
        reject(
          new Error(`${command.slice(root.length + 1) || command} ended with ${signal ?? code}; dist is as it was`),
        );
    });
  });
}

function publish() {
  const bundle = join(staging, 'bundle');
  for (const page of ['console', 'api-docs']) {
    cpSync(join(staging, page, 'public'), join(bundle, page, 'public'), { recursive: true });
  }
  const name = hashOf(bundle);
  const target = join(dist, 'bundle', name);
  mkdirSync(join(dist, 'bundle'), { recursive: true });
  if (!existsSync(target)) renameOver(bundle, target);
  const now = new Date();
  utimesSync(target, now, now);
  rmSync(bundle, { recursive: true, force: true });

  const launcher = join('bundle', 'src', 'cli', 'main.js');
  mkdirSync(dirname(join(staging, launcher)), { recursive: true });
  writeFileSync(join(staging, launcher), launcherOf(name));
  chmodSync(join(staging, launcher), 0o755);

  // The launcher is replaced last, when the bundle that it names exists.
  const files = filesBelow(staging).filter((file) => file !== launcher);
  rmSync(join(dist, STAMP), { force: true });
  for (const file of [...files, launcher]) replace(file);
  removeStale(new Set([...files, launcher]));
  removeOldBundles(name);
  writeFileSync(join(dist, STAMP), made);
}

/**
 * A hash of all inputs: sources, tools, and the versions of the packages in the bundle. It covers contents rather than modification
 * times, because checking out another branch can restore an old time.
 */
function fingerprint() {
  const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  const tools = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'scripts/build.mjs',
    'node_modules/.package-lock.json',
  ];
  const hash = createHash('sha256');
  for (const path of [...include, 'console', 'api-docs', ...tools]) {
    const absolute = join(root, path);
    if (!existsSync(absolute)) continue;
    const files = statSync(absolute).isFile() ? [''] : filesBelow(absolute);
    for (const file of files)
      hash
        .update(`${path}/${file}\0`)
        .update(readFileSync(join(absolute, file)))
        .update('\0');
  }
  return hash.digest('hex');
}

/** Undefined if dist is missing or a build was interrupted. */
function readStamp() {
  try {
    return readFileSync(join(dist, STAMP), 'utf8');
  } catch {
    return undefined;
  }
}

/** @param {string} name */
function launcherOf(name) {
  return `#!/usr/bin/env node
// Made by build.js: runs one build. The path of its own main is handed on, so that worker processes stay with that build.
import { fileURLToPath } from 'node:url';

const main = new URL('../../${name}/src/cli/main.js', import.meta.url);
process.argv[1] = fileURLToPath(main);
await import(main.href);
`;
}

/** Replaces a file atomically. An unchanged file is kept, for programs that watch it. @param {string} file */
function replace(file) {
  const from = join(staging, file);
  const to = join(dist, file);
  if (existsSync(to) && statSync(to).isFile() && readFileSync(from).equals(readFileSync(to))) return;
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
}

/** A concurrent build may have created the same bundle. @param {string} from @param {string} to */
function renameOver(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/**
 * Removes compiled files whose source was deleted: a route among them would still be served. Tests may be running from dist/bundled.
 * @param {ReadonlySet<string>} current
 */
function removeStale(current) {
  for (const file of filesBelow(dist)) {
    const [top, second = ''] = file.split(sep);
    if (current.has(file) || file === STAMP || top === 'bundled' || (top === 'bundle' && BUNDLE_NAME.test(second)))
      continue;
    rmSync(join(dist, file), { force: true });
    let folder = dirname(join(dist, file));
    while (folder !== dist && existsSync(folder) && readdirSync(folder).length === 0) {
      rmSync(folder, { recursive: true });
      folder = dirname(folder);
    }
  }
}

/** @param {string} current */
function removeOldBundles(current) {
  const folder = join(dist, 'bundle');
  const others = readdirSync(folder)
    .filter((name) => BUNDLE_NAME.test(name) && name !== current)
    .map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
    .sort((one, other) => other.time - one.time);
  for (const { path } of others.slice(alone ? 0 : KEPT_BUNDLES)) rmSync(path, { recursive: true, force: true });
}

/** Removes the staging folders of builds that were killed. */
function removeAbandoned() {
  for (const name of readdirSync(root)) {
    const pid = Number(/^\.dist-(\d+)$/.exec(name)?.[1]);
    if (!(pid > 0) || isAlive(pid)) continue;
    try {
      rmSync(join(root, name), { recursive: true, force: true });
    } catch (error) {
      // Its compiler is still writing.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOTEMPTY') throw error;
    }
  }
}

/** @param {number} pid */
function isAlive(pid) {
  // In containers, each build may have the same process id.
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** Relative paths, sorted. @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** @param {string} folder */
function hashOf(folder) {
  const hash = createHash('sha256');
  for (const file of filesBelow(folder))
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
}
