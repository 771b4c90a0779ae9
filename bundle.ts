// Bundles the service for scripts/build.mjs, so that a process has fewer and shorter files to find, read and compile at start.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions, filesBelow } from './bundle-options.js';

// The folder that this file was compiled to.
const dist = import.meta.dirname;
const outdir = join(dist, 'bundle');

rmSync(outdir, { recursive: true, force: true });
await build({
  ...bundleOptions(dist),
  entryPoints: [
    join(dist, 'src', 'cli', 'main.js'),
    ...filesBelow(join(dist, 'plugins')),
    ...filesBelow(join(dist, 'routes')),
  ],
  outdir,
  legalComments: 'linked',
});
