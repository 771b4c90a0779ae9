// The job that deletes the sessions of an account that all ended at once, when they are too many for one request.
import type { JobHandler } from '#jobs/service.js';
import type { SessionsRepository } from './repository.js';

/** The account's new epoch has already ended these sessions, so only the size of the table depends on this job. */
export function createSessionsDeletionJob(repository: Pick<SessionsRepository, 'deleteSuperseded'>): JobHandler {
  return async ({ subject, position }, size, on) => {
    const { deleted, last } = await repository.deleteSuperseded(Number(subject), position, size, on);
    return { done: deleted, next: last === undefined ? undefined : { phase: '', position: last } };
  };
}
