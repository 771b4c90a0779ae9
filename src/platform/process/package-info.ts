// Where the package lies, found from the compiled file: SQL files and package.json are not copied to dist.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of package.json. */
export const packageRoot = holderOf('package.json', import.meta.dirname);

/** The version in package.json. */
export const packageVersion: string = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version;

/** The nearest folder above that has the file: this one is compiled to dist/src, and bundled into a folder below dist/bundle. */
function holderOf(name: string, folder: string): string {
  if (existsSync(join(folder, name))) return folder;
  if (dirname(folder) === folder) throw new Error(`no ${name} above ${import.meta.dirname}`);
  return holderOf(name, dirname(folder));
}
