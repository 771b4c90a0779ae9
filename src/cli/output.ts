// The output of commands: text, tables and JSON on standard output.
import { commandContext } from './command-context.js';

/** Standard output cannot be written: the disk is full, or the reader has closed the pipe (`| head`). */
export class OutputFailed extends Error {
  override readonly name = 'OutputFailed';

  constructor(error: NodeJS.ErrnoException) {
    super(`standard output cannot be written (${error.code ?? error.name})`);
  }
}

/** Why standard output could not be written; undefined if it could. */
export function outputFailure({ outputError, stdout } = commandContext()): OutputFailed | undefined {
  const error = outputError ?? stdout.errored;
  return error ? new OutputFailed(error) : undefined;
}

/** Writes to standard output. Throws OutputFailed if an earlier write has failed: the reader is gone. */
export function printText(text: string): void {
  const failure = outputFailure();
  if (failure !== undefined) throw failure;
  commandContext().stdout.write(text);
}

/** Prints rows with aligned columns. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const shown = rows.map((row) => row.map(escapeControlCharacters));
  const widths = (shown[0] ?? []).map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  for (const row of shown) {
    const line = row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ');
    printText(`${line.trimEnd()}\n`);
  }
}

/** Prints one line of JSON. Characters that could control the terminal are escaped, as JSON itself does with those below U+0020 only. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value).replaceAll(CONTROL_CHARACTERS, (character) =>
    Array.from({ length: character.length }, (_, i) => unicodeEscape(character.charCodeAt(i))).join(''),
  );
  printText(`${text}\n`);
}

const unicodeEscape = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`;

/** UTC, to the second; empty for null. */
export function formatTimestamp(timestamp: Date | null): string {
  return timestamp?.toISOString().slice(0, 19).replace('T', ' ') ?? '';
}

const CONTROL_CHARACTERS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** User agents and names come from clients: they must not control the terminal or reverse the text direction. */
export function escapeControlCharacters(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, '\uFFFD');
}
