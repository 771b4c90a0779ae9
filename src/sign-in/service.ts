// Sign-in by mail: the link or the code of a mail proves that its user can read the mails of the account.
import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { hashToken, isToken, newToken } from '#account-tokens/random-token.js';
import type { AccountTokens } from '#account-tokens/service.js';
import { anonymous, byUser, type LoginFailure, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Links } from '#mail/links.js';
import type { Outbox } from '#mail/outbox.js';
import { createKeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import type { Db } from '#platform/database/database.js';
import { violatesForeignKey } from '#platform/errors/database-errors.js';
import { Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import type { Quotas } from '#quotas/service.js';
import type { SecondFactorLogin } from '#second-factors/login.js';
import type { AuthenticatedUser, SessionRef, Sessions, TokenPair } from '#sessions/service.js';
import type { Settings } from '#settings/service.js';
import type { Throttles } from '#throttles/service.js';
import type { LoginAccount } from '#users/conditions.js';
import { requireEmail } from '#users/email.js';
import type { UsersRepository } from '#users/repository.js';
import { removeUnprovenFactors } from '#users/unproven-factors.js';
import type { SignInRepository } from './repository.js';

/** The answer to a request for a mail; the same for every address. */
export interface SignInRequest {
  /** Stays with the device that asked: only with it the code of the mail signs in. */
  readonly signInToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** The token of a link; or the code of the mail, with the token that the device got. */
export type SignInProof = { readonly token: string } | { readonly signInToken: string; readonly code: string };

/** The account that a link or a code was tried on, locked; undefined if its token cannot be used. */
interface Tried {
  readonly account: LoginAccount | undefined;
  readonly isRight: boolean;
}

interface Dependencies {
  readonly repository: SignInRepository;
  readonly users: Pick<UsersRepository, 'removeSecondFactors' | 'restore' | 'updateAccount'>;
  readonly accountTokens: Pick<AccountTokens, 'revokeAll' | 'use'>;
  readonly sessions: Pick<Sessions, 'startOnce' | 'revokeAll'>;
  readonly secondFactorLogin: Pick<SecondFactorLogin, 'challenge' | 'wasStored'>;
  readonly mail: Pick<Outbox, 'assertEnabled' | 'encryptContent'>;
  readonly links: Links;
  /** Hash the codes; 32 bytes each. One for each secret, the current one first. */
  readonly keys: readonly [Buffer, ...Buffer[]];
  readonly quotas: Pick<Quotas, 'ofMails' | 'ofWrongCodes'>;
  readonly throttles: Pick<Throttles, 'uncounted'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly db: Db;
  readonly log: Log;
  readonly now: () => number;
}

const CODES = 1_000_000;
/** How long a request waits for earlier ones with the same token or address, in milliseconds: less than a request may take. */
const QUEUE_MILLISECONDS = 8000;
const CODE_DIGITS = 6;

/** Every operation throws `sign_in_by_email_disabled` while SIGN_IN_BY_EMAIL is off. A refusal is a Problem. */
export function createSignIn({
  repository,
  users,
  accountTokens,
  sessions,
  secondFactorLogin,
  mail,
  links,
  keys,
  quotas,
  throttles,
  audit,
  settings,
  db,
  log,
  now,
}: Dependencies) {
  // Concurrent requests with one token or address would only wait for its lock, each on a connection that other requests need.
  const limiter = createKeyedLimiter({
    deadline: QUEUE_MILLISECONDS,
    refuse: () => new Problem('database_unavailable'),
  });

  function assertAllowed(): void {
    if (!settings.get('SIGN_IN_BY_EMAIL')) throw new Problem('sign_in_by_email_disabled');
  }

  /**
   * Sends a mail with a link and a code, if the address belongs to an account that can be signed in to. Neither the answer nor its time
   * shows whether it does. Returns the account for the log. Throws `validation_failed` and `mail_unavailable`.
   */
  async function request(input: string, origin: Origin): Promise<SignInRequest & { userId: number | undefined }> {
    assertAllowed();
    mail.assertEnabled();
    const email = requireEmail(input);
    const [linkToken, signInToken] = [newToken(), newToken()];
    const code = String(randomInt(CODES)).padStart(CODE_DIGITS, '0');
    const lifetime = settings.get('SIGN_IN_LIFETIME');
    const expiresAt = new Date(now() + lifetime * 1000).toISOString();
    // Made for every address, known or not.
    const content = mail.encryptContent('sign_in', email, { url: links.to('sign-in', linkToken), expiresAt, code });
    const stored = {
      email,
      locale: origin.locale ?? null,
      linkHash: hashToken(linkToken),
      deviceHash: hashToken(signInToken),
      codeHash: codeHash(keys[0], signInToken, code),
      content,
      lifetime,
      quota: quotas.ofMails({ kind: 'sign_in', to: email, ip: origin.ip }),
    };
    const store = () =>
      db.transaction(async (tx) => {
        const id = await repository.request(stored, tx);
        // Recorded for unknown addresses too, since the time of one insert would reveal them.
        const target = id === undefined ? undefined : targetOf(id);
        await audit.record({ ...anonymous(origin), event: 'login.email_requested', target }, tx);
        return id;
      });
    const storeAgainIfDeleted = () =>
      store().catch((error) => {
        // The account has just been deleted, and the address has none any more.
        if (violatesForeignKey(error, 'account_tokens_user_id_users_id_fk')) return store();
        throw error;
      });
    const userId = await limiter.run(`address ${email}`, 1, storeAgainIfDeleted);
    return { signInToken, expiresIn: lifetime, userId };
  }

  /**
   * Starts a session. Five codes can be tried with one token, and wrong ones are limited for the account and for all accounts. Throws
   * `invalid_email_token`, the same for every reason, and `second_factor_required`, for which the link or the code is used up.
   */
  async function verify(proof: SignInProof, origin: Origin): Promise<TokenPair & SessionRef> {
    assertAllowed();
    let challenged: { readonly userId: number; readonly challenge: Problem } | undefined;
    const prove = async (tx: Db) => {
      challenged = undefined;
      const { account, isRight } = await ('token' in proof
        ? lockByLink(proof.token, tx)
        : lockByCode(proof, origin, tx));
      if (account !== undefined && isRight) {
        const user = await signIn(account, origin, tx);
        if (user === undefined || !user.hasSecondFactor) return user;
        challenged = { userId: user.id, challenge: await secondFactorLogin.challenge(user, origin, tx) };
        return undefined;
      }
      // In the transaction that has counted the attempt, so that a wrong code takes as long as an unknown token.
      const reason: LoginFailure = 'token' in proof ? 'sign_in_link_invalid' : 'sign_in_code_wrong';
      const target = account && targetOf(account.id);
      await audit.record({ ...anonymous(origin), event: 'login.failed', target, details: { reason } }, tx);
      return undefined;
    };
    const token = 'token' in proof ? proof.token : proof.signInToken;
    const wasChallenged = async () =>
      challenged !== undefined && (await secondFactorLogin.wasStored(challenged.userId, challenged.challenge));
    const session = await limiter.run(`token ${token}`, 1, () => sessions.startOnce(prove, origin, wasChallenged));
    if (session === undefined) throw challenged?.challenge ?? new Problem('invalid_email_token');
    return session;
  }

  /** The address of the account that a link signs in to. Changes nothing. Throws `invalid_email_token`. */
  async function addressOf(token: string): Promise<string> {
    assertAllowed();
    const email = isToken(token) ? await repository.findAddress(hashToken(token), db) : undefined;
    if (email === undefined) throw new Problem('invalid_email_token');
    return email;
  }

  async function lockByLink(token: string, on: Db): Promise<Tried> {
    const account = isToken(token) ? await repository.lockAccount('sign_in', hashToken(token), on) : undefined;
    // Under the lock: another request may have used the link while this one waited.
    if (account !== undefined) await accountTokens.use('sign_in', token, on);
    return { account, isRight: account !== undefined };
  }

  async function lockByCode(
    { signInToken, code }: Extract<SignInProof, { code: string }>,
    { ip }: Origin,
    on: Db,
  ): Promise<Tried> {
    if (!isToken(signInToken)) return { account: undefined, isRight: false };
    const tokenHash = hashToken(signInToken);
    const account = await repository.lockAccount('sign_in_code', tokenHash, on);
    // The same statements for an unknown token.
    const wrongCodes = quotas.ofWrongCodes(account?.email ?? '', ip);
    const expected = await repository.countAttempt(tokenHash, wrongCodes, on);
    const isRight =
      expected !== undefined && keys.some((key) => timingSafeEqual(codeHash(key, signInToken, code), expected));
    if (account !== undefined && isRight) {
      await repository.uncountAttempt(tokenHash, on);
      return { account, isRight };
    }
    if (await repository.takeWrongCode(wrongCodes, expected !== undefined, on)) {
      log.warn({ event: 'sign_in_codes_used_up' }, 'too many wrong codes: WRONG_SIGN_IN_CODES_PER_DAY is reached');
    }
    return { account, isRight: false };
  }

  /** Signs in to a locked account, whose owner has just proved that they read its mails. */
  async function signIn(account: LoginAccount, origin: Origin, on: Db): Promise<AuthenticatedUser | undefined> {
    const { id, email, emailVerified, isLeaving } = account;
    await repository.useAll(id, on);
    const act = byUser({ userId: id }, origin);
    let { passwordHash } = account;
    const hasSecondFactor = emailVerified && account.hasSecondFactor;
    // With a second factor the sign-in is not complete yet, so that it must not cancel the deletion.
    if (isLeaving && !hasSecondFactor) {
      if (!(await users.restore(id, passwordHash, on))) return undefined;
      await audit.record({ ...act, event: 'user.deletion_cancelled', target: targetOf(id) }, on);
    }
    if (!emailVerified) {
      // The address may have been registered by a person who does not own it. What they can log in with ends (account pre-hijacking).
      if (account.hasSecondFactor) await removeUnprovenFactors({ users, audit }, id, act, on);
      await users.updateAccount(id, { passwordHash: null, emailVerified: true }, on);
      await accountTokens.revokeAll(
        id,
        ['change_email', 'reset_password', 'verify_email', 'undo_email_change'],
        {},
        on,
      );
      await sessions.revokeAll(id, [], 'email_verified', act, on);
      await audit.record({ ...act, event: 'user.email_verified', target: targetOf(id) }, on);
      passwordHash = null;
    }
    const attempt = throttles.uncounted({ account: email, ip: origin.ip });
    return { ...account, hasSecondFactor, emailVerified: true, passwordHash, methods: ['email'], attempt };
  }

  return { request, verify, addressOf };
}

export type SignIn = ReturnType<typeof createSignIn>;

/** A code alone has too few values for a hash. With the token, and a key that is not in the database, it cannot be found by trying. */
function codeHash(key: Buffer, signInToken: string, code: string): Buffer {
  return createHmac('sha256', key).update(`${signInToken}\0${code}`).digest();
}

function targetOf(id: number) {
  return { type: 'user' as const, id };
}
