// Accounts as operators see and change them. Nobody acts on somebody who may do more than they may themselves.
import type { Act } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Passwords } from '#passwords/service.js';
import type { Db } from '#platform/database/database.js';
import { violatesUnique } from '#platform/errors/database-errors.js';
import { invalidField, Problem } from '#platform/errors/problem.js';
import { type Cursors, type Page, type PageRequest, readPage } from '#platform/http/pagination.js';
import { ADMIN_ROLE } from '#roles/permissions.js';
import type { Roles } from '#roles/service.js';
import type { AccountSessions } from '#sessions/account-sessions.js';
import type { ListedSession } from '#sessions/repository.js';
import type { AccountDeletion } from './deletion.js';
import { canonicalEmail, canonicalEmailPrefix, requireEmail } from './email.js';
import type { Account, AccountFilter, UsersRepository } from './repository.js';

/** What may be given to a new account. */
export interface NewAccount {
  readonly email: string;
  readonly username?: string | undefined;
  readonly roles?: readonly string[] | undefined;
}

/** What is to change of an account; what is left out stays. */
export type AccountChanges = Partial<NewAccount>;

interface Dependencies {
  readonly repository: UsersRepository;
  readonly sessions: AccountSessions;
  readonly passwords: Pick<Passwords, 'assertAcceptable' | 'hash' | 'makeTemporary'>;
  readonly roles: Pick<Roles, 'assertCanGrant' | 'assertMayActOn' | 'assertNotLastAdmin'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly deletion: AccountDeletion;
  /** Of the list: the id of the last account of a page. */
  readonly cursors: Cursors<number>;
  readonly db: Db;
}

/**
 * Accounts for operators. What writes takes who acts and the permissions that they hold, and throws `user_not_found`, and
 * `forbidden` where the account has permissions that are not held. A refusal is a Problem.
 */
