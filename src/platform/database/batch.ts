// Walking through a table, so many rows in a statement.

/** What a statement that deletes from one window, or changes it, did. */
export interface DeletedBatch<Key> {
  /** How many rows. */
  readonly deleted: number;
  /** The key of the last row of the window; undefined when no others follow. */
  readonly last: Key | undefined;
}
