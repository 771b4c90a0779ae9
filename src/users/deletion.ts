// Deletes accounts. If an account has much data, its row is cleared at once and a job deletes the rest.
import type { AccountTokensRepository } from '#account-tokens/repository.js';
import type { AuditRepository } from '#audit/repository.js';
import type { JobsRepository } from '#jobs/repository.js';
import type { JobHandler } from '#jobs/service.js';
import type { MailsRepository } from '#mail/repository.js';
import type { DeletedBatch } from '#platform/database/batch.js';
import type { Db } from '#platform/database/database.js';
import type { SessionsRepository } from '#sessions/repository.js';
import type { UsersRepository } from './repository.js';

interface Dependencies {
  readonly repository: Pick<UsersRepository, 'delete' | 'markDeleted'>;
  readonly sessions: Pick<SessionsRepository, 'hasMoreThan'>;
  readonly accountTokens: Pick<AccountTokensRepository, 'hasMoreThan'>;
  readonly audit: Pick<AuditRepository, 'hasMoreThan' | 'anonymize'>;
  readonly mails: Pick<MailsRepository, 'deleteOfUser'>;
  readonly jobs: Pick<JobsRepository, 'enqueue'>;
}

/** The most sessions, single-use tokens and audit events, of each, that one request deletes or changes. */
const MAX_ROWS_PER_REQUEST = 200;

/** Deletes accounts. */
export function createAccountDeletion({ repository, sessions, accountTokens, audit, mails, jobs }: Dependencies) {
  async function hasMuchData(id: number, on: Db): Promise<boolean> {
    for (const rows of [sessions, accountTokens, audit]) {
      if (await rows.hasMoreThan(id, MAX_ROWS_PER_REQUEST, on)) return true;
    }
    return false;
  }

  return {
    /**
     * Deletes a locked account, its sessions, its mails, and the personal data in its audit events. Runs in the caller's transaction, which
     * must have recorded its own event before. Does nothing and returns false if `ifPasswordHash` is given and is no longer the account's
     * hash.
     */
    async remove(id: number, ifPasswordHash: string | null | undefined, on: Db): Promise<boolean> {
      if (await hasMuchData(id, on)) {
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

/** Deletes or changes the `size` rows of an account that follow `after`. */
type BatchOfAccount = (id: number, after: number, size: number, on: Db) => Promise<DeletedBatch<number>>;

interface JobDependencies {
  readonly repository: Pick<UsersRepository, 'delete'>;
  readonly sessions: Pick<SessionsRepository, 'deleteSuperseded'>;
  readonly accountTokens: Pick<AccountTokensRepository, 'deleteOfUser'>;
  readonly audit: Pick<AuditRepository, 'anonymizeActs' | 'anonymizeTargets'>;
  readonly mails: Pick<MailsRepository, 'deleteOfUser'>;
}

/**
 * The job that removes the rest of a deleted account: its sessions, its single-use tokens, the personal data in its audit events, and finally
 * its row.
 */
export function createAccountDeletionJob({
  repository,
  sessions,
  accountTokens,
  audit,
  mails,
}: JobDependencies): JobHandler {
  /** In this order. The first phase is the one of a new job. */
  const phases: readonly [name: string, deleteBatch: BatchOfAccount][] = [
    ['', sessions.deleteSuperseded],
    ['tokens', (id, _after, size, on) => accountTokens.deleteOfUser(id, size, on)],
    ['acts', audit.anonymizeActs],
    ['target', audit.anonymizeTargets],
  ];

  return async ({ subject, phase, position }, size, on) => {
    const id = Number(subject);
    const index = phases.findIndex(([name]) => name === phase);
    const [, deleteBatch] = phases[index] ?? [];
    if (deleteBatch === undefined) throw new Error(`the deletion of an account has no phase "${phase}"`);
    const { deleted, last } = await deleteBatch(id, position, size, on);
    if (last !== undefined) return { done: deleted, next: { phase, position: last } };
    const [nextPhase] = phases[index + 1] ?? [];
    if (nextPhase !== undefined) return { done: deleted, next: { phase: nextPhase, position: -1 } };
    await repository.delete(id, undefined, on);
    // A request that was made before the deletion, and waited for it, may have stored one since.
    await mails.deleteOfUser(id, on);
    return { done: deleted, next: undefined };
  };
}
