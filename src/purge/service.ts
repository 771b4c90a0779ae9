// Purging: deletes sessions that are long over, wrong passwords that count no more, and what was written down long ago, slowly
// enough to be noticed by nobody.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRepository } from '#audit/repository.js';
import type { DeletedBatch } from '#platform/database/batch.js';
import type { Log } from '#platform/log/log.js';
import { BEFORE_ALL_SESSIONS } from '#sessions/limits.js';
import type { SessionKey } from '#sessions/repository.js';
import type { Settings } from '#settings/service.js';
import type { ThrottlesRepository } from '#throttles/repository.js';
import type { PurgeRepository } from './repository.js';

interface Dependencies {
  readonly repository: PurgeRepository;
  readonly audit: Pick<AuditRepository, 'deleteOlder'>;
  readonly throttles: Pick<ThrottlesRepository, 'deleteForgotten'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly log: Log;
  /** Sessions, throttles, or audit events, that are looked at in one statement. */
  readonly batchSize?: number;
  /** Between two statements, in milliseconds. */
  readonly pause?: number;
}

/** How a walk went. */
export interface Walk {
  readonly deleted: number;
  /** Statements that looked at rows. */
  readonly windows: number;
  /** Whether it came to the end; else it was stopped, or another instance is at it. */
  readonly finished: boolean;
}

/** Before all keys. */
const FIRST_THROTTLE = Buffer.alloc(0);

/** Deletes dead sessions, throttles that hold nobody up, and old audit events. */
export function createPurge({
  repository,
  audit,
  throttles,
  settings,
  log,
  batchSize = 500,
  pause = 50,
}: Dependencies) {
  /** Goes through a table, window by window, until there is no other (`next` gives one without a last row) or none may be. */
  async function through<Key>(
    first: Key,
    next: (after: Key) => Promise<DeletedBatch<Key> | undefined>,
    signal: AbortSignal | undefined,
  ): Promise<Walk> {
    let after: Key | undefined = first;
    let deleted = 0;
    let windows = 0;
    while (after !== undefined && !signal?.aborted) {
      if (windows > 0) await sleep(pause, undefined, { ref: false });
      const window: DeletedBatch<Key> | undefined = await next(after);
      if (window === undefined) break;
      windows += 1;
      deleted += window.deleted;
      after = window.last;
    }
    return { deleted, windows, finished: after === undefined };
  }

  /**
   * Walks once through all sessions by their primary key: there is no index on their ends, since every refresh would have to
   * write it. `signal` ends the walk before the next statement.
   */
  async function walk(signal?: AbortSignal): Promise<Walk> {
    const next = (after: SessionKey) => repository.deleteDeadSessions(after, batchSize);
    const result = await through(BEFORE_ALL_SESSIONS, next, signal);
    if (result.deleted > 0) log.info({ event: 'sessions_purged', ...result }, 'dead sessions deleted');
    return result;
  }

  /** The same through the throttles, whose times each login writes. */
  async function forgive(signal?: AbortSignal): Promise<Walk> {
    const next = (after: Buffer) => throttles.deleteForgotten(after, batchSize);
    const result = await through(FIRST_THROTTLE, next, signal);
    if (result.deleted > 0) log.info({ event: 'throttles_purged', ...result }, 'throttles that hold nobody up deleted');
    return result;
  }

  /** Deletes audit events older than AUDIT_RETENTION_DAYS; resolves to how many. `signal` ends it before the next statement. */
  async function forget(signal?: AbortSignal): Promise<number> {
    const days = settings.get('AUDIT_RETENTION_DAYS');
    let deleted = 0;
    if (days === 0) return deleted;
    for (let last = batchSize; last === batchSize && !signal?.aborted; deleted += last) {
      if (deleted > 0) await sleep(pause, undefined, { ref: false });
      last = await audit.deleteOlder(days, batchSize);
    }
    if (deleted > 0) log.info({ event: 'audit_events_purged', deleted, days }, 'old audit events deleted');
    return deleted;
  }

  /** All of them, one after the other. */
  async function run(signal?: AbortSignal): Promise<void> {
    await walk(signal);
    await forgive(signal);
    await forget(signal);
  }

  return { walk, forgive, forget, run };
}

export type Purge = ReturnType<typeof createPurge>;
