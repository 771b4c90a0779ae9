// The format of a backup file: lines of text, written and read as a stream, that end with a checksum.
import { createHash } from 'node:crypto';

/**
 * The lines of a backup, in order:
 *
 *     latchkey-backup 1
 *     {…}                         the header, JSON: Header
 *     table {…}                   JSON: TableHeader; for each table, parents first
 *     …                           its rows, as COPY … TO STDOUT writes them (text format)
 *     \.
 *     sequences […]               JSON: SequenceState[]
 *     end {"rows":…,"sha256":"…"} the SHA-256 of every byte before this line
 */
const MAGIC = 'latchkey-backup';
/** The version of this format. A reader rejects a greater one. */
const FORMAT = 1;

/** The metadata of a backup. */
export interface Header {
  /** ISO 8601. */
  readonly createdAt: string;
  /** The version of Latchkey that wrote it. */
  readonly latchkey: string;
  /** The applied migrations, oldest first. */
  readonly migrations: readonly AppliedMigration[];
}

/** An applied migration, as the database records it. */
export interface AppliedMigration {
  /** SHA-256 of its file, hex. */
  readonly hash: string;
  /** Milliseconds since 1970: `when` in Drizzle's journal, which orders migrations. */
  readonly createdAt: number;
}

/** Precedes the rows of a table. */
export interface TableHeader {
  readonly name: string;
  readonly columns: readonly string[];
}

/** The next value of an identity column. */
export interface SequenceState {
  readonly table: string;
  readonly column: string;
  /** Decimal digits, because a bigint may not fit a number. */
  readonly next: string;
}

/** The file is not a backup, is truncated or was modified. The message is one line for the operator. */
export class DamagedBackup extends Error {
  override readonly name = 'DamagedBackup';
}

/** The first bytes of a gzip file (RFC 1952). */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
const NEWLINE = 0x0a;
const END_OF_ROWS = Buffer.from('\\.\n');
const END_WITHIN = Buffer.from('\n\\.\n');
/** The longest header line in bytes; far more than the columns of any table need. */
const MAX_LINE = 1 << 20;
/** The longest row in bytes; Postgres cannot output a longer one. */
const MAX_ROW = 1 << 30;
const TRUNCATED = 'the backup is truncated: it ends before its last line';

/** Produces the bytes of a backup. Each method returns the bytes to write next. */
export function createBackupWriter() {
  const hash = createHash('sha256');
  let rows = 0;
  const hashed = (bytes: Buffer | string): Buffer => {
    const buffer = Buffer.from(bytes as string);
    hash.update(buffer);
    return buffer;
  };

  return {
    begin: (header: Header): Buffer => hashed(`${MAGIC} ${FORMAT}\n${JSON.stringify(header)}\n`),
    table: (header: TableHeader): Buffer => hashed(`table ${JSON.stringify(header)}\n`),
    /** Takes the output of COPY. */
    rows(chunk: Buffer): Buffer {
      rows += countLines(chunk);
      hash.update(chunk);
      return chunk;
    },
    endOfRows: (): Buffer => hashed(END_OF_ROWS),
    end(sequences: readonly SequenceState[]): Buffer {
      const last = hashed(`sequences ${JSON.stringify(sequences)}\n`);
      const end = `end ${JSON.stringify({ rows, sha256: hash.digest('hex') })}\n`;
      return Buffer.concat([last, Buffer.from(end)]);
    },
    /** The number of rows so far. */
    countRows: () => rows,
  };
}

/**
 * Reads a backup. Call `begin`, then `nextTable` and `rows` until there is no table left, then `end`. Every method throws DamagedBackup.
 * Nothing that was read can be trusted before `end` has resolved.
 */
