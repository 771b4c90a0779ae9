// The job that deletes the sessions which ended with all others of their account, when there are too many for one request.
import type { JobHandler } from '#jobs/service.js';
import type { SessionsRepository } from './repository.js';

/** They are over since the account's epoch began: nothing but the table's size depends on this. */
export function createSessionsDeletionJob(repository: Pick<SessionsRepository, 'deleteSuperseded'>): JobHandler {
  return async ({ subject, position }, size, on) => {
    const { deleted, last } = await repository.deleteSuperseded(Number(subject), position, size, on);
    return { done: deleted, next: last === undefined ? undefined : { phase: '', position: last } };
  };
}
