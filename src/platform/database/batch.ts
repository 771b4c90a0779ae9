// Processing a table in batches: one statement visits a limited number of rows.

/** The result of a statement that deletes or changes rows in one batch. */
export interface DeletedBatch<Key> {
  /** The number of rows deleted or changed. */
  readonly deleted: number;
  /** The key of the last row visited; undefined if no rows follow. */
  readonly last: Key | undefined;
}

/** The row that such a statement returns. `Key`: the columns with the key of the last row visited, which are null if there was none. */
export type BatchRow<Key> = Key & {
  readonly deleted: number;
  /** The number of rows visited. */
  readonly seen: number;
};

/** The result of a statement that visits at most `size` rows. */
export function batchOf<Stored, Key>(
  [row]: readonly BatchRow<Stored>[],
  size: number,
  keyOf: (last: Stored) => Key,
): DeletedBatch<Key> {
  if (row === undefined) throw new Error('a SELECT without FROM returned no row');
  const isFull = row.seen > 0 && row.seen === size;
  return { deleted: row.deleted, last: isFull ? keyOf(row) : undefined };
}
