// Reads from a standby, as long as it is known to lag by no more than a given time; otherwise from the primary.
import { sql } from 'drizzle-orm';
import { driverError, isDatabaseUnavailable } from '#platform/errors/database-errors.js';
import type { Log } from '#platform/log/log.js';
import type { Db } from './database.js';

interface ReplicaOptions {
  readonly primary: Pick<Db, 'execute'>;
  readonly standby: Pick<Db, 'execute'>;
  /** What a read may miss at most, in milliseconds. */
  readonly maxLag: number;
  readonly log: Log;
  /** Monotonic, in milliseconds. */
  readonly now?: () => number;
}

/** A position of the primary's log, and the time at which it was written at the latest. */
interface Position {
  readonly at: number;
  readonly lsn: string;
}

/** Positions that wait for the standby. More are not needed: it is checked about once a second, and `maxLag` is seconds. */
const MAX_POSITIONS = 64;

/**
 * The standby is fresh as of the last time at which the primary was at a position that the standby has replayed. This needs no synchronized
 * clocks, and unlike the age of the last replayed transaction it does not grow while nothing is written.
 */
export function createReplica({ primary, standby, maxLag, log, now = () => performance.now() }: ReplicaOptions) {
  let positions: Position[] = [];
  let freshAt = Number.NEGATIVE_INFINITY;
  let avoidedUntil = Number.NEGATIVE_INFINITY;
  /** Undefined before the first check. */
  let problem: string | undefined | null;

  function report(found: string | null, err?: unknown): void {
    if (found === problem) return;
    problem = found;
    const event = 'database_replica';
    if (found === null) log.info({ event }, 'lists are read from the replica');
    else log.warn({ event, ...(err !== undefined && { err }) }, `${found}: lists are read from the primary`);
  }

  /** Compares the standby with the primary. Never rejects. */
  async function check(): Promise<void> {
    try {
      const at = now();
      const [written] = await primary.execute<{ lsn: string; system: string }>(sql`
        select pg_current_wal_flush_lsn()::text as lsn, system_identifier::text as system from pg_control_system()`);
      if (written === undefined) throw new Error('a SELECT of a function returned no row');
      positions = [...positions, { at, lsn: written.lsn }].slice(-MAX_POSITIONS);
      const lsns = `{${positions.map(({ lsn }) => lsn).join()}}`;
      const [found] = await standby.execute<{ standby: boolean; system: string; reached: number }>(sql`
        select pg_is_in_recovery() as standby, system_identifier::text as system, (
          select count(*)::int from unnest(${lsns}::pg_lsn[]) as position where position <= pg_last_wal_replay_lsn()) as reached
        from pg_control_system()`);
      if (found?.system !== written.system) return refuse('the replica is a copy of another database');
      if (!found.standby) return refuse('the replica is not a standby, or has been promoted');
      const last = positions[found.reached - 1];
      if (last !== undefined) freshAt = last.at;
      positions = positions.slice(found.reached);
      report(isFresh() ? null : `the replica lags by more than ${maxLag / 1000} s`);
    } catch (error) {
      refuse('the replica cannot be compared with the primary', error);
    }
  }

  function refuse(reason: string, err?: unknown): void {
    freshAt = Number.NEGATIVE_INFINITY;
    positions = [];
    report(reason, err);
  }

  const isFresh = () => now() - freshAt <= maxLag;

  return {
    check,

    /** Reads from the primary until the standby has certainly received what is written now. */
    avoid: (): void => {
      avoidedUntil = now() + maxLag;
    },

    /**
     * Runs a read on the standby if it is fresh enough, and on the primary if it is not, or if the read fails: the standby may not have received the
     * migration yet that this version needs.
     */
    read: async <T>(onStandby: () => Promise<T>, onPrimary: () => Promise<T>): Promise<T> => {
      if (now() < avoidedUntil || !isFresh()) return onPrimary();
      try {
        return await onStandby();
      } catch (error) {
        // A full queue of this process says nothing about the standby.
        const isAway = isDatabaseUnavailable(error) && driverError(error).code !== 'DATABASE_QUEUE_FULL';
        if (isAway) refuse('the replica does not answer', error);
        return onPrimary();
      }
    },
  };
}
