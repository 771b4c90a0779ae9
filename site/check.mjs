// Checks the built site (.ci/site): each link and picture leads to a file of it, and no page loads anything from elsewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [, , site = ''] = process.argv;
const problems = [];
const html = readdirSync(site, { recursive: true }).filter((name) => name.endsWith('.html') && name !== '404.html');
let links = 0;
for (const page of html) {
  const text = readFileSync(join(site, page), 'utf8');
  for (const [tag] of text.matchAll(/<(?:script|link|img)[^>]+(?:src|href)="(?:https?:)?\/\/[^>]*>/g))
    problems.push(`${page}: ${tag}`);
  for (const [, link] of text.matchAll(/(?:href|src)="([^"#?]+)[^"]*"/g)) {
    if (/^[a-z]+:/.test(link)) continue;
    links += 1;
    const path = link.startsWith('/') ? join(site, link) : join(site, dirname(page), link);
    if (!existsSync(path)) problems.push(`${page}: ${link}`);
  }
}
if (!existsSync(join(site, 'index.html')) || links < 500) problems.push(`${html.length} pages with ${links} links`);
for (const problem of problems) process.stderr.write(`site: ${problem}\n`);
if (problems.length > 0) process.exit(1);
process.stdout.write(`site: ${html.length} pages, ${links} links\n`);
