// Operations for the holder of a token from a mail, which proves that they can read the mails of its address.
import type { AccountTokens, Purpose } from '#account-tokens/service.js';
import { type Act, byUser, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Notices } from '#mail/notices.js';
import type { Passwords } from '#passwords/service.js';
import { createKeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import type { Db } from '#platform/database/database.js';
import { violatesUnique } from '#platform/errors/database-errors.js';
import { Problem } from '#platform/errors/problem.js';
import type { Sessions } from '#sessions/service.js';
import type { Throttles } from '#throttles/service.js';
import { isDisabledByOperator } from './account-state.js';
import type { AccountDeletion } from './deletion.js';
import type { EmailLinks } from './email-links.js';
import type { PasswordAttempts } from './password-attempts.js';
import type { Account, UsersRepository } from './repository.js';
import { removeUnprovenFactors } from './unproven-factors.js';

interface Dependencies {
  readonly repository: UsersRepository;
  readonly accountTokens: Pick<AccountTokens, 'check' | 'use' | 'revokeAll'>;
  readonly emailLinks: Pick<EmailLinks, 'sendReset' | 'sendUndo'>;
  readonly sessions: Pick<Sessions, 'revokeAll'>;
  readonly passwords: Pick<Passwords, 'assertAcceptable' | 'hash'>;
  readonly attempts: PasswordAttempts;
  readonly throttles: Pick<Throttles, 'clear'>;
  readonly notices: Pick<Notices, 'passwordChanged' | 'emailChanged' | 'unverifiedAccountDeleted'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly deletion: AccountDeletion;
  readonly db: Pick<Db, 'transaction'>;
}

/** How long a use of a token waits for earlier ones of the same token, in milliseconds: less than a request may take. */
const QUEUE_MILLISECONDS = 8000;

/** Tokens with which a previous user of the account could regain it. */
const OTHER_CLAIMS = ['change_email', 'reset_password', 'verify_email', 'sign_in', 'sign_in_code'] as const;

/**
 * Every operation throws `invalid_email_token` for a token that cannot be used, whatever the reason, also while an operator has disabled
 * the account. A token is used in the transaction of what it is used for, so that of concurrent uses one succeeds.
 *
 * The account is locked before its tokens, as everywhere: two transactions never wait for each other.
 */
export function createEmailProofs({
  repository,
  accountTokens,
  emailLinks,
  sessions,
  passwords,
  attempts,
  throttles,
  notices,
  audit,
  deletion,
  db,
}: Dependencies) {
  // Concurrent uses of one token would only wait for the account, each on a connection that other requests need.
  const limiter = createKeyedLimiter({
    deadline: QUEUE_MILLISECONDS,
    refuse: () => new Problem('database_unavailable'),
  });

  /** Resolves if the token could be used now. Changes nothing. Returns the account. */
  async function check(purpose: Purpose, token: string): Promise<Account> {
    const { userId } = await accountTokens.check(purpose, token);
    return assertUsable(await repository.findAccount(userId));
  }

  /** Runs `act` in a transaction that has locked the account of a token and used the token. */
  async function withUsed<T>(
    purpose: Purpose,
    token: string,
    origin: Origin,
    work: (account: Account, used: { id: number; email: string }, act: Act, tx: Db) => Promise<T>,
  ): Promise<T> {
    return limiter.run(token, 1, async () => {
      const { userId } = await accountTokens.check(purpose, token);
      return db.transaction(async (tx) => {
        const account = assertUsable(await repository.lock(userId, tx));
        const used = await accountTokens.use(purpose, token, tx);
        return work(account, used, byUser({ userId }, origin), tx);
      });
    });
  }

  /**
   * The same for a token that gives the account its `email`. The account with this address, if there is one, is locked too and is passed as
   * `holder`. `prepare` runs before the transaction, also one at a time for a token. Throws `email_taken` if another account gets the
   * address at the same moment.
   */
  function withProvenAddress(
    purpose: 'change_email' | 'undo_email_change',
    token: string,
    origin: Origin,
    work: (
      account: Account,
      used: { id: number; email: string; holder: Account | undefined },
      act: Act,
      tx: Db,
    ) => Promise<void>,
    prepare: () => Promise<void> = async () => {},
  ): Promise<void> {
    const attempt = async () => {
      await prepare();
      const { userId, email } = await accountTokens.check(purpose, token);
      const holderId = (await repository.findByEmail(email))?.id;
      await db.transaction(async (tx) => {
        // In the order of their ids, so that two transactions never wait for each other.
        const locked = new Map<number, Account | undefined>();
        for (const id of [...new Set([userId, holderId ?? userId])].sort((a, b) => a - b)) {
          locked.set(id, await repository.lock(id, tx));
        }
        const account = assertUsable(locked.get(userId));
        const used = await accountTokens.use(purpose, token, tx);
        const found = holderId === undefined || holderId === userId ? undefined : locked.get(holderId);
        const holder = found?.email === email ? found : undefined;
        await work(account, { ...used, holder }, byUser({ userId }, origin), tx);
      });
    };
    return limiter.run(token, 1, attempt).catch((error) => {
      throw violatesUnique(error, 'users_email_key') ? new Problem('email_taken') : error;
    });
  }

  /**
   * Verifies the address of an account. With a password, which must be the account's, the caller shows that it was they who registered:
   * a person who opens the mail of a stranger's registration does not know it. Throws `current_password_wrong` and `too_many_attempts`; the
   * token can then be used again.
   */
  async function verify(token: string, password: string | undefined, origin: Origin): Promise<void> {
    if (password !== undefined) await assertPassword('verify_email', token, password, origin);
    await withUsed('verify_email', token, origin, async (account, _used, act, tx) => {
      if (!account.emailVerified) await repository.updateAccount(account.id, { emailVerified: true }, tx);
      await recordVerification(account, act, tx);
      await accountTokens.revokeAll(account.id, ['verify_email'], {}, tx);
    });
  }

  /** Throws `current_password_wrong` and `too_many_attempts` unless the password is the one of the token's account. Does not use the token. */
  async function assertPassword(purpose: Purpose, token: string, password: string, origin: Origin): Promise<void> {
    const { id, email } = await check(purpose, token);
    const passwordHash = (await repository.findPasswordHash(id)) ?? null;
    if (!(await attempts.verify({ email, passwordHash }, password, origin)))
      throw new Problem('current_password_wrong');
  }

  /**
   * The owner of an address says that they did not create the account that has it. The person who did can no longer use it: their password and
   * sessions end, and so do changes of the address that they have begun.
   */
  async function disown(token: string, origin: Origin): Promise<void> {
    await withUsed('verify_email', token, origin, async (account, _used, act, tx) => {
      // Verified in the meantime, by a person who reads the same mails.
      if (account.emailVerified) throw new Problem('invalid_email_token');
      await repository.updateAccount(account.id, { passwordHash: null }, tx);
      await repository.removeSecondFactors(account.id, tx);
      await audit.record({ ...act, event: 'user.email_disowned', target: targetOf(account) }, tx);
      await sessions.revokeAll(account.id, [], 'email_disowned', act, tx);
      await accountTokens.revokeAll(account.id, OTHER_CLAIMS, {}, tx);
    });
  }

  /**
   * Sets a new password, ends all sessions, verifies the address, and remembers the language of an account that has none. If the address was
   * not verified, second factors are removed. Throws `validation_failed` for a password that the rules refuse; the token can then be used again.
   */
  async function resetPassword(token: string, password: string, origin: Origin): Promise<void> {
    // Before the hash, so that a made-up token costs no more than a query.
    const { email, username } = await check('reset_password', token);
    await passwords.assertAcceptable(password, { email, username }, origin);
    const passwordHash = await passwords.hash(password, { signal: origin.signal });
    await withUsed('reset_password', token, origin, async (account, _used, act, tx) => {
      await notices.passwordChanged(account.id, origin, tx);
      if (!account.emailVerified) await removeUnprovenFactors({ users: repository, audit }, account.id, act, tx);
      const emailVerified = account.emailVerified ? undefined : true;
      const locale = account.locale ?? origin.locale;
      await repository.updateAccount(account.id, { passwordHash, emailVerified, locale }, tx);
      await audit.record({ ...act, event: 'user.password_recovered', target: targetOf(account) }, tx);
      await recordVerification(account, act, tx);
      await sessions.revokeAll(account.id, [], 'password_reset', act, tx);
      await accountTokens.revokeAll(account.id, OTHER_CLAIMS, {}, tx);
      await throttles.clear([{ account: account.email, ip: origin.ip }], tx);
    });
  }

  /**
   * Gives an account its new address, and ends its sessions. An account that got the address in the meantime without proving it is deleted.
   * The password, which must be the account's, shows that the address is not a stranger's, typed by mistake. Throws `email_taken` if that
   * account keeps the address, `current_password_wrong` and `too_many_attempts`; the token can then be used again.
   */
  async function confirmChange(token: string, password: string, origin: Origin): Promise<void> {
    // A password that changes after this makes the token invalid, which is bound to it.
    const prepare = () => assertPassword('change_email', token, password, origin);
    await withProvenAddress(
      'change_email',
      token,
      origin,
      async (account, { email, holder }, act, tx) => {
        const { id } = account;
        await removeHolder(holder, act, tx);
        // Only the owner of a verified address can undo the change. Before the update, so that the notice goes to the old address.
        if (account.emailVerified) await emailLinks.sendUndo(account, email, tx);
        else await notices.emailChanged(id, email, origin, tx);
        await repository.updateAccount(id, { email, emailVerified: true }, tx);
        await audit.record({ ...act, event: 'user.email_changed', target: targetOf(account) }, tx);
        await sessions.revokeAll(id, [], 'email_changed', act, tx);
        if (holder !== undefined) await notices.unverifiedAccountDeleted(id, tx);
      },
      prepare,
    );
  }

  /** The owner of a new address says that it belongs to no account of theirs: the change is void, and the account stays as it is. */
  async function cancelChange(token: string, origin: Origin): Promise<void> {
    await withUsed('change_email', token, origin, async (account, _used, act, tx) => {
      await audit.record({ ...act, event: 'user.email_change_cancelled', target: targetOf(account) }, tx);
      await accountTokens.revokeAll(account.id, ['change_email'], {}, tx);
    });
  }

  /**
   * Gives an account its old address again. The person who changed it may know the password, or have sessions or pending changes: all end,
   * and the old address gets a link to set a new password. They may also have registered the old address: an account that has not proved it
   * is deleted. Throws `email_taken` if that account keeps the address.
   */
  async function undoChange(token: string, origin: Origin): Promise<void> {
    await withProvenAddress('undo_email_change', token, origin, async (account, used, act, tx) => {
      const { id, locale } = account;
      const { email } = used;
      await removeHolder(used.holder, act, tx);
      await repository.updateAccount(id, { email, passwordHash: null, emailVerified: true }, tx);
      await audit.record({ ...act, event: 'user.email_change_undone', target: targetOf(account) }, tx);
      await sessions.revokeAll(id, [], 'email_change_undone', act, tx);
      await accountTokens.revokeAll(id, OTHER_CLAIMS, {}, tx);
      // Only the links of later changes: a thief who changes the address twice gets one too, and must not win with it.
      await accountTokens.revokeAll(id, ['undo_email_change'], { issuedAfter: used.id }, tx);
      await emailLinks.sendReset({ id, email, locale }, tx, 'unlimited');
      if (used.holder !== undefined) await notices.unverifiedAccountDeleted(id, tx);
    });
  }

  /**
   * Deletes the account that has an address whose owner has just proved that it belongs to another account of theirs, so that nobody can keep
   * an address from its owner by registering it. Throws `email_taken` if the holder has proved the address too, has a role, or is disabled by an
   * operator.
   */
  async function removeHolder(holder: Account | undefined, act: Act, on: Db): Promise<void> {
    if (holder === undefined) return;
    if (holder.emailVerified || holder.roles.length > 0 || isDisabledByOperator(holder))
      throw new Problem('email_taken');
    const details = { reason: 'address_proven' };
    await audit.record({ ...act, event: 'user.deleted', target: targetOf(holder), details }, on);
    await deletion.remove(holder.id, undefined, on);
  }

  /** Records that the address of an account is verified, if it was not before. */
  async function recordVerification(account: Account, act: Act, on: Db): Promise<void> {
    if (account.emailVerified) return;
    // An earlier owner has no claim on an account whose address is proven only now (account pre-hijacking).
    await accountTokens.revokeAll(account.id, ['undo_email_change'], {}, on);
    await audit.record({ ...act, event: 'user.email_verified', target: targetOf(account) }, on);
  }

  return { check, verify, disown, resetPassword, confirmChange, cancelChange, undoChange };
}

export type EmailProofs = ReturnType<typeof createEmailProofs>;

function assertUsable(account: Account | undefined): Account {
  if (account === undefined || isDisabledByOperator(account)) throw new Problem('invalid_email_token');
  return account;
}

function targetOf({ id }: Account) {
  return { type: 'user' as const, id };
}
