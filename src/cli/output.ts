// What commands print.

/** Standard output cannot be written: its disk is full, or its reader has gone (`| head`). */
export class OutputFailed extends Error {
  override readonly name = 'OutputFailed';

  constructor(error: NodeJS.ErrnoException) {
    super(`standard output cannot be written (${error.code ?? error.name})`);
  }
}

// Of the process, as its standard output is. Node forgets the error of a standard stream once it has been emitted.
let emitted: NodeJS.ErrnoException | undefined;

/** From now on an error of standard output does not end the process; `outputFailure` has it. */
export function keepOutputErrors(): void {
  process.stdout.on('error', (error) => {
    emitted ??= error;
  });
}

/** Why standard output could not be written; undefined as long as it could be. */
export function outputFailure(): OutputFailed | undefined {
  const error = emitted ?? process.stdout.errored;
  return error ? new OutputFailed(error) : undefined;
}

/** Writes to standard output. Throws OutputFailed once something before could not be written: nobody reads what would follow. */
export function printText(text: string): void {
  const failure = outputFailure();
  if (failure !== undefined) throw failure;
  process.stdout.write(text);
}

/** Rows of text, each column as wide as its widest; nothing for no rows. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const shown = rows.map((row) => row.map(harmless));
  const widths = (shown[0] ?? []).map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  for (const row of shown) {
    const line = row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ');
    printText(`${line.trimEnd()}\n`);
  }
}

/** One line of JSON, for programs. */
export function printJson(value: unknown): void {
  printText(`${JSON.stringify(value)}\n`);
}

/** To the second, UTC; nothing for none. */
export function moment(instant: Date | null): string {
  return instant?.toISOString().slice(0, 19).replace('T', ' ') ?? '';
}

/** User agents and names are written by strangers: a terminal must not obey them, nor text run backwards. */
function harmless(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
}