export function createBackupReader(source: AsyncIterable<Buffer>) {
  const hash = createHash('sha256');
  const input = source[Symbol.asyncIterator]();
  let buffer: Buffer = Buffer.alloc(0);
  let rows = 0;

  /** Resolves to false at the end of the input. */
  async function readMore(): Promise<boolean> {
    const { value, done } = await input.next();
    if (done) return false;
    buffer = buffer.length === 0 ? value : Buffer.concat([buffer, value]);
    return true;
  }

  function take(length: number): Buffer {
    const taken = buffer.subarray(0, length);
    buffer = buffer.subarray(length);
    return taken;
  }

  /** The next line, with its newline. */
  async function line(): Promise<Buffer> {
    for (;;) {
      const end = buffer.indexOf(NEWLINE);
      if (end !== -1 && end < MAX_LINE) return take(end + 1);
      if (buffer.length > MAX_LINE) throw new DamagedBackup('the file is not a Latchkey backup, or it is damaged');
      if (!(await readMore())) throw new DamagedBackup(TRUNCATED);
    }
  }

  async function hashedLine(): Promise<string> {
    const bytes = await line();
    hash.update(bytes);
    return bytes.toString();
  }

  /** Parses the JSON after the prefix of a line. */
  function parseLine<T>(text: string, prefix: string, isValid: (value: unknown) => value is T): T {
    if (!text.startsWith(prefix)) throw new DamagedBackup('the backup is damaged: a line is not in its place');
    let value: unknown;
    try {
      value = JSON.parse(text.slice(prefix.length));
    } catch {
      value = undefined;
    }
    if (!isValid(value)) throw new DamagedBackup('the backup is damaged: a line cannot be read');
    return value;
  }

  return {
    async begin(): Promise<Header> {
      while (buffer.length <= MAGIC.length && (await readMore())) {}
      if (buffer.length === 0) throw new DamagedBackup('the backup is empty');
      if (buffer.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC))
        throw new DamagedBackup('the backup is compressed; restore it with: gunzip -c <file> | latchkey restore -');
      if (!buffer.subarray(0, MAGIC.length).equals(Buffer.from(MAGIC)))
        throw new DamagedBackup('the file is not a backup that `latchkey backup` has written');
      const [, format] = /^latchkey-backup (\d+)\n$/.exec(await hashedLine()) ?? [];
      if (format === undefined) throw new DamagedBackup('the backup is damaged: its first line cannot be read');
      if (Number(format) > FORMAT)
        throw new DamagedBackup('the backup was written by a newer version of Latchkey; restore it with that version');
      return parseLine(await hashedLine(), '', isHeader);
    },

    /** The header of the next table; undefined after the last one. */
    async nextTable(): Promise<TableHeader | undefined> {
      while (buffer.indexOf(NEWLINE) === -1 && buffer.length <= MAX_LINE && (await readMore())) {}
      if (buffer.subarray(0, 6).toString() !== 'table ') return undefined;
      return parseLine(await hashedLine(), 'table ', isTableHeader);
    },

    /** The rows of the current table, in chunks of whole lines. All of them have to be read. */
    async *rows(): AsyncGenerator<Buffer> {
      for (;;) {
        const end = buffer.subarray(0, END_OF_ROWS.length).equals(END_OF_ROWS) ? 0 : buffer.indexOf(END_WITHIN) + 1;
        const atEnd = end > 0 || buffer.subarray(0, END_OF_ROWS.length).equals(END_OF_ROWS);
        // The last line may be incomplete.
        const chunk = take(atEnd ? end : buffer.lastIndexOf(NEWLINE) + 1);
        if (chunk.length > 0) {
          rows += countLines(chunk);
          hash.update(chunk);
          yield chunk;
        }
        if (atEnd) {
          hash.update(take(END_OF_ROWS.length));
          return;
        }
        if (buffer.length > MAX_ROW) throw new DamagedBackup('the backup is damaged: a row has no end');
        if (!(await readMore())) throw new DamagedBackup(TRUNCATED);
      }
    },

    /** Reads the rest and verifies the checksum of the whole file. */
    async end(): Promise<{ readonly sequences: readonly SequenceState[]; readonly rows: number }> {
      const sequences = parseLine(await hashedLine(), 'sequences ', isSequences);
      const end = parseLine((await line()).toString(), 'end ', isEnd);
      if (end.rows !== rows || end.sha256 !== hash.digest('hex'))
        throw new DamagedBackup('the backup is damaged: its checksum does not match its content');
      if (buffer.length > 0 || (await readMore()))
        throw new DamagedBackup('the backup is damaged: there is data after its last line');
      return { sequences, rows };
    },

    /** The number of rows so far. */
    countRows: () => rows,
  };
}

export type BackupReader = ReturnType<typeof createBackupReader>;

function countLines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';

function isHeader(value: unknown): value is Header {
  if (!isObject(value) || !isText(value.createdAt) || !isText(value.latchkey)) return false;
  const { migrations } = value;
  return (
    Array.isArray(migrations) &&
    migrations.every((each) => isObject(each) && isText(each.hash) && Number.isSafeInteger(each.createdAt))
  );
}

function isTableHeader(value: unknown): value is TableHeader {
  return isObject(value) && isText(value.name) && Array.isArray(value.columns) && value.columns.every(isText);
}

function isSequences(value: unknown): value is SequenceState[] {
  return (
    Array.isArray(value) &&
    value.every(
      (each) => isObject(each) && isText(each.table) && isText(each.column) && /^\d+$/.test(String(each.next)),
    )
  );
}

function isEnd(value: unknown): value is { rows: number; sha256: string } {
  return isObject(value) && Number.isSafeInteger(value.rows) && isText(value.sha256);
}
