// Accounts, as operators see and change them. No operator can act on an account that has permissions which they lack.
import type { AccountTokens } from '#account-tokens/service.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Notices } from '#mail/notices.js';
import type { Outbox } from '#mail/outbox.js';
import type { Passwords } from '#passwords/service.js';
import type { Db } from '#platform/database/database.js';
import { violatesUnique } from '#platform/errors/database-errors.js';
import { invalidField, Problem } from '#platform/errors/problem.js';
import { type Cursors, type Page, type PageRequest, readPage } from '#platform/http/pagination.js';
import type { Operator } from '#roles/operator.js';
import { ADMIN_ROLE } from '#roles/permissions.js';
import type { Roles } from '#roles/service.js';
import type { AccountSessions } from '#sessions/account-sessions.js';
import type { ListedSession } from '#sessions/repository.js';
import { enrolmentsOf, passkeysOf, secondFactorsOf } from '#throttles/names.js';
import type { Attempt, Throttles } from '#throttles/service.js';
import { isDisabledByOperator } from './account-state.js';
import type { AccountDeletion } from './deletion.js';
import { canonicalEmail, canonicalEmailPrefix, requireEmail } from './email.js';
import type { EmailLinks } from './email-links.js';
import type { Account, AccountFilter, UsersRepository } from './repository.js';

/** What an operator chooses for a new account. */
export interface NewAccount {
  readonly email: string;
  readonly username?: string | undefined;
  readonly roles?: readonly string[] | undefined;
}

/** Changes to an account; omitted fields keep their value. */
export type AccountChanges = Partial<NewAccount>;

interface Dependencies {
  readonly repository: UsersRepository;
  /** Runs a query of the list, which may be a moment old. */
  readonly findAccounts?: UsersRepository['findAccounts'];
  readonly sessions: AccountSessions;
  readonly passwords: Pick<Passwords, 'assertAcceptable' | 'hash' | 'generateTemporary'>;
  readonly roles: Pick<Roles, 'assertCanGrant' | 'assertMayActOn' | 'assertNotLastAdmin'>;
  readonly audit: Pick<AuditRepository, 'record' | 'addressesOfFailedLogins'>;
  readonly throttles: Pick<Throttles, 'clear' | 'delayOf'>;
  readonly deletion: AccountDeletion;
  readonly notices: Pick<Notices, 'passwordChanged' | 'emailChanged' | 'secondFactorsReset'>;
  readonly accountTokens: Pick<AccountTokens, 'revokeAll'>;
  readonly emailLinks: Pick<EmailLinks, 'sendVerification' | 'sendReset'>;
  readonly mail: Pick<Outbox, 'assertEnabled'>;
  /** Cursors of the list of accounts: the id of the last account of a page. */
  readonly cursors: Cursors<number>;
  readonly db: Db;
}

/**
 * The administration of accounts. Every write throws `user_not_found`, and `forbidden` if the account has permissions that the operator
 * lacks. A refusal is a Problem.
 */
