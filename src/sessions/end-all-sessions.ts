// Ending the sessions of everybody at once: after a failover that has lost something, a restored backup, or a leak.
import type { Act } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Db } from '#platform/database/database.js';
import { BEFORE_ALL_SESSIONS } from './limits.js';
import type { SessionKey, SessionsRepository } from './repository.js';

interface Dependencies {
  readonly repository: Pick<SessionsRepository, 'now' | 'revokeBatch'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly db: Db;
  /** Sessions that are looked at in one transaction: it must be over before whoever refreshes meanwhile gives up. */
  readonly batchSize?: number;
}

/** Needs no keys. */
export function createEndAllSessions({ repository, audit, db, batchSize = 2000 }: Dependencies) {
  /**
   * Ends every session that began before `before`, or by now if that is undefined; resolves to how many. In many transactions,
   * each with its event: killed half-way, it is simply run again. `onProgress` is called after each with the number so far.
   */
  return async (before: Date | undefined, act: Act, onProgress?: (ended: number) => void): Promise<number> => {
    const end = before ?? (await repository.now());
    let total = 0;
    let after: SessionKey | undefined = BEFORE_ALL_SESSIONS;
    while (after !== undefined) {
      const from: SessionKey = after;
      after = await db.transaction(async (tx) => {
        const { ended, last } = await repository.revokeBatch(from, batchSize, end, 'ended_for_everybody', tx);
        const details = { reason: 'ended_for_everybody', ended, before: end.toISOString() };
        if (ended > 0) await audit.record({ ...act, event: 'sessions.ended', details }, tx);
        total += ended;
        return last;
      });
      onProgress?.(total);
    }
    return total;
  };
}
