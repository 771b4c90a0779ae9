// Decides how many callers may wait for the database. Callers that would not be answered in time are refused before anything is sent for them.

/** Too many queries are waiting for the database. The statement was not sent. */
export class DatabaseQueueFull extends Error {
  override readonly name = 'DatabaseQueueFull';
  readonly code = 'DATABASE_QUEUE_FULL';
}

interface AdmissionOptions {
  /** The maximum number of callers. */
  readonly maxCallers: number;
  /** The number of connections to the database. */
  readonly connections: number;
  /** How long a caller waits, in milliseconds. */
  readonly deadline: number;
  /** How long the process has had nothing to do but wait, in milliseconds. */
  readonly idleTime: () => number;
}

/** For each connection, the number of callers whose wait is not predicted: one that is served, and one more. */
const ALWAYS_ADMITTED = 2;
/** How long results are counted, in milliseconds, before the rate that follows from them replaces the one before. */
const WINDOW_MILLISECONDS = 500;
/** A longer time between two results, in milliseconds, is an interruption, such as a failover, and says nothing about the rate. */
const LONGEST_GAP_MILLISECONDS = 100;
/** The part of the deadline that a caller is expected to wait at most: an answer to a client often needs more than one query. */
const PART_OF_DEADLINE = 0.5;
/** How long callers may be refused after one was not answered in time, in milliseconds. */
const MEMORY_MILLISECONDS = 10_000;

/**
 * Counts callers, and refuses one that would have to wait for too long: the number of callers divided by the rate of results. The rate is
 * measured while there is a caller for each connection, so that it is what the database can do and not what it is asked for, and forgotten
 * when half of them would do. The time in which the process works does not count: it is not the database that its requests wait for then.
 *
 * The prediction can be wrong, for example because more callers share a connection to a distant database. So nobody is refused unless a
 * caller was not answered in time a moment ago: a burst is admitted at first, and so are the callers of a database that stops answering before
 * its rate is known.
 */
export function createAdmission({ maxCallers, connections, deadline, idleTime }: AdmissionOptions) {
  let callers = 0;
  let refusals = 0;
  /** When the latest result came. Undefined: not while there was a caller for each connection. */
  let latest: number | undefined;
  let results = 0;
  let elapsed = 0;
  /** The number of callers of which the last is expected to be answered soon enough. */
  let limit = Number.POSITIVE_INFINITY;
  /** When a caller last left without a result. */
  let lateAt = Number.NEGATIVE_INFINITY;

  function countResult(): void {
    const time = idleTime();
    if (latest !== undefined) {
      results += 1;
      elapsed += Math.min(time - latest, LONGEST_GAP_MILLISECONDS);
    }
    latest = time;
    if (elapsed < WINDOW_MILLISECONDS) return;
    limit = (results / elapsed) * deadline * PART_OF_DEADLINE;
    results = 0;
    elapsed = 0;
  }

  function forget(): void {
    latest = undefined;
    results = 0;
    elapsed = 0;
    limit = Number.POSITIVE_INFINITY;
  }

  function isBeyondLimit(): boolean {
    return callers >= limit && callers >= ALWAYS_ADMITTED * connections && idleTime() - lateAt < MEMORY_MILLISECONDS;
  }

  return {
    /** Admits a caller, who must `leave` later. Throws DatabaseQueueFull. `isEssential`: however long it will wait. */
    enter({ isEssential = false } = {}): void {
      if (callers >= maxCallers || (!isEssential && isBeyondLimit())) {
        refusals += 1;
        throw new DatabaseQueueFull(`${callers} callers are already waiting for the database`);
      }
      callers += 1;
    },

    /** `hasResult`: whether the caller was given a result or an error before its deadline. */
    leave({ hasResult }: { readonly hasResult: boolean }): void {
      if (!hasResult) lateAt = idleTime();
      if (callers < connections) latest = undefined;
      else if (hasResult) countResult();
      callers -= 1;
      if (callers <= connections / 2) forget();
    },

    callers: () => callers,
    /** How many callers have been refused. */
    refusals: () => refusals,
  };
}

export type Admission = ReturnType<typeof createAdmission>;
