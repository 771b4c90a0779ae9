// Probes a database before the service relies on it, for a pooler, the settings of a session, and the schema of the tables.
import type postgres from 'postgres';
import { parseDatabaseUrl } from '#platform/config/database-url.js';
import { attributeTo, driverError, endsConnection } from '#platform/errors/database-errors.js';
import { createClient, type DatabaseOptions } from './database.js';
import { UnsafeDatabase } from './durability.js';
import { type SessionFacts, sessionFactsQuery, sessionFault, sessionWarning } from './session-facts.js';
import { readableKey } from './socket.js';
import { parametersWithoutEffect } from './startup-parameters.js';

/** The result of a probe. */
export interface DatabaseProbe {
  /** Whether there is a pooler that the configuration does not mention. */
  readonly poolerFound: boolean;
  readonly facts: SessionFacts;
  /** Each is one line for the operator. */
  readonly warnings: readonly string[];
}

interface ProbeOptions extends DatabaseOptions {
  /** The environment variable that contains the URL, for messages. */
  readonly variable?: 'DATABASE_URL' | 'DATABASE_DIRECT_URL' | undefined;
}

/** How often two connections are compared: another client may take the server connection that the first has just released. */
const COMPARISONS = 8;

/** Probes the database. Rejects with the driver's error, or with UnsafeDatabase if the service must not use the database. */
export async function checkDatabase(options: ProbeOptions): Promise<DatabaseProbe> {
  const probe = await probeDatabase(options);
  const fault = sessionFault(probe.facts);
  if (fault !== undefined) throw new UnsafeDatabase(fault);
  return probe;
}

/** The same as `checkDatabase`, but leaves the assessment of the facts to the caller. */
export async function probeDatabase(options: ProbeOptions): Promise<DatabaseProbe> {
  const { variable = 'DATABASE_URL' } = options;
  try {
    return await probe(options, variable);
  } catch (error) {
    throw attributeTo(error, variable);
  }
}

async function probe(options: ProbeOptions, variable: string): Promise<DatabaseProbe> {
  const { transactionPooler } = options;
  const address = parseDatabaseUrl(options.url);
  let poolerFound = false;
  let facts: SessionFacts;
  try {
    facts = await withClient(options, async (client) => {
      const rows = await client.unsafe<SessionFacts[]>(sessionFactsQuery);
      const [found] = rows;
      // A proxy reports a process id of its own. It counts as a pooler only if clients share server connections.
      if (!transactionPooler && found?.backend !== pidOf(rows)) poolerFound = await sharesConnections(client, options);
      return found as SessionFacts;
    });
  } catch (error) {
    if (transactionPooler || !rejectsParameters(error)) throw error;
    poolerFound = true;
    facts = await withClient({ ...options, transactionPooler: true }, async (client) => {
      const [found] = await client.unsafe<SessionFacts[]>(sessionFactsQuery);
      return found as SessionFacts;
    });
  }
  const isPooled = transactionPooler || poolerFound;
  if (isPooled && !(await supportsTransactions(options))) {
    throw new UnsafeDatabase(
      `${variable} leads to a pooler in statement mode, which does not support transactions; set its pool_mode to transaction`,
    );
  }
  const key = await readableKey(address);
  const withoutEffect = [...address.ignored, ...parametersWithoutEffect(address.parameters, isPooled)];
  const warnings = [
    ...(withoutEffect.length === 0 ? [] : [`${variable} has parameters without effect: ${withoutEffect.join(', ')}`]),
    ...(poolerFound ? [poolerWarning(variable)] : []),
    ...(key === undefined ? [] : [`accounts other than this one can read the file in sslkey; run: chmod 600 ${key}`]),
    ...[sessionWarning(facts)].filter((each) => each !== undefined),
  ];
  return { poolerFound, facts, warnings };
}

/** What to do about a pooler that the configuration does not mention. */
function poolerWarning(variable: string): string {
  return variable === 'DATABASE_URL'
    ? 'DATABASE_URL leads to a pooler such as PgBouncer, which works; set DATABASE_POOLER=transaction, and set DATABASE_DIRECT_URL to the URL of Postgres itself, for migrations and LISTEN'
    : `${variable} leads to a pooler such as PgBouncer; set it to the URL of Postgres itself, or changes are noticed by polling only`;
}

/** PgBouncer rejects parameters that it does not track per client. The error has no distinct code, only this message. */
function rejectsParameters(error: unknown): boolean {
  return /unsupported startup parameter/.test(driverError(error).message ?? '');
}

/** PgBouncer in statement mode closes the connection of a client that begins a transaction. */
function supportsTransactions(options: DatabaseOptions): Promise<boolean> {
  return withClient({ ...options, transactionPooler: true }, async (client) => {
    try {
      await client.unsafe('begin');
      await client.unsafe('rollback');
      return true;
    } catch (error) {
      if (endsConnection(driverError(error))) return false;
      throw error;
    }
  });
}

function pidOf(rows: postgres.RowList<SessionFacts[]>): number | undefined {
  return (rows.state as { pid?: number } | undefined)?.pid;
}

async function withClient<T>(options: DatabaseOptions, run: (client: postgres.Sql) => Promise<T>): Promise<T> {
  const client = createClient({ ...options, poolSize: 1 });
  try {
    return await run(client);
  } finally {
    await client.end({ timeout: 1 });
  }
}

/**
 * Whether a server connection serves another client between two statements, so that session state, LISTEN and named statements are lost.
 */
function sharesConnections(first: postgres.Sql, options: DatabaseOptions): Promise<boolean> {
  return withClient(options, async (second) => {
    const initial = await backendOf(first);
    for (let i = 0; i < COMPARISONS; i += 1) {
      if ((await backendOf(second)) === initial || (await backendOf(first)) !== initial) return true;
    }
    return false;
  });
}

async function backendOf(client: postgres.Sql): Promise<number | undefined> {
  const [row] = await client.unsafe<{ backend: number }[]>('select pg_backend_pid() as backend');
  return row?.backend;
}
