// Compiles TypeScript that a page shows, as an application that has installed the package would.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '#platform/process/package-info.js';

const run = promisify(execFile);
// The compiler itself: its wrapper script fails under the loader that tap adds to every Node process.
const TSC = join(
  packageRoot,
  'node_modules',
  '@typescript',
  `typescript-${process.platform}-${process.arch}`,
  'lib',
  'tsc',
);

/**
 * Compiles `files` in a folder inside the package, with latchkey-client installed, in strict mode for browsers and Node. Resolves to what
 * the compiler has to say; empty if nothing.
 */
export async function compile(folder: string, files: readonly string[], options: object = {}): Promise<string> {
  const compiler = {
    extends: join(packageRoot, 'tsconfig.json'),
    compilerOptions: {
      lib: ['es2023', 'dom', 'dom.iterable'],
      rootDir: folder,
      outDir: folder,
      typeRoots: [join(packageRoot, 'node_modules', '@types')],
      ...options,
    },
    files,
    include: [],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(compiler));
  const installed = join(folder, 'node_modules', 'latchkey-client');
  if ((await mkdir(installed, { recursive: true })) !== undefined) {
    await copyFile(join(packageRoot, 'client', 'package.json'), join(installed, 'package.json'));
    await symlink(join(packageRoot, 'dist', 'client'), join(installed, 'dist'));
  }
  await emitClientTypes();
  const { stdout } = await run(TSC, ['-p', folder]).catch((error) => error);
  return stdout;
}

/**
 * Generates the types that package.json names, as `npm pack` does; the build for tests does not. Each file is replaced at once, because a
 * test in another process may be reading them.
 */
async function emitClientTypes(): Promise<void> {
  const target = join(packageRoot, 'dist', 'client');
  const staging = await mkdtemp(join(packageRoot, 'dist', 'client-types-'));
  try {
    await run(TSC, ['-p', join(packageRoot, 'client'), '--emitDeclarationOnly', '--outDir', staging]);
    const emitted = join(staging, 'client');
    for (const name of await readdir(emitted)) await rename(join(emitted, name), join(target, name));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
