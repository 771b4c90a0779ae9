// Where the package lies, found from the compiled file: SQL files and package.json are not copied to dist.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of package.json. */
export const packageRoot = join(import.meta.dirname, '..', '..');

/** The version in package.json. */
export const packageVersion: string = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version;
