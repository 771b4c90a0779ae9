// The documentation as a site of static files with a search (VitePress): .ci/site <folder>. The pages are the Markdown files of the
// repository as they stand, so that they can be read there too.
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

// Tests read the list of pages without the packages of the site.
const { renderMermaidSVG } = await import('beautiful-mermaid').catch(() => ({}));

const root = join(import.meta.dirname, '..', '..');

/** The pages in the order in which a reader needs them: [title, file]. */
export const SECTIONS = [
  [
    'Start',
    [
      ['Start in a minute', 'README.md'],
      ['How it works', 'docs/how-it-works.md'],
    ],
  ],
  [
    'Guides',
    [
      ['TypeScript client', 'docs/client.md'],
      ['A React application', 'examples/react/README.md'],
      ['A page with passkeys', 'examples/second-factors/README.md'],
      ['A mobile app', 'docs/mobile.md'],
      ['Verify tokens in another service', 'docs/verify-tokens.md'],
      ['Accounts', 'docs/accounts.md'],
      ['Sign in by e-mail', 'docs/sign-in-by-mail.md'],
      ['Second factors', 'docs/second-factors.md'],
      ['Leaving', 'docs/leaving.md'],
      ['Moving in and out', 'docs/moving.md'],
      ['Proxies, browsers and supervisors', 'docs/proxies.md'],
    ],
  ],
  [
    'Reference',
    [
      ['Configuration', 'docs/configuration.md'],
      ['Errors', 'docs/errors.md'],
      ['Versions and compatibility', 'docs/compatibility.md'],
      ['Command line', 'docs/cli.md'],
      ['Roles and permissions', 'docs/roles.md'],
      ['Who may call what', 'docs/api-access.md'],
      ['Limits', 'docs/limits.md'],
    ],
  ],
  [
    'Deploy',
    [
      ['Docker, Compose, systemd, Kubernetes', 'docs/deploy.md'],
      ['Fly.io', 'docs/deploy-fly.md'],
      ['Database', 'docs/database.md'],
      ['From one machine to many', 'docs/scale.md'],
      ['Mail', 'docs/mail.md'],
    ],
  ],
  [
    'Operate',
    [
      ['The first week', 'docs/first-week.md'],
      ['Console', 'docs/console.md'],
      ['Live settings', 'docs/settings.md'],
      ['Signing keys', 'docs/signing-keys.md'],
      ['Metrics', 'docs/metrics.md'],
      ['Traces', 'docs/tracing.md'],
      ['Audit log', 'docs/audit.md'],
      ['Backup and restore', 'docs/backup.md'],
    ],
  ],
  [
    'Background',
    [
      ['Security', 'docs/security.md'],
      ['Threat model', 'docs/threat-model.md'],
      ['Reporting a vulnerability', 'SECURITY.md'],
      ['Reliability', 'docs/reliability.md'],
      ['Performance', 'docs/performance.md'],
      ['Benchmark', 'bench/README.md'],
      ['Decisions', 'docs/decisions.md'],
      ['Contributing', 'CONTRIBUTING.md'],
      ['Changelog', 'CHANGELOG.md'],
    ],
  ],
];

const pages = SECTIONS.flatMap(([, entries]) => entries.map(([, file]) => file));
/** The overview is the first page of the site, and also has the address of its file, to which other pages link. */
const HOME = 'README.md';

/** Made from the OpenAPI document by .ci/site. */
const API_PAGE = 'docs/api.md';

/** The files and folders that pages link to, which are not pages themselves: they are copied into the site. */
const linkedFiles = new Set(
  pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)\s#:]+)\)/g)]
      .map(([, link]) => normalize(join(dirname(page), link)))
      .filter((file) => !file.endsWith('.md') && existsSync(join(root, file))),
  ),
);

/** The name of a linked file in the site. The page of an example is its source, to be read: its scripts and styles are not there. */
const nameInSite = (file) => (file.endsWith('.html') ? `${file}.txt` : file);

/** Draws diagrams while the site is built, so that a page needs no script for them. GitHub draws the same text. */
function drawDiagrams(md) {
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index];
    if (info.trim() !== 'mermaid') return fence(tokens, index, ...rest);
    // The renderer would load a font from elsewhere.
    const svg = renderMermaidSVG(content).replace(/@import url\([^)]*\);/, '');
    const steps = content.split('\n').flatMap((line) => /: (.*)$/.exec(line)?.slice(1) ?? []);
    // The renderer leaves out what it does not know, such as a note before the first message.
    const missing = steps.filter((step) => !svg.includes(md.utils.escapeHtml(step)));
    if (missing.length > 0) throw new Error(`a diagram was drawn without: ${missing.join('; ')}`);
    const text = md.utils.escapeHtml(`Sequence: ${steps.join('; ')}`);
    return `<p><img class="diagram" alt="${text}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}"></p>`;
  };
}

export default {
  title: 'Latchkey',
  description: 'Authentication microservice',
  srcDir: '..',
  srcExclude: ['node_modules/**', 'dist/**', 'site/{node_modules,built}/**'],
  rewrites: { [HOME]: 'index.md', 'site/api.md': API_PAGE },
  // Links are checked: a page that does not exist fails the build.
  ignoreDeadLinks: [/^https?:\/\/localhost/],
  markdown: {
    // VitePress takes a link without a target for one to a page, and would look for `LICENSE.html`.
    config: (md) => {
      drawDiagrams(md);
      md.core.ruler.push('linked_files', ({ tokens, env }) => {
        const links = tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => type === 'link_open');
        for (const link of links) {
          const href = link.attrGet('href') ?? '';
          if (!linkedFiles.has(normalize(join(dirname(env.relativePath ?? ''), href)))) continue;
          link.attrSet('href', nameInSite(href));
          link.attrSet('target', '_blank');
        }
      });
    },
  },
  buildEnd: ({ outDir }) => {
    cpSync(join(outDir, 'index.html'), join(outDir, HOME.replace('.md', '.html')));
    for (const file of linkedFiles) cpSync(join(root, file), join(outDir, nameInSite(file)), { recursive: true });
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: SECTIONS.map(([text, entries]) => ({
      text,
      items: [
        ...(text === 'Reference' ? [{ text: 'API', link: `/${API_PAGE}` }] : []),
        ...entries.map(([title, file]) => ({ text: title, link: file === HOME ? '/' : `/${file}` })),
      ],
    })),
    footer: { message: `Version ${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}` },
  },
};
