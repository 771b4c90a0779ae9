// The job that takes a deleted role away from its holders, when they are too many for one request.
import type { JobHandler } from '#jobs/service.js';
import type { RolesRepository } from './repository.js';

/** Until it has finished, no role of the same name can be created: the remaining holders would get it. */
export function createRoleRemovalJob(
  repository: Pick<RolesRepository, 'removeFromBatch' | 'isHeldByMoreThan' | 'notifyRemoved'>,
): JobHandler {
  return async ({ subject: name, position }, size, on) => {
    const { deleted: changed, last } = await repository.removeFromBatch(name, position, size, on);
    if (last !== undefined) return { done: changed, next: { phase: '', position: last } };
    // Accounts that were locked have been skipped: start again from the beginning.
    if (await repository.isHeldByMoreThan(name, 0, on)) return { done: changed, next: { phase: '', position: -1 } };
    await repository.notifyRemoved(name, on);
    return { done: changed, next: undefined };
  };
}
