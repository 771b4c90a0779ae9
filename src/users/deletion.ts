// Deletes accounts. If an account has much data, its row is cleared at once and a job deletes the rest.
import type { AuditRepository } from '#audit/repository.js';
import type { JobsRepository } from '#jobs/repository.js';
import type { JobHandler } from '#jobs/service.js';
import type { MailsRepository } from '#mail/repository.js';
import type { Db } from '#platform/database/database.js';
import type { SessionsRepository } from '#sessions/repository.js';
import type { UsersRepository } from './repository.js';

interface Dependencies {
  readonly repository: Pick<UsersRepository, 'delete' | 'markDeleted'>;
  readonly sessions: Pick<SessionsRepository, 'hasMoreThan'>;
  readonly audit: Pick<AuditRepository, 'hasMoreThan' | 'anonymize'>;
  readonly mails: Pick<MailsRepository, 'deleteOfUser'>;
  readonly jobs: Pick<JobsRepository, 'enqueue'>;
}

/** The most sessions, and the most audit events, that one request deletes or changes. */
const MAX_ROWS_PER_REQUEST = 200;

/** Deletes accounts. */
export function createAccountDeletion({ repository, sessions, audit, mails, jobs }: Dependencies) {
  return {
    /**
     * Deletes a locked account, its sessions, its mails, and the personal data in its audit events. Runs in the caller's transaction, which must have
     * recorded its own event before. Does nothing and returns false if `ifPasswordHash` is given and is no longer the account's hash.
     */
    async remove(id: number, ifPasswordHash: string | undefined, on: Db): Promise<boolean> {
      if (
        (await sessions.hasMoreThan(id, MAX_ROWS_PER_REQUEST, on)) ||
        (await audit.hasMoreThan(id, MAX_ROWS_PER_REQUEST, on))
      ) {
        if (!(await repository.markDeleted(id, ifPasswordHash, on))) return false;
        await mails.deleteOfUser(id, on);
        await jobs.enqueue('delete_account', String(id), on);
        return true;
      }
      if (!(await repository.delete(id, ifPasswordHash, on))) return false;
      await mails.deleteOfUser(id, on);
      await audit.anonymize(id, on);
      return true;
    },
  };
}

export type AccountDeletion = ReturnType<typeof createAccountDeletion>;

interface JobDependencies {
  readonly repository: Pick<UsersRepository, 'delete'>;
  readonly sessions: Pick<SessionsRepository, 'deleteSuperseded'>;
  readonly audit: Pick<AuditRepository, 'anonymizeActs' | 'anonymizeTargets'>;
}

/** The job that removes the rest of a deleted account: its sessions, the personal data in its audit events, and finally its row. */
export function createAccountDeletionJob({ repository, sessions, audit }: JobDependencies): JobHandler {
  return async ({ subject, phase, position }, size, on) => {
    const id = Number(subject);
    const deleteBatch = { '': sessions.deleteSuperseded, acts: audit.anonymizeActs, target: audit.anonymizeTargets }[
      phase
    ];
    const nextPhase = { '': 'acts', acts: 'target', target: undefined }[phase];
    if (deleteBatch === undefined) throw new Error(`the deletion of an account has no phase "${phase}"`);
    const { deleted, last } = await deleteBatch(id, position, size, on);
    if (last !== undefined) return { done: deleted, next: { phase, position: last } };
    if (nextPhase !== undefined) return { done: deleted, next: { phase: nextPhase, position: -1 } };
    await repository.delete(id, undefined, on);
    return { done: deleted, next: undefined };
  };
}
