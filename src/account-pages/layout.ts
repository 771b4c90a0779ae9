// The HTML of the pages that links in mails lead to: a form, or a message. They work without scripts.
import type { FieldError } from '#platform/errors/problem.js';
import { Html, html } from '#platform/http/html.js';
import { formScript } from './form-script.js';

/** A text field. */
export interface PageField {
  readonly name: string;
  readonly label: string;
  readonly type: 'password' | 'text';
  /** What the browser may fill in: an autofill token of HTML. */
  readonly autocomplete: string;
  readonly hint?: string;
}

/** A button that sends the form. Its name and value are sent too. */
export interface PageButton {
  readonly label: string;
  readonly name?: string;
  readonly value?: string;
  /** Whether it may be used while required fields are empty. */
  readonly skipsFields?: boolean;
}

/** What a page asks its reader. */
export interface PageForm {
  /** Paragraphs above the fields. */
  readonly intro: readonly string[];
  readonly fields?: readonly PageField[];
  /** The address of the account, with which a password manager stores the password of this form, or finds it. */
  readonly username?: string;
  /** The first one is the main action. */
  readonly buttons: readonly [PageButton, ...PageButton[]];
}

/** A page of text: a title and paragraphs. */
export interface PageMessage {
  readonly title: string;
  readonly text: readonly string[];
  readonly isError?: boolean;
}

interface FormState {
  readonly title: string;
  readonly token: string;
  /** Binds the form to the browser (form-cookie.ts). */
  readonly formKey?: string | undefined;
  /** Wrong fields, by their JSON pointers. */
  readonly errors?: readonly FieldError[];
  /** What went wrong other than in a field. */
  readonly problem?: string | undefined;
}

interface PageContext {
  /** The relative URL of the style sheet. */
  readonly styleUrl: string;
}

/** A page with a form. It is sent to the page's own URL without the query, so that the token is not in the URL of the answer. */
export function formPage(
  { intro, fields = [], username, buttons }: PageForm,
  { title, token, formKey, errors = [], problem }: FormState,
  context: PageContext,
): string {
  const messageOf = (name: string) => errors.find(({ path }) => path === `/${name}`)?.message;
  const firstWrong = fields.find(({ name }) => messageOf(name) !== undefined);
  const first = firstWrong ?? fields[0];
  return page(
    problem === undefined && firstWrong === undefined ? title : `Error: ${title}`,
    html`
      <h1>${title}</h1>
      ${problem !== undefined && html`<p class="error" role="alert">${problem}</p>`}
      ${intro.map((text) => html`<p>${text}</p>`)}
      <form method="post" action="?" autocomplete="on">
        <input type="hidden" name="token" value="${token}">
        ${formKey !== undefined && html`<input type="hidden" name="form_key" value="${formKey}">`}
        ${username !== undefined && usernameField(username)}
        ${fields.map((field) => fieldOf(field, messageOf(field.name), field === first))}
        <div class="buttons">
          ${buttons.map(
            ({ label, name, value, skipsFields }, i) => html`
              <button type="submit"${name !== undefined && html` name="${name}" value="${value}"`}${
                skipsFields === true && html` formnovalidate`
              }${i === 0 && html` class="primary"`}>${label}</button>`,
          )}
        </div>
      </form>
      <script>${new Html(formScript)}</script>`,
    context,
  );
}

/** A page without a form. */
export function messagePage({ title, text, isError = false }: PageMessage, context: PageContext): string {
  return page(
    title,
    html`
      <h1>${title}</h1>
      <div role="${isError ? 'alert' : 'status'}">${text.map((paragraph) => html`<p>${paragraph}</p>`)}</div>`,
    context,
  );
}

/** For password managers only: the text of the page says the address to its reader. Without a name, it is not sent. */
function usernameField(username: string): Html {
  return html`<input class="username" type="text" autocomplete="username" value="${username}" readonly tabindex="-1" aria-hidden="true">`;
}

function fieldOf(
  { name, label, type, autocomplete, hint }: PageField,
  error: string | undefined,
  hasFocus: boolean,
): Html {
  const descriptions = [hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`].filter(Boolean);
  return html`
    <div class="field">
      <label for="${name}">${label}</label>
      ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
      ${error !== undefined && html`<p class="error" id="${name}-error">${label}: ${error}.</p>`}
      <input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" required${
        descriptions.length > 0 && html` aria-describedby="${descriptions.join(' ')}"`
      }${error !== undefined && html` aria-invalid="true"`}${hasFocus && html` autofocus`}>
    </div>`;
}

function page(title: string, content: Html, { styleUrl }: PageContext): string {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <meta name="robots" content="noindex, nofollow">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${styleUrl}">
  </head>
  <body>
    <main>${content}
    </main>
  </body>
</html>
`.toString();
}
