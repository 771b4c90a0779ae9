// latchkey migrate: brings the database up to date.
import { complaint, readConfiguration } from '#platform/config/config.js';
import { loadEnvironment } from '#platform/config/environment.js';
import { migrateDatabase } from '#platform/database/migrations.js';

/** Applies the migrations that are not applied yet. Throws a ConfigurationError without DATABASE_URL. */
export async function migrate(): Promise<void> {
  const { directUrl } = readConfiguration(loadEnvironment()).database;
  if (directUrl === undefined) throw complaint('DATABASE_URL', 'is required (the embedded database migrates itself)');
  await migrateDatabase(directUrl);
  process.stdout.write('The database is up to date.\n');
}
