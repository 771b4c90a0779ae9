// The first administrator of a service that nobody administers yet, made by whoever sees the link that its start prints.
import { anonymous, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Passwords } from '#passwords/service.js';
import type { Db } from '#platform/database/database.js';
import { Problem } from '#platform/errors/problem.js';
import { ADMIN_ROLE } from '#roles/permissions.js';
import type { Roles } from '#roles/service.js';
import { requireEmail } from '#users/email.js';
import type { Account, UsersRepository } from '#users/repository.js';
import { isSetupToken } from './token.js';

interface Dependencies {
  /** Of the token that the start has printed; undefined: it has printed none. */
  readonly tokenHash: string | undefined;
  readonly repository: Pick<UsersRepository, 'insertAccount'>;
  readonly passwords: Pick<Passwords, 'assertAcceptable' | 'hash'>;
  readonly roles: Pick<Roles, 'lockWithoutAdmin'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly db: Db;
}

/** The setup of a fresh service. A refusal is a Problem. */
export function createSetup({ tokenHash, repository, passwords, roles, audit, db }: Dependencies) {
  let hash = tokenHash;

  /**
   * Makes an account with the role `admin`, as long as nobody has it. Throws `validation_failed`, `email_taken`, and
   * `setup_closed`: there is an admin, the token is another one, or there is none.
   */
  async function createFirstAdmin(
    input: { token: string; email: string; password: string },
    origin: Origin,
  ): Promise<Account> {
    const email = requireEmail(input.email);
    // Before anything that costs: a stranger neither hashes here nor asks the database or another service.
    if (hash === undefined || !isSetupToken(input.token, hash)) throw new Problem('setup_closed');
    await passwords.assertAcceptable(input.password, { email }, origin);
    const passwordHash = await passwords.hash(input.password, { signal: origin.signal });
    const made = await db.transaction(async (tx) => {
      // Other processes have the token too: what they find here is what ends it for them.
      if (!(await roles.lockWithoutAdmin(tx))) throw new Problem('setup_closed');
      const account = await repository.insertAccount({ email, username: '', passwordHash, roles: [ADMIN_ROLE] }, tx);
      if (account === undefined) throw new Problem('email_taken');
      const details = { roles: account.roles, setup: true };
      const target = { type: 'user' as const, id: account.id };
      await audit.record({ ...anonymous(origin), event: 'user.created', target, details }, tx);
      return account;
    });
    hash = undefined;
    return made;
  }

  return { createFirstAdmin };
}

export type Setup = ReturnType<typeof createSetup>;
