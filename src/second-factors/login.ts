// Logins with a second factor: after the first proof the client gets a challenge, and with the challenge and a code its session. A passkey
// alone is both.
import { hashToken, isToken, newToken } from '#account-tokens/random-token.js';
import { anonymous, byUser, type LoginFailure, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Outbox } from '#mail/outbox.js';
import type { StoredPasskey } from '#passkeys/repository.js';
import type { Assertion } from '#passkeys/responses.js';
import type { Passkeys } from '#passkeys/service.js';
import type { KeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import type { Db } from '#platform/database/database.js';
import { repeatIfLost } from '#platform/database/lost-answer.js';
import { untilReplicated } from '#platform/database/replicated.js';
import { violatesForeignKey, violatesUnique } from '#platform/errors/database-errors.js';
import { Problem } from '#platform/errors/problem.js';
import type { AuthenticatedUser, SessionRef, Sessions, TokenPair } from '#sessions/service.js';
import type { Settings } from '#settings/service.js';
import { passkeysOf, secondFactorsOf } from '#throttles/names.js';
import type { Throttles } from '#throttles/service.js';
import { type AuthenticationMethod, amrOf, methodsOf } from '#tokens/authentication.js';
import type { LoginAccount } from '#users/conditions.js';
import type { UsersRepository } from '#users/repository.js';
import type { PreparedProof, ProofRefusal, SecondProof, SecondProofs } from './proofs.js';
import type { ChallengedAccount, SecondFactorsRepository } from './repository.js';

interface Dependencies {
  readonly repository: SecondFactorsRepository;
  readonly users: Pick<UsersRepository, 'lockForLogin' | 'restore'>;
  readonly sessions: Pick<Sessions, 'start' | 'startOnce'>;
  readonly throttles: Pick<Throttles, 'attempt' | 'uncounted'>;
  readonly proofs: SecondProofs;
  readonly passkeys: Pick<Passkeys, 'find' | 'verify' | 'use'>;
  readonly mail: Pick<Outbox, 'enabled'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  /** One request at a time for each account: others would only wait for its row, each on a connection that other requests need. */
  readonly limiter: KeyedLimiter;
  readonly db: Db;
}

/** Why a login fails, as the audit log has it. */
type LoginRefusal = ProofRefusal | { readonly reason: LoginFailure };

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
  passkeys,
  mail,
  settings,
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
    const event = { ...anonymous(origin), event: 'login.second_factor_required' } as const;
    const store = (isRepeated: boolean) =>
      repository.insertChallenge(stored, event, on).catch(async (error) => {
        // The account has just been deleted.
        if (violatesForeignKey(error, 'account_tokens_user_id_users_id_fk')) return false;
        if (!isRepeated || !violatesUnique(error, 'account_tokens_hash_key')) throw error;
        await untilReplicated(on);
        return true;
      });
    if (!(await repeatIfLost(store))) throw new Problem('invalid_credentials');
    return new Problem('second_factor_required', {
      extension: {
        challenge: token,
        expires_in: CHALLENGE_SECONDS,
        factors: await proofs.kindsOf(id, on),
      },
    });
  }

  /** Whether a transaction that has locked the account, and whose COMMIT was not answered, has stored the challenge. */
  async function wasStored(userId: number, { extension }: Problem): Promise<boolean> {
    // Waits for that transaction.
    await db.transaction((tx) => users.lockForLogin(userId, tx));
    if ((await repository.findChallenged(hashToken(String(extension.challenge)))) === undefined) return false;
    await untilReplicated(db);
    return true;
  }

  /**
   * Starts the session of a challenge. Throws `invalid_challenge` for one that cannot be used, whatever the reason, `second_factor_wrong`
   * or `passkey_refused`, and `too_many_attempts`: wrong proofs are throttled by account, apart from wrong passwords.
   */
  async function complete(token: string, proof: SecondProof, origin: Origin): Promise<TokenPair & SessionRef> {
    const tokenHash = isToken(token) ? hashToken(token) : undefined;
    const userId = tokenHash && (await repository.findChallenged(tokenHash));
    if (tokenHash === undefined || userId === undefined) throw new Problem('invalid_challenge');
    const prove = async (prepared: PreparedProof, tx: Db): Promise<AuthenticatedUser | undefined> => {
      const account = await repository.lockChallenged(tokenHash, tx);
      if (account === undefined || !(await repository.countAttempt(tokenHash, tx))) {
        throw new Problem('invalid_challenge');
      }
      const used = await proofs.use(account.id, prepared, origin, tx);
      if (!('reason' in used)) return proved(account, used, tokenHash, origin, tx);
      await recordFailure(used, account.id, origin, tx);
      return undefined;
    };
    const attempt = { account: secondFactorsOf(userId), ip: origin.ip };
    const onRefused = (on: Db) => recordFailure({ reason: 'second_factor_throttled' }, userId, origin, on);
    const wait = { until: performance.now() + QUEUE_MILLISECONDS, signal: origin.signal, onRefused };
    const verify = () =>
      limiter.run(String(userId), 1, async () => {
        const prepared = await proofs.prepare(userId, proof);
        return sessions.startOnce((tx) => prove(prepared, tx), origin);
      });
    const session = await throttles.attempt(attempt, verify, wait);
    if (session === undefined) throw new Problem('passkey' in proof ? 'passkey_refused' : 'second_factor_wrong');
    return session;
  }

  /**
   * Starts a session with a passkey alone: of an account that its owner need not name. Throws `passkey_refused` whatever the reason,
   * `too_many_attempts`, and `email_not_verified` for a right one: refused passkeys are throttled by account, apart from passwords and
   * codes.
   */
  async function withPasskey(assertion: Assertion, origin: Origin): Promise<TokenPair & SessionRef> {
    const passkey = await passkeys.find(assertion);
    const session = await (passkey === undefined
      ? startWith(assertion, undefined, origin)
      : throttledByAccount(passkey.userId, origin, () => startWith(assertion, passkey, origin)));
    if (session === undefined) throw new Problem('passkey_refused');
    if (session instanceof Problem) throw session;
    return session;
  }

  function throttledByAccount<T>(userId: number, origin: Origin, verify: () => Promise<T>): Promise<T> {
    const wait = {
      until: performance.now() + QUEUE_MILLISECONDS,
      signal: origin.signal,
      onRefused: (on: Db) => recordFailure({ reason: 'passkey_throttled' }, userId, origin, on),
    };
    const attempt = { account: passkeysOf(userId), ip: origin.ip };
    return throttles.attempt(attempt, () => limiter.run(String(userId), 1, verify), wait);
  }

  /** Undefined if the passkey is refused; a Problem if it is right, and of no use. */
  async function startWith(
    assertion: Assertion,
    passkey: StoredPasskey | undefined,
    origin: Origin,
  ): Promise<(TokenPair & SessionRef) | Problem | undefined> {
    const verified = await passkeys.verify(assertion, passkey);
    let problem: Problem | undefined;
    const prove = async (tx: Db): Promise<AuthenticatedUser | undefined> => {
      problem = undefined;
      const account = passkey && (await users.lockForLogin(passkey.userId, tx));
      const used = await passkeys.use(verified, tx);
      const failed = async (details: LoginRefusal): Promise<undefined> => {
        await recordFailure(details, passkey?.userId, origin, tx);
      };
      if (used.type === 'refused') return failed({ reason: 'passkey_refused', cause: used.cause });
      if (account === undefined) return failed({ reason: 'disabled' });
      if (!account.emailVerified && mail.enabled && settings.get('REQUIRE_VERIFIED_EMAIL')) {
        problem = new Problem('email_not_verified');
        return failed({ reason: 'email_not_verified' });
      }
      if (account.isLeaving && !(await restore(account, origin, tx))) return failed({ reason: 'disabled' });
      return authenticated(account, used.methods, origin);
    };
    return (await sessions.startOnce(prove, origin)) ?? problem;
  }

  function authenticated(
    account: LoginAccount,
    methods: readonly AuthenticationMethod[],
    { ip }: Origin,
  ): AuthenticatedUser {
    const attempt = throttles.uncounted({ account: account.email, ip });
    return { ...account, methods, attempt };
  }

  function recordFailure(details: LoginRefusal, userId: number | undefined, origin: Origin, on: Db): Promise<void> {
    const target = userId === undefined ? undefined : ({ type: 'user', id: userId } as const);
    return audit.record({ ...anonymous(origin), event: 'login.failed', target, details: { ...details } }, on);
  }

  /** Restores an account whose owner has asked to leave and now logs in. */
  async function restore(
    { id, passwordHash }: Pick<LoginAccount, 'id' | 'passwordHash'>,
    origin: Origin,
    on: Db,
  ): Promise<boolean> {
    if (!(await users.restore(id, passwordHash, on))) return false;
    const target = { type: 'user', id } as const;
    await audit.record({ ...byUser({ userId: id }, origin), event: 'user.deletion_cancelled', target }, on);
    return true;
  }

  async function proved(
    account: ChallengedAccount,
    proof: readonly AuthenticationMethod[],
    tokenHash: Buffer,
    origin: Origin,
    on: Db,
  ): Promise<AuthenticatedUser> {
    if (!(await repository.useChallenge(tokenHash, on))) throw new Problem('invalid_challenge');
    if (account.isLeaving && !(await restore(account, origin, on))) throw new Problem('invalid_challenge');
    const methods = [...methodsOf(account.amr), ...proof, 'mfa'] as AuthenticationMethod[];
    return { ...account, methods };
  }

  return { start, challenge, wasStored, complete, withPasskey };
}

export type SecondFactorLogin = ReturnType<typeof createSecondFactorLogin>;
