// Accounts: registered with an e-mail address and a password, read and changed by their owner.
import DataLoader from 'dataloader';
import { anonymous, byUser, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Passwords } from '#passwords/service.js';
import type { WaitOptions } from '#platform/concurrency/concurrency-limiter.js';
import type { Db } from '#platform/database/database.js';
import { violatesUnique } from '#platform/errors/database-errors.js';
import { Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import type { Roles } from '#roles/service.js';
import type { AuthenticatedUser, SessionRef, Sessions } from '#sessions/service.js';
import type { Settings } from '#settings/service.js';
import type { Throttles } from '#throttles/service.js';
import type { AccountDeletion } from './deletion.js';
import { canonicalEmail, requireEmail } from './email.js';
import type { UsersRepository } from './repository.js';

/** What an account shows of itself. */
export interface Profile {
  readonly id: number;
  readonly email: string;
  readonly username: string;
}

/** What its owner asks to change; what is left out stays. */
export interface ProfileChanges {
  readonly email?: string | undefined;
  readonly password?: string | undefined;
  readonly username?: string | undefined;
  readonly currentPassword?: string | undefined;
}

interface Dependencies {
  readonly repository: UsersRepository;
  readonly sessions: Pick<Sessions, 'hold' | 'endAllBecause'>;
  readonly passwords: Passwords;
  readonly throttles: Throttles;
  readonly roles: Pick<Roles, 'assertNotLastAdmin'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly deletion: AccountDeletion;
  readonly settings: Pick<Settings, 'get'>;
  readonly db: Db;
  readonly log: Log;
}

/** How long a password may wait for others of its account and for a core, in milliseconds: less than a request may take. */
const WAIT_MILLISECONDS = 8000;

/** Accounts. A refusal is a Problem. */
export function createUsers({
  repository,
  sessions,
  passwords,
  throttles,
  roles,
  audit,
  deletion,
  settings,
  db,
  log,
}: Dependencies) {
  // The reads that come in one turn of the event loop become one query; nothing is kept for the next. (DataLoader itself waits for
  // the end of a tick, and each request is read in a tick of its own.)
  const profiles = new DataLoader<number, Profile | undefined>(
    async (ids) => {
      const found = new Map((await repository.findActive(ids)).map((user) => [user.id, user]));
      return ids.map((id) => found.get(id));
    },
    { cache: false, maxBatchSize: 256, batchScheduleFn: setImmediate },
  );

  /** Makes an account. Throws `validation_failed` and `email_taken`. */
  async function register(
    input: { email: string; password: string },
    origin: Origin = {},
  ): Promise<Pick<Profile, 'id' | 'email'>> {
    const email = requireEmail(input.email);
    await passwords.assertAcceptable(input.password, { email }, origin);
    const passwordHash = await passwords.hash(input.password, { signal: origin.signal });
    const user = await repository.insert(email, passwordHash, { ...anonymous(origin), event: 'user.registered' });
    if (user === undefined) throw new Problem('email_taken');
    return user;
  }

  /**
   * The account with this address and password. Throws `invalid_credentials`, after the same time whatever is wrong, and
   * `too_many_attempts`, whether or not there is such an account.
   */
  async function authenticate(
    input: { email: string; password: string },
    origin: Origin = {},
  ): Promise<AuthenticatedUser> {
    const email = canonicalEmail(input.email);
    let id: number | undefined;
    const found = (known: number) => {
      id = known;
    };
    const user = await attempt(email ?? input.email, origin, (wait) => verified(email, input.password, found, wait));
    if (user !== undefined) return user;
    // Also for an address that nobody has: one insert more or less would tell. After the attempt, which stays counted when this
    // fails.
    const target = id === undefined ? undefined : targetOf(id);
    await audit.record({ ...anonymous(origin), event: 'login.failed', target }, db);
    throw new Problem('invalid_credentials');
  }

  /** The account, if the password is right; `found` is told whose address it is, right or wrong. */
  async function verified(
    email: string | undefined,
    password: string,
    found: (id: number) => void,
    wait: WaitOptions,
  ): Promise<AuthenticatedUser | undefined> {
    const user = email === undefined ? undefined : await repository.findByEmail(email);
    if (user !== undefined) found(user.id);
    const matches = await passwords.verify(user?.passwordHash, password, wait);
    if (!matches || !user?.passwordHash || user.disabledAt !== null) return undefined;
    const passwordHash = await rehashIfOutdated(user.id, user.passwordHash, password, wait);
    // Another login has renewed the hash, or the password was changed: what is stored now decides.
    if (passwordHash === undefined) return verified(email, password, found, wait);
    return { id: user.id, username: user.username, roles: user.roles, passwordHash };
  }

  /** Replaces a hash that is weaker than new ones; undefined when it is stored no more. A login does not fail because that did. */
  async function rehashIfOutdated(
    id: number,
    stored: string,
    password: string,
    wait: WaitOptions,
  ): Promise<string | undefined> {
    if (!passwords.isOutdated(stored)) return stored;
    try {
      const renewed = await passwords.hash(password, wait);
      return (await repository.replaceHash(id, stored, renewed)) ? renewed : undefined;
    } catch (err) {
      log.warn({ err, userId: id }, 'password hash not renewed');
      return stored;
    }
  }

  /** The profile of an account; undefined when it is gone or disabled. */
  function find(id: number): Promise<Profile | undefined> {
    return profiles.load(id);
  }

  /**
   * Changes the bearer's own account; a new password or address ends the account's other sessions in the same
   * transaction. Throws `validation_failed`, `email_taken`, `current_password_required`, `current_password_wrong`, `too_many_attempts`, and
   * `invalid_token` when the session is over or the account gone.
   */
  async function update(bearer: SessionRef, changes: ProfileChanges, origin: Origin = {}): Promise<Profile> {
    const email = changes.email === undefined ? undefined : requireEmail(changes.email);
    const act = byUser(bearer, origin);
    const before = await credentialsOf(bearer);
    const changesEmail = email !== undefined && email !== before.email;
    const changesPassword = changes.password !== undefined;
    if (changes.password !== undefined) {
      const owner = { email: email ?? before.email, username: changes.username ?? before.username };
      await passwords.assertAcceptable(changes.password, owner, origin);
    }
    if (changes.currentPassword !== undefined) {
      await assertCurrent(before, changes.currentPassword, origin);
    } else if ((changesEmail || changesPassword) && settings.get('REQUIRE_CURRENT_PASSWORD')) {
      throw new Problem('current_password_required');
    }
    const verifiedHash = changes.currentPassword === undefined ? undefined : (before.passwordHash ?? undefined);

    // Hashed before the transaction: a transaction that waits for a core would hold its connection and its locks.
    const passwordHash =
      changes.password === undefined ? undefined : await passwords.hash(changes.password, { signal: origin.signal });
    const updated = await db
      .transaction(async (tx) => {
        await sessions.hold(bearer, tx);
        const user = await repository.update(
          bearer.userId,
          { email, username: changes.username, passwordHash },
          verifiedHash,
          tx,
        );
        if (user === undefined)
          throw new Problem(verifiedHash === undefined ? 'invalid_token' : 'current_password_wrong');
        if (changesEmail || changesPassword) {
          const reason = changesPassword ? 'password_changed' : 'email_changed';
          await sessions.endAllBecause(bearer.userId, [bearer.sessionId], reason, act, tx);
        }
        const target = targetOf(bearer.userId);
        if (changesPassword) await audit.record({ ...act, event: 'user.password_changed', target }, tx);
        if (changesEmail) await audit.record({ ...act, event: 'user.email_changed', target }, tx);
        if (changes.username !== undefined) await audit.record({ ...act, event: 'user.updated', target }, tx);
        return user;
      })
      .catch((error) => {
        throw violatesUnique(error, 'users_email_key') ? new Problem('email_taken') : error;
      });
    return updated;
  }

  /**
   * Deletes the bearer's own account, and with it all its sessions. Throws `current_password_wrong`, `too_many_attempts`, `last_admin`, and `invalid_token` when
   * the session is over or the account gone.
   */
  async function remove(bearer: SessionRef, currentPassword: string, origin: Origin = {}): Promise<void> {
    const before = await credentialsOf(bearer);
    await assertCurrent(before, currentPassword, origin);
    const { passwordHash } = before;
    if (passwordHash === null) throw new Problem('current_password_wrong');
    await db.transaction(async (tx) => {
      await sessions.hold(bearer, tx);
      // As they are now, and stay: somebody else may just have stopped being an admin because this one is.
      const held = (await repository.lock(bearer.userId, tx))?.roles ?? [];
      await roles.assertNotLastAdmin(bearer.userId, held, tx);
      // Before the deletion, which makes it forget where it came from.
      await audit.record({ ...byUser(bearer, origin), event: 'user.deleted', target: targetOf(bearer.userId) }, tx);
      const deleted = await deletion.remove(bearer.userId, passwordHash, tx);
      if (!deleted) throw new Problem('current_password_wrong');
    });
  }

  /** What is stored before a change. A session that is over is refused here already: it must not try passwords out. */
  async function credentialsOf({ userId, sessionId }: SessionRef) {
    const before = await repository.findCredentials(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'));
    if (before === undefined) throw new Problem('invalid_token');
    return before;
  }

  /** A stolen access token must not try passwords out either: these attempts count as logins do. */
  async function assertCurrent(
    { email, passwordHash }: { email: string; passwordHash: string | null },
    password: string,
    origin: Origin,
  ): Promise<void> {
    const matches = await attempt(email, origin, (wait) => passwords.verify(passwordHash, password, wait));
    if (!matches) throw new Problem('current_password_wrong');
  }

  /** Verifies a password, as often as that may be tried, and unless it would have to wait for too long. */
  async function attempt<T>(
    account: string,
    { ip, signal }: Origin,
    check: (wait: WaitOptions) => Promise<T>,
  ): Promise<T> {
    // A flood is shed here, where it costs the database nothing.
    passwords.assertRoom();
    const wait = { until: performance.now() + WAIT_MILLISECONDS, signal };
    return throttles.attempt({ account, ip }, () => check(wait), wait);
  }

  return { register, authenticate, find, update, remove };
}

export type Users = ReturnType<typeof createUsers>;

function targetOf(id: number) {
  return { type: 'user' as const, id };
}
