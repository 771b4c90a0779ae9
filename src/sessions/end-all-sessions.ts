// Ends the sessions of all accounts: after a failover that lost commits, a restored backup, or a leak of tokens.
import type { Act } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Db } from '#platform/database/database.js';
import { BEFORE_ALL_SESSIONS } from './limits.js';
import type { SessionKey, SessionsRepository } from './repository.js';

interface Dependencies {
  readonly repository: Pick<SessionsRepository, 'now' | 'revokeBatch'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly db: Db;
  /** Sessions per transaction. It must commit before refreshes that wait for its row locks time out. */
  readonly batchSize?: number;
}

/** Needs no keys: the command line uses it too. */
export function createEndAllSessions({ repository, audit, db, batchSize = 2000 }: Dependencies) {
  /**
   * Ends every session that started before `before` (default: now). Resolves to how many ended. Each batch is a transaction with an audit
   * event of its own, so a run that was killed can simply be repeated. `onProgress` gets the number so far after each batch.
   */
  return async (before: Date | undefined, act: Act, onProgress?: (ended: number) => void): Promise<number> => {
    const end = before ?? (await repository.now());
    let total = 0;
    let after: SessionKey | undefined = BEFORE_ALL_SESSIONS;
    while (after !== undefined) {
      const from: SessionKey = after;
      const batch = await db.transaction(async (tx) => {
        const { ended, last } = await repository.revokeBatch(from, batchSize, end, 'ended_for_everybody', tx);
        const details = { reason: 'ended_for_everybody', ended, before: end.toISOString() };
        if (ended > 0) await audit.record({ ...act, event: 'sessions.ended', details }, tx);
        return { ended, last };
      });
      total += batch.ended;
      after = batch.last;
      onProgress?.(total);
    }
    return total;
  };
}
