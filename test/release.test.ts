// The check of a release (scripts/check-release.mjs) passes here, and finds versions and tags that disagree.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';

const FILES = [
  'package.json',
  'package-lock.json',
  'Dockerfile',
  'README.md',
  'CHANGELOG.md',
  'docs/deploy.md',
  'client/package.json',
];
const FOLDERS = ['deploy/kubernetes'];
const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };

const { findDisagreements } = await import(join(packageRoot, 'scripts', 'check-release.mjs'));

/** The files in a repository of their own, with one commit. */
function repository(t: { teardown: (end: () => void) => void }) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-release-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of [...FILES, ...FOLDERS]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(packageRoot, name), join(folder, name), { recursive: true });
  }
  const git = (...args: string[]) => {
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
    const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'a release');
  return {
    git,
    change: (name: string, from: string | RegExp, to: string) => {
      const path = join(folder, name);
      writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
    },
    check: ({ tagged = false } = {}): string[] => findDisagreements(folder, { tagged }),
  };
}

t.test('versions, changelog and tag must agree', async (t) => {
  const { git, change, check } = repository(t);
  t.strictSame(check(), []);
  t.strictSame(check({ tagged: true }), ['this commit has no tag']);

  change('CHANGELOG.md', /^## .*$/m, `## ${version} - 2026-12-01`);
  git('tag', `v${version}`);
  t.strictSame(check({ tagged: true }), []);

  change('Dockerfile', `ARG VERSION="${version}"`, 'ARG VERSION="9.9.9"');
  t.strictSame(check(), [`Dockerfile names 9.9.9, not ${version}`]);
  change('Dockerfile', 'ARG VERSION="9.9.9"', `ARG VERSION="${version}"`);

  change('CHANGELOG.md', /^## .*$/m, '## Unreleased');
  t.strictSame(check(), ['this commit has a tag, and CHANGELOG.md begins with "Unreleased"']);
  change('CHANGELOG.md', /^## .*$/m, '## 9.9.9 - 2026-12-01');
  t.match(check()[0], 'CHANGELOG.md begins with "9.9.9 - 2026-12-01"');
  change('CHANGELOG.md', /^## .*$/m, `## ${version} - 2026-12-01`);

  git('tag', 'v9.9.9');
  t.strictSame(check(), [`the tag of this commit is v9.9.9, not v${version}`]);
});

t.test('they agree in this checkout', async (t) => {
  t.strictSame(findDisagreements(packageRoot, { tagged: false }), []);
});
