// What the state of an account means.
import type { Account } from './repository.js';

/** Whether an operator has disabled the account. An account that its owner is leaving is disabled too, and a login restores it. */
export function isDisabledByOperator({
  disabledAt,
  disabledReason,
  deletionDueAt,
}: Pick<Account, 'disabledAt' | 'disabledReason' | 'deletionDueAt'>): boolean {
  return disabledAt !== null && (deletionDueAt === null || disabledReason !== null);
}