export function createUserAdministration({
  repository,
  findAccounts = repository.findAccounts,
  sessions,
  passwords,
  roles,
  audit,
  throttles,
  deletion,
  notices,
  accountTokens,
  emailLinks,
  mail,
  cursors,
  db,
}: Dependencies) {
  /** Accounts, ordered by id. Throws `validation_failed` for a cursor that does not belong to this list. */
  function list(filter: AccountFilter, request: PageRequest): Promise<Page<Account>> {
    const emailPrefix = filter.emailPrefix === undefined ? undefined : canonicalEmailPrefix(filter.emailPrefix);
    return readPage({
      cursors,
      request,
      start: 0,
      find: (after, limit) => findAccounts({ ...filter, emailPrefix }, after, limit),
      positionOf: ({ id }) => id,
    });
  }

  /** Throws `user_not_found`. */
  async function find(id: number): Promise<Account> {
    const account = await repository.findAccount(id);
    if (account === undefined) throw new Problem('user_not_found');
    return account;
  }

  /** The account with this address. Throws `user_not_found`. */
  async function findByEmail(email: string): Promise<Account> {
    const canonical = canonicalEmail(email);
    const found = canonical === undefined ? undefined : await repository.findByEmail(canonical);
    if (found === undefined) throw new Problem('user_not_found');
    return find(found.id);
  }

  /**
   * Creates an account with a temporary password, which is returned only here. Throws `validation_failed`, `email_taken`, and `forbidden`
   * for roles that the operator cannot grant.
   */
  async function create(input: NewAccount, operator: Operator): Promise<{ user: Account; temporaryPassword: string }> {
    const temporaryPassword = passwords.generateTemporary();
    return { user: await insert(input, temporaryPassword, operator), temporaryPassword };
  }

  /** Creates an account with a given password, which must satisfy the password rules. Throws the same as `create`. */
  async function createWithPassword(input: NewAccount, password: string, operator: Operator): Promise<Account> {
    const { email, username } = input;
    await passwords.assertAcceptable(password, { email, username }, operator.act.origin);
    return insert(input, password, operator);
  }

  async function insert(input: NewAccount, password: string, operator: Operator): Promise<Account> {
    const email = requireEmail(input.email);
    const granted = canonicalRoles(input.roles, operator);
    const { act } = operator;
    const passwordHash = await passwords.hash(password, { signal: act.origin.signal });
    return db.transaction(async (tx) => {
      if (granted !== undefined) await roles.assertCanGrant(granted, operator, tx);
      const account = { email, username: input.username ?? '', passwordHash, roles: granted ?? [] };
      const created = await repository.insertAccount(account, tx);
      if (created === undefined) throw new Problem('email_taken');
      const details = { roles: created.roles };
      await audit.record({ ...act, event: 'user.created', target: targetOf(created.id), details }, tx);
      await emailLinks.sendVerification(created, tx, 'unlimited');
      return created;
    });
  }

  /**
   * Changes an account. A new e-mail address ends all its sessions, and is not verified. Throws `validation_failed`, `email_taken`,
   * `last_admin`, and `forbidden` for roles that the operator cannot grant, and for the address of the operator's own account: use `PUT /api/me/` for that.
   */
  function update(id: number, changes: AccountChanges, operator: Operator): Promise<Account> {
    const email = changes.email === undefined ? undefined : requireEmail(changes.email);
    const granted = canonicalRoles(changes.roles, operator);
    const { username } = changes;
    const { act } = operator;
    return db
      .transaction(async (tx) => {
        // Locks the roles before the account, in the same order as the deletion of a role does.
        if (granted !== undefined) await roles.assertCanGrant(granted, operator, tx);
        const before = await lock(id, operator, tx);
        const changesEmail = email !== undefined && email !== before.email;
        if (changesEmail) assertNotSelf(id, operator);
        const changesRoles = granted !== undefined && granted.join() !== [...before.roles].sort().join();
        if (changesRoles && !granted.includes(ADMIN_ROLE)) await assertNotLastAdmin(before, tx);

        // Before the update, so that the notice goes to the old address.
        if (changesEmail) await notices.emailChanged(id, email, {}, tx);
        const emailVerified = changesEmail ? false : undefined;
        const changed = await repository.updateAccount(id, { email, emailVerified, username, roles: granted }, tx);
        const target = targetOf(id);
        if (changesEmail) {
          await audit.record({ ...act, event: 'user.email_changed', target }, tx);
          await sessions.revokeAll(id, [], 'email_changed', act, tx);
          // The operator decides which address the account has, and not the owner of a former one.
          await accountTokens.revokeAll(id, ['change_email', 'undo_email_change'], {}, tx);
          await emailLinks.sendVerification(changed, tx, 'unlimited');
        }
        if (changesRoles) {
          const details = { from: before.roles, to: granted };
          await audit.record({ ...act, event: 'user.roles_changed', target, details }, tx);
        }
        if (username !== undefined && username !== before.username) {
          await audit.record({ ...act, event: 'user.updated', target }, tx);
        }
        return changed;
      })
      .catch((error) => {
        throw violatesUnique(error, 'users_email_key') ? new Problem('email_taken') : error;
      });
  }

  /** Grants one more role; does nothing if the account has it. Throws `validation_failed` if there is no such role. */
  function grant(id: number, role: string, operator: Operator): Promise<Account> {
    const granted = canonicalRoles([role], operator);
    return db.transaction(async (tx) => {
      await roles.assertCanGrant(granted, operator, tx);
      const before = await lock(id, operator, tx);
      return before.roles.includes(role) ? before : replaceRoles(before, [...before.roles, role].sort(), operator, tx);
    });
  }

  /** Takes one role away. Throws `last_admin`, and `validation_failed` if the account does not have the role. */
  function revoke(id: number, role: string, operator: Operator): Promise<Account> {
    assertMayGrantRoles(operator);
    return db.transaction(async (tx) => {
      const before = await lock(id, operator, tx);
      if (!before.roles.includes(role)) throw invalidField('/role', 'is not a role of this account');
      if (role === ADMIN_ROLE) await assertNotLastAdmin(before, tx);
      const remaining = before.roles.filter((name) => name !== role);
      return replaceRoles(before, remaining, operator, tx);
    });
  }

  async function replaceRoles(before: Account, to: readonly string[], { act }: Operator, on: Db): Promise<Account> {
    const { id, roles: from } = before;
    const changed = await repository.updateAccount(id, { roles: to }, on);
    await audit.record({ ...act, event: 'user.roles_changed', target: targetOf(id), details: { from, to } }, on);
    return changed;
  }

  /**
   * Deletes an account, its sessions, and its personal data in the audit log. Throws `last_admin`, and `forbidden` for the operator's own
   * account.
   */
  function remove(id: number, operator: Operator): Promise<void> {
    const { act } = operator;
    return db.transaction(async (tx) => {
      const before = await lock(id, operator, tx);
      await assertNotLastAdmin(before, tx);
      assertNotSelf(id, operator);
      await audit.record({ ...act, event: 'user.deleted', target: targetOf(id) }, tx);
      await deletion.remove(id, undefined, tx);
    });
  }

  /**
   * Ends all sessions of an account and blocks its logins. If it is disabled already, only the reason changes. Throws `last_admin`, and
   * `forbidden` for the operator's own account.
   */
  function disable(id: number, reason: string, operator: Operator): Promise<Account> {
    const { act } = operator;
    return db.transaction(async (tx) => {
      const before = await lock(id, operator, tx);
      await assertNotLastAdmin(before, tx);
      assertNotSelf(id, operator);
      const disabled = await repository.disable(id, reason, tx);
      await audit.record({ ...act, event: 'user.disabled', target: targetOf(id), details: { reason } }, tx);
      // The sessions must end, not just become unusable: enabling the account must not revive a stolen one.
      await sessions.revokeAll(id, [], 'disabled', act, tx);
      return disabled;
    });
  }

  /**
   * Allows an account to log in again. Does nothing if it is not disabled. If an operator had disabled it while its owner was leaving, only
   * that is undone: the owner can still log in to restore it, and it is deleted when that time is over. If it is disabled because its owner
   * is leaving, the deletion is cancelled.
   */
  function enable(id: number, reason: string, operator: Operator): Promise<Account> {
    const { act } = operator;
    return db.transaction(async (tx) => {
      const before = await lock(id, operator, tx);
      if (before.disabledAt === null) return before;
      const target = targetOf(id);
      const staysLeaving = before.deletionDueAt !== null && before.disabledReason !== null;
      const enabled = await repository.updateAccount(
        id,
        { disabledReason: null, ...(!staysLeaving && { disabledAt: null, deletionDueAt: null }) },
        tx,
      );
      await audit.record({ ...act, event: 'user.enabled', target, details: { reason } }, tx);
      if (before.deletionDueAt !== null && !staysLeaving) {
        await audit.record({ ...act, event: 'user.deletion_cancelled', target }, tx);
      }
      return enabled;
    });
  }

  /**
   * How many seconds the next login has to wait, at most, because wrong passwords or codes were entered; 0 if it need not. On the networks
   * of the owner, as far as the audit log knows them, the wait may be another one than elsewhere; the longest counts.
   */
  async function loginDelay(id: number): Promise<number> {
    const account = await find(id);
    const addresses = await audit.addressesOfFailedLogins(id, db);
    return throttles.delayOf(attemptsOn(account, addresses));
  }

  /**
   * Forgets the wrong passwords and codes that were entered for an account, so that its next login need not wait: those from anywhere, and
   * those from networks of its own, as far as the audit log knows them.
   */
  function unblock(id: number, operator: Operator): Promise<Account> {
    return db.transaction(async (tx) => {
      const account = await lock(id, operator, tx);
      const addresses = await audit.addressesOfFailedLogins(id, tx);
      await throttles.clear(attemptsOn(account, addresses), tx);
      await audit.record({ ...operator.act, event: 'user.unblocked', target: targetOf(id) }, tx);
      return account;
    });
  }

  /**
   * Sets a temporary password, which is returned only here, and ends all sessions. Throws `forbidden` for the operator's own account.
   */
  async function resetPassword(id: number, operator: Operator): Promise<string> {
    const temporaryPassword = passwords.generateTemporary();
    await replacePassword(id, temporaryPassword, operator);
    return temporaryPassword;
  }

  /**
   * Sends the owner of an account a link to set a new password. Changes nothing until it is used. Throws `mail_unavailable`, and
   * `account_disabled`.
   */
  function sendPasswordReset(id: number, operator: Operator): Promise<void> {
    mail.assertEnabled();
    return db.transaction(async (tx) => {
      const account = await lock(id, operator, tx);
      if (isDisabledByOperator(account)) throw new Problem('account_disabled');
      // Not limited: the operator must not believe that a mail is on its way.
      await emailLinks.sendReset(account, tx, 'unlimited');
      await audit.record({ ...operator.act, event: 'user.password_reset_requested', target: targetOf(id) }, tx);
    });
  }

  /** Sets a given password and ends all sessions. Throws the same as `resetPassword`, and `validation_failed` if the password rules refuse it. */
  async function setPassword(id: number, password: string, operator: Operator): Promise<void> {
    const { email, username } = await find(id);
    await passwords.assertAcceptable(password, { email, username }, operator.act.origin);
    await replacePassword(id, password, operator);
  }

  async function replacePassword(id: number, password: string, operator: Operator): Promise<void> {
    const { act } = operator;
    assertNotSelf(id, operator);
    await find(id);
    const passwordHash = await passwords.hash(password, { signal: act.origin.signal });
    await db.transaction(async (tx) => {
      await lock(id, operator, tx);
      await repository.updateAccount(id, { passwordHash }, tx);
      await audit.record({ ...act, event: 'user.password_reset', target: targetOf(id) }, tx);
      // Without the origin of the request, which is the operator's.
      await notices.passwordChanged(id, {}, tx);
      await sessions.revokeAll(id, [], 'password_reset', act, tx);
    });
  }

  /**
   * Removes the second factors and recovery codes of an account, whose owner has lost them, and ends its sessions. The owner gets an e-mail.
   * Throws `forbidden` for the operator's own account, and `second_factor_missing`.
   */
  async function resetSecondFactors(id: number, operator: Operator): Promise<void> {
    const { act } = operator;
    assertNotSelf(id, operator);
    await db.transaction(async (tx) => {
      await lock(id, operator, tx);
      const removed = await repository.removeSecondFactors(id, tx);
      if (removed === 0) throw new Problem('second_factor_missing');
      await audit.record(
        { ...act, event: 'user.second_factors_reset', target: targetOf(id), details: { removed } },
        tx,
      );
      await notices.secondFactorsReset(id, tx);
      await sessions.revokeAll(id, [], 'second_factors_reset', act, tx);
    });
  }

  /** The live sessions of an account. Throws `user_not_found`. */
  async function listSessions(id: number): Promise<ListedSession[]> {
    await find(id);
    return sessions.listByUser(id);
  }

  /** Ends all sessions of an account. Returns how many ended, or undefined if they were too many to count. */
  function endSessions(id: number, operator: Operator): Promise<number | undefined> {
    return db.transaction(async (tx) => {
      await lock(id, operator, tx);
      return sessions.revokeAll(id, [], 'ended_by_admin', operator.act, tx);
    });
  }

  /** Ends one session of an account. `sessionId` is the `sid` of its access tokens. Throws `session_not_found`. */
  function endSession(id: number, sessionId: string, operator: Operator): Promise<void> {
    return db.transaction(async (tx) => {
      await lock(id, operator, tx);
      const ended = await sessions.revokeOne(id, sessionId, 'ended_by_admin', operator.act, tx);
      if (!ended) throw new Problem('session_not_found');
    });
  }

  /** Locks an account until the transaction ends. Throws `user_not_found`, and `forbidden` if the operator may not act on it. */
  async function lock(id: number, operator: Operator, on: Db): Promise<Account> {
    const account = await repository.lock(id, on);
    if (account === undefined) throw new Problem('user_not_found');
    await roles.assertMayActOn(account.roles, operator, on);
    return account;
  }

  /** A disabled account does not count as an administrator, so it cannot be the last one. */
  async function assertNotLastAdmin({ id, roles: names, disabledAt }: Account, on: Db): Promise<void> {
    if (disabledAt === null) await roles.assertNotLastAdmin(id, names, on);
  }

  return {
    list,
    find,
    findByEmail,
    create,
    createWithPassword,
    update,
    grant,
    revoke,
    remove,
    disable,
    enable,
    loginDelay,
    unblock,
    resetPassword,
    sendPasswordReset,
    setPassword,
    resetSecondFactors,
    listSessions,
    endSessions,
    endSession,
  };
}

