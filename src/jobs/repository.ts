// Queries on jobs: work that a request has committed to, and that is done in batches after its response.
import { asc, eq, gt, sql } from 'drizzle-orm';
import { jobs } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';

/** The NOTIFY channel for new jobs. */
export const JOBS_CHANNEL = 'latchkey_jobs';

export type JobKind = Job['kind'];

/** The progress of a job: its phase, and the key of the last row that was visited in that phase. */
export interface JobPosition {
  readonly phase: string;
  readonly position: number;
}

/** Queries on `db`; a method that takes `on` runs in the transaction it is given. */
export function createJobsRepository(db: Db) {
  return {
    /** Adds a job in the caller's transaction. When that commits, all instances are notified of it. */
    enqueue: async (kind: JobKind, subject: string, on: Db): Promise<void> => {
      await on.insert(jobs).values({ kind, subject });
      await on.execute(sql`select pg_notify(${JOBS_CHANNEL}, ${kind})`);
    },

    /** Whether there is any job. Takes no lock. */
    hasAny: async (): Promise<boolean> => (await db.select({ id: jobs.id }).from(jobs).limit(1)).length > 0,

    /** Locks the first job after `after` that no other transaction has locked. */
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

    /** Stores the progress of a job. */
    advance: async (id: number, { phase, position }: JobPosition, done: number, on: Db): Promise<void> => {
      await on
        .update(jobs)
        .set({ phase, position, done: sql`${jobs.done} + ${done}::bigint` })
        .where(eq(jobs.id, id));
    },

    /** Removes all jobs of a kind. */
    deleteOfKind: async (kind: JobKind, on: Db): Promise<void> => {
      await on.delete(jobs).where(eq(jobs.kind, kind));
    },

    /** Removes a finished job. */
    delete: async (id: number, on: Db): Promise<void> => {
      await on.delete(jobs).where(eq(jobs.id, id));
    },
  };
}

export type JobsRepository = ReturnType<typeof createJobsRepository>;
/** A stored job. */
export type Job = typeof jobs.$inferSelect;
