// Opens the configured database for commands that work on the tables, whether or not a service is running.
import type postgres from 'postgres';
import {
  type AppConfiguration,
  type Configuration,
  invalidVariable,
  readConfiguration,
} from '#platform/config/config.js';
import { connect, createClient, type Db } from '#platform/database/database.js';
import { assertMigrated } from '#platform/database/diagnostics.js';
import { embeddedSecret, openEmbeddedPostgres } from '#platform/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '#platform/database/migrations.js';
import type { probeDatabase } from '#platform/database/probe.js';
import { adaptToDatabase } from '#platform/database/resolve-database.js';
import type { SessionFacts } from '#platform/database/session-facts.js';
import { readSessionFacts } from '#platform/database/session-facts.js';
import { commandContext } from './command-context.js';

/** Longer than the deadline of a request, because nothing queues behind a command. */
const DEADLINE_MILLISECONDS = 5000;

interface DatabaseOptions {
  /** Receives warnings about the connection, one line each. */
  readonly onWarning?: (line: string) => void;
  /** Do not refuse tables that are older than this version. */
  readonly anyVersion?: boolean;
}

/**
 * Opens the database, calls `run` and closes it. The embedded database is started for the duration of the command if no service is running
 * on it. Throws NotMigrated if tables are missing or older than this version.
 */
export async function withDatabase(
  run: (db: Db, config: Configuration) => Promise<void>,
  { onWarning = printWarning, anyVersion = false }: DatabaseOptions = {},
): Promise<void> {
  const config = readConfiguration(commandContext().environment());
  const embedded = config.database.url === undefined ? await openEmbeddedPostgres(config) : undefined;
  try {
    const url = config.database.url ?? embedded?.url ?? '';
    if (embedded !== undefined) await migrateDatabase(url);
    const database = embedded === undefined ? await adapted(config.database, url, onWarning) : config.database;
    const { db, close } = connect({ ...database, url, poolSize: 1, deadline: DEADLINE_MILLISECONDS });
    try {
      if (embedded === undefined && !anyVersion) await assertMigrated(db, await readSessionFacts(db));
      await run(db, { ...config, database });
    } finally {
      await close();
    }
  } finally {
    await embedded?.stop();
  }
}

function printWarning(line: string): void {
  commandContext().stderr.write(`latchkey: ${line}\n`);
}

/** Calls `run` with the URL of Postgres itself, which bypasses any pooler. The embedded database is started if necessary, as above. */
export async function withDirectUrl(run: (url: string, config: Configuration) => Promise<void>): Promise<void> {
  const config = readConfiguration(commandContext().environment());
  const embedded = config.database.directUrl === undefined ? await openEmbeddedPostgres(config) : undefined;
  try {
    await run(config.database.directUrl ?? embedded?.url ?? '', config);
  } finally {
    await embedded?.stop();
  }
}

/** The variable that the URL of Postgres itself comes from. */
export function directVariable({ url, directUrl }: Configuration['database']): 'DATABASE_URL' | 'DATABASE_DIRECT_URL' {
  return directUrl === url ? 'DATABASE_URL' : 'DATABASE_DIRECT_URL';
}

/** Opens a client of its own on the database at `url`. `probe` rejects if the database cannot be used; `variable` is what it names then. */
export async function withClient<T>(
  probe: typeof probeDatabase,
  { url, variable }: Pick<Parameters<typeof probeDatabase>[0], 'url' | 'variable'>,
  work: (client: postgres.Sql, facts: SessionFacts) => Promise<T>,
): Promise<T> {
  const options = { url, poolSize: 1, transactionPooler: false };
  const { facts, poolerFound } = await probe({ ...options, variable });
  const client = createClient({ ...options, transactionPooler: poolerFound });
  try {
    return await work(client, facts);
  } finally {
    await client.end({ timeout: 1 });
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

/** The secrets of the service. Throws ConfigurationError if AUTH_SECRET is missing. */
export async function secretsOf(config: Configuration): Promise<AppConfiguration['secrets']> {
  const [first, ...rest] = config.secrets;
  if (first !== undefined) return [first, ...rest];
  if (config.database.url !== undefined) throw invalidVariable('AUTH_SECRET', 'is required when DATABASE_URL is set');
  return [await embeddedSecret(config.dataDir)];
}
