// Queries on jobs: work that a request has committed to, and that is done in batches afterwards.
import { asc, eq, gt, sql } from 'drizzle-orm';
import { jobs } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';

/** The channel on which a new job is announced. */
export const JOBS_CHANNEL = 'latchkey_jobs';

export type JobKind = Job['kind'];

/** How far a job has come: the part of the work, and the key of the last row that was visited in it. */
export interface JobPosition {
  readonly phase: string;
  readonly position: number;
}

/** Queries on `db`; a method that takes `on` runs in the transaction it is given. */
export function createJobsRepository(db: Db) {
  return {
    /** Adds a job to the caller's transaction: it exists, and every instance learns of it, when the transaction commits. */
    enqueue: async (kind: JobKind, subject: string, on: Db): Promise<void> => {
      await on.insert(jobs).values({ kind, subject });
      await on.execute(sql`select pg_notify(${JOBS_CHANNEL}, ${kind})`);
    },

    /** Whether there is any job; without a lock. */
    hasAny: async (): Promise<boolean> => (await db.select({ id: jobs.id }).from(jobs).limit(1)).length > 0,

    /** The first job after `after` that no other transaction works on, locked until the end of this one. */
    claim: async (after: number, on: Db) =>
      (
        await on
          .select()
          .from(jobs)
          .where(gt(jobs.id, after))
          .orderBy(asc(jobs.id))
          .limit(1)
          .for('update', { skipLocked: true })
      )[0],

    /** Writes down how far a job has come. */
    advance: async (id: number, { phase, position }: JobPosition, done: number, on: Db): Promise<void> => {
      await on
        .update(jobs)
        .set({ phase, position, done: sql`${jobs.done} + ${done}::bigint` })
        .where(eq(jobs.id, id));
    },

    /** The job is finished. */
    delete: async (id: number, on: Db): Promise<void> => {
      await on.delete(jobs).where(eq(jobs.id, id));
    },
  };
}

export type JobsRepository = ReturnType<typeof createJobsRepository>;
/** A job, as it is stored. */
export type Job = typeof jobs.$inferSelect;
