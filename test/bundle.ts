// Bundles the tests with the service, because a test file that starts the service loads 700 modules, which takes longer than most tests.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { bundleOptions, filesBelow } from '../bundle-options.js';

/** These run as compiled, because they start processes of their own files. */
const NOT_BUNDLED = /^dist\/test\/(faults|e2e|docs|consumers)\//;
/** Packages for tests that are worth bundling. All others of devDependencies stay packages. */
const BUNDLED_TOOLS = ['ajv', 'ajv-formats', 'fast-check'];

/** Processes that run test files, more than cores: many tests wait for timers and processes. */
export const WORKERS = 4;

/** The bundled file of a compiled test, or the compiled file itself where there is none. */
export function bundledTest(file: string, root: string): string {
  const bundled = file.replace(/^dist\//, 'dist/bundled/');
  return existsSync(join(root, bundled)) ? bundled : file;
}

/** Bundles the compiled tests into dist/bundled, unless that was done since the last build. */
export async function bundleTests(root: string): Promise<void> {
  const dist = join(root, 'dist');
  const outdir = join(dist, 'bundled');
  const stamp = join(outdir, '.build');
  // Missing while a build replaces the files of dist.
  const made = read(join(dist, '.build'));
  if (made !== undefined && read(stamp) === made) return;
  rmSync(outdir, { recursive: true, force: true });
  const options = bundleOptions(dist);
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const tools = Object.keys(devDependencies).filter((name) => !BUNDLED_TOOLS.includes(name));
  const tests = filesBelow(join(dist, 'test')).filter(
    (path) => path.endsWith('.test.js') && !NOT_BUNDLED.test(path.slice(root.length + 1)),
  );
  await build({
    ...options,
    entryPoints: [
      ...filesBelow(join(dist, 'plugins')),
      ...filesBelow(join(dist, 'routes')),
      ...tests,
      join(dist, 'test', 'worker.js'),
      // For processes that tests start while coverage is measured: dist/bundle has no source maps.
      join(dist, 'src', 'cli', 'main.js'),
    ],
    outdir,
    external: [...options.external, ...tools],
    plugins: [currentTest(dist), ...options.plugins, withoutMapsOfPackages],
    sourcemap: 'linked',
    sourcesContent: false,
  });
  for (const page of ['console', 'api-docs']) {
    cpSync(join(dist, page, 'public'), join(outdir, page, 'public'), { recursive: true });
  }
  for (let number = 1; number <= WORKERS; number += 1) {
    writeFileSync(join(root, workerFile(number)), "import '../../test/start-worker.js';\n");
  }
  if (made !== undefined) writeFileSync(stamp, made);
}

/** tap runs a file once, so every worker has its own. */
export const workerFile = (number: number) => join('dist', 'bundled', 'test', `worker-${number}.test.js`);

const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

/** See test/current-test.ts. */
const currentTest = (dist: string): Plugin => ({
  name: 'current-test',
  setup({ onResolve }) {
    const path = join(dist, 'test', 'current-test.js');
    onResolve({ filter: /^tap$/ }, ({ importer }) =>
      importer === path || importer === join(dist, 'test', 'worker.js') ? undefined : { path },
    );
  },
});

/** Node reads the source maps of all files that it loads. Most of their size would be that of packages. */
const withoutMapsOfPackages: Plugin = {
  name: 'without-maps-of-packages',
  setup({ onLoad }) {
    const map = Buffer.from('{"version":3,"sources":[""],"mappings":"A"}').toString('base64');
    onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${map}`,
    }));
  },
};
