// Bundles the script and the style of the page /docs/ into api-docs/public beside itself.
import { join } from 'node:path';
import { build } from 'esbuild';

// This file runs compiled, as api-docs/build.js in the folder that the build script compiles to.
const root = join(import.meta.dirname, '..', '..');

await build({
  absWorkingDir: root,
  entryPoints: ['page.ts', 'page.css'].map((name) => join(root, 'api-docs', name)),
  outdir: join(import.meta.dirname, 'public'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  tsconfigRaw: {},
});
