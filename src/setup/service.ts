// Creates the first administrator of a new service, with the token from the link that the service prints at start.
import { anonymous, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Passwords } from '#passwords/service.js';
import type { Db } from '#platform/database/database.js';
import { Problem } from '#platform/errors/problem.js';
import { ADMIN_ROLE } from '#roles/permissions.js';
import type { Roles } from '#roles/service.js';
import { requireEmail } from '#users/email.js';
import type { EmailLinks } from '#users/email-links.js';
import type { Account, UsersRepository } from '#users/repository.js';
import { isSetupToken } from './token.js';

interface Dependencies {
  /** The hash of the token that the service printed at start; undefined if it printed none. */
  readonly tokenHash: string | undefined;
  readonly repository: Pick<UsersRepository, 'insertAccount'>;
  readonly passwords: Pick<Passwords, 'assertAcceptable' | 'hash'>;
  readonly roles: Pick<Roles, 'isWithoutAdmin'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly emailLinks: Pick<EmailLinks, 'sendVerification'>;
  readonly db: Db;
}

/** The first-time setup. A refusal is a Problem. */
export function createSetup({ tokenHash, repository, passwords, roles, audit, emailLinks, db }: Dependencies) {
  let hash = tokenHash;

  /**
   * Creates an account with the role `admin` if no account has that role. Throws `validation_failed`, `email_taken`, and `setup_closed` if
   * there is an administrator, the token is wrong, or the service printed none.
   */
  async function createFirstAdmin(
    input: { token: string; email: string; password: string },
    origin: Origin,
  ): Promise<Account> {
    const email = requireEmail(input.email);
    // Checked before anything expensive, so that a request without the token causes no hashing, query or call to another service.
    if (hash === undefined || !isSetupToken(input.token, hash)) throw new Problem('setup_closed');
    await passwords.assertAcceptable(input.password, { email }, origin);
    const passwordHash = await passwords.hash(input.password, { signal: origin.signal });
    const created = await db.transaction(async (tx) => {
      // Other processes accept the token too. For them it ends here, once there is an administrator.
      if (!(await roles.isWithoutAdmin(tx))) throw new Problem('setup_closed');
      const account = await repository.insertAccount({ email, username: '', passwordHash, roles: [ADMIN_ROLE] }, tx);
      if (account === undefined) throw new Problem('email_taken');
      const details = { roles: account.roles, setup: true };
      const target = { type: 'user' as const, id: account.id };
      await audit.record({ ...anonymous(origin), event: 'user.created', target, details }, tx);
      // Without a verified address the account can add no second factor.
      await emailLinks.sendVerification(account, tx, 'unlimited');
      return account;
    });
    hash = undefined;
    return created;
  }

  return { createFirstAdmin };
}

export type Setup = ReturnType<typeof createSetup>;
