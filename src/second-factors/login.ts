// Logins with a second factor: after the first proof the client gets a challenge, and with the challenge and a code its session.
import { hashToken, isToken, newToken } from '#account-tokens/random-token.js';
import { anonymous, byUser, type LoginFailure, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { KeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import type { Db } from '#platform/database/database.js';
import { Problem } from '#platform/errors/problem.js';
import type { AuthenticatedUser, SessionRef, Sessions, TokenPair } from '#sessions/service.js';
import { secondFactorsOf, type Throttles } from '#throttles/service.js';
import { type AuthenticationMethod, amrOf, methodsOf } from '#tokens/authentication.js';
import type { UsersRepository } from '#users/repository.js';
import type { SecondProof, SecondProofs } from './proofs.js';
import type { ChallengedAccount, SecondFactorsRepository } from './repository.js';

interface Dependencies {
  readonly repository: SecondFactorsRepository;
  readonly users: Pick<UsersRepository, 'restore'>;
  readonly sessions: Pick<Sessions, 'start' | 'startOnce'>;
  readonly throttles: Pick<Throttles, 'attempt'>;
  readonly proofs: SecondProofs;
  readonly audit: Pick<AuditRepository, 'record'>;
  /** One request at a time for each account: others would only wait for its row, each on a connection that other requests need. */
  readonly limiter: KeyedLimiter;
  readonly db: Db;
}

/** How long a login waits for its second factor. */
export const CHALLENGE_SECONDS = 300;
/** How long a request waits for earlier ones on the same account, in milliseconds: less than a request may take. */
export const QUEUE_MILLISECONDS = 8000;

/** A refusal is a Problem. */
export function createSecondFactorLogin({
  repository,
  users,
  sessions,
  throttles,
  proofs,
  audit,
  limiter,
  db,
}: Dependencies) {
  /** Starts a session for an account without a second factor; resolves to the `second_factor_required` for another one. */
  function start(user: AuthenticatedUser, origin: Origin): Promise<(TokenPair & SessionRef) | Problem> {
    return user.hasSecondFactor ? challenge(user, origin, db) : sessions.start(user, origin);
  }

  /**
   * The `second_factor_required` for an account whose owner has given the first proof, with a challenge that is stored in the caller's
   * transaction. Throws `invalid_credentials` if the account has changed since.
   */
  async function challenge(
    { id, passwordHash, methods }: Pick<AuthenticatedUser, 'id' | 'passwordHash' | 'methods'>,
    origin: Origin,
    on: Db,
  ): Promise<Problem> {
    const token = newToken();
    const amr = amrOf(methods);
    const stored = { userId: id, passwordHash, amr, tokenHash: hashToken(token), lifetime: CHALLENGE_SECONDS };
    if (!(await repository.insertChallenge(stored, on))) throw new Problem('invalid_credentials');
    const target = { type: 'user', id } as const;
    await audit.record({ ...anonymous(origin), event: 'login.second_factor_required', target }, on);
    return new Problem('second_factor_required', {
      extension: {
        challenge: token,
        expires_in: CHALLENGE_SECONDS,
        factors: await proofs.kindsOf(id, on),
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
      const method = await proofs.use(account.id, proof, origin, tx);
      if (method !== undefined) return proved(account, method, tokenHash, origin, tx);
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

  async function proved(
    { id, username, roles, passwordHash, emailVerified, isLeaving, amr }: ChallengedAccount,
    method: AuthenticationMethod,
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
    const methods = [...methodsOf(amr), method, 'mfa'] as AuthenticationMethod[];
    const state = { hasSecondFactor: true, secondFactorAskedAt: null };
    return { id, username, roles, passwordHash, emailVerified, methods, ...state };
  }

  return { start, challenge, complete };
}

export type SecondFactorLogin = ReturnType<typeof createSecondFactorLogin>;
