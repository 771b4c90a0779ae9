// Splits a byte stream into lines of UTF-8, with bounded memory: a line that is too long is skipped, not kept.
import type { RefusedLine } from './refusals.js';

/** A line without its end. */
export interface TextLine {
  readonly line: number;
  readonly text: string;
}

export type Line = TextLine | RefusedLine;

/** The longest line. Larger than any record with the fields of an import and some others. */
export const MAX_LINE_BYTES = 64 * 1024;

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\uFEFF';

/** The lines, as many at a time as a chunk of the source completes. Lines end with LF or CRLF. */
export async function* readLines(source: AsyncIterable<Buffer>): AsyncGenerator<readonly Line[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let count = 0;
  let parts: Buffer[] = [];
  let length = 0;

  let firstByte: number | undefined;

  const add = (part: Buffer): void => {
    if (length === 0) firstByte = part[0];
    length += part.length;
    if (length > MAX_LINE_BYTES) parts = [];
    else parts.push(part);
  };
  const complete = (): Line => {
    count += 1;
    const line =
      length > MAX_LINE_BYTES ? ({ line: count, refusal: 'line_too_long', firstByte } as const) : decode(count, parts);
    parts = [];
    length = 0;
    return line;
  };
  const decode = (line: number, bytes: readonly Buffer[]): Line => {
    let text: string;
    try {
      text = decoder.decode(Buffer.concat(bytes));
    } catch {
      return { line, refusal: 'not_utf8' };
    }
    if (text.includes('\0')) return { line, refusal: 'contains_nul' };
    if (line === 1 && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
    return { line, text: text.endsWith('\r') ? text.slice(0, -1) : text };
  };

  for await (const chunk of source) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      add(chunk.subarray(start, end));
      lines.push(complete());
      start = end + 1;
    }
    // Copied, because the rest of the chunk would otherwise stay in memory with it.
    add(Buffer.from(chunk.subarray(start)));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [complete()];
}
