// Makes the text and the HTML of the built-in mails from the same paragraphs.
import type { MailText } from '../message.js';

/** What a built-in template says. All values are plain text. */
export interface Content {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** The link to follow, and the words on its button. */
  readonly button?: { readonly label: string; readonly url: string };
  /** A code to type in. */
  readonly code?: string;
  /** Facts in two columns. */
  readonly facts?: readonly (readonly [name: string, value: string])[];
  /** What follows the button. */
  readonly closing: readonly string[];
}

/** Uses no images or styles from other hosts, whose requests would reveal that the mail was opened. */
export function layOut(content: Content, language: string): MailText {
  return { subject: content.subject, text: textOf(content), html: htmlOf(content, language) };
}

function textOf({ paragraphs, button, code, facts, closing }: Content): string {
  const blocks = [
    ...paragraphs,
    ...(facts === undefined ? [] : [facts.map(([name, value]) => `${name}: ${value}`).join('\n')]),
    ...(code === undefined ? [] : [code]),
    // On a line of its own, so that programs recognize all of it as a link.
    ...(button === undefined ? [] : [`${button.label}:\n${button.url}`]),
    ...closing,
  ];
  return `${blocks.join('\n\n')}\n`;
}

const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

function htmlOf({ subject, paragraphs, button, code, facts, closing }: Content, language: string): string {
  const paragraph = (text: string) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`;
  const blocks = [
    ...paragraphs.map(paragraph),
    ...(facts === undefined ? [] : [factTable(facts)]),
    ...(code === undefined ? [] : [codeBlock(code)]),
    ...(button === undefined ? [] : [buttonBlock(button.label, button.url)]),
    ...closing.map(paragraph),
  ];
  // Colors are left to the reader's program, in light and dark, except on the button.
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:24px">
<div style="max-width:560px;margin:0 auto;${FONT};font-size:16px;line-height:1.5;overflow-wrap:anywhere;word-break:break-word">
${blocks.join('\n')}
</div>
</body>
</html>
`;
}

function buttonBlock(label: string, url: string): string {
  const href = escapeHtml(url);
  return `<p style="margin:0 0 16px"><a href="${href}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#1f5fbf;color:#ffffff;text-decoration:none;font-weight:600">${escapeHtml(label)}</a></p>
<p style="margin:0 0 16px;font-size:14px">If the button does not work, open this address:<br><a href="${href}" style="word-break:break-all">${href}</a></p>`;
}

function codeBlock(code: string): string {
  return `<p style="margin:0 0 16px;font-size:28px;font-weight:600;letter-spacing:4px">${escapeHtml(code)}</p>`;
}

function factTable(facts: readonly (readonly [string, string])[]): string {
  const rows = facts.map(
    ([name, value]) =>
      `<tr><td style="padding:0 16px 4px 0;vertical-align:top;white-space:nowrap">${escapeHtml(name)}</td><td style="padding:0 0 4px">${escapeHtml(value)}</td></tr>`,
  );
  return `<table role="presentation" style="margin:0 0 16px;border-collapse:collapse">${rows.join('')}</table>`;
}

/** For text and for attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
