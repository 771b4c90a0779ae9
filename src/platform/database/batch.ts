// Processing a table in batches: one statement visits a limited number of rows.

/** The result of a statement that deletes or changes rows in one batch. */
export interface DeletedBatch<Key> {
  /** The number of rows deleted or changed. */
  readonly deleted: number;
  /** The key of the last row visited; undefined if no rows follow. */
  readonly last: Key | undefined;
}
