// The version is the same in every file that names it, the changelog has a heading for it, and a tag of this commit agrees:
// node scripts/check-release.mjs [--tagged]. With --tagged, this commit must be a release.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Each place that names the version. @type {readonly [string, RegExp][]} */
const PLACES = [
  ['package-lock.json', /^\{\s+"name": "latchkey",\s+"version": "(.*)",/g],
  ['package-lock.json', /"": \{\s+"name": "latchkey",\s+"version": "(.*)",/g],
  ['client/package.json', /^ {2}"version": "(.*)",$/gm],
  ['Dockerfile', /^ARG VERSION="(.*)"$/gm],
  ['deploy/kubernetes/latchkey.yaml', /image: .*\/latchkey:(.*)$/gm],
  ['deploy/kubernetes/migrate.yaml', /image: .*\/latchkey:(.*)$/gm],
  ['docs/deploy.md', /latchkey:(\d[\d.]+)/g],
  ['docs/deploy.md', /latchkey-(.*?)\.tgz/g],
  ['README.md', /^Latchkey (.*) is ready\.$/gm],
];

/** What disagrees, one line each. @param {string} root @param {{ tagged: boolean }} options @returns {string[]} */
export function findDisagreements(root, { tagged }) {
  /** @param {string} name */
  const read = (name) => readFileSync(join(root, name), 'utf8');
  const { version } = JSON.parse(read('package.json'));

  const problems = PLACES.flatMap(([name, pattern]) => {
    const found = [...read(name).matchAll(pattern)].map(([, each]) => each);
    if (found.length === 0) return [`${name} names no version (${pattern.source})`];
    return found.filter((each) => each !== version).map((each) => `${name} names ${each}, not ${version}`);
  });

  const [, heading = ''] = /^## (.*)$/m.exec(read('CHANGELOG.md')) ?? [];
  const isDated = new RegExp(`^\\[?${version.replaceAll('.', '\\.')}\\]? - \\d{4}-\\d\\d-\\d\\d$`).test(heading);
  if (!isDated && heading !== 'Unreleased') {
    problems.push(`CHANGELOG.md begins with "${heading}": neither "Unreleased" nor "${version} - <date>"`);
  }

  const listed = execFileSync('git', ['tag', '--points-at', 'HEAD', '--list', 'v*'], { cwd: root, encoding: 'utf8' });
  const tags = listed.split('\n').filter((tag) => tag !== '');
  for (const tag of tags.filter((each) => each !== `v${version}`))
    problems.push(`the tag of this commit is ${tag}, not v${version}`);
  if (tags.length > 0 && !isDated) problems.push(`this commit has a tag, and CHANGELOG.md begins with "${heading}"`);
  if (tagged && tags.length === 0) problems.push('this commit has no tag');
  return problems;
}

if (process.argv[1] === import.meta.filename) {
  const problems = findDisagreements(join(import.meta.dirname, '..'), { tagged: process.argv.includes('--tagged') });
  for (const problem of problems) process.stderr.write(`check-release: ${problem}\n`);
  if (problems.length > 0) process.exit(1);
  process.stdout.write('check-release: version, changelog and tag agree\n');
}
