// Purging: a walk over the sessions that deletes those long over, slowly enough to be noticed by nobody.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.js';
import type { PurgedWindow, PurgeRepository, SessionKey } from './repository.js';

interface Dependencies {
  readonly repository: PurgeRepository;
  readonly log: Log;
  /** Sessions that are looked at in one statement. */
  readonly windowSize?: number;
  /** Between two statements, in milliseconds. */
  readonly pause?: number;
}

/** How a walk went. */
export interface Walk {
  readonly deleted: number;
  /** Statements that looked at sessions. */
  readonly windows: number;
  /** Whether it came to the end; else it was stopped, or another instance is at it. */
  readonly finished: boolean;
}

/** Before all keys. */
const START: SessionKey = { userId: 0, id: -1 };

/** Deletes dead sessions. */
export function createPurge({ repository, log, windowSize = 500, pause = 50 }: Dependencies) {
  /**
   * Walks once through all sessions by their primary key: there is no index on their ends, since every refresh would have to
   * write it. `signal` ends the walk before the next statement.
   */
  async function walk(signal?: AbortSignal): Promise<Walk> {
    let after: SessionKey | undefined = START;
    let deleted = 0;
    let windows = 0;
    while (after !== undefined && !signal?.aborted) {
      if (windows > 0) await sleep(pause, undefined, { ref: false });
      const window: PurgedWindow | undefined = await repository.deleteDeadSessions(after, windowSize);
      if (window === undefined) break;
      windows += 1;
      deleted += window.deleted;
      after = window.last;
    }
    const result = { deleted, windows, finished: after === undefined };
    if (deleted > 0) log.info({ event: 'sessions_purged', ...result }, 'dead sessions deleted');
    return result;
  }

  return { walk };
}

export type Purge = ReturnType<typeof createPurge>;
