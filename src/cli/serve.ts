// latchkey serve: one process, or as many workers as WEB_CONCURRENCY asks for.
import cluster from 'node:cluster';
import type { App } from '#app.js';
import { type AppConfiguration, readConfiguration } from '#platform/config/config.js';
import { loadEnvironment } from '#platform/config/environment.js';
import { localUrl } from '#platform/config/local-url.js';
import { connect } from '#platform/database/database.js';
import { type ResolvedDatabase, resolveDatabase } from '#platform/database/resolve-database.js';
import { packageVersion } from '#platform/process/package-info.js';
import { inheritedSetupTokenHash, runWorkers } from '#platform/process/workers.js';
import { ADMIN_ROLE } from '#roles/permissions.js';
import { createRolesRepository } from '#roles/repository.js';
import { serve } from '#server.js';
import { makeSetupToken } from '#setup/token.js';

/** Milliseconds: nobody is served yet, and the database has just been started. */
const START_DEADLINE = 5000;

/** Resolves when the service listens, with the database that it needs. */
export async function serveCommand(): Promise<void> {
  const provided = await resolveDatabase(readConfiguration(loadEnvironment()));
  try {
    const setup = (await needsSetup(provided)) ? makeSetupToken() : undefined;
    const config = { ...provided.config, setupTokenHash: setup?.hash ?? inheritedSetupTokenHash() };
    const onListening = (app?: App) => banner(provided, app, setup?.token);
    if (config.workers > 1 && cluster.isPrimary) {
      await runWorkers(config, { onListening, onStopped: provided.stop });
    } else {
      await serve(config, { onListening, onStopped: provided.stop });
    }
  } catch (error) {
    await provided.stop();
    // A worker that is connected to its primary does not end by itself.
    cluster.worker?.disconnect();
    throw error;
  }
}

/** With the embedded database only: what its start prints is seen by the person who began it. */
async function needsSetup({ config, dataDir }: ResolvedDatabase): Promise<boolean> {
  return dataDir !== undefined && !(await hasAdmin(config));
}

async function hasAdmin({ database }: AppConfiguration): Promise<boolean> {
  const { db, close } = connect({ ...database, poolSize: 1, deadline: START_DEADLINE });
  try {
    return await createRolesRepository(db).hasActiveHolder(ADMIN_ROLE, undefined, db);
  } finally {
    await close();
  }
}

/** For a person at a terminal, so only where no platform runs us: with the embedded database. */
function banner({ config, dataDir }: ResolvedDatabase, app: App | undefined, setupToken: string | undefined): void {
  if (dataDir === undefined) return;
  const url = config.publicUrl?.href ?? localUrl(config, app?.server.address());
  const lines = [
    `Latchkey ${packageVersion} is ready.`,
    `  API   ${url}/api/`,
    `  Docs  ${url}/docs/`,
    `  Data  ${dataDir} (embedded Postgres)`,
    '  Stop  Ctrl-C',
    // In the fragment, which browsers send to nobody: no log and no Referer has it.
    ...(setupToken === undefined ? [] : ['', `  First admin  ${url}/admin/#setup=${setupToken}`]),
  ];
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}
