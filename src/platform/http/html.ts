// HTML that is made on the server: every value in it is escaped, unless it is HTML that was made here too.

/** A piece of HTML in which all values are escaped. */
export class Html {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

type Value = Html | string | number | false | undefined | readonly Value[];

/** A template of HTML. Text becomes text, or the value of a quoted attribute; `false` and undefined become nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.reduce((text, each, i) => text + render(values[i - 1]) + each));
}

function render(value: Value): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(render).join('');
  return String(value).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
