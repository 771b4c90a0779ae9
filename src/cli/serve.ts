// latchkey serve: runs the service in one process, or in WEB_CONCURRENCY workers.

import cluster from 'node:cluster';
import { pino } from 'pino';
import type { App } from '#app.js';
import { type AppConfiguration, type Configuration, readConfiguration } from '#platform/config/config.js';
import { localUrl } from '#platform/config/local-url.js';
import { withDatabase } from '#platform/config/with-database.js';
import type { ResolvedDatabase } from '#platform/database/resolve-database.js';
import { logDestination, logOptions } from '#platform/log/log.js';
import { compactHeap, releaseYoungGeneration } from '#platform/process/heap.js';
import { packageVersion } from '#platform/process/package-info.js';
import { inheritedSetupTokenHash, inheritsEmbeddedDatabase, runWorkers } from '#platform/process/workers.js';
import { makeSetupToken } from '#setup/token.js';
import { commandContext } from './command-context.js';

/** Longer than the deadline of a request, because the database has just been started and no request is waiting. */
const START_DEADLINE_MILLISECONDS = 5000;

/** Resolves when the service listens. */
export async function serveCommand(): Promise<void> {
  try {
    await start();
  } catch (error) {
    releaseYoungGeneration();
    // The connection to the primary would keep a worker alive.
    cluster.worker?.disconnect();
    throw error;
  }
}

async function start(): Promise<void> {
  const configuration = readConfiguration(commandContext().environment(), inheritsEmbeddedDatabase());
  // Loaded while the database starts or is probed. The primary of several workers loads nothing of the application.
  const isPrimary = configuration.workers > 1 && cluster.isPrimary;
  const application = isPrimary ? undefined : import('#server.js');
  const resolved = await (isPrimary ? forWorkers : resolve)(configuration);
  try {
    const setup = (await needsSetup(resolved)) ? makeSetupToken() : undefined;
    const config = { ...resolved.config, setupTokenHash: setup?.hash ?? inheritedSetupTokenHash() };
    const onListening = (app?: App) => printBanner(resolved, app, setup?.token);
    if (application === undefined) {
      await serveMetricsOfWorkers(config);
      // Later it would delay the connections that this process distributes to its workers.
      compactHeap();
      await runWorkers(config, { isEmbedded: resolved.dataDir !== undefined, onListening, onStopped: resolved.stop });
    } else {
      const { serve } = await application;
      await serve(config, {
        onListening: (app) => {
          releaseYoungGeneration();
          onListening(app);
        },
        onStopped: resolved.stop,
      });
    }
  } catch (error) {
    await resolved.stop();
    throw error;
  }
}

/** For the primary of several workers: it starts the embedded database. An external one is left to the workers, with its driver. */
async function forWorkers(configuration: Configuration): Promise<ResolvedDatabase> {
  const { database, secrets } = configuration;
  if (database.url === undefined) return resolve(configuration);
  return { config: withDatabase(configuration, database.url, secrets), dataDir: undefined, stop: async () => {} };
}

async function resolve(configuration: Configuration): Promise<ResolvedDatabase> {
  const { resolveDatabase } = await import('#platform/database/resolve-database.js');
  return resolveDatabase(configuration);
}

async function serveMetricsOfWorkers(config: AppConfiguration): Promise<void> {
  const { metricsPort, host, logLevel } = config;
  if (metricsPort === undefined) return;
  const { startMetricsServer } = await import('#platform/metrics/server.js');
  const { collectFromWorkers } = await import('#platform/metrics/workers.js');
  const log = pino(logOptions(logLevel), logDestination(config));
  await startMetricsServer({ host, port: metricsPort, collect: collectFromWorkers(), log });
}

/** Only for the embedded database: its output goes to the person who started it. */
async function needsSetup({ config, dataDir }: ResolvedDatabase): Promise<boolean> {
  return dataDir !== undefined && !(await hasAdmin(config));
}

async function hasAdmin({ database }: AppConfiguration): Promise<boolean> {
  const { createRolesRepository } = await import('#roles/repository.js');
  const { ADMIN_ROLE } = await import('#roles/permissions.js');
  const { connect } = await import('#platform/database/database.js');
  const { db, close } = connect({ ...database, poolSize: 1, deadline: START_DEADLINE_MILLISECONDS });
  try {
    return await createRolesRepository(db).hasActiveHolder(ADMIN_ROLE, undefined, db);
  } finally {
    await close();
  }
}

/** Printed for a person at a terminal, so only with the embedded database. */
function printBanner(
  { config, dataDir }: ResolvedDatabase,
  app: App | undefined,
  setupToken: string | undefined,
): void {
  if (dataDir === undefined) return;
  const url = config.publicUrl?.href ?? localUrl(config, app?.server.address());
  const lines = [
    `Latchkey ${packageVersion} is ready.`,
    `  API   ${url}/`,
    `  Docs  ${url}/docs/`,
    ...(config.mail?.type === 'catch' ? [`  Mail  ${url}/dev/mail/ (e-mails are shown, not sent)`] : []),
    `  Data  ${dataDir} (embedded Postgres)`,
    '  Stop  Ctrl-C',
    // In the fragment, which browsers do not send: it reaches no log and no Referer.
    ...(setupToken === undefined ? [] : ['', `  First admin  ${url}/admin/#setup=${setupToken}`]),
  ];
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}
