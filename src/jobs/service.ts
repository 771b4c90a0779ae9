// Jobs: work that grows with the data, done in batches after the request that caused it has been answered.
import { setTimeout as sleep } from 'node:timers/promises';
import { singleFlight } from '#platform/concurrency/single-flight.js';
import type { Db } from '#platform/database/database.js';
import type { Log } from '#platform/log/log.js';
import type { Job, JobKind, JobPosition, JobsRepository } from './repository.js';

/** What one batch of a job did. */
export interface JobStep {
  /** Rows that were changed or deleted. */
  readonly done: number;
  /** Where the next batch begins; undefined: the job is finished. */
  readonly next: JobPosition | undefined;
}

/**
 * Does one batch of a job that looks at up to `size` rows, in the given transaction. It may be called again with the same position: after
 * a crash, or when its transaction failed.
 */
export type JobHandler = (job: Job, size: number, on: Db) => Promise<JobStep>;

interface Dependencies {
  readonly repository: Pick<JobsRepository, 'hasAny' | 'claim' | 'advance' | 'delete'>;
  readonly handlers: Readonly<Record<JobKind, JobHandler>>;
  readonly db: Pick<Db, 'transaction'>;
  readonly log: Log;
  /** Rows that a batch looks at, at most. */
  readonly largest?: number;
  /** Between two batches, in milliseconds, at least. */
  readonly pause?: number;
}

const SMALLEST = 20;
/** A batch that took longer than this makes the next ones smaller; one that took much less makes them larger. Milliseconds. */
const SLOW_MILLISECONDS = 100;
/** A busy database is left alone for this long at most between two batches, in milliseconds. */
const LONGEST_PAUSE = 2000;

/** Runs jobs. Any number of instances may: a job is locked while one of its batches runs. */
export function createJobs({ repository, handlers, db, log, largest = 500, pause = 10 }: Dependencies) {
  const stopping = new AbortController();
  const { signal } = stopping;
  // Rows differ in what they cost, so each kind has a size of its own.
  const sizes = new Map<JobKind, number>();
  let running: Promise<unknown> = Promise.resolve();

  /** Does one batch of the first job after `after`; its id, or undefined when there is none to do. */
  async function batch(after: number): Promise<number | undefined> {
    let claimed: Job | undefined;
    const begun = performance.now();
    try {
      const finished = await db.transaction(async (tx) => {
        const job = await repository.claim(after, tx);
        claimed = job;
        if (job === undefined) return undefined;
        const { done, next } = await handlers[job.kind](job, sizeOf(job.kind), tx);
        if (next !== undefined) await repository.advance(job.id, next, done, tx);
        else await repository.delete(job.id, tx);
        return next === undefined ? job.done + done : undefined;
      });
      if (claimed === undefined) return undefined;
      adapt(claimed.kind, performance.now() - begun);
      if (finished !== undefined) {
        const { kind, subject } = claimed;
        log.info({ event: 'job_finished', job: kind, subject, rows: finished }, 'a job in the background has finished');
      }
    } catch (err) {
      // Nothing of the batch was kept. The job is tried again, in smaller batches, after the others.
      if (claimed === undefined) throw err;
      adapt(claimed.kind, Number.POSITIVE_INFINITY);
      log.warn(
        { err, job: claimed.kind, subject: claimed.subject },
        'a batch of a job failed: it is tried again later',
      );
      await idle(LONGEST_PAUSE);
    }
    return claimed.id;
  }

  function sizeOf(kind: JobKind): number {
    return sizes.get(kind) ?? Math.min(100, largest);
  }

  function adapt(kind: JobKind, milliseconds: number): void {
    const size = sizeOf(kind);
    if (milliseconds > SLOW_MILLISECONDS) sizes.set(kind, Math.max(Math.min(SMALLEST, largest), Math.floor(size / 2)));
    else if (milliseconds < SLOW_MILLISECONDS / 4) sizes.set(kind, Math.min(largest, size * 2));
  }

  async function idle(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { ref: false, signal }).catch(() => {});
  }

  /** Works until no job is left that can be worked on, a batch of each in turn. */
  async function run(): Promise<void> {
    if (signal.aborted || !(await repository.hasAny())) return;
    for (let after = 0, isFirst = true; !signal.aborted; ) {
      const begun = performance.now();
      const id = await batch(after);
      if (id === undefined && isFirst) return;
      isFirst = id === undefined;
      after = id ?? 0;
      // At least as long as the batch took: at most half of the time is spent here, and less the slower the database answers.
      if (id !== undefined) await idle(Math.min(LONGEST_PAUSE, Math.max(pause, performance.now() - begun)));
    }
  }

  const runAgain = singleFlight(async () => {
    await run();
    return false;
  });

  return {
    /** Resolves when no job is left that can be worked on. Rejects when the database does not answer. */
    run: (): Promise<unknown> => {
      running = runAgain();
      return running;
    },

    /** Begins no further batch; resolves when none runs. Jobs that are left are done by another instance, or after the next start. */
    stop: async (): Promise<void> => {
      stopping.abort();
      await running.catch(() => {});
    },
  };
}

export type Jobs = ReturnType<typeof createJobs>;
