// Several processes behind one port (node:cluster): starts them, replaces one that dies, stops them together.
import cluster, { type Worker } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { AppConfiguration } from '#platform/config/config.js';
import { logDestination, logOptions } from '#platform/log/log.js';

/** A worker process has ended before it listened. Its own line on standard error says why. */
export class WorkerNotStarted extends Error {
  override readonly name = 'WorkerNotStarted';

  constructor() {
    super('a worker could not start');
  }
}

interface Hooks {
  /** Called when every worker listens. */
  readonly onListening: () => void;
  /** Called when all workers have stopped. */
  readonly onStopped: () => Promise<void>;
}

// Only from the primary to its workers, and always set by it: what an operator sets is not read.
const SETUP_TOKEN_HASH = 'SETUP_TOKEN_HASH';

/** A worker that dies again and again is replaced at most this often. */
const RESTART_MILLISECONDS = 1000;

/**
 * Resolves when all workers listen; from then on signals end the process. Rejects with WorkerNotStarted when one cannot start:
 * the others have ended by then.
 */
export async function runWorkers(config: AppConfiguration, { onListening, onStopped }: Hooks): Promise<void> {
  const log = pino(logOptions(config.logLevel), logDestination());
  // The workers find database and secret in their environment, also where the embedded default has made them.
  const env = {
    DATABASE_URL: config.database.url,
    AUTH_SECRET: config.secrets.join(','),
    [SETUP_TOKEN_HASH]: config.setupTokenHash ?? '',
  };
  let stopping = false;

  const fork = () => cluster.fork(env);
  const stopAll = async () => {
    stopping = true;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(workers.map(stopWorker));
  };

  // From the beginning: one that listens already may die while another one still starts.
  const listening = new Set<Worker>();
  cluster.on('listening', (worker) => listening.add(worker));
  let starting = true;
  cluster.on('exit', async (worker, code, signal) => {
    if (stopping) return;
    if (starting && !listening.has(worker)) {
      log.error({ workerPid: worker.process.pid, code, signal }, 'worker could not start');
      return;
    }
    log.error({ workerPid: worker.process.pid, code, signal }, 'worker died: starting another');
    await sleep(RESTART_MILLISECONDS);
    if (!stopping) fork();
  });

  // One first: what keeps a worker from starting is then said once.
  const allListen =
    (await waitUntilListening(fork())) &&
    (await Promise.all(Array.from({ length: config.workers - 1 }, () => waitUntilListening(fork())))).every(Boolean);
  starting = false;
  if (!allListen) {
    await stopAll();
    throw new WorkerNotStarted();
  }

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, async () => {
      if (stopping) return;
      await stopAll();
      await onStopped();
      process.exit(0);
    });
  }
  onListening();
}

/** In a worker: what the primary has in its configuration as `setupTokenHash`. */
export function handedSetupTokenHash(): string | undefined {
  return (cluster.isWorker && process.env[SETUP_TOKEN_HASH]) || undefined;
}

function waitUntilListening(worker: Worker): Promise<boolean> {
  return new Promise((resolve) => {
    worker.once('listening', () => resolve(true));
    worker.once('exit', () => resolve(false));
  });
}

function stopWorker(worker: Worker): Promise<void> {
  if (worker.isDead()) return Promise.resolve();
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    worker.process.kill('SIGTERM');
  });
}
