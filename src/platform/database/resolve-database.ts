// Provides the database of the service: the one in the configuration, or the embedded one.
import { drizzle } from 'drizzle-orm/postgres-js';
import type { AppConfiguration, Configuration } from '#platform/config/config.js';
import { withDatabase } from '#platform/config/with-database.js';
import { createClient, type Db } from './database.js';
import { assertUsable } from './diagnostics.js';
import { assertDurable } from './durability.js';
import { embeddedSecret, startEmbeddedPostgres } from './embedded/embedded-postgres.js';
import { migrateDatabase } from './migrations.js';
import { checkDatabase } from './probe.js';

/** A migrated database, and the configuration to connect to it. */
export interface ResolvedDatabase {
  readonly config: AppConfiguration;
  /** The folder of the embedded database; undefined for an external one. */
  readonly dataDir: string | undefined;
  /** Stops the embedded database; to be called last. */
  stop(): Promise<void>;
}

/** Rejects with an error that describeFailure (src/cli/error-message.ts) explains in one line. */
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
    process.stderr.write(
      'latchkey: the embedded Postgres has stopped unexpectedly; see postgres.log in the data folder\n',
    );
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
  const complete = withDatabase(config, url, config.secrets);
  const { database, warnings } = await adaptToDatabase(complete.database, url);
  await withClient({ ...config, database }, url, async (db) => {
    await assertDurable(db, database.durabilityRequired);
    await assertUsable(db);
  });
  return { config: { ...complete, database: { ...database, warnings } }, dataDir: undefined, stop: async () => {} };
}

/** Completes the configuration of a database by probing it. Throws UnsafeDatabase. */
export async function adaptToDatabase<D extends Configuration['database']>(database: D, url: string) {
  const { poolerFound, facts, warnings } = await checkDatabase({ ...database, url });
  return {
    database: {
      ...database,
      transactionPooler: database.transactionPooler || poolerFound,
      // If DATABASE_DIRECT_URL is unset, it equals DATABASE_URL.
      canListen: database.canListen && !(poolerFound && database.directUrl === url),
      schema: facts.tables ?? undefined,
    },
    warnings,
  };
}

/** Runs queries over a temporary connection without a deadline. */
async function withClient(config: Configuration, url: string, run: (db: Db) => Promise<void>): Promise<void> {
  const client = createClient({ ...config.database, url, poolSize: 1 });
  try {
    await run(drizzle(client));
  } finally {
    await client.end({ timeout: 1 });
  }
}
