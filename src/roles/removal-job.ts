// The job that takes a deleted role away from its holders, when they are too many for one request.
import type { JobHandler } from '#jobs/service.js';
import type { RolesRepository } from './repository.js';

/** Until it has finished nobody can make a role of the same name: its holders would have that one. */
export function createRoleRemovalJob(
  repository: Pick<RolesRepository, 'removeFromWindow' | 'isHeldByMoreThan' | 'announceRemoval'>,
): JobHandler {
  return async ({ subject: name, position }, size, on) => {
    const { deleted: changed, last } = await repository.removeFromWindow(name, position, size, on);
    if (last !== undefined) return { done: changed, next: { phase: '', position: last } };
    // Accounts that others held were passed over: once more from the beginning.
    if (await repository.isHeldByMoreThan(name, 0, on)) return { done: changed, next: { phase: '', position: -1 } };
    await repository.announceRemoval(name, on);
    return { done: changed, next: undefined };
  };
}
