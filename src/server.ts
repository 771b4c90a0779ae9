// Runs the service: builds the app, listens, and shuts down gracefully on signals.
import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotListen } from '#platform/config/cannot-listen.js';
import type { AppConfiguration } from '#platform/config/config.js';
import { isLostWrite } from '#platform/errors/database-errors.js';
import { startMetricsServer } from '#platform/metrics/server.js';
import { answerPrimary } from '#platform/metrics/workers.js';
import { compactHeap } from '#platform/process/heap.js';
import { type App, buildApp } from './app.js';

/** How long requests in progress may take after the port is closed; then their connections are closed. */
const FINISH_MILLISECONDS = 9_000;

interface Hooks {
  /** Called when the port is open. */
  readonly onListening: (app: App) => void;
  /** Called when everything else has stopped; stops the embedded database. */
  readonly onStopped: () => Promise<void>;
}

/** Resolves when the service is listening; from then on signals end the process. Rejects if the service cannot start. */
export async function serve(config: AppConfiguration, { onListening, onStopped }: Hooks): Promise<void> {
  const app = await buildApp(config);
  stopOnSignals(app, config, onStopped);
  await serveMetrics(app, config);
  compactHeap();
  try {
    await app.listen({ host: config.host, port: config.port, listenTextResolver: () => 'listening' });
  } catch (error) {
    await app.close();
    throw new CannotListen('the port could not be opened', { cause: error });
  }
  onListening(app);
}

/** Of several workers, the primary serves the metrics (src/cli/serve.ts). */
async function serveMetrics({ metrics, log, server }: App, { metricsPort, host }: AppConfiguration): Promise<void> {
  if (metricsPort === undefined) return;
  if (cluster.isWorker) {
    answerPrimary(metrics.collect);
    return;
  }
  const { close } = await startMetricsServer({ host, port: metricsPort, collect: metrics.collect, log });
  server.once('close', close);
}

function stopOnSignals(app: App, { drainSeconds }: AppConfiguration, onStopped: () => Promise<void>): void {
  let stopping = false;

  async function stop(reason: string, exitCode: number, drainMilliseconds: number): Promise<void> {
    // With npm start, Ctrl-C arrives twice: from the terminal and from npm.
    if (stopping) return;
    stopping = true;
    app.log.info({ reason }, 'stopping');
    // Load balancers stop sending requests first, then the port closes, accepted requests finish, and the database stops last.
    app.readiness.drain();
    await sleep(drainMilliseconds);
    const cut = setTimeout(() => app.server.closeAllConnections(), FINISH_MILLISECONDS);
    try {
      await app.close();
      await onStopped();
    } catch (err) {
      app.log.error({ err }, 'stopping failed');
      process.exit(1);
    }
    clearTimeout(cut);
    app.log.info({}, 'stopped');
    process.exit(exitCode);
  }

  // A platform needs time to redirect traffic before the port closes; a person at a terminal does not.
  process.on('SIGTERM', () => void stop('SIGTERM', 0, drainSeconds * 1000));
  process.on('SIGHUP', () => void stop('SIGHUP', 0, 0));
  process.on('SIGINT', () => void stop('SIGINT', 0, 0));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err) => {
      if (isLostWrite(err)) {
        app.log.warn({ err }, 'a connection to the database was lost during a write');
        return;
      }
      app.log.fatal({ err }, event);
      void stop(event, 1, 0);
    });
  }
}