/** The attempts to log in to an account, from anywhere and from these addresses, as throttles count them. */
function attemptsOn({ id, email }: Account, addresses: readonly string[]): Attempt[] {
  const accounts = [email, secondFactorsOf(id), enrolmentsOf(id), passkeysOf(id)];
  return accounts.flatMap((account) => [undefined, ...addresses].map((ip) => ({ account, ip })));
}

export type UserAdministration = ReturnType<typeof createUserAdministration>;

/** The given names, sorted and without duplicates. Throws `forbidden` if the operator cannot grant any role. */
function canonicalRoles(names: readonly string[], operator: Operator): string[];
function canonicalRoles(names: readonly string[] | undefined, operator: Operator): string[] | undefined;
function canonicalRoles(names: readonly string[] | undefined, operator: Operator): string[] | undefined {
  if (names === undefined) return undefined;
  assertMayGrantRoles(operator);
  return [...new Set(names)].sort();
}

function assertMayGrantRoles({ permissions }: Operator): void {
  if (!permissions.includes('roles:write')) throw new Problem('forbidden');
}

/** At /api/me/ this operation requires the current password. A stolen access token must not get around that. */
function assertNotSelf(id: number, { act: { actor } }: Operator): void {
  if (actor.type === 'user' && actor.userId === id) throw new Problem('forbidden');
}

function targetOf(id: number) {
  return { type: 'user' as const, id };
}
