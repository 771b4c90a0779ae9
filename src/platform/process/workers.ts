// Runs several worker processes on one port (node:cluster): starts them, replaces those that die, and stops them together.
import cluster, { type Worker } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { AppConfiguration } from '#platform/config/config.js';
import { logDestination, logOptions } from '#platform/log/log.js';

/** A worker process ended before it was listening. It has written the reason to standard error. */
export class WorkerNotStarted extends Error {
  override readonly name = 'WorkerNotStarted';

  constructor() {
    super('a worker could not start');
  }
}

interface Options {
  /** Whether `config` has the URL of the embedded database. */
  readonly isEmbedded: boolean;
  /** Called when every worker listens. */
  readonly onListening: () => void;
  /** Called when all workers have stopped. */
  readonly onStopped: () => Promise<void>;
}

// Passed from the primary to its workers. The primary always sets them, so a value set by an operator has no effect.
const SETUP_TOKEN_HASH = 'SETUP_TOKEN_HASH';
const EMBEDDED_DATABASE = 'EMBEDDED_DATABASE';

/** By default V8 keeps up to 16 MiB twice; 4 cost next to nothing (docs/performance.md). */
const YOUNG_GENERATION = '--max-semi-space-size=4';
/** By default glibc gives the threads of a process separate arenas, up to eight for each core, and each keeps free memory of its own. */
const MEMORY_ARENAS = '2';

/** The pause before a dead worker is replaced, which limits how often a worker that keeps dying is started. */
const RESTART_DELAY_MILLISECONDS = 1000;

/**
 * Resolves when all workers are listening, or when a signal stops them before that. Signals end the process once the workers have stopped,
 * from the first worker on, which serves while the others start. If a worker cannot start, stops the others and rejects with
 * WorkerNotStarted.
 */
export async function runWorkers(
  config: AppConfiguration,
  { isEmbedded, onListening, onStopped }: Options,
): Promise<void> {
  const log = pino(logOptions(config.logLevel), logDestination(config));
  // Workers read the database URL and the secret from their environment, including those of the embedded database.
  const env = {
    DATABASE_URL: config.database.url,
    AUTH_SECRET: config.secrets.join(','),
    [EMBEDDED_DATABASE]: String(isEmbedded),
    [SETUP_TOKEN_HASH]: config.setupTokenHash ?? '',
    MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? MEMORY_ARENAS,
  };
  let stopping = false;

  cluster.setupPrimary({ execArgv: workerOptions() });
  const fork = () => cluster.fork(env);
  const stopAll = async () => {
    stopping = true;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(workers.map(stopWorker));
  };

  // Registered before the first fork: a worker that is already listening may die while another is still starting.
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
    await sleep(RESTART_DELAY_MILLISECONDS);
    if (!stopping) fork();
  });

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, async () => {
      if (stopping) return;
      await stopAll();
      await onStopped();
      process.exit(0);
    });
  }

  // A single worker starts first, so that a problem which affects all workers is reported once.
  const start = async (count: number) =>
    stopping || (await Promise.all(Array.from({ length: count }, () => waitUntilListening(fork())))).every(Boolean);
  const allListening = (await start(1)) && (await start(config.workers - 1));
  starting = false;
  if (stopping) return;
  if (!allListening) {
    await stopAll();
    throw new WorkerNotStarted();
  }
  onListening();
}

/**
 * Node's options for a worker: those of this process, and a bound for the young generation of V8's heap unless the operator has set one.
 */
function workerOptions(): string[] {
  const given = [...process.execArgv, process.env.NODE_OPTIONS ?? ''];
  return given.some((option) => /--max[-_]semi[-_]space[-_]size/.test(option))
    ? process.execArgv
    : [...process.execArgv, YOUNG_GENERATION];
}

/** In a worker: whether DATABASE_URL is that of the embedded database. */
export function inheritsEmbeddedDatabase(): boolean {
  return cluster.isWorker && process.env[EMBEDDED_DATABASE] === 'true';
}

/** In a worker: the `setupTokenHash` of the primary's configuration. */
export function inheritedSetupTokenHash(): string | undefined {
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
