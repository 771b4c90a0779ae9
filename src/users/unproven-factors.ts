// Second factors that a stranger may have added before the owner of an account proved its address (account pre-hijacking).
import type { Act } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Db } from '#platform/database/database.js';
import type { UsersRepository } from './repository.js';

interface Dependencies {
  readonly users: Pick<UsersRepository, 'removeSecondFactors'>;
  readonly audit: Pick<AuditRepository, 'record'>;
}

/** Removes the second factors of a locked account whose address is being proved for the first time, and records it. */
export async function removeUnprovenFactors(
  { users, audit }: Dependencies,
  id: number,
  act: Act,
  on: Db,
): Promise<void> {
  const removed = await users.removeSecondFactors(id, on);
  if (removed === 0) return;
  const details = { removed, reason: 'address_proven' };
  await audit.record({ ...act, event: 'user.second_factors_reset', target: { type: 'user', id }, details }, on);
}
