// For commands that work on the tables, whether or not a service runs: the database that the configuration leads to.
import { type AppConfiguration, type Configuration, complaint, readConfiguration } from '../config/config.js';
import { loadEnvironment } from '../config/environment.js';
import { connect, type Db } from '../database/database.js';
import { embeddedSecret, openEmbeddedPostgres } from '../database/embedded/embedded-postgres.js';
import { migrateDatabase } from '../database/migrations.js';
import { adaptToDatabase } from '../database/provide.js';

/** Longer than a request may wait: nobody queues behind a command. */
const DEADLINE = 5000;

/** Opens the database, acts and closes it; `onWarning`: what is to be known of the way to it. The embedded one is started for the moment if no service runs on it. */
export async function withDatabase(
  act: (db: Db, config: Configuration) => Promise<void>,
  onWarning: (line: string) => void = (line) => process.stderr.write(`latchkey: ${line}\n`),
): Promise<void> {
  const config = readConfiguration(loadEnvironment());
  const embedded = config.database.url === undefined ? await openEmbeddedPostgres(config) : undefined;
  try {
    const url = config.database.url ?? embedded?.url ?? '';
    if (embedded !== undefined) await migrateDatabase(url);
    const database = embedded === undefined ? await adapted(config.database, url, onWarning) : config.database;
    const { db, close } = connect({ ...database, url, poolSize: 1, deadline: DEADLINE });
    try {
      await act(db, { ...config, database });
    } finally {
      await close();
    }
  } finally {
    await embedded?.stop();
  }
}

async function adapted(
  configured: Configuration['database'],
  url: string,
  onWarning: (line: string) => void,
): Promise<Configuration['database']> {
  const { database, warnings } = await adaptToDatabase(configured, url);
  for (const warning of warnings) onWarning(warning);
  return database;
}

/** The secrets that the service runs with. Throws a ConfigurationError where AUTH_SECRET is missing. */
export async function secretsOf(config: Configuration): Promise<AppConfiguration['secrets']> {
  const [first, ...rest] = config.secrets;
  if (first !== undefined) return [first, ...rest];
  if (config.database.url !== undefined) throw complaint('AUTH_SECRET', 'is required when DATABASE_URL is set');
  return [await embeddedSecret(config.dataDir)];
}
