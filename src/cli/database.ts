// For commands that work on the tables, whether or not a service runs: the database that the configuration leads to.
import {
  type AppConfiguration,
  type Configuration,
  invalidVariable,
  readConfiguration,
} from '#platform/config/config.js';
import { loadEnvironment } from '#platform/config/environment.js';
import { connect, type Db } from '#platform/database/database.js';
import { embeddedSecret, openEmbeddedPostgres } from '#platform/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '#platform/database/migrations.js';
import { adaptToDatabase } from '#platform/database/resolve-database.js';

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

/** The URL of Postgres itself, past any pooler. The embedded one is started for the moment if no service runs on it. */
export async function withDirectUrl(act: (url: string, config: Configuration) => Promise<void>): Promise<void> {
  const config = readConfiguration(loadEnvironment());
  const embedded = config.database.directUrl === undefined ? await openEmbeddedPostgres(config) : undefined;
  try {
    await act(config.database.directUrl ?? embedded?.url ?? '', config);
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
  if (config.database.url !== undefined) throw invalidVariable('AUTH_SECRET', 'is required when DATABASE_URL is set');
  return [await embeddedSecret(config.dataDir)];
}
