// latchkey migrate: brings the database up to date.
import { complaint, readConfiguration } from '../config/config.js';
import { loadEnvironment } from '../config/environment.js';
import { migrateDatabase } from '../database/migrations.js';

/** Applies the migrations that are not applied yet. Throws a ConfigurationError without DATABASE_URL. */
export async function migrate(): Promise<void> {
  const { url, directUrl } = readConfiguration(loadEnvironment()).database;
  if (directUrl === undefined) throw complaint('DATABASE_URL', 'is required (the embedded database migrates itself)');
  await migrateDatabase(directUrl, {
    variable: directUrl === url ? 'DATABASE_URL' : 'DATABASE_DIRECT_URL',
    onWarning: (line) => process.stderr.write(`latchkey: ${line}\n`),
  });
  process.stdout.write('The database is up to date.\n');
}
