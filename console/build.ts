// Bundles the console into console/public beside itself: files named by their content, and a page that names them.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { palette } from '../src/account-pages/palette.js';

// This file runs compiled, as console/build.js in the folder that the build script compiles to.
const root = join(import.meta.dirname, '..', '..');
const source = (name: string) => join(root, 'console', name);
const outdir = join(import.meta.dirname, 'public');

/** What console.css imports: the account pages are served without a build, so their colors are code of the service. */
const paletteCss: Plugin = {
  name: 'palette-css',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^palette\.css$/ }, ({ path }) => ({ path, namespace: 'palette-css' }));
    onLoad({ filter: /.*/, namespace: 'palette-css' }, () => ({ contents: palette, loader: 'css' }));
  },
};

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [source('console.tsx'), source('console.css'), source('icon.svg')],
  outdir,
  entryNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.svg': 'copy' },
  tsconfigRaw: {},
  plugins: [paletteCss],
  metafile: true,
});
const outputs = Object.keys(metafile.outputs).map((path) => join(root, path));

const hashedName = (name: string, extension: string): string => {
  const found = outputs.find((path) => basename(path).startsWith(`${name}-`) && path.endsWith(extension));
  if (found === undefined) throw new Error(`esbuild did not write ${name}${extension}`);
  return basename(found);
};

let page = readFileSync(source('index.html'), 'utf8');
for (const [name, extension] of [
  ['console', '.js'],
  ['console', '.css'],
  ['icon', '.svg'],
] as const) {
  page = page.replace(`${name}${extension}`, hashedName(name, extension));
}
writeFileSync(join(outdir, 'index.html'), page);
// The same page for /admin without the trailing slash, where relative links start one folder higher.
writeFileSync(join(outdir, 'no-slash.html'), page.replaceAll('"./', '"./admin/'));

let bytes = 0;
for (const path of [...outputs, join(outdir, 'index.html'), join(outdir, 'no-slash.html')]) {
  bytes += gzipSync(readFileSync(path), { level: 9 }).length;
}
process.stdout.write(`console: ${(bytes / 1000).toFixed(1)} kB gzip\n`);
