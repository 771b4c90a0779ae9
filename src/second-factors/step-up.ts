// Step-up (RFC 9470): sensitive operations ask for a recent proof of identity, and a session gets it renewed.
import { byUser, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { KeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import type { Db } from '#platform/database/database.js';
import { invalidField, Problem } from '#platform/errors/problem.js';
import type { SessionRef, Sessions } from '#sessions/service.js';
import type { Settings } from '#settings/service.js';
import { secondFactorsOf } from '#throttles/names.js';
import type { Throttles } from '#throttles/service.js';
import { ACR, type AuthenticationMethod } from '#tokens/authentication.js';
import type { PasswordAttempts } from '#users/password-attempts.js';
import type { UsersRepository } from '#users/repository.js';
import type { SecondProof, SecondProofs } from './proofs.js';

/** The bearer of an access token, and when they last proved their identity, in seconds since 1970. */
export interface AuthenticatedBearer extends SessionRef {
  /** Undefined for the token of an older version. */
  readonly authTime?: number | undefined;
}

/** The proofs of one step-up: the password, a second factor, or both. */
export interface StepUpProof {
  readonly currentPassword?: string | undefined;
  readonly second?: SecondProof | undefined;
}

interface Dependencies {
  readonly users: Pick<UsersRepository, 'findCredentials'>;
  readonly sessions: Pick<Sessions, 'withLiveSession' | 'reauthenticate'>;
  readonly attempts: Pick<PasswordAttempts, 'verify'>;
  readonly throttles: Pick<Throttles, 'attempt'>;
  readonly proofs: SecondProofs;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly settings: Pick<Settings, 'get'>;
  /** One request at a time for each account. */
  readonly limiter: KeyedLimiter;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How old the proof of identity may be that stands for the password of an account without one, in seconds. */
const MAX_AGE_WITHOUT_PASSWORD = 600;

/** A refusal is a Problem. */
export function createStepUp({
  users,
  sessions,
  attempts,
  throttles,
  proofs,
  audit,
  settings,
  limiter,
  now,
}: Dependencies) {
  /**
   * Throws `insufficient_user_authentication`, with what the account can give as a proof, if the last one is older than `maxAge` seconds; 0:
   * any will do. Reads memory only, unless it throws.
   */
  async function assertRecent(bearer: AuthenticatedBearer, maxAge = settings.get('STEP_UP_MAX_AGE')): Promise<void> {
    const { authTime = 0 } = bearer;
    if (maxAge === 0 || now() / 1000 - authTime <= maxAge) return;
    throw await insufficient(bearer.userId, await credentialsOf(bearer), maxAge);
  }

  /** The same, where the password is asked for, and the account has none. */
  const assertRecentWithoutPassword = (bearer: AuthenticatedBearer) => assertRecent(bearer, MAX_AGE_WITHOUT_PASSWORD);

  /**
   * Renews the proof of identity of the caller's session, and returns an access token that says so. An account with a second factor has to
   * give it; another one its password. Throws `validation_failed`, `invalid_token`, `current_password_wrong`, `factor_code_wrong` or
   * `factor_passkey_refused`, `too_many_attempts`, and `insufficient_user_authentication` if the second factor is missing.
   */
  async function stepUp(caller: SessionRef, { currentPassword, second }: StepUpProof, origin: Origin): Promise<string> {
    const account = await credentialsOf(caller);
    if (second === undefined) {
      if (account.hasSecondFactor) throw await insufficient(caller.userId, account);
      if (currentPassword === undefined) throw invalidField('/current_password', 'is required');
    }
    if (currentPassword !== undefined && !(await attempts.verify(account, currentPassword, origin)))
      throw new Problem('current_password_wrong');
    const methods: AuthenticationMethod[] = currentPassword === undefined ? [] : ['pwd'];
    const { passwordHash } = account;
    const renew = (all: readonly AuthenticationMethod[], tx: Db) =>
      sessions.reauthenticate(caller, { methods: all, passwordHash }, origin, tx);
    if (second === undefined) return sessions.withLiveSession(caller, (tx) => renew(methods, tx));
    const prove = async () => {
      const prepared = await proofs.prepare(caller.userId, second);
      return sessions.withLiveSession(caller, async (tx) => {
        const used = await proofs.use(caller.userId, prepared, origin, tx);
        if (!('reason' in used)) return renew([...methods, ...used], tx);
        const target = { type: 'user', id: caller.userId } as const;
        await audit.record({ ...byUser(caller, origin), event: 'login.failed', target, details: { ...used } }, tx);
        return undefined;
      });
    };
    // Counted together with the codes of logins.
    const attempt = { account: secondFactorsOf(caller.userId), ip: origin.ip };
    const accessToken = await throttles.attempt(attempt, () => limiter.run(String(caller.userId), 1, prove), {
      signal: origin.signal,
    });
    if (accessToken === undefined)
      throw new Problem('passkey' in second ? 'factor_passkey_refused' : 'factor_code_wrong');
    return accessToken;
  }

  async function credentialsOf({ userId, sessionId }: SessionRef) {
    const account = await users.findCredentials(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'));
    if (account === undefined) throw new Problem('invalid_token');
    return account;
  }

  async function insufficient(
    userId: number,
    { hasSecondFactor, passwordHash }: { readonly hasSecondFactor: boolean; readonly passwordHash: string | null },
    maxAge?: number,
  ): Promise<Problem> {
    const factors = hasSecondFactor ? await proofs.kindsOf(userId) : passwordHash === null ? [] : ['password'];
    const parameters = [
      'realm="latchkey"',
      'error="insufficient_user_authentication"',
      ...(hasSecondFactor ? [`acr_values="${ACR.twoFactors}"`] : []),
      ...(maxAge === undefined ? [] : [`max_age="${maxAge}"`]),
    ];
    return new Problem('insufficient_user_authentication', {
      headers: { 'www-authenticate': `Bearer ${parameters.join(', ')}` },
      extension: { factors, ...(maxAge !== undefined && { max_age: maxAge }) },
    });
  }

  return { assertRecent, assertRecentWithoutPassword, stepUp };
}

export type StepUp = ReturnType<typeof createStepUp>;
