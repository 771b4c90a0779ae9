// Finds out what DATABASE_URL leads to, before anything relies on it: a pooler, a session that is set otherwise, a schema.
import type postgres from 'postgres';
import { parseDatabaseUrl } from '#platform/config/database-url.js';
import { attributeTo, driverError } from '#platform/errors/database-errors.js';
import { createClient, type DatabaseOptions } from './database.js';
import { UnsafeDatabase } from './durability.js';
import { type SessionFacts, sessionFactsQuery, sessionFault, sessionWarning } from './session.js';
import { parametersWithoutEffect } from './session-parameters.js';
import { readableKey } from './socket.js';

/** What was found. */
export interface Reached {
  /** A pooler is there, of which the configuration says nothing. */
  readonly poolerFound: boolean;
  readonly facts: SessionFacts;
  /** What is to be known and keeps nothing from working; each is one line for the operator. */
  readonly warnings: readonly string[];
}

interface ReachOptions extends DatabaseOptions {
  /** For messages. */
  readonly variable?: 'DATABASE_URL' | 'DATABASE_DIRECT_URL' | undefined;
}

/** How often two connections are compared: others may have taken the one that the first has just left. */
const COMPARISONS = 8;

/** Rejects as the driver does. Throws UnsafeDatabase where `facts` are such that the service must not work with them. */
export async function reachDatabase(options: ReachOptions): Promise<Reached> {
  const reached = await lookAtDatabase(options);
  const fault = sessionFault(reached.facts);
  if (fault !== undefined) throw new UnsafeDatabase(fault);
  return reached;
}

/** The same, and leaves it to the caller to judge the facts. */
export async function lookAtDatabase(options: ReachOptions): Promise<Reached> {
  const { variable = 'DATABASE_URL' } = options;
  try {
    return await look(options, variable);
  } catch (error) {
    throw attributeTo(error, variable);
  }
}

async function look(options: ReachOptions, variable: string): Promise<Reached> {
  const { transactionPooler } = options;
  const address = parseDatabaseUrl(options.url);
  let poolerFound = false;
  let facts: SessionFacts;
  try {
    facts = await ask(options, async (client) => {
      const rows = await client.unsafe<SessionFacts[]>(sessionFactsQuery);
      const [found] = rows;
      // Of a proxy it is not the number of the server's process. What keeps a connection of its own for each client is none to us.
      if (!transactionPooler && found?.backend !== pidOf(rows)) poolerFound = await sharesConnections(client, options);
      return found as SessionFacts;
    });
  } catch (error) {
    if (transactionPooler || !refusesParameters(error)) throw error;
    poolerFound = true;
    facts = await ask({ ...options, transactionPooler: true }, async (client) => {
      const [found] = await client.unsafe<SessionFacts[]>(sessionFactsQuery);
      return found as SessionFacts;
    });
  }
  const isPooled = transactionPooler || poolerFound;
  const key = await readableKey(address);
  const without = [...address.ignored, ...parametersWithoutEffect(address.parameters, isPooled)];
  const warnings = [
    ...(without.length === 0 ? [] : [`${variable} has parameters that have no effect here: ${without.join(', ')}`]),
    ...(poolerFound ? [poolerWarning(variable)] : []),
    ...(key === undefined
      ? []
      : [`others than this account can read the key that sslkey names; run: chmod 600 ${key}`]),
    ...[sessionWarning(facts)].filter((each) => each !== undefined),
  ];
  return { poolerFound, facts, warnings };
}

/** What to do about a pooler that nobody has named. */
function poolerWarning(variable: string): string {
  return variable === 'DATABASE_URL'
    ? 'DATABASE_URL leads to a pooler such as PgBouncer, which is handled; say so with DATABASE_POOLER=transaction, and let DATABASE_DIRECT_URL lead to Postgres itself, for migrations and LISTEN'
    : `${variable} leads to a pooler such as PgBouncer; let it lead to Postgres itself, or changes are noticed by poll only`;
}

/** PgBouncer refuses what it cannot keep for a client; it says so in words only. */
function refusesParameters(error: unknown): boolean {
  return /unsupported startup parameter/.test(driverError(error).message ?? '');
}

function pidOf(rows: postgres.RowList<SessionFacts[]>): number | undefined {
  return (rows.state as { pid?: number } | undefined)?.pid;
}

async function ask<T>(options: DatabaseOptions, act: (client: postgres.Sql) => Promise<T>): Promise<T> {
  const client = createClient({ ...options, poolSize: 1 });
  try {
    return await act(client);
  } finally {
    await client.end({ timeout: 1 });
  }
}

/** Whether a connection is given to another client between two statements: session state, LISTEN and named statements are lost. */
function sharesConnections(first: postgres.Sql, options: DatabaseOptions): Promise<boolean> {
  return ask(options, async (second) => {
    const seen = await backendOf(first);
    for (let i = 0; i < COMPARISONS; i += 1) {
      if ((await backendOf(second)) === seen || (await backendOf(first)) !== seen) return true;
    }
    return false;
  });
}

async function backendOf(client: postgres.Sql): Promise<number | undefined> {
  const [row] = await client.unsafe<{ backend: number }[]>('select pg_backend_pid() as backend');
  return row?.backend;
}
