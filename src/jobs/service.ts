// Jobs: work whose size depends on the data, done in batches after the response to the request that caused it.
import { setTimeout as sleep } from 'node:timers/promises';
import { backgroundRun } from '#platform/concurrency/background-run.js';
import type { Db } from '#platform/database/database.js';
import type { Log } from '#platform/log/log.js';
import type { JobKind as AnyJobKind, Job, JobPosition, JobsRepository } from './repository.js';

/** A kind of job that is done in batches of rows. Requested links are not: see src/users/link-sender.ts. */
export type JobKind = Exclude<AnyJobKind, 'send_link'>;

/** The result of one batch. */
export interface JobStep {
  /** How many rows were changed or deleted. */
  readonly done: number;
  /** Where the next batch begins; undefined when the job is finished. */
  readonly next: JobPosition | undefined;
}

/**
 * Processes one batch of up to `size` rows in the given transaction. After a crash, or when the transaction failed, it is called again with
 * the same position.
 */
export type JobHandler = (job: Job, size: number, on: Db) => Promise<JobStep>;

interface Dependencies {
  readonly repository: Pick<JobsRepository, 'hasAny' | 'claim' | 'advance' | 'delete'>;
  readonly handlers: Readonly<Record<JobKind, JobHandler>>;
  readonly db: Pick<Db, 'transaction'>;
  readonly log: Log;
  /** The most rows in a batch. */
  readonly maxBatchSize?: number;
  /** The shortest pause between two batches, in milliseconds. */
  readonly minPause?: number;
}

const MIN_BATCH_SIZE = 20;
const INITIAL_BATCH_SIZE = 100;
/** After a batch that took longer than this the next ones are smaller; after one that took much less they are larger. */
const SLOW_MILLISECONDS = 100;
/** The longest pause between two batches, for a busy database. */
const MAX_PAUSE_MILLISECONDS = 2000;

/** Runs jobs. Any number of instances may do so, since a job is locked while one of its batches runs. */
export function createJobs({ repository, handlers, db, log, maxBatchSize = 500, minPause = 10 }: Dependencies) {
  const stopping = new AbortController();
  const { signal } = stopping;
  // One size per kind of job, since the cost of a row depends on the kind.
  const batchSizes = new Map<JobKind, number>();

  /** Runs one batch of the first available job after `after`. Returns the job's id, or undefined if there is none. */
  async function runBatch(after: number): Promise<number | undefined> {
    let claimed: Job | undefined;
    const start = performance.now();
    try {
      const totalRows = await db.transaction(async (tx) => {
        const job = await repository.claim(after, tx);
        claimed = job;
        if (job === undefined) return undefined;
        const kind = job.kind as JobKind;
        const { done, next } = await handlers[kind](job, batchSizeOf(kind), tx);
        if (next !== undefined) await repository.advance(job.id, next, done, tx);
        else await repository.delete([job.id], tx);
        return next === undefined ? job.done + done : undefined;
      });
      if (claimed === undefined) return undefined;
      adaptBatchSize(claimed.kind as JobKind, performance.now() - start);
      if (totalRows !== undefined) {
        log.info({ event: 'job_finished', ...forLog(claimed), rows: totalRows }, 'job finished');
      }
    } catch (err) {
      // The batch was rolled back. The job is retried after the others, with a smaller batch.
      if (claimed === undefined) throw err;
      adaptBatchSize(claimed.kind as JobKind, Number.POSITIVE_INFINITY);
      log.warn({ err, ...forLog(claimed) }, 'a batch of a job failed and will be retried');
      await wait(MAX_PAUSE_MILLISECONDS);
    }
    return claimed.id;
  }

  function batchSizeOf(kind: JobKind): number {
    return batchSizes.get(kind) ?? Math.min(INITIAL_BATCH_SIZE, maxBatchSize);
  }

  function adaptBatchSize(kind: JobKind, milliseconds: number): void {
    const size = batchSizeOf(kind);
    if (milliseconds > SLOW_MILLISECONDS)
      batchSizes.set(kind, Math.max(Math.min(MIN_BATCH_SIZE, maxBatchSize), Math.floor(size / 2)));
    else if (milliseconds < SLOW_MILLISECONDS / 4) batchSizes.set(kind, Math.min(maxBatchSize, size * 2));
  }

  async function wait(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { ref: false, signal }).catch(() => {});
  }

  /** Runs one batch of each job in turn, until no job is available. */
  async function run(): Promise<void> {
    if (signal.aborted || !(await repository.hasAny())) return;
    for (let after = 0, isFirst = true; !signal.aborted; ) {
      const start = performance.now();
      const id = await runBatch(after);
      if (id === undefined && isFirst) return;
      isFirst = id === undefined;
      after = id ?? 0;
      // Pausing as long as the batch took keeps the database free for half of the time.
      if (id !== undefined) await wait(Math.min(MAX_PAUSE_MILLISECONDS, Math.max(minPause, performance.now() - start)));
    }
  }

  const runs = backgroundRun(run);

  return {
    /** Resolves when no job is available any more. Rejects when the database does not respond. */
    run: runs.run,

    /** As `run`, for callers that do not wait. */
    begin: runs.begin,

    /** Starts no further batch, and resolves when none is running. Another instance, or the next start, continues with the rest. */
    stop: async (): Promise<void> => {
      stopping.abort();
      await runs.settled();
    },
  };
}

function forLog({ kind, subject }: Job) {
  return { job: kind, subject };
}
