// Locates the package, starting from the compiled file: SQL files and package.json are not copied to dist.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder that contains package.json. */
export const packageRoot = findUpwards('package.json', import.meta.dirname);

/** The version in package.json. */
export const packageVersion: string = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version;

/** The nearest folder at or above `folder` that contains the file. The depth varies between dist/src and bundles in dist/bundle. */
function findUpwards(name: string, folder: string): string {
  if (existsSync(join(folder, name))) return folder;
  if (dirname(folder) === folder) throw new Error(`no ${name} above ${import.meta.dirname}`);
  return findUpwards(name, dirname(folder));
}
