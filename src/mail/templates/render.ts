// Renders a mail: from an operator's template in the best language that there is, or from the built-in one.
import type { MailData, MailKind } from '../kinds.js';
import type { MailText } from '../message.js';
import { BUILT_IN_LANGUAGE, builtIn } from './built-in.js';
import { fillIn, type OwnTemplates } from './files.js';
import { type Content, escapeHtml, layOut } from './layout.js';
import { type Sender, valuesOf } from './values.js';

/** The conventions of times where no language is known: without AM and PM, and with the name of the month. */
const DEFAULT_LOCALE = 'en-GB';

export type RenderMail = (kind: MailKind, data: MailData[MailKind], locale: string | null) => MailText;

/** Fills in templates, the operator's or the built-in ones. */
export function createRenderer(own: OwnTemplates, sender: Sender): RenderMail {
  return (kind, data, locale) => {
    const templates = own.get(kind);
    const language = languagesFor(locale).find((each) => templates?.has(each));
    const template = language === undefined ? undefined : templates?.get(language);
    if (template === undefined) {
      const values = valuesOf(kind, data, DEFAULT_LOCALE, sender);
      const make = builtIn[kind] as (values: Readonly<Record<string, string>>) => Content;
      return layOut(make(values), BUILT_IN_LANGUAGE);
    }
    const values = valuesOf(kind, data, language || DEFAULT_LOCALE, sender);
    return {
      subject: fillIn(template.subject, values),
      text: fillIn(template.text, values),
      html: template.html === undefined ? undefined : fillIn(template.html, values, escapeHtml),
    };
  };
}

/** `de-AT`, `de`, and then the template without a language. */
function languagesFor(locale: string | null): string[] {
  const subtags = locale?.split('-') ?? [];
  return [...subtags.map((_, index) => subtags.slice(0, subtags.length - index).join('-')), ''];
}
