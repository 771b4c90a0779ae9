// The pages under /dev/mail/, which show caught mails to a developer.
import type { CaughtMail } from './caught.js';
import { escapeHtml } from './templates/layout.js';

/** The list of mails, newest first. Its links are relative, because a proxy may add a prefix. */
export function caughtMailsPage(mails: readonly CaughtMail[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>E-mails · Latchkey</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="mail.css">
</head>
<body>
<main>
<h1>E-mails</h1>
<p>E-mails are shown here and not sent, because <code>SMTP_URL</code> is not set. The newest comes first. <a href="./">Reload</a></p>
${mails.length === 0 ? '<p>There are no e-mails yet.</p>' : mails.map(article).join('\n')}
</main>
</body>
</html>
`;
}

function article({ id, kind, to, subject, text, html, date }: CaughtMail): string {
  const title = escapeHtml(subject);
  const frame = `<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" src="${id}/" title="${title} (HTML)" loading="lazy"></iframe>`;
  return `<article aria-labelledby="mail-${id}">
<h2 id="mail-${id}">${title}</h2>
<dl>
<dt>To</dt><dd>${escapeHtml(to)}</dd>
<dt>Kind</dt><dd><code>${escapeHtml(kind)}</code></dd>
<dt>Time</dt><dd><time datetime="${date.toISOString()}">${date.toISOString().slice(0, 19).replace('T', ' ')} UTC</time></dd>
</dl>
<pre tabindex="0">${linked(text)}</pre>
${html === undefined ? '' : `<details><summary>HTML</summary>${frame}</details>`}
</article>`;
}

/** The HTML of a mail, for the frame: links open in a window of their own. */
export function framedHtml(html: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => `${head}${base}`) : `${base}${html}`;
}

/** Text with its URLs as links. */
function linked(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) => {
      const escaped = escapeHtml(part);
      return index % 2 === 1 ? `<a href="${escaped}" rel="noreferrer">${escaped}</a>` : escaped;
    })
    .join('');
}

export const caughtMailsStyle = `:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: #fff; color: #1b1b1b; }
a { color: #0b57b0; }
@media (prefers-color-scheme: dark) { body { background: #16181c; color: #e8e8e8; } a { color: #9ecbff; } }
main { max-width: 46rem; margin: 0 auto; padding: 1rem; }
article { margin: 1.5rem 0; padding: 1rem; border: 1px solid GrayText; border-radius: 8px; }
h2 { margin: 0 0 .5rem; font-size: 1.15rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0 0 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0 0 1rem; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
summary { cursor: pointer; padding: .25rem 0; }
iframe { width: 100%; height: 32rem; margin-top: .5rem; border: 1px solid GrayText; background: Canvas; }
`;
