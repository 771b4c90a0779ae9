// CSV (RFC 4180) with a header line. csv-parse reads each record; this finds where a record ends. The parser's own stream would lose
// records: after a quote that is never closed it skips the rest of the file, and after a record that is too long the rest of a chunk.
import { parse } from 'csv-parse/sync';
import type { InputRecord } from './json-lines.js';
import type { Line, TextLine } from './lines.js';
import type { RefusedLine } from './refusals.js';

/** How many lines a quoted field may span, and how many characters a record may have, before its quote counts as unclosed. */
const MAX_RECORD_LINES = 1000;
const MAX_RECORD_LENGTH = 64 * 1024;

/** What other programs put between columns. */
const SEPARATORS: Readonly<Record<string, string>> = { ';': 'semicolons', '\t': 'tabs', '|': 'vertical bars' };

/** The first line of a CSV file has no usable column names. */
export class InvalidHeader extends Error {
  override readonly name = 'InvalidHeader';
}

/** The records; empty lines are skipped. Throws InvalidHeader. */
export async function* readCsv(
  source: AsyncIterable<readonly Line[]>,
): AsyncGenerator<readonly (InputRecord | RefusedLine)[]> {
  let columns: readonly string[] | undefined;
  let waiting: readonly Line[] = [];

  function* take(lines: readonly Line[], isEnd: boolean): Generator<InputRecord | RefusedLine, readonly Line[]> {
    let at = 0;
    while (at < lines.length) {
      const found = readRecord(lines, at, isEnd);
      // The record may continue in lines that have not arrived yet.
      if (found === undefined) break;
      at += found.lines;
      const { record } = found;
      if (record === undefined) continue;
      if (columns === undefined) columns = headerOf(record);
      else if ('refusal' in record) yield record;
      else yield toFields(record, columns);
    }
    return lines.slice(at);
  }

  for await (const lines of source) {
    const records = take([...waiting, ...lines], false);
    const found: (InputRecord | RefusedLine)[] = [];
    let next = records.next();
    for (; !next.done; next = records.next()) found.push(next.value);
    waiting = next.value;
    yield found;
  }
  yield [...take(waiting, true)];
  if (columns === undefined) throw new InvalidHeader('the file is empty');
}

interface CsvRecord {
  readonly line: number;
  readonly values: readonly string[];
}

/** The record that begins at `lines[at]`, and of how many lines it consists. Undefined: more lines are needed to tell. */
function readRecord(
  lines: readonly Line[],
  at: number,
  isEnd: boolean,
): { record: CsvRecord | RefusedLine | undefined; lines: number } | undefined {
  const first = lines[at] as Line;
  if ('refusal' in first) return { record: first, lines: 1 };
  if (first.text.trim() === '') return { record: undefined, lines: 1 };
  const { line } = first;
  // A record that cannot be read is refused with its first line only: the next line is probably intact.
  const invalid = { record: { line, refusal: 'csv_invalid' }, lines: 1 } as const;
  let { text } = first;
  for (let count = 1; ; count += 1) {
    const values = count === 1 || (lines[at + count - 1] as TextLine).text.includes('"') ? parseRecord(text) : 'open';
    if (values === 'invalid') return invalid;
    if (values !== 'open') return { record: { line, values }, lines: count };
    const next = lines[at + count];
    if (next === undefined) return isEnd ? invalid : undefined;
    text = 'refusal' in next ? text : `${text}\n${next.text}`;
    if ('refusal' in next || count >= MAX_RECORD_LINES || text.length > MAX_RECORD_LENGTH) return invalid;
  }
}

/** The fields of a record; `open` if a quote is not closed. */
function parseRecord(text: string): readonly string[] | 'open' | 'invalid' {
  try {
    const records: string[][] = parse(text, { record_delimiter: ['\n'], relax_column_count: true });
    const [values = []] = records;
    return records.length === 1 ? values : 'invalid';
  } catch (error) {
    return (error as { code?: string }).code === 'CSV_QUOTE_NOT_CLOSED' ? 'open' : 'invalid';
  }
}

function headerOf(record: CsvRecord | RefusedLine): readonly string[] {
  if ('refusal' in record) throw new InvalidHeader('its first line is not valid CSV in UTF-8');
  const columns = record.values.map((name) => name.trim());
  if (!columns.includes('email')) {
    const separator = columns.length === 1 ? /[;\t|]/.exec(columns[0] ?? '')?.[0] : undefined;
    const advice = separator === undefined ? '' : `, separated by commas and not by ${SEPARATORS[separator]}`;
    throw new InvalidHeader(`its first line must name the columns, among them email${advice}`);
  }
  if (new Set(columns).size < columns.length) throw new InvalidHeader('its first line names a column twice');
  return columns;
}

/** An empty field counts as left out. */
function toFields({ line, values }: CsvRecord, columns: readonly string[]): InputRecord | RefusedLine {
  if (values.length !== columns.length) return { line, refusal: 'csv_columns' };
  const pairs = columns.map((name, index) => [name, values[index]] as const).filter(([, value]) => value !== '');
  return { line, fields: Object.fromEntries(pairs) };
}
