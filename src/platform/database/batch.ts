// Walking through a table, so many rows in a statement.

/** What a statement that deletes from one window did. */
export interface DeletedBatch<Key> {
  readonly deleted: number;
  /** The key of the last row of the window; undefined when no others follow. */
  readonly last: Key | undefined;
}