export function createUserAdministration({
  repository,
  sessions,
  passwords,
  roles,
  audit,
  deletion,
  cursors,
  db,
}: Dependencies) {
  /** In the order of their ids. Throws `validation_failed` for a cursor that is not one of this list. */
  function list(filter: AccountFilter, request: PageRequest): Promise<Page<Account>> {
    const emailPrefix = filter.emailPrefix === undefined ? undefined : canonicalEmailPrefix(filter.emailPrefix);
    return readPage({
      cursors,
      request,
      start: 0,
      find: (after, limit) => repository.findAccounts({ ...filter, emailPrefix }, after, limit),
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
   * Makes an account with a password that is told once, here. Throws `validation_failed`, `email_taken`, and `forbidden` for
   * roles that may not be given.
   */
  async function create(
    input: NewAccount,
    act: Act,
    held: readonly string[],
  ): Promise<{ user: Account; temporaryPassword: string }> {
    const temporaryPassword = passwords.makeTemporary();
    return { user: await insert(input, temporaryPassword, act, held), temporaryPassword };
  }

  /** The same with a password that somebody chose, which the rules have to accept. Throws as `create`. */
  async function createWithPassword(
    input: NewAccount,
    password: string,
    act: Act,
    held: readonly string[],
  ): Promise<Account> {
    const { email, username } = input;
    await passwords.assertAcceptable(password, { email, username }, act.origin);
    return insert(input, password, act, held);
  }

  async function insert(input: NewAccount, password: string, act: Act, held: readonly string[]): Promise<Account> {
    const email = requireEmail(input.email);
    const given = canonicalRoles(input.roles, held);
    const passwordHash = await passwords.hash(password, { signal: act.origin.signal });
    return db.transaction(async (tx) => {
      if (given !== undefined) await roles.assertCanGrant(given, held, tx);
      const account = { email, username: input.username ?? '', passwordHash, roles: given ?? [] };
      const made = await repository.insertAccount(account, tx);
      if (made === undefined) throw new Problem('email_taken');
      await audit.record(
        { ...act, event: 'user.created', target: targetOf(made.id), details: { roles: made.roles } },
        tx,
      );
      return made;
    });
  }

  /**
   * A new address ends all sessions of the account. Throws `validation_failed`, `email_taken`, `last_admin`, and `forbidden`
   * for roles that may not be given, and for the address of the actor's own account: that is for `PUT /api/me/`.
   */
  function update(id: number, changes: AccountChanges, act: Act, held: readonly string[]): Promise<Account> {
    const email = changes.email === undefined ? undefined : requireEmail(changes.email);
    const given = canonicalRoles(changes.roles, held);
    const { username } = changes;
    return db
      .transaction(async (tx) => {
        // Before the account is locked, in the order of who deletes a role and takes it away.
        if (given !== undefined) await roles.assertCanGrant(given, held, tx);
        const before = await lock(id, held, tx);
        const changesEmail = email !== undefined && email !== before.email;
        if (changesEmail) assertNotSelf(id, act);
        const changesRoles = given !== undefined && given.join() !== [...before.roles].sort().join();
        if (changesRoles && !given.includes(ADMIN_ROLE)) await assertNotLastAdmin(before, tx);

        const changed = await repository.change(id, { email, username, roles: given }, tx);
        const target = targetOf(id);
        if (changesEmail) {
          await audit.record({ ...act, event: 'user.email_changed', target }, tx);
          await sessions.endAllBecause(id, [], 'email_changed', act, tx);
        }
        if (changesRoles) {
          const details = { from: before.roles, to: given };
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

  /** Gives one role more; an account that has it stays as it is. Throws `validation_failed` for what is no role. */
  function grant(id: number, role: string, act: Act, held: readonly string[]): Promise<Account> {
    const given = canonicalRoles([role], held);
    return db.transaction(async (tx) => {
      await roles.assertCanGrant(given, held, tx);
      const before = await lock(id, held, tx);
      return before.roles.includes(role) ? before : replaceRoles(before, [...before.roles, role].sort(), act, tx);
    });
  }

  /** Takes one role. Throws `last_admin`, and `validation_failed` for one that the account has not. */
  function revoke(id: number, role: string, act: Act, held: readonly string[]): Promise<Account> {
    canonicalRoles([role], held);
    return db.transaction(async (tx) => {
      const before = await lock(id, held, tx);
      if (!before.roles.includes(role)) throw invalidField('/role', 'is none that the account has');
      if (role === ADMIN_ROLE) await assertNotLastAdmin(before, tx);
      const left = before.roles.filter((name) => name !== role);
      return replaceRoles(before, left, act, tx);
    });
  }

  async function replaceRoles(before: Account, to: readonly string[], act: Act, on: Db): Promise<Account> {
    const { id, roles: from } = before;
    const changed = await repository.change(id, { roles: to }, on);
    await audit.record({ ...act, event: 'user.roles_changed', target: targetOf(id), details: { from, to } }, on);
    return changed;
  }

  /** Deletes an account, its sessions, and what is personal in the audit log. Throws `last_admin`; `forbidden` for the actor's own. */
  function remove(id: number, act: Act, held: readonly string[]): Promise<void> {
    return db.transaction(async (tx) => {
      const before = await lock(id, held, tx);
      await assertNotLastAdmin(before, tx);
      assertNotSelf(id, act);
      await audit.record({ ...act, event: 'user.deleted', target: targetOf(id) }, tx);
      await deletion.remove(id, undefined, tx);
    });
  }

  /**
   * Ends all sessions of an account and lets it begin none. Of one that is disabled already it changes the reason. Throws
   * `last_admin`; `forbidden` for the actor's own account.
   */
  function disable(id: number, reason: string, act: Act, held: readonly string[]): Promise<Account> {
    return db.transaction(async (tx) => {
      const before = await lock(id, held, tx);
      await assertNotLastAdmin(before, tx);
      assertNotSelf(id, act);
      const disabled = await repository.disable(id, reason, tx);
      await audit.record({ ...act, event: 'user.disabled', target: targetOf(id), details: { reason } }, tx);
      // Ended, not only kept from being refreshed: enabling must not bring a stolen one back to life.
      await sessions.endAllBecause(id, [], 'disabled', act, tx);
      return disabled;
    });
  }

  /** Lets an account log in again. One that is not disabled stays as it is. */
  function enable(id: number, reason: string, act: Act, held: readonly string[]): Promise<Account> {
    return db.transaction(async (tx) => {
      const before = await lock(id, held, tx);
      if (before.disabledAt === null) return before;
      const enabled = await repository.change(id, { disabledAt: null, disabledReason: null }, tx);
      await audit.record({ ...act, event: 'user.enabled', target: targetOf(id), details: { reason } }, tx);
      return enabled;
    });
  }

  /** The new password, which is told once, here; all sessions end. Throws `forbidden` for the actor's own account. */
  async function resetPassword(id: number, act: Act, held: readonly string[]): Promise<string> {
    const temporaryPassword = passwords.makeTemporary();
    await replacePassword(id, temporaryPassword, act, held);
    return temporaryPassword;
  }

  /** The same with a password that somebody chose. Throws `validation_failed` for one that the rules refuse, too. */
  async function setPassword(id: number, password: string, act: Act, held: readonly string[]): Promise<void> {
    const { email, username } = await find(id);
    await passwords.assertAcceptable(password, { email, username }, act.origin);
    await replacePassword(id, password, act, held);
  }

  async function replacePassword(id: number, password: string, act: Act, held: readonly string[]): Promise<void> {
    assertNotSelf(id, act);
    await find(id);
    const passwordHash = await passwords.hash(password, { signal: act.origin.signal });
    await db.transaction(async (tx) => {
      await lock(id, held, tx);
      await repository.change(id, { passwordHash }, tx);
      await audit.record({ ...act, event: 'user.password_reset', target: targetOf(id) }, tx);
      await sessions.endAllBecause(id, [], 'password_reset', act, tx);
    });
  }

  /** The living sessions of an account. Throws `user_not_found`. */
  async function listSessions(id: number): Promise<ListedSession[]> {
    await find(id);
    return sessions.listOf(id);
  }

  /** Ends all sessions of an account; returns how many, undefined when they are too many to be counted. */
  function endSessions(id: number, act: Act, held: readonly string[]): Promise<number | undefined> {
    return db.transaction(async (tx) => {
      await lock(id, held, tx);
      return sessions.endAllBecause(id, [], 'ended_by_admin', act, tx);
    });
  }

  /** Ends one session of an account. `sessionId` as in `sid` of its access tokens. Throws `session_not_found`. */
  function endSession(id: number, sessionId: string, act: Act, held: readonly string[]): Promise<void> {
    return db.transaction(async (tx) => {
      await lock(id, held, tx);
      const ended = await sessions.endOneBecause(id, sessionId, 'ended_by_admin', act, tx);
      if (!ended) throw new Problem('session_not_found');
    });
  }

  /** The account as it is, and stays until the transaction ends, when the actor may act on it. */
  async function lock(id: number, held: readonly string[], on: Db): Promise<Account> {
    const account = await repository.lock(id, on);
    if (account === undefined) throw new Problem('user_not_found');
    await roles.assertMayActOn(account.roles, held, on);
    return account;
  }

  /** One that is disabled is not the last admin that is not. */
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
    resetPassword,
    setPassword,
    listSessions,
    endSessions,
    endSession,
  };
}

export type UserAdministration = ReturnType<typeof createUserAdministration>;

/** Each once, in the order of the alphabet. Throws `forbidden` when the actor may give none at all. */
function canonicalRoles(names: readonly string[], held: readonly string[]): string[];
function canonicalRoles(names: readonly string[] | undefined, held: readonly string[]): string[] | undefined;
function canonicalRoles(names: readonly string[] | undefined, held: readonly string[]): string[] | undefined {
  if (names === undefined) return undefined;
  if (!held.includes('roles:write')) throw new Problem('forbidden');
  return [...new Set(names)].sort();
}

/** What takes the password to do at /api/me/ must not be done here by whoever has got hold of an access token. */
function assertNotSelf(id: number, { actor }: Act): void {
  if (actor.type === 'user' && actor.userId === id) throw new Problem('forbidden');
}

function targetOf(id: number) {
  return { type: 'user' as const, id };
}
