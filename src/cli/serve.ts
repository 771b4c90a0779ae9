// latchkey serve: one process, or as many workers as WEB_CONCURRENCY asks for.
import cluster from 'node:cluster';
import type { App } from '../app.js';
import { readConfiguration } from '../config/config.js';
import { loadEnvironment } from '../config/environment.js';
import { localUrl } from '../config/local-url.js';
import { type ProvidedDatabase, provideDatabase } from '../database/provide.js';
import { packageVersion } from '../root.js';
import { serve } from '../server.js';
import { runWorkers } from '../workers.js';

/** Resolves when the service listens, with the database that it needs. */
export async function serveCommand(): Promise<void> {
  const config = readConfiguration(loadEnvironment());
  const provided = await provideDatabase(config);
  try {
    if (config.workers > 1 && cluster.isPrimary) {
      await runWorkers(provided.config, { onListening: () => banner(provided, undefined), onStopped: provided.stop });
    } else {
      await serve(provided.config, { onListening: (app) => banner(provided, app), onStopped: provided.stop });
    }
  } catch (error) {
    await provided.stop();
    // A worker that is connected to its primary does not end by itself.
    cluster.worker?.disconnect();
    throw error;
  }
}

/** For a person at a terminal, so only where no platform runs us: with the embedded database. */
function banner({ config, dataDir }: ProvidedDatabase, app: App | undefined): void {
  if (dataDir === undefined) return;
  const url = localUrl(config, app?.server.address());
  const lines = [
    `Latchkey ${packageVersion} is ready.`,
    `  API   ${url}/api/`,
    `  Docs  ${url}/docs/`,
    `  Data  ${dataDir} (embedded Postgres)`,
    '  Stop  Ctrl-C',
  ];
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}
