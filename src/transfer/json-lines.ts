// JSON Lines: one JSON object per line.
import type { Line } from './lines.js';
import type { RefusedLine } from './refusals.js';

/** A line of an import with its fields, not yet checked. */
export interface InputRecord {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

const OPENING_BRACKET = 0x5b;

/** The file is JSON, but not one object per line. */
export class NotJsonLines extends Error {
  override readonly name = 'NotJsonLines';
}

/** The records; empty lines are skipped. Throws NotJsonLines if the file begins with an array, of which every line would be refused. */
export async function* readJsonLines(
  source: AsyncIterable<readonly Line[]>,
): AsyncGenerator<readonly (InputRecord | RefusedLine)[]> {
  let isBegun = false;
  for await (const lines of source) {
    const first: Line | undefined = isBegun
      ? undefined
      : lines.find((line) => 'refusal' in line || line.text.trim() !== '');
    if (first !== undefined && beginsArray(first)) {
      throw new NotJsonLines("it is one JSON array, not an object per line; convert it with: jq -c '.[]'");
    }
    isBegun ||= first !== undefined;
    yield lines.map(parseLine).filter((record) => record !== undefined);
  }
}

/** An array is often a single line, which is too long. */
function beginsArray(line: Line): boolean {
  return 'text' in line ? line.text.trimStart().startsWith('[') : line.firstByte === OPENING_BRACKET;
}

function parseLine(line: Line): InputRecord | RefusedLine | undefined {
  if ('refusal' in line) return line;
  if (line.text.trim() === '') return undefined;
  const fields = parseObject(line.text);
  return fields === undefined ? { line: line.line, refusal: 'json_invalid' } : { line: line.line, fields };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
