// Deletes accounts: at once, or, when too much is stored of one, its row at once and the rest by a job.
import type { AuditRepository } from '#audit/repository.js';
import type { JobsRepository } from '#jobs/repository.js';
import type { JobHandler } from '#jobs/service.js';
import type { Db } from '#platform/database/database.js';
import type { SessionsRepository } from '#sessions/repository.js';
import type { UsersRepository } from './repository.js';

interface Dependencies {
  readonly repository: Pick<UsersRepository, 'delete' | 'markDeleted'>;
  readonly sessions: Pick<SessionsRepository, 'hasMoreThan'>;
  readonly audit: Pick<AuditRepository, 'hasMoreThan' | 'anonymize'>;
  readonly jobs: Pick<JobsRepository, 'enqueue'>;
}

/** How many sessions, and how many audit events, a request deletes or changes at most. */
const DELETED_AT_ONCE = 200;

/** Deletes accounts. */
export function createAccountDeletion({ repository, sessions, audit, jobs }: Dependencies) {
  return {
    /**
     * Deletes an account that is locked, its sessions, and what is personal in its audit events, in the caller's transaction, which has
     * recorded its own event before. False, and nothing happens, when its password is not that of `ifPasswordHash` (undefined: whatever it is).
     */
    async remove(id: number, ifPasswordHash: string | undefined, on: Db): Promise<boolean> {
      if ((await sessions.hasMoreThan(id, DELETED_AT_ONCE, on)) || (await audit.hasMoreThan(id, DELETED_AT_ONCE, on))) {
        if (!(await repository.markDeleted(id, ifPasswordHash, on))) return false;
        await jobs.enqueue('delete_account', String(id), on);
        return true;
      }
      if (!(await repository.delete(id, ifPasswordHash, on))) return false;
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

/** The job that removes what is left of a deleted account: its sessions, what is personal in its events, and last its row. */
export function createAccountDeletionJob({ repository, sessions, audit }: JobDependencies): JobHandler {
  return async ({ subject, phase, position }, size, on) => {
    const id = Number(subject);
    const part = { '': sessions.deleteSuperseded, acts: audit.anonymizeActs, target: audit.anonymizeTargets }[phase];
    const following = { '': 'acts', acts: 'target', target: undefined }[phase];
    if (part === undefined) throw new Error(`a deletion has no phase ${phase}`);
    const { deleted, last } = await part(id, position, size, on);
    if (last !== undefined) return { done: deleted, next: { phase, position: last } };
    if (following !== undefined) return { done: deleted, next: { phase: following, position: -1 } };
    await repository.delete(id, undefined, on);
    return { done: deleted, next: undefined };
  };
}
