// Finds the service its database: the one that the configuration names, or the embedded one.
import { drizzle } from 'drizzle-orm/postgres-js';
import { type AppConfiguration, type Configuration, invalidVariable } from '#platform/config/config.js';
import { createClient, type Db } from './database.js';
import { assertDurable } from './durability.js';
import { embeddedSecret, startEmbeddedPostgres } from './embedded/embedded-postgres.js';
import { isMigrated, migrateDatabase, whyNotMigrated } from './migrations.js';
import { reachDatabase } from './reach.js';

/** A database that is up to date, and the configuration that leads to it. */
export interface ResolvedDatabase {
  readonly config: AppConfiguration;
  /** The folder of the embedded database; undefined for an external one. */
  readonly dataDir: string | undefined;
  /** Stops the embedded database; call it last. */
  stop(): Promise<void>;
}

/** The tables are not those of this version. */
export class NotMigrated extends Error {
  override readonly name = 'NotMigrated';
}

/** Rejects with an error that describeFailure (src/cli/error-message.ts) has one line for. */
export function resolveDatabase(config: Configuration): Promise<ResolvedDatabase> {
  return config.database.url === undefined ? resolveEmbedded(config) : checkExternal(config, config.database.url);
}

async function resolveEmbedded(config: Configuration): Promise<ResolvedDatabase> {
  const { host, port, dataDir } = config;
  let stopping = false;
  const embedded = await startEmbeddedPostgres({ dataDir, owner: `http://${host}:${port}` });
  const stop = async () => {
    stopping = true;
    await embedded.stop();
  };
  void embedded.exited.then(() => {
    if (stopping) return;
    process.stderr.write('latchkey: the embedded Postgres has ended; see postgres.log in the data folder\n');
    process.kill(process.pid, 'SIGTERM');
  });
  try {
    const secrets = config.secrets.length > 0 ? config.secrets : [await embeddedSecret(dataDir)];
    await migrateDatabase(embedded.url);
    await withClient(config, embedded.url, (db) => assertDurable(db, config.database.durabilityRequired));
    return { config: withDatabase(config, embedded.url, secrets), dataDir: embedded.dataDir, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function checkExternal(config: Configuration, url: string): Promise<ResolvedDatabase> {
  if (config.secrets.length === 0) throw invalidVariable('AUTH_SECRET', 'is required when DATABASE_URL is set');
  const { database, warnings } = await adaptToDatabase(config.database, url);
  const adapted = { ...config, database: { ...database, warnings } };
  await withClient(adapted, url, async (db) => {
    await assertDurable(db, database.durabilityRequired);
    if (!(await isMigrated(db))) throw new NotMigrated(await whyNotMigrated(db));
  });
  return { config: withDatabase(adapted, url, config.secrets), dataDir: undefined, stop: async () => {} };
}

/** As the configuration has it, with what was found out about the database. Throws UnsafeDatabase. */
export async function adaptToDatabase(database: Configuration['database'], url: string) {
  const { poolerFound, facts, warnings } = await reachDatabase({ ...database, url });
  return {
    database: {
      ...database,
      transactionPooler: database.transactionPooler || poolerFound,
      // DATABASE_DIRECT_URL is the same where it is not given.
      canListen: database.canListen && !(poolerFound && database.directUrl === url),
      schema: facts.tables ?? undefined,
    },
    warnings,
  };
}

/** For the moment, without a deadline. */
async function withClient(config: Configuration, url: string, look: (db: Db) => Promise<void>): Promise<void> {
  const client = createClient({ ...config.database, url, poolSize: 1 });
  try {
    await look(drizzle(client));
  } finally {
    await client.end({ timeout: 1 });
  }
}

function withDatabase(config: Configuration, url: string, [first = '', ...rest]: readonly string[]): AppConfiguration {
  const directUrl = config.database.directUrl ?? url;
  return {
    ...config,
    secrets: [first, ...rest],
    database: { ...config.database, url, directUrl, canListen: config.database.canListen },
  };
}
