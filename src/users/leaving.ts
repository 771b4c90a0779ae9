// Deletes the accounts whose owners asked to leave, when the time to change their mind is over.
import { bySystem } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Notices } from '#mail/notices.js';
import type { Db } from '#platform/database/database.js';
import type { Log } from '#platform/log/log.js';
import type { AccountDeletion } from './deletion.js';
import type { UsersRepository } from './repository.js';

interface Dependencies {
  readonly repository: Pick<UsersRepository, 'lockDue'>;
  readonly deletion: AccountDeletion;
  readonly notices: Pick<Notices, 'accountDeleted'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly db: Pick<Db, 'transaction'>;
  readonly log: Log;
}

/** Any number of instances may run it: an account is locked while it is deleted, and others skip it. */
export function createDueDeletions({ repository, deletion, notices, audit, db, log }: Dependencies) {
  /** Deletes one account that is due. Returns its id; undefined if there is none. */
  function deleteOne(): Promise<number | undefined> {
    return db.transaction(async (tx) => {
      const id = await repository.lockDue(tx);
      if (id === undefined) return undefined;
      // No check for the last admin: there was another one when the owner asked, and a disabled account has not counted as one since.
      await audit.record({ ...bySystem, event: 'user.deleted', target: { type: 'user', id } }, tx);
      await notices.accountDeleted(id, tx);
      await deletion.remove(id, undefined, tx);
      return id;
    });
  }

  /** Deletes every account that is due, one transaction each; resolves to their number. `signal` stops it before the next one. */
  async function run(signal?: AbortSignal): Promise<number> {
    let deleted = 0;
    while (!signal?.aborted) {
      const userId = await deleteOne();
      if (userId === undefined) break;
      deleted += 1;
      log.info({ event: 'account_deleted', userId }, 'account deleted: its owner asked for it and did not come back');
    }
    return deleted;
  }

  return { run };
}

export type DueDeletions = ReturnType<typeof createDueDeletions>;
