// The links between the pages of the documentation, and the paths that they name.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'bench/README.md'],
  ...['examples/react/README.md', 'examples/second-factors/README.md'],
  ...readdirSync(join(packageRoot, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const SOURCE_PATH = /`((?:bench|client|console|docs|drizzle|plugins|routes|scripts|src|test)\/[\w./-]+)`/g;

/** The text of a page without its code blocks. */
function proseOf(page: string): string {
  return readFileSync(join(packageRoot, page), 'utf8').replaceAll(/^( *)```.*?^\1```$/gms, '');
}

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(page: string): Set<string> {
  return new Set(
    [...proseOf(page).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

t.test('every relative link leads to a file, and to a heading of it', async (t) => {
  for (const page of PAGES) {
    for (const [, link = ''] of proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(packageRoot, target))) t.fail(`${page}: ${link} leads to no file`);
      else if (anchor !== undefined) t.ok(anchorsOf(target).has(anchor), `${page}: ${link} leads to a heading`);
    }
  }
});

t.test('the site has every page, and each once', async (t) => {
  const { SECTIONS } = (await import(join(packageRoot, 'site', '.vitepress', 'config.mjs'))) as {
    SECTIONS: [string, [string, string][]][];
  };
  const listed = SECTIONS.flatMap(([, entries]) => entries.map(([, file]) => file));
  t.strictSame([...listed].sort(), [...PAGES].sort());
});

t.test('every path of the repository that a page names exists', async (t) => {
  for (const page of PAGES) {
    for (const [, path = ''] of proseOf(page).matchAll(SOURCE_PATH)) {
      const exists = [path, `${path}.ts`, `${path}.test.ts`].some((each) => existsSync(join(packageRoot, each)));
      t.ok(exists, `${page}: ${path}`);
    }
  }
});

/** The cells below the heading "tested in" of every table of a page. */
function testedIn(page: string): string[] {
  return [...proseOf(page).matchAll(/^\|.*\| tested in \|\n\|[-|]+\n((?:\|.*\n)+)/gm)].flatMap(([, rows = '']) =>
    rows
      .trimEnd()
      .split('\n')
      .map((row) => row.split(' | ').at(-1) ?? ''),
  );
}

t.test('every test that a table names exists, also by a short name', async (t) => {
  const files = readdirSync(join(packageRoot, 'test'), { recursive: true, encoding: 'utf8' }).map((file) => `/${file}`);
  const isTest = (name: string) =>
    existsSync(join(packageRoot, name)) ||
    [name, `${name}.test.ts`].some((each) => files.some((file) => file.endsWith(`/${each.replace(/^test\//, '')}`)));
  t.notOk(isTest('no-such-test.test.ts'), 'control');
  let named = 0;
  for (const page of ['docs/security.md', 'docs/threat-model.md', 'docs/reliability.md']) {
    for (const cell of testedIn(page)) {
      for (const [, name = ''] of cell.matchAll(/`([a-z0-9][a-z0-9./-]+)`/g)) {
        named += 1;
        t.ok(isTest(name), `${page}: ${name}`);
      }
    }
  }
  t.ok(named > 200, `${named} names`);
});
