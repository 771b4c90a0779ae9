// Second factors, as the owners of accounts manage them: authenticator apps, passkeys and recovery codes.
import { byUser, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Notices } from '#mail/notices.js';
import type { Outbox } from '#mail/outbox.js';
import type { Passkey, PasskeysRepository } from '#passkeys/repository.js';
import type { Registration } from '#passkeys/responses.js';
import type { Passkeys } from '#passkeys/service.js';
import type { Encryption } from '#platform/config/encryption.js';
import type { Db } from '#platform/database/database.js';
import { invalidField, Problem } from '#platform/errors/problem.js';
import type { SessionRef, Sessions } from '#sessions/service.js';
import type { Settings } from '#settings/service.js';
import { enrolmentsOf } from '#throttles/names.js';
import type { Throttles } from '#throttles/service.js';
import { type AuthenticationMethod, passkeyMethods } from '#tokens/authentication.js';
import type { PasswordAttempts } from '#users/password-attempts.js';
import type { UsersRepository } from '#users/repository.js';
import { associatedData } from './encryption.js';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.js';
import type { SecondFactorsRepository, TotpFactor } from './repository.js';
import type { AuthenticatedBearer, StepUp } from './step-up.js';
import { checkCode, type Enrolment, enrolment, newSecret } from './totp.js';

/** A factor that waits for its first code. */
export interface PendingFactor extends Enrolment {
  readonly id: number;
  readonly name: string;
}

/** An authenticator app or a passkey. */
export type Factor = (TotpFactor & { readonly type: 'totp' }) | (Passkey & { readonly type: 'passkey' });

/** What an account has besides its password. */
export interface FactorList {
  readonly factors: readonly Factor[];
  readonly recoveryCodesLeft: number;
  /** When the account has to have a second factor, in seconds since 1970. Undefined: it need not have one, or has one. */
  readonly requiredFrom: number | undefined;
}

interface Dependencies {
  readonly repository: SecondFactorsRepository;
  readonly storedPasskeys: Pick<PasskeysRepository, 'list' | 'rename' | 'remove'>;
  readonly passkeys: Pick<Passkeys, 'creationOptions' | 'verifyRegistration' | 'add'>;
  readonly users: Pick<UsersRepository, 'findCredentials' | 'findAccount' | 'lock' | 'removeSecondFactors'>;
  readonly sessions: Pick<
    Sessions,
    'assertLive' | 'withLiveSession' | 'reauthenticate' | 'revokeAll' | 'secondFactorDueAt'
  >;
  readonly attempts: Pick<PasswordAttempts, 'verify'>;
  readonly throttles: Pick<Throttles, 'attempt'>;
  readonly stepUp: Pick<StepUp, 'assertRecentWithoutPassword'>;
  readonly encryption: Encryption;
  readonly mail: Pick<Outbox, 'enabled'>;
  readonly notices: Pick<Notices, 'recoveryCodesCreated' | 'secondFactorAdded' | 'secondFactorRemoved'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly settings: Pick<Settings, 'get'>;
  /** What authenticator apps show above the code, besides the address. */
  readonly issuer: string;
  readonly now: () => number;
}

/** Authenticator apps and passkeys of one account. */
export const MAX_FACTORS = 5;

