// Finds the schema of the tables, which need not be `public`: the URL or the role may name another one.
import type { SessionFacts } from '#platform/database/session-facts.js';
import { BackupRefused } from './service.js';

/** The schema that a backup reads. Throws BackupRefused if the tables are in a schema that the search path does not lead to. */
export function sourceSchema({ tables, schema, elsewhere, searchPath }: SessionFacts): string {
  if (tables === null && schema !== null && elsewhere !== null) {
    throw new BackupRefused(
      `the search path (${searchPath}) does not lead to the tables in the schema ${elsewhere}; add ?schema=${encodeURIComponent(elsewhere)} to the URL of the database`,
    );
  }
  // An empty search path leads to no schema; then the tables are looked for in every schema.
  return tables ?? schema ?? elsewhere ?? 'public';
}
