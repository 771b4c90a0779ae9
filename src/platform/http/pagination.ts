// Pagination with opaque cursors.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalidField } from '#platform/errors/problem.js';

const MAC_BYTES = 16;

/** The page that a caller requests. */
export interface PageRequest {
  /** The maximum number of rows. */
  readonly limit: number;
  /** `nextCursor` of the previous page; undefined for the first page. */
  readonly cursor?: string | undefined;
}

/** One page of a list. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The cursor of the next page; null on the last page. */
  readonly nextCursor: string | null;
}

/**
 * Creates and reads the cursors of one list. Cursors are authenticated with a key and the name of the list, so that forged cursors
 * and those of another list are rejected. Keys have 32 bytes; the first one is used for new cursors, and all are accepted.
 */
export function createCursors<T>(keys: readonly [Buffer, ...Buffer[]], list: string) {
  const macOf = (content: Buffer, key: Buffer) =>
    createHmac('sha256', key).update(`${list}\0`).update(content).digest().subarray(0, MAC_BYTES);

  return {
    write(position: T): string {
      const content = Buffer.from(JSON.stringify(position));
      return Buffer.concat([macOf(content, keys[0]), content]).toString('base64url');
    },

    /** Undefined unless `text` is a cursor of this list. */
    read(text: string): T | undefined {
      const bytes = Buffer.from(text, 'base64url');
      const content = bytes.subarray(MAC_BYTES);
      const mac = bytes.subarray(0, MAC_BYTES);
      if (mac.length < MAC_BYTES) return undefined;
      if (!keys.some((key) => timingSafeEqual(mac, macOf(content, key)))) return undefined;
      return JSON.parse(content.toString()) as T;
    },
  };
}

export type Cursors<T> = ReturnType<typeof createCursors<T>>;

interface PageQuery<Row, Position> {
  readonly cursors: Cursors<Position>;
  readonly request: PageRequest;
  /** The position before the first row. */
  readonly start: Position;
  /** The rows that follow a position, `limit` at most. */
  readonly find: (after: Position, limit: number) => Promise<readonly Row[]>;
  readonly positionOf: (row: Row) => Position;
}

/** Reads one page. Throws `validation_failed` for a cursor that is not one of this list. */
export async function readPage<Row, Position>({
  cursors,
  request: { limit, cursor },
  start,
  find,
  positionOf,
}: PageQuery<Row, Position>): Promise<Page<Row>> {
  const after = cursor === undefined ? start : cursors.read(cursor);
  if (after === undefined) throw invalidField('/query/cursor', 'is not a cursor of this list');
  // One row more than requested shows whether another page follows.
  const found = await find(after, limit + 1);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, nextCursor: found.length > limit && last !== undefined ? cursors.write(positionOf(last)) : null };
}
