// Purging: deletes sessions that are long over and what was written down long ago, slowly enough to be noticed by nobody.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRepository } from '../audit/repository.js';
import type { Log } from '../log.js';
import type { SessionKey } from '../sessions/repository.js';
import type { Settings } from '../settings/service.js';
import type { PurgedWindow, PurgeRepository } from './repository.js';

interface Dependencies {
  readonly repository: PurgeRepository;
  readonly audit: Pick<AuditRepository, 'deleteOlder'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly log: Log;
  /** Sessions, or audit events, that are looked at in one statement. */
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

/** Deletes dead sessions and old audit events. */
export function createPurge({ repository, audit, settings, log, windowSize = 500, pause = 50 }: Dependencies) {
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

  /** Deletes audit events older than AUDIT_RETENTION_DAYS; resolves to how many. `signal` ends it before the next statement. */
  async function forget(signal?: AbortSignal): Promise<number> {
    const days = settings.get('AUDIT_RETENTION_DAYS');
    let deleted = 0;
    if (days === 0) return deleted;
    for (let last = windowSize; last === windowSize && !signal?.aborted; deleted += last) {
      if (deleted > 0) await sleep(pause, undefined, { ref: false });
      last = await audit.deleteOlder(days, windowSize);
    }
    if (deleted > 0) log.info({ event: 'audit_events_purged', deleted, days }, 'old audit events deleted');
    return deleted;
  }

  /** Both, one after the other. */
  async function run(signal?: AbortSignal): Promise<void> {
    await walk(signal);
    await forget(signal);
  }

  return { walk, forget, run };
}

export type Purge = ReturnType<typeof createPurge>;
