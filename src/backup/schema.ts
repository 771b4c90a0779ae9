// Finds the schema of the tables, which need not be `public`: the URL or the role may name another one.
import type postgres from 'postgres';
import { targetSchema } from '#platform/database/migrations.js';
import { type SessionFacts, sessionFactsQuery } from '#platform/database/session-facts.js';
import { BackupRefused } from './service.js';

/** The schema that a backup reads. Throws BackupRefused if the tables are in a schema that the search path does not lead to. */
export async function findSourceSchema(client: postgres.Sql): Promise<string> {
  const { tables, schema, elsewhere, searchPath } = await readFacts(client);
  if (tables === null && schema !== null && elsewhere !== null) {
    throw new BackupRefused(
      `the search path (${searchPath}) does not lead to the tables in the schema ${elsewhere}; add ?schema=${encodeURIComponent(elsewhere)} to the URL of the database`,
    );
  }
  // An empty search path leads to no schema; then the tables are looked for in every schema.
  return tables ?? schema ?? elsewhere ?? 'public';
}

/** The schema that a restore writes to, which may not exist yet. Throws UnsafeDatabase if neither the role nor the URL names one. */
export async function findTargetSchema(client: postgres.Sql, url: string): Promise<string> {
  return targetSchema(await readFacts(client), url);
}

async function readFacts(client: postgres.Sql): Promise<SessionFacts> {
  const [facts] = await client.unsafe<SessionFacts[]>(sessionFactsQuery);
  return facts as SessionFacts;
}