/** Operations of users on their own factors. The caller's session must be active. A refusal is a Problem. */
export function createSecondFactors({
  repository,
  storedPasskeys,
  passkeys,
  users,
  sessions,
  attempts,
  throttles,
  stepUp,
  encryption,
  mail,
  notices,
  audit,
  settings,
  issuer,
  now,
}: Dependencies) {
  /**
   * Begins to add an authenticator app. Logins do not need it before it is confirmed. Throws `invalid_token`, `current_password_wrong`,
   * `too_many_attempts`, `email_not_verified` and `too_many_factors`.
   */
  async function enrol(
    caller: AuthenticatedBearer,
    { name, currentPassword }: { readonly name: string; readonly currentPassword: string | undefined },
    origin: Origin,
  ): Promise<PendingFactor> {
    const { userId } = caller;
    const { email } = await assertMayAdd(caller, currentPassword, origin);
    const secret = newSecret();
    const encrypted = encryption.encrypt(secret, associatedData(userId));
    const id = await sessions.withLiveSession(caller, async (tx) => {
      await assertRoom(userId, tx);
      return repository.insertPending(userId, name, encrypted, tx);
    });
    return { id, name, ...enrolment(secret, issuer, email) };
  }

  /**
   * Confirms an authenticator app with a first code, within an hour; from then on logins need it. Throws `invalid_token`,
   * `factor_not_found`, `too_many_factors`, `factor_code_wrong`, `too_many_attempts`, and `factor_clock_off` for the code of another time:
   * only here, where the caller knows the secret anyway, this gives nothing away.
   */
  async function confirm(caller: SessionRef, id: number, code: string, origin: Origin): Promise<Factor> {
    const { userId } = caller;
    await sessions.assertLive(caller);
    const pending = await repository.findPending(userId, id);
    if (pending === undefined) throw new Problem('factor_not_found');
    const decrypted = encryption.decrypt(pending.secret, associatedData(userId));
    const verdict = decrypted && checkCode(decrypted.plaintext, code, now(), pending.lastUsedStep);
    // The thief of a session does not know the secret, and must not guess the code: it proves an identity. The verdict counts only if the
    // attempt was allowed.
    const attempt = { account: enrolmentsOf(userId), ip: origin.ip };
    await throttles.attempt(attempt, async () => verdict?.type === 'accepted', { signal: origin.signal });
    if (verdict?.type === 'clock_is_off') throw new Problem('factor_clock_off');
    if (verdict?.type !== 'accepted') throw new Problem('factor_code_wrong');
    return sessions.withLiveSession(caller, async (tx) => {
      // A passkey may have been added since the app was.
      const before = await assertRoom(userId, tx);
      const confirmed = await repository.confirm(userId, id, verdict.step, tx);
      if (confirmed === undefined) throw new Problem('factor_not_found');
      await recordAdded({ id, type: 'totp', isFirst: before === 0 }, ['otp'], caller, origin, tx);
      return { ...confirmed, type: 'totp' };
    });
  }

  /** What a browser needs to make a passkey for the account. Throws the same as `enrol`, and `passkeys_unavailable`. */
  async function beginPasskey(caller: AuthenticatedBearer, currentPassword: string | undefined, origin: Origin) {
    const { userId, sessionId } = caller;
    const { email, username } = await assertMayAdd(caller, currentPassword, origin);
    await assertRoom(userId);
    return passkeys.creationOptions({ userId, sessionId, address: email, name: username });
  }

  /**
   * Adds the passkey that a browser has made; logins can use it from now on. Throws `invalid_token`, `factor_passkey_refused` whatever the
   * reason, `too_many_factors` and `passkeys_unavailable`. The challenge shows that the caller has given their password.
   */
  async function addPasskey(
    caller: SessionRef,
    { name, credential }: { readonly name: string; readonly credential: Registration },
    origin: Origin,
  ): Promise<Factor> {
    const { userId } = caller;
    await sessions.assertLive(caller);
    const accepted = await passkeys.verifyRegistration(caller, credential);
    return sessions.withLiveSession(caller, async (tx) => {
      const before = await assertRoom(userId, tx);
      const added = await passkeys.add(accepted, { userId, name }, tx);
      const factor = { id: added.id, type: 'passkey', isFirst: before === 0 } as const;
      await recordAdded(factor, passkeyMethods(accepted), caller, origin, tx);
      return { ...added, type: 'passkey' };
    });
  }

  /** Throws the errors of the password, and `email_not_verified`. */
  async function assertMayAdd(caller: AuthenticatedBearer, currentPassword: string | undefined, origin: Origin) {
    const account = await assertPassword(caller, currentPassword, origin);
    // A person who registers the address of another one must not lock its owner out, who can reset the password but has not their factor.
    if (mail.enabled && !(await users.findAccount(caller.userId))?.emailVerified)
      throw new Problem('email_not_verified');
    return account;
  }

  /** Returns how many factors the account has. */
  async function assertRoom(userId: number, on?: Db): Promise<number> {
    const { length } = await factorsOf(userId, on);
    if (length >= MAX_FACTORS) throw new Problem('too_many_factors');
    return length;
  }

  async function recordAdded(
    { id, type, isFirst }: Pick<Factor, 'id' | 'type'> & { readonly isFirst: boolean },
    methods: readonly AuthenticationMethod[],
    caller: SessionRef,
    origin: Origin,
    on: Db,
  ): Promise<void> {
    await record('user.second_factor_added', caller, origin, on, { factor_id: String(id), type });
    await notices.secondFactorAdded(caller.userId, origin, on);
    // They began without a second factor, perhaps by a thief of the password.
    if (isFirst) await endOthers(caller, 'second_factor_added', origin, on);
    // The session that adds a factor has proved it too, so that its next access token says so.
    await sessions.reauthenticate(caller, { methods, passwordHash: undefined }, origin, on);
  }

  async function endOthers(
    caller: SessionRef,
    reason: 'second_factor_added' | 'second_factor_removed',
    origin: Origin,
    on: Db,
  ): Promise<void> {
    await sessions.revokeAll(caller.userId, [caller.sessionId], reason, byUser(caller, origin), on);
  }

  /** All confirmed factors of an account, oldest first. */
  async function factorsOf(userId: number, on?: Db): Promise<Factor[]> {
    const apps = (await repository.list(userId, on)).map((each) => ({ ...each, type: 'totp' as const }));
    const others = (await storedPasskeys.list(userId, on)).map((each) => ({ ...each, type: 'passkey' as const }));
    return [...apps, ...others].sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  /** Throws `invalid_token`. */
  async function list(caller: SessionRef): Promise<FactorList> {
    await sessions.assertLive(caller);
    const { userId } = caller;
    const [factors, recoveryCodesLeft, requiredFrom] = await Promise.all([
      factorsOf(userId),
      repository.countRecoveryCodes(userId),
      sessions.secondFactorDueAt(caller),
    ]);
    return { factors, recoveryCodesLeft, requiredFrom };
  }

  /** Throws `invalid_token` and `factor_not_found`. */
  async function rename(caller: SessionRef, id: number, name: string): Promise<Factor> {
    const { userId } = caller;
    return sessions.withLiveSession(caller, async (tx) => {
      const app = await repository.rename(userId, id, name, tx);
      if (app !== undefined) return { ...app, type: 'totp' };
      const passkey = await storedPasskeys.rename(userId, id, name, tx);
      if (passkey === undefined) throw new Problem('factor_not_found');
      return { ...passkey, type: 'passkey' };
    });
  }

  /**
   * Removes a factor, and ends the other sessions: the device that is lost may have one. With the last factor the recovery codes go too.
   * Throws the same as `rename`, and the errors of the password.
   */
  async function remove(
    caller: AuthenticatedBearer,
    id: number,
    currentPassword: string | undefined,
    origin: Origin,
  ): Promise<void> {
    const { userId } = caller;
    await assertPassword(caller, currentPassword, origin);
    await sessions.withLiveSession(caller, async (tx) => {
      const isApp = await repository.remove(userId, id, tx);
      if (!isApp && !(await storedPasskeys.remove(userId, id, tx))) throw new Problem('factor_not_found');
      const details = { factor_id: String(id), type: isApp ? 'totp' : 'passkey' };
      await record('user.second_factor_removed', caller, origin, tx, details);
      await notices.secondFactorRemoved(userId, origin, tx);
      await endOthers(caller, 'second_factor_removed', origin, tx);
      if ((await factorsOf(userId, tx)).length === 0) await users.removeSecondFactors(userId, tx);
    });
  }

  /**
   * Makes a new set of recovery codes, which are returned only here, in place of the old one. Throws the errors of the password, and
   * `second_factor_missing` for an account that has no factor to recover.
   */
  async function createRecoveryCodes(
    caller: AuthenticatedBearer,
    currentPassword: string | undefined,
    origin: Origin,
  ): Promise<string[]> {
    const { userId } = caller;
    await assertPassword(caller, currentPassword, origin);
    const codes = newRecoveryCodes();
    await sessions.withLiveSession(caller, async (tx) => {
      if ((await factorsOf(userId, tx)).length === 0) throw new Problem('second_factor_missing');
      await repository.replaceRecoveryCodes(userId, codes.map(hashRecoveryCode), tx);
      await record('user.recovery_codes_created', caller, origin, tx);
      await notices.recoveryCodesCreated(userId, origin, tx);
    });
    return codes;
  }

  /**
   * The account, if the password is right. Attempts are throttled like logins. An account without a password needs a recent
   * proof of another kind.
   */
  async function assertPassword(caller: AuthenticatedBearer, currentPassword: string | undefined, origin: Origin) {
    const { userId, sessionId } = caller;
    const account = await users.findCredentials(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'));
    if (account === undefined) throw new Problem('invalid_token');
    if (currentPassword === undefined) {
      if (account.passwordHash !== null) throw invalidField('/current_password', 'is required');
      await stepUp.assertRecentWithoutPassword(caller);
    } else if (!(await attempts.verify(account, currentPassword, origin))) throw new Problem('current_password_wrong');
    return account;
  }

  function record(
    event: 'user.second_factor_added' | 'user.second_factor_removed' | 'user.recovery_codes_created',
    caller: SessionRef,
    origin: Origin,
    on: Db,
    details?: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const target = { type: 'user', id: caller.userId } as const;
    return audit.record({ ...byUser(caller, origin), event, target, details }, on);
  }

  return { enrol, confirm, beginPasskey, addPasskey, list, rename, remove, createRecoveryCodes };
}

export type SecondFactors = ReturnType<typeof createSecondFactors>;
