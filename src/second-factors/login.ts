// Logins with a second factor: after the first proof the client gets a challenge, and with the challenge and a code its session.
import { hashToken, isToken, newToken } from '#account-tokens/random-token.js';
import { anonymous, byUser, type LoginFailure, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Notices } from '#mail/notices.js';
import { createKeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import type { Encryption } from '#platform/config/encryption.js';
import type { Db } from '#platform/database/database.js';
import { Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import type { AuthenticatedUser, SessionRef, Sessions, TokenPair } from '#sessions/service.js';
import { secondFactorsOf, type Throttles } from '#throttles/service.js';
import type { UsersRepository } from '#users/repository.js';
import { associatedData } from './encryption.js';
import { hashRecoveryCode } from './recovery-codes.js';
import type { ChallengedAccount, SecondFactorsRepository } from './repository.js';
import { judge } from './totp.js';

/** A code of an authenticator app, or a recovery code. */
export type SecondProof = { readonly code: string } | { readonly recoveryCode: string };

/** An account whose owner has given the first proof. */
export interface FirstProof extends AuthenticatedUser {
  readonly hasSecondFactor: boolean;
}

interface Dependencies {
  readonly repository: SecondFactorsRepository;
  readonly users: Pick<UsersRepository, 'restore'>;
  readonly sessions: Pick<Sessions, 'start' | 'startOnce'>;
  readonly throttles: Pick<Throttles, 'attempt'>;
  readonly encryption: Pick<Encryption, 'decrypt'>;
  readonly notices: Pick<Notices, 'recoveryCodeUsed'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly db: Db;
  readonly log: Log;
  readonly now: () => number;
}

/** How long a login waits for its second factor. */
export const CHALLENGE_SECONDS = 300;
/** How long a request waits for earlier ones on the same account, in milliseconds: less than a request may take. */
const QUEUE_MILLISECONDS = 8000;

/** A refusal is a Problem. */
export function createSecondFactorLogin({
  repository,
  users,
  sessions,
  throttles,
  encryption,
  notices,
  audit,
  db,
  log,
  now,
}: Dependencies) {
  // Concurrent attempts on one account would only wait for its row, each on a connection that other requests need.
  const limiter = createKeyedLimiter({
    deadline: QUEUE_MILLISECONDS,
    refuse: () => new Problem('database_unavailable'),
  });

  /** Starts a session for an account without a second factor; resolves to the `second_factor_required` for another one. */
  function start(user: FirstProof, origin: Origin): Promise<(TokenPair & SessionRef) | Problem> {
    return user.hasSecondFactor ? challenge(user, origin, db) : sessions.start(user, origin);
  }

  /**
   * The `second_factor_required` for an account whose owner has given the first proof, with a challenge that is stored in the caller's
   * transaction. Throws `invalid_credentials` if the account has changed since.
   */
  async function challenge(
    { id, passwordHash }: Pick<AuthenticatedUser, 'id' | 'passwordHash'>,
    origin: Origin,
    on: Db,
  ): Promise<Problem> {
    const token = newToken();
    const stored = { userId: id, passwordHash, tokenHash: hashToken(token), lifetime: CHALLENGE_SECONDS };
    if (!(await repository.insertChallenge(stored, on))) throw new Problem('invalid_credentials');
    const target = { type: 'user', id } as const;
    await audit.record({ ...anonymous(origin), event: 'login.second_factor_required', target }, on);
    const hasRecoveryCodes = (await repository.countRecoveryCodes(id, on)) > 0;
    return new Problem('second_factor_required', {
      extension: {
        challenge: token,
        expires_in: CHALLENGE_SECONDS,
        factors: hasRecoveryCodes ? ['totp', 'recovery_code'] : ['totp'],
      },
    });
  }

  /**
   * Starts the session of a challenge. Throws `invalid_challenge` for one that cannot be used, whatever the reason, `second_factor_wrong`, and
   * `too_many_attempts`: wrong codes are throttled by account, apart from wrong passwords.
   */
  async function complete(token: string, proof: SecondProof, origin: Origin): Promise<TokenPair & SessionRef> {
    const tokenHash = isToken(token) ? hashToken(token) : undefined;
    const userId = tokenHash && (await repository.findChallenged(tokenHash));
    if (tokenHash === undefined || userId === undefined) throw new Problem('invalid_challenge');
    const prove = async (tx: Db): Promise<AuthenticatedUser | undefined> => {
      const account = await repository.lockChallenged(tokenHash, tx);
      if (account === undefined || !(await repository.countAttempt(tokenHash, tx))) {
        throw new Problem('invalid_challenge');
      }
      if (await accepts(account, proof, origin, tx)) return proved(account, tokenHash, origin, tx);
      await recordFailure('second_factor_wrong', account.id, origin, tx);
      return undefined;
    };
    const attempt = { account: secondFactorsOf(userId), ip: origin.ip };
    const onRefused = (on: Db) => recordFailure('second_factor_throttled', userId, origin, on);
    const wait = { until: performance.now() + QUEUE_MILLISECONDS, signal: origin.signal, onRefused };
    const verify = () => limiter.run(String(userId), 1, () => sessions.startOnce(prove, origin));
    const session = await throttles.attempt(attempt, verify, wait);
    if (session === undefined) throw new Problem('second_factor_wrong');
    return session;
  }

  function recordFailure(reason: LoginFailure, userId: number, origin: Origin, on: Db): Promise<void> {
    const target = { type: 'user', id: userId } as const;
    return audit.record({ ...anonymous(origin), event: 'login.failed', target, details: { reason } }, on);
  }

  /** Uses the proof, if it is right. */
  function accepts({ id }: ChallengedAccount, proof: SecondProof, origin: Origin, on: Db): Promise<boolean> {
    return 'code' in proof ? acceptsCode(id, proof.code, on) : acceptsRecoveryCode(id, proof.recoveryCode, origin, on);
  }

  async function acceptsCode(userId: number, code: string, on: Db): Promise<boolean> {
    for (const { id, secret, lastUsedStep } of await repository.listStored(userId, on)) {
      const decrypted = encryption.decrypt(secret, associatedData(userId));
      if (decrypted === undefined) {
        log.error({ userId, factorId: id }, 'AUTH_SECRET does not decrypt a second factor: its codes are refused');
        continue;
      }
      const verdict = judge(decrypted.plaintext, code, now(), lastUsedStep);
      if (verdict.type === 'accepted' && (await repository.useStep(id, verdict.step, on))) return true;
      if (verdict.type === 'clock_is_off') {
        log.warn(
          { event: 'totp_clock_off', userId, factorId: id, steps: verdict.steps },
          'a code of another time was refused',
        );
      }
    }
    return false;
  }

  async function acceptsRecoveryCode(userId: number, code: string, origin: Origin, on: Db): Promise<boolean> {
    if (!(await repository.useRecoveryCode(userId, hashRecoveryCode(code), on))) return false;
    const left = await repository.countRecoveryCodes(userId, on);
    const target = { type: 'user', id: userId } as const;
    await audit.record(
      { ...byUser({ userId }, origin), event: 'user.recovery_code_used', target, details: { left } },
      on,
    );
    await notices.recoveryCodeUsed(userId, origin, on);
    return true;
  }

  async function proved(
    { id, username, roles, passwordHash, emailVerified, isLeaving }: ChallengedAccount,
    tokenHash: Buffer,
    origin: Origin,
    on: Db,
  ): Promise<AuthenticatedUser> {
    if (!(await repository.useChallenge(tokenHash, on))) throw new Problem('invalid_challenge');
    if (isLeaving) {
      if (!(await users.restore(id, passwordHash, on))) throw new Problem('invalid_challenge');
      const target = { type: 'user', id } as const;
      await audit.record({ ...byUser({ userId: id }, origin), event: 'user.deletion_cancelled', target }, on);
    }
    return { id, username, roles, passwordHash, emailVerified };
  }

  return { start, challenge, complete };
}

export type SecondFactorLogin = ReturnType<typeof createSecondFactorLogin>;
