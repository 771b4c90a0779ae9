// Queries on jobs: work that a request has committed to, and that is done in batches after its response.
import { and, asc, eq, gt, inArray, ne, sql } from 'drizzle-orm';
import { jobs } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';

/** The NOTIFY channel for new jobs. */
export const JOBS_CHANNEL = 'latchkey_jobs';

export type JobKind = Job['kind'];

/** Requests for links, which anyone can send. They are not run by `createJobs`, so that many of them do not delay other jobs. */
export const LINK_KIND = 'send_link';

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

    /**
     * Adds a requested link, unless one with this key is waiting already. False if `limit` links are waiting; concurrent requests may
     * exceed it a little. One statement, the same for every address.
     */
    enqueueLink: async (subject: string, uniqueKey: string, limit: number, on: Db): Promise<boolean> => {
      const [row] = await on.execute<{ has_room: boolean }>(sql`
        with room as (
          select count(*) < ${limit}::int as has_room
          from (select 1 from ${jobs} where kind = ${LINK_KIND} limit ${limit}::int) waiting
        ), added as (
          insert into ${jobs} (kind, subject, unique_key)
          select ${LINK_KIND}, ${subject}, ${uniqueKey} from room where has_room
          on conflict (unique_key) where unique_key is not null do nothing
        )
        select has_room, pg_notify(${JOBS_CHANNEL}, ${LINK_KIND}) from room`);
      return row?.has_room === true;
    },

    /** Locks up to `limit` requested links after `after` that no other transaction has locked, oldest first. */
    claimLinks: (after: number, limit: number, on: Db): Promise<Job[]> =>
      on
        .select()
        .from(jobs)
        .where(and(eq(jobs.kind, LINK_KIND), gt(jobs.id, after)))
        .orderBy(asc(jobs.id))
        .limit(limit)
        .for('update', { skipLocked: true }),

    /** Whether there is any job but requested links. Takes no lock. */
    hasAny: async (): Promise<boolean> =>
      (await db.select({ id: jobs.id }).from(jobs).where(ne(jobs.kind, LINK_KIND)).limit(1)).length > 0,

    /** Locks the first job after `after` that no other transaction has locked; not a requested link. */
    claim: async (after: number, on: Db) =>
      (
        await on
          .select()
          .from(jobs)
          .where(and(gt(jobs.id, after), ne(jobs.kind, LINK_KIND)))
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

    /** Removes finished jobs. */
    delete: async (ids: readonly number[], on: Db): Promise<void> => {
      await on.delete(jobs).where(inArray(jobs.id, [...ids]));
    },
  };
}

export type JobsRepository = ReturnType<typeof createJobsRepository>;
/** A stored job. */
export type Job = typeof jobs.$inferSelect;
