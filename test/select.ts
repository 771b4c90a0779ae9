// Maps the arguments of `npm test` to compiled test files and options of tap.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** An argument does not name a test. The message is shown to the user. */
export class SelectionError extends Error {
  override readonly name = 'SelectionError';
}

/** Suites of their own, by their folders; every other test belongs to `npm test`. */
const SUITES = { faults: 'dist/test/faults/', docs: 'dist/test/docs/' } as const;
const COMPILED = /\.(test|e2e)\.js$/;
const SOURCE = /\.(test|e2e)\.ts$/;

/**
 * Arguments for tap: options as they came, then compiled files relative to `root`. Paths are those of the repository
 * (test/a.test.ts, ./test/a.test.ts, test/folder, absolute) or of dist. Without any path: every test but those of the
 * other suites; with `--suite=faults` or `--suite=docs`, one of them. Throws SelectionError for a path where no test is.
 */
export function select(args: readonly string[], root: string, cwd = process.cwd()): string[] {
  const options: string[] = [];
  const files: string[] = [];
  let suite = 'all';
  for (const [i, arg] of args.entries()) {
    const [, named] = /^--suite=(.*)$/.exec(arg) ?? [];
    if (named !== undefined) suite = named;
    else if (arg.startsWith('-')) options.push(arg);
    else {
      const found = testsAt(arg, root, cwd);
      const before = args[i - 1];
      if (found.length > 0) files.push(...found);
      // The value of an option, as in `--grep logout`.
      else if (before?.startsWith('-') && !before.includes('=')) options.push(arg);
      else throw new SelectionError(`no test at ${arg}: name a file (test/….test.ts) or a folder below test/`);
    }
  }
  if (files.length > 0) return [...options, ...new Set(files)];
  return [...options, ...suiteOf(suite, root)];
}

function suiteOf(suite: string, root: string): string[] {
  const all = filesBelow('dist/test', root).filter((path) => path.endsWith('.test.js'));
  const folders = Object.values(SUITES);
  if (suite === 'all') return all.filter((path) => !folders.some((folder) => path.startsWith(folder)));
  const folder = Object.entries(SUITES).find(([name]) => name === suite)?.[1];
  if (folder === undefined)
    throw new SelectionError(`there is no suite ${suite}: all, ${Object.keys(SUITES).join(', ')}`);
  return all.filter((path) => path.startsWith(folder));
}

/** The compiled tests at a path; empty when there are none. */
function testsAt(path: string, root: string, cwd: string): string[] {
  const absolute = isAbsolute(path) ? path : resolve(existsSync(resolve(cwd, path)) ? cwd : root, path);
  const inside = relative(root, absolute).split(sep).join('/');
  const inDist = inside.replace(/^dist\/bundled\//, 'dist/');
  const compiled = (inDist.startsWith('dist/') ? inDist : `dist/${inDist}`).replace(SOURCE, '.$1.js');
  const found = join(root, compiled);
  if (!compiled.startsWith('dist/test') || !existsSync(found)) return [];
  if (statSync(found).isDirectory()) return filesBelow(compiled, root);
  return COMPILED.test(compiled) ? [compiled] : [];
}

function filesBelow(folder: string, root: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder.replace(/\/$/, '')}/${name.split(sep).join('/')}`)
    .filter((path) => COMPILED.test(path))
    .sort();
}
