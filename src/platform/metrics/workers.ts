// Metrics of worker processes: the primary asks them for their values, and serves the sums.
import cluster, { type Worker } from 'node:cluster';
import { countersOf, mergeSnapshots, type Snapshot } from './snapshot.js';

interface Question {
  readonly type: 'latchkey:collect-metrics';
  readonly id: number;
}

interface Answer {
  readonly type: 'latchkey:metrics';
  readonly id: number;
  readonly snapshot: Snapshot;
}

/** How long the primary waits for a worker. The last known values of a slow worker are used. */
const ANSWER_MILLISECONDS = 2000;

/** In a worker: answers the questions of the primary. */
export function answerPrimary(collect: () => Promise<Snapshot>): void {
  process.on('message', async (message: Partial<Question>) => {
    if (message?.type !== 'latchkey:collect-metrics') return;
    const answer = { type: 'latchkey:metrics', id: message.id, snapshot: await collect() };
    // The primary may have ended.
    process.send?.(answer, undefined, undefined, () => {});
  });
}

/** In the primary, before the first worker is started: returns a function that collects the values of all workers. */
export function collectFromWorkers(): () => Promise<Snapshot> {
  const known = new Map<number, Snapshot>();
  let ended: Snapshot = [];
  let lastId = 0;
  // A worker that is still starting would not answer.
  const listening = new Set<Worker>();

  cluster.on('listening', (worker) => listening.add(worker));
  cluster.on('exit', (worker) => {
    const { id } = worker;
    listening.delete(worker);
    // The sums of counters must not fall when a worker is replaced.
    ended = mergeSnapshots([ended, countersOf(known.get(id) ?? [])]);
    known.delete(id);
  });

  return async () => {
    lastId += 1;
    await Promise.all(
      [...listening].map(async (worker) => {
        const snapshot = await ask(worker, lastId);
        if (snapshot !== undefined && !worker.isDead()) known.set(worker.id, snapshot);
      }),
    );
    return mergeSnapshots([...known.values(), ended]);
  };
}

function ask(worker: Worker, id: number): Promise<Snapshot | undefined> {
  return new Promise((resolve) => {
    const settle = (snapshot?: Snapshot) => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('exit', onExit);
      resolve(snapshot);
    };
    const onMessage = (message: Partial<Answer>) => {
      if (message?.type === 'latchkey:metrics' && message.id === id) settle(message.snapshot);
    };
    const onExit = () => settle();
    const timer = setTimeout(settle, ANSWER_MILLISECONDS);
    worker.on('message', onMessage);
    worker.on('exit', onExit);
    worker.send({ type: 'latchkey:collect-metrics', id } satisfies Question, (error) => error && settle());
  });
}
