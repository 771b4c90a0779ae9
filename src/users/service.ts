// Accounts, as their owners use them: registration, authentication, and changes of the own account.
import DataLoader from 'dataloader';
import type { AccountTokens } from '#account-tokens/service.js';
import { anonymous, byUser, type LoginFailure, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Notices } from '#mail/notices.js';
import type { Outbox } from '#mail/outbox.js';
import type { Passwords } from '#passwords/service.js';
import type { WaitOptions } from '#platform/concurrency/concurrency-limiter.js';
import { afterTwoTurns } from '#platform/concurrency/event-loop.js';
import type { Db } from '#platform/database/database.js';
import { repeatIfLost } from '#platform/database/lost-answer.js';
import { untilReplicated } from '#platform/database/replicated.js';
import { violatesUnique } from '#platform/errors/database-errors.js';
import { invalidField, Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import type { Tracer } from '#platform/tracing/tracer.js';
import type { Quotas } from '#quotas/service.js';
import type { Roles } from '#roles/service.js';
import type { AuthenticatedUser, SessionRef, Sessions } from '#sessions/service.js';
import type { Settings } from '#settings/service.js';
import type { CountAttempt } from '#throttles/repository.js';
import type { CountedAttempt } from '#throttles/service.js';
import type { AccountDeletion } from './deletion.js';
import { canonicalEmail, requireEmail } from './email.js';
import type { EmailLinks } from './email-links.js';
import type { PasswordAttempts } from './password-attempts.js';
import type { Account, UsersRepository } from './repository.js';

/** An account, as its owner sees it. */
export interface Profile {
  readonly id: number;
  readonly email: string;
  readonly username: string;
}

/** An account whose password was right. */
export type PasswordVerified = AuthenticatedUser;

/** Changes that the owner requests; omitted fields keep their value. */
export interface ProfileChanges {
  readonly email?: string | undefined;
  readonly password?: string | undefined;
  readonly username?: string | undefined;
  readonly currentPassword?: string | undefined;
}

type Credentials = NonNullable<Awaited<ReturnType<UsersRepository['findByEmail']>>>;

/** What a right password led to. */
type Authenticated<T> =
  | { readonly type: 'used'; readonly value: T }
  | { readonly type: 'unverified'; readonly user: AuthenticatedUser };

interface Dependencies {
  readonly repository: UsersRepository;
  readonly sessions: Pick<Sessions, 'withLiveSession' | 'revokeAll'>;
  readonly passwords: Passwords;
  readonly attempts: PasswordAttempts;
  readonly accountTokens: Pick<AccountTokens, 'revoke'>;
  readonly emailLinks: Pick<EmailLinks, 'sendVerification' | 'sendChange'>;
  readonly mail: Pick<Outbox, 'enabled'>;
  readonly roles: Pick<Roles, 'assertNotLastAdmin'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly deletion: AccountDeletion;
  readonly notices: Pick<Notices, 'passwordChanged' | 'emailChanged' | 'deletionScheduled' | 'accountDeleted'>;
  readonly quotas: Pick<Quotas, 'takeOwnOperation'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly db: Db;
  readonly log: Log;
  readonly tracer: Tracer;
}

/** Operations of users on their own accounts. A refusal is a Problem. */
export function createUsers({
  repository,
  sessions,
  passwords,
  attempts,
  accountTokens,
  emailLinks,
  mail,
  roles,
  audit,
  deletion,
  notices,
  quotas,
  settings,
  db,
  log,
  tracer,
}: Dependencies) {
  // Reads that arrive within two turns of the event loop share one query; nothing is cached. DataLoader's default schedule ends with the tick,
  // and Node handles each request in a tick of its own.
  const profiles = new DataLoader<number, Profile | undefined>(
    async (ids) => {
      const found = new Map((await repository.findActive(ids)).map((user) => [user.id, user]));
      return ids.map((id) => found.get(id));
    },
    { cache: false, maxBatchSize: 256, batchScheduleFn: afterTwoTurns },
  );

  /**
   * Creates an account, and asks its owner by mail to verify the address. Throws `validation_failed` and `email_taken`.
   */
  async function register(
    input: { email: string; password: string },
    origin: Origin,
  ): Promise<Pick<Profile, 'id' | 'email'>> {
    const email = requireEmail(input.email);
    await passwords.assertAcceptable(input.password, { email }, origin);
    const passwordHash = await passwords.hash(input.password, { signal: origin.signal });
    const { locale = null } = origin;
    const values = { email, passwordHash, locale };
    const event = { ...anonymous(origin), event: 'user.registered' } as const;
    const insert = () =>
      mail.enabled
        ? db.transaction(async (tx) => {
            const inserted = await repository.insert(values, event, tx);
            if (inserted !== undefined) await emailLinks.sendVerification({ ...inserted, locale }, tx);
            return inserted;
          })
        : repository.insert(values, event);
    const user = await repeatIfLost(async (isRepeated) => {
      const inserted = await insert().catch((error) => {
        if (!violatesUnique(error, 'users_email_key')) throw error;
      });
      if (inserted !== undefined) return inserted;
      // After a request without an answer, "taken" says that it has succeeded.
      await untilReplicated(db);
      if (!isRepeated) return undefined;
      // The hash contains a random salt: an account with this one was created by the first attempt, whose answer was lost.
      const found = await repository.findByEmail(email);
      return found?.passwordHash === passwordHash ? { id: found.id, email } : undefined;
    });
    if (user === undefined) throw new Problem('email_taken');
    return user;
  }

  /**
   * Verifies an address and a password, and then runs `use`, which decides what the password is good for, usually a session. The attempt stays
   * counted until `use` resolves: `sessions.start` resets its count in the statement that stores the session, otherwise it is reset
   * afterwards. If `use` throws `invalid_credentials`, because the account has changed, both are done once more. Throws what `use` throws,
   * `invalid_credentials`, `too_many_attempts`, and, only if the password is right, `email_not_verified`. Neither the response nor its time
   * reveals whether the account exists.
   */
  async function authenticate<T>(
    input: { email: string; password: string },
    origin: Origin,
    use: (user: PasswordVerified) => Promise<T>,
  ): Promise<T> {
    const email = canonicalEmail(input.email);
    let failure: { readonly reason: LoginFailure; readonly userId?: number } = { reason: 'unknown_account' };
    const onFailure = (reason: LoginFailure, userId: number) => {
      failure = { reason, userId };
    };
    // The statement that counts the attempt has read the account too, except while several secrets or no throttles are configured.
    let read: { readonly user: Credentials | undefined } | undefined;
    const count: CountAttempt = async (keys, rule) => {
      const { key, user } = await repository.countAndFind(email, keys, rule);
      read = { user };
      return key;
    };
    const verify = async (
      wait: WaitOptions,
      attempt: CountedAttempt,
      isRepeated = false,
    ): Promise<Authenticated<T> | undefined> => {
      const known = isRepeated ? undefined : read;
      const user = await verifyCredentials(email, input.password, onFailure, origin, wait, known);
      if (user === undefined) return undefined;
      if (isUnverified(user)) return { type: 'unverified', user };
      try {
        return { type: 'used', value: await use({ ...user, attempt }) };
      } catch (error) {
        if (isRepeated || !(error instanceof Problem && error.code === 'invalid_credentials')) throw error;
        // The account has changed since it was read. The password may still be right: another login has renewed its hash, or this one has,
        // and the answer was lost.
        return verify(wait, attempt, true);
      }
    };
    const onRefused = async (on: Db) => {
      const userId = email === undefined ? undefined : await repository.findId(email, on);
      await recordFailure({ reason: 'throttled', userId }, origin, on);
    };
    const outcome = await attempts.run(email ?? input.email, origin, verify, { count, onRefused });
    if (outcome?.type === 'used') return outcome.value;
    if (outcome !== undefined) {
      await recordFailure({ reason: 'email_not_verified', userId: outcome.user.id }, origin, db);
      throw new Problem('email_not_verified');
    }
    // Recorded for unknown addresses too, since the time of one insert would reveal them; and after the attempt, which stays counted if this
    // fails.
    await recordFailure(failure, origin, db);
    throw new Problem('invalid_credentials');
  }

  function recordFailure(
    { reason, userId }: { readonly reason: LoginFailure; readonly userId?: number | undefined },
    origin: Origin,
    on: Db,
  ): Promise<void> {
    const target = userId === undefined ? undefined : targetOf(userId);
    return audit.record({ ...anonymous(origin), event: 'login.failed', target, details: { reason } }, on);
  }

  /** Whether the account has to verify its address before it can log in. Without mail, no account could. */
  function isUnverified({ emailVerified }: Pick<AuthenticatedUser, 'emailVerified'>): boolean {
    return !emailVerified && requiresVerifiedEmail();
  }

  function requiresVerifiedEmail(): boolean {
    return mail.enabled && settings.get('REQUIRE_VERIFIED_EMAIL');
  }

  /**
   * The account, if the password is right and the account can be used. Otherwise calls `onFailure`, unless no account has the address.
   * `read`: the account as it was just read.
   */
  async function verifyCredentials(
    email: string | undefined,
    password: string,
    onFailure: (reason: LoginFailure, userId: number) => void,
    origin: Origin,
    wait: WaitOptions,
    read?: { readonly user: Credentials | undefined },
  ): Promise<PasswordVerified | undefined> {
    const found = read ?? { user: email === undefined ? undefined : await repository.findByEmail(email) };
    const { user } = found;
    const matches = await passwords.verify(user?.passwordHash, password, wait);
    if (user === undefined) return undefined;
    const failed = (reason: LoginFailure): undefined => {
      onFailure(reason, user.id);
      return undefined;
    };
    if (!user.passwordHash) return failed('no_password');
    if (!matches) return failed('wrong_password');
    if (user.disabledAt !== null && !user.isLeaving) return failed('disabled');
    const passwordHash = await rehashIfOutdated(user.id, user.passwordHash, password, origin, wait);
    // Another login has renewed the hash, or the password was changed: verify against the hash that is stored now.
    if (passwordHash === undefined) return verifyCredentials(email, password, onFailure, origin, wait);
    const { id, username, emailVerified, roles: roleNames, hasSecondFactor, secondFactorAskedAt } = user;
    const account = {
      id,
      username,
      emailVerified,
      roles: roleNames,
      passwordHash,
      hasSecondFactor,
      secondFactorAskedAt,
    };
    const verified: PasswordVerified = { ...account, methods: ['pwd'] };
    // A login that is going to be refused, or is not complete yet, must not cancel the deletion of the account.
    const isRestorable = user.disabledAt !== null && !isUnverified(verified) && !hasSecondFactor;
    return !isRestorable || (await restore(verified, origin)) ? verified : failed('disabled');
  }

  /**
   * Restores an account whose owner has asked to leave and now logs in. False if it is too late, or an operator has disabled the account.
   */
  async function restore({ id, passwordHash }: AuthenticatedUser, origin: Origin): Promise<boolean> {
    const restored = await db.transaction(async (tx) => {
      if (!(await repository.restore(id, passwordHash, tx))) return false;
      const act = byUser({ userId: id }, origin);
      await audit.record({ ...act, event: 'user.deletion_cancelled', target: targetOf(id) }, tx);
      return true;
    });
    if (restored) log.info({ event: 'account_restored', userId: id }, 'account restored by a login');
    return restored;
  }

  /**
   * Replaces a hash that is weaker than new ones, and remembers the language of an account that has none: at the first login of an imported
   * account. Undefined if the stored hash has changed in the meantime. An error here does not fail the login.
   */
  async function rehashIfOutdated(
    id: number,
    stored: string,
    password: string,
    origin: Origin,
    wait: WaitOptions,
  ): Promise<string | undefined> {
    if (!passwords.isOutdated(stored)) return stored;
    try {
      const renewed = await passwords.hash(password, wait);
      const values = { passwordHash: renewed, locale: origin.locale ?? null };
      return (await repository.replaceHash(id, stored, values)) ? renewed : undefined;
    } catch (err) {
      log.warn({ err, userId: id }, 'password hash not renewed');
      return stored;
    }
  }

  /** The profile of an account; undefined if it is deleted or disabled. */
  function find(id: number): Promise<Profile | undefined> {
    return tracer.trace('profile batch', () => profiles.load(id));
  }

  /**
   * Changes the caller's account. A new password or e-mail address ends the account's other sessions in the same transaction. If this service
   * sends mail, a verified address, and with REQUIRE_VERIFIED_EMAIL every address, stays until the new one is confirmed. Throws
   * `validation_failed`, `email_taken`, `current_password_required`, `current_password_wrong`, `too_many_attempts`, `rate_limited` for too many
   * changes of the username, and `invalid_token` if the session is over or the account deleted.
   */
  async function update(caller: SessionRef, changes: ProfileChanges, origin: Origin): Promise<Profile> {
    const email = changes.email === undefined ? undefined : requireEmail(changes.email);
    const act = byUser(caller, origin);
    const before = await credentialsOf(caller);
    const changesPassword = changes.password !== undefined;
    if (changes.password !== undefined) {
      const owner = { email: email ?? before.email, username: changes.username ?? before.username };
      await passwords.assertAcceptable(changes.password, owner, origin);
    }
    const assertPasswordGiven = (changesEmail: boolean) => {
      const isRequired = (changesEmail || changesPassword) && settings.get('REQUIRE_CURRENT_PASSWORD');
      if (isRequired && changes.currentPassword === undefined) throw new Problem('current_password_required');
    };
    if (changes.currentPassword !== undefined) await assertCurrentPassword(before, changes.currentPassword, origin);
    else assertPasswordGiven(email !== undefined && email !== before.email);
    const verifiedHash = changes.currentPassword === undefined ? undefined : (before.passwordHash ?? undefined);

    // Hashed before the transaction: a transaction that waits for a core would keep its connection and its locks.
    const passwordHash =
      changes.password === undefined ? undefined : await passwords.hash(changes.password, { signal: origin.signal });
    const updated = await sessions
      .withLiveSession(caller, async (tx) => {
        if (changes.username !== undefined) await quotas.takeOwnOperation(caller.userId, tx);
        // Before the update, so that the notice goes to the address that the account had.
        if (changesPassword) await notices.passwordChanged(caller.userId, origin, tx);
        // Under the lock, so that the old address is the one that is replaced, and no verification of it is missed.
        const account = email === undefined ? undefined : await repository.lock(caller.userId, tx);
        const changesEmail = email !== undefined && account !== undefined && email !== account.email;
        assertPasswordGiven(changesEmail);
        const isPending = changesEmail && mail.enabled && keepsAddress(account);
        if (changesEmail && !isPending) {
          // Before the update too. Ownership of the old address was not proved, so it cannot undo the change.
          await notices.emailChanged(caller.userId, email, origin, tx);
        }
        const user = await repository.updateProfile(
          caller.userId,
          {
            username: changes.username,
            passwordHash,
            ...(changesEmail && !isPending && { email, emailVerified: false }),
          },
          verifiedHash,
          tx,
        );
        if (user === undefined)
          throw new Problem(verifiedHash === undefined ? 'invalid_token' : 'current_password_wrong');
        if (changesPassword || (changesEmail && !isPending)) {
          const reason = changesPassword ? 'password_changed' : 'email_changed';
          await sessions.revokeAll(caller.userId, [caller.sessionId], reason, act, tx);
        }
        const target = targetOf(caller.userId);
        if (changesPassword) await audit.record({ ...act, event: 'user.password_changed', target }, tx);
        if (changesEmail) {
          const event = isPending ? 'user.email_change_requested' : 'user.email_changed';
          await audit.record({ ...act, event, target }, tx);
        }
        // After a new password, to which the link of a pending change is bound.
        if (mail.enabled && account !== undefined && email !== undefined)
          await sendLinks(account, email, isPending, tx);
        if (changes.username !== undefined) await audit.record({ ...act, event: 'user.updated', target }, tx);
        return user;
      })
      .catch((error) => {
        throw violatesUnique(error, 'users_email_key') ? new Problem('email_taken') : error;
      });
    return updated;
  }

  /** Whether the account keeps its address until a new one is confirmed: then only the owner of the new address can give it away. */
  function keepsAddress({ emailVerified }: Account): boolean {
    return emailVerified || requiresVerifiedEmail();
  }

  /** Sends the link of a change from the address that `account` has, or had just now, to `email`. */
  async function sendLinks(account: Account, email: string, isPending: boolean, on: Db): Promise<void> {
    if (email === account.email) {
      // The owner has thought better of a change that is pending.
      await accountTokens.revoke(account.id, 'change_email', on);
    } else if (isPending) {
      if (await repository.isTaken(email, on)) throw new Problem('email_taken');
      await emailLinks.sendChange(account, email, on);
    } else {
      await emailLinks.sendVerification({ ...account, email }, on, { byAccount: account.id });
    }
  }

  /**
   * Deletes the caller's account with all its sessions; with ACCOUNT_DELETION_GRACE only disables it until then, and returns when that is.
   * The owner of an account without a password leaves it out; `assertRecentProof` then has to find a recent proof of another kind. Throws
   * `validation_failed`, `current_password_wrong`, `too_many_attempts`, `last_admin`, and `invalid_token` if the session is over or the account
   * deleted.
   */
  async function remove(
    caller: SessionRef,
    currentPassword: string | undefined,
    assertRecentProof: () => Promise<void>,
    origin: Origin,
  ): Promise<Date | undefined> {
    const before = await credentialsOf(caller);
    const { passwordHash } = before;
    if (currentPassword !== undefined) await assertCurrentPassword(before, currentPassword, origin);
    else if (passwordHash !== null) throw invalidField('/current_password', 'is required');
    else await assertRecentProof();
    const grace = settings.get('ACCOUNT_DELETION_GRACE');
    return sessions.withLiveSession(caller, async (tx) => {
      // Read under the lock: another administrator may just have been removed because this account is one.
      const roleNames = (await repository.lock(caller.userId, tx))?.roles ?? [];
      await roles.assertNotLastAdmin(caller.userId, roleNames, tx);
      return grace === 0 ? removeNow(caller, passwordHash, origin, tx) : leave(caller, passwordHash, grace, origin, tx);
    });
  }

  async function removeNow(
    caller: SessionRef,
    passwordHash: string | null,
    origin: Origin,
    on: Db,
  ): Promise<undefined> {
    const { userId } = caller;
    // Recorded before the deletion, which removes the IP address from the account's events.
    await audit.record({ ...byUser(caller, origin), event: 'user.deleted', target: targetOf(userId) }, on);
    await notices.accountDeleted(userId, on);
    if (!(await deletion.remove(userId, passwordHash, on))) throw new Problem('current_password_wrong');
  }

  async function leave(
    caller: SessionRef,
    passwordHash: string | null,
    grace: number,
    origin: Origin,
    on: Db,
  ): Promise<Date> {
    const { userId } = caller;
    const act = byUser(caller, origin);
    const deletesAt = await repository.scheduleDeletion(userId, passwordHash, grace, on);
    if (deletesAt === undefined) throw new Problem('current_password_wrong');
    const details = { deletes_at: deletesAt.toISOString() };
    await audit.record({ ...act, event: 'user.deletion_requested', target: targetOf(userId), details }, on);
    await sessions.revokeAll(userId, [], 'deletion_scheduled', act, on);
    await notices.deletionScheduled(userId, deletesAt, on);
    return deletesAt;
  }

  /** The stored credentials. A session that is over is refused here, so that it cannot be used to guess the password. */
  async function credentialsOf({ userId, sessionId }: SessionRef) {
    const before = await repository.findCredentials(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'));
    if (before === undefined) throw new Problem('invalid_token');
    return before;
  }

  /** These attempts are throttled like logins, so that a stolen access token cannot be used to guess the password. */
  async function assertCurrentPassword(
    { email, passwordHash }: { email: string; passwordHash: string | null },
    password: string,
    origin: Origin,
  ): Promise<void> {
    if (!(await attempts.verify({ email, passwordHash }, password, origin)))
      throw new Problem('current_password_wrong');
  }

  return { register, authenticate, find, update, remove };
}

export type Users = ReturnType<typeof createUsers>;

function targetOf(id: number) {
  return { type: 'user' as const, id };
}
