// Reads an operator's own templates from the folder MAIL_TEMPLATES, and checks them before the service starts.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '#platform/config/config.js';
import type { MailKind } from '../kinds.js';
import { canonicalLanguage } from '../locale.js';
import { mailKinds, placeholders } from './values.js';

/** A template of an operator. */
export interface OwnTemplate {
  readonly subject: string;
  readonly text: string;
  /** Undefined: mails have no HTML part. */
  readonly html: string | undefined;
}

/** The templates of one kind, by language; the one without a language is `''`. */
export type OwnTemplates = ReadonlyMap<MailKind, ReadonlyMap<string, OwnTemplate>>;

/** `reason` is the file, and what to correct. */
class InvalidTemplates extends ConfigurationError {
  constructor(reason: string) {
    super(`MAIL_TEMPLATES: ${reason}`);
  }
}

const FILE_NAME = /^(?<kind>[a-z_]+)(\.(?<language>[A-Za-z0-9-]+))?\.(?<format>txt|html)$/;
const PLACEHOLDER = /\{\{(?<name>[^{}]*)\}\}/g;
const STYLE = /<style\b[^>]*>[^<]*<\/style>/gi;
const SUBJECT = /^Subject: (?<subject>[^\n]+)\n\n/;
const MAX_FILE_BYTES = 200_000;
const MAX_SUBJECT_LENGTH = 200;

/** Throws ConfigurationError for the first file that is wrong. Without a folder there are no templates. */
export function readTemplates(folder: string | undefined): OwnTemplates {
  if (folder === undefined) return new Map();
  const files = new Map(filesIn(folder).map((name) => [name, read(folder, name)]));
  const templates = new Map<MailKind, Map<string, OwnTemplate>>();
  for (const [file, content] of files) {
    const { kind, language, format } = parseName(file);
    const stem = file.slice(0, -format.length - 1);
    // Otherwise the HTML would be in one language and the text in another.
    if (!files.has(`${stem}.txt`)) throw new InvalidTemplates(`${file} requires ${stem}.txt beside it`);
    if (format === 'html') continue;
    const { subject, text } = splitSubject(file, content);
    const html = files.get(`${stem}.html`);
    checkPlaceholders(file, kind, content);
    if (text.trim() === '') throw new InvalidTemplates(`${file} has no text below its subject`);
    if (html !== undefined) {
      if (html.trim() === '') throw new InvalidTemplates(`${stem}.html is empty: delete it to send the text only`);
      checkPlaceholders(`${stem}.html`, kind, html);
    }
    const ofKind = templates.get(kind) ?? new Map<string, OwnTemplate>();
    if (ofKind.has(language)) throw new InvalidTemplates(`${file} is for the same language as another file`);
    templates.set(kind, ofKind.set(language, { subject, text, html }));
  }
  return templates;
}

/** Replaces placeholders. `escapeValue` makes a value safe in the format of the template. */
export function fillIn(
  template: string,
  values: Readonly<Record<string, string>>,
  escapeValue = (text: string) => text,
): string {
  return template.replaceAll(PLACEHOLDER, (_, name: string) => escapeValue(values[name.trim()] ?? ''));
}

function filesIn(folder: string): string[] {
  try {
    // Hidden files, such as those of editors and of Kubernetes volumes, are none of ours.
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch (error) {
    throw new InvalidTemplates(`the folder cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function read(folder: string, name: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(folder, name));
  } catch (error) {
    throw new InvalidTemplates(`${name} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (bytes.length > MAX_FILE_BYTES) throw new InvalidTemplates(`${name} is larger than ${MAX_FILE_BYTES} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
  } catch {
    throw new InvalidTemplates(`${name} is not UTF-8`);
  }
}

function parseName(file: string) {
  const { kind = '', language, format = '' } = FILE_NAME.exec(file)?.groups ?? {};
  const known = mailKinds.find((name) => name === kind);
  if (known === undefined) {
    throw new InvalidTemplates(
      `${file} is not a name of a template: use KIND.txt, KIND.html or KIND.LANGUAGE.txt, with a kind of ${mailKinds.join(', ')}`,
    );
  }
  const canonical = language === undefined ? '' : canonicalLanguage(language);
  if (canonical === undefined)
    throw new InvalidTemplates(`${file} has no valid language: use a tag such as de or pt-BR`);
  return { kind: known, language: canonical, format };
}

function splitSubject(file: string, content: string): { subject: string; text: string } {
  const match = SUBJECT.exec(content);
  const subject = match?.groups?.subject?.trim() ?? '';
  if (match === null || subject === '' || subject.length > MAX_SUBJECT_LENGTH) {
    throw new InvalidTemplates(`${file} must begin with a line "Subject: …" and an empty line`);
  }
  return { subject, text: content.slice(match[0].length) };
}

function checkPlaceholders(file: string, kind: MailKind, content: string): void {
  const known: readonly string[] = ['service', ...placeholders[kind]];
  for (const { groups } of content.matchAll(PLACEHOLDER)) {
    const name = groups?.name?.trim() ?? '';
    if (!known.includes(name)) {
      throw new InvalidTemplates(`${file} has the unknown placeholder {{${name}}}: use ${listOf(known)}`);
    }
  }
  // Two rules of CSS can end at once: `@media …{a{color:red}}`.
  if (/\{\{|\}\}/.test(content.replaceAll(PLACEHOLDER, '').replaceAll(STYLE, ''))) {
    throw new InvalidTemplates(`${file} has {{ or }} that belong to no placeholder`);
  }
  // A mail without its link would be useless.
  if (known.includes('url') && !/\{\{\s*url\s*\}\}/.test(content)) {
    throw new InvalidTemplates(`${file} must contain {{url}}`);
  }
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `{{${name}}}`).join(', ');
}
