// Logins: storing a session for an owner who has proved their identity, and ending the oldest beyond the limit.
import { randomBytes } from 'node:crypto';
import { byUser, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Notices } from '#mail/notices.js';
import type { Db } from '#platform/database/database.js';
import { isAnswerLost, repeatIfLost } from '#platform/database/lost-answer.js';
import { untilReplicated } from '#platform/database/replicated.js';
import { violatesForeignKey, violatesUnique } from '#platform/errors/database-errors.js';
import { Problem } from '#platform/errors/problem.js';
import { MAX_USER_AGENT_LENGTH } from '#platform/http/user-agent.js';
import type { Log } from '#platform/log/log.js';
import type { Settings } from '#settings/service.js';
import { amrOf } from '#tokens/authentication.js';
import type { AccountSessions } from './account-sessions.js';
import type { KnownDevices } from './known-devices.js';
import { currentLifetimes } from './lifetimes.js';
import { CONCURRENT_LOGINS, MARKED_SESSIONS } from './limits.js';
import { hashRefreshToken, type RefreshTokenCodec } from './refresh-token.js';
import type { NewSession, SessionsRepository, StoredSession } from './repository.js';
import type { AuthenticatedUser, SessionRef, TokenPair } from './session.js';
import type { SessionTokens } from './session-tokens.js';

/** A session that has just been stored. */
interface OpenedSession {
  readonly pair: TokenPair & SessionRef;
  readonly session: NewSession;
  readonly stored: StoredSession;
  readonly beginsGracePeriod: boolean;
}

interface Dependencies {
  readonly repository: SessionsRepository;
  readonly tokens: SessionTokens;
  /** Encodes the refresh token. */
  readonly codec: RefreshTokenCodec;
  readonly revokeAll: AccountSessions['revokeAll'];
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly devices: KnownDevices;
  readonly notices: Pick<Notices, 'reportsNewSignIns' | 'newSignIn'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly db: Pick<Db, 'transaction' | 'execute'>;
  readonly log: Log;
}

/** Starts sessions. */
export function createLogins({
  repository,
  tokens,
  codec,
  revokeAll,
  audit,
  devices,
  notices,
  settings,
  db,
  log,
}: Dependencies) {
  /** Starts a session. Throws `invalid_credentials` if the account has changed since its owner proved their identity. */
  async function start(user: AuthenticatedUser, origin: Origin): Promise<TokenPair & SessionRef> {
    const opened = await open(user, origin);
    if (opened.session.attempt !== undefined) user.attempt?.markReset();
    return complete(opened, origin);
  }

  /**
   * The same for a proof that can be given only once: `prove`, which locks the account, uses it up in the transaction that stores the session.
   * If it resolves to undefined, no session starts, but its changes are kept; if it throws, they are not. `wasKept` is asked whether they were
   * when no session starts and the COMMIT was not answered; without it, that is an error.
   */
  async function startOnce(
    prove: (on: Db) => Promise<AuthenticatedUser | undefined>,
    origin: Origin,
    wasKept = async (): Promise<boolean> => false,
  ): Promise<(TokenPair & SessionRef) | undefined> {
    let opened: OpenedSession | undefined;
    try {
      await db.transaction(async (tx) => {
        opened = undefined;
        const user = await prove(tx);
        opened = user && (await open(user, origin, tx));
      });
    } catch (error) {
      // The proof may be used up. Then what it was used for must not be lost.
      if (!isAnswerLost(error) || !(await (opened === undefined ? wasKept() : wasStored(opened)))) throw error;
    }
    return opened && complete(opened, origin);
  }

  /** Whether a transaction that has locked the account, and whose COMMIT was not answered, has stored the session. */
  async function wasStored({ session: { userId, sessionId, maxLifetime, refreshTokenHash } }: OpenedSession) {
    // Waits for that transaction.
    await db.transaction((tx) => repository.lockAccount(userId, tx));
    const stored = await repository.find(userId, sessionId, maxLifetime);
    if (!stored?.refreshTokenHash.equals(refreshTokenHash)) return false;
    await untilReplicated(db);
    return true;
  }

  /** What follows when the session is committed. */
  async function complete({ pair, session, stored, beginsGracePeriod }: OpenedSession, origin: Origin) {
    if (beginsGracePeriod) await tokens.beginGracePeriod(pair);
    try {
      await endExcess(session, stored, origin);
    } catch (err) {
      // The session must not be lost with this, and with it a link or a recovery code that is used up: the next login does it again.
      log.warn({ err, userId: pair.userId, sessionId: pair.sessionId }, 'the oldest sessions could not be ended');
    }
    return pair;
  }

  async function open(user: AuthenticatedUser, origin: Origin, on?: Db): Promise<OpenedSession> {
    // The id only has to be unique within the account. Two of an account collide with a probability of 10^-12; the second login then fails.
    const sessionId = randomBytes(5).readUIntBE(0, 5);
    const refreshToken = codec.encode({ userId: user.id, sessionId, generation: 0 });
    const session = {
      userId: user.id,
      passwordHash: user.passwordHash,
      hasSecondFactor: user.hasSecondFactor,
      sessionId,
      refreshTokenHash: hashRefreshToken(refreshToken),
      ip: origin.ip,
      userAgent: origin.userAgent?.slice(0, MAX_USER_AGENT_LENGTH),
      countUpTo: settings.get('MAX_SESSIONS_PER_USER'),
      amr: amrOf(user.methods),
      attempt: user.attempt?.keys,
      ...currentLifetimes(settings),
    };
    const stored = await store(session, origin, on).catch((error) => {
      // The account has just been deleted, and was not locked (see login-repository.ts).
      throw violatesForeignKey(error, 'sessions_user_id_users_id_fk') ? new Problem('invalid_credentials') : error;
    });
    if (stored === undefined) throw new Problem('invalid_credentials');
    const ref = { userId: user.id, sessionId };
    const subject = { ...user, amr: session.amr, authTime: stored.authTime };
    const { accessToken, beginsGracePeriod } = tokens.issue(subject, ref);
    return { pair: { ...ref, refreshToken, accessToken }, session, stored, beginsGracePeriod };
  }

  /**
   * Undefined when the account has changed. One statement, unless logins from new devices are reported and this is one: a transaction then.
   */
  async function store(session: NewSession, origin: Origin, on?: Db): Promise<StoredSession | undefined> {
    const event = { ...byUser(session, origin), event: 'login.succeeded' } as const;
    if (!notices.reportsNewSignIns()) {
      return on === undefined
        ? storeOnce(session, () => repository.insert(session, event))
        : repository.insert(session, event, on);
    }
    const { userId, ip, userAgent } = session;
    const onDevice = { ...session, fingerprints: devices.fingerprintsOf(userId, origin), onlyIfKnown: false };
    const storeOnDevice = async (tx: Db): Promise<StoredSession | undefined> => {
      const inserted = await repository.insertOnDevice(onDevice, event, tx);
      if (inserted?.isNewDevice) {
        await repository.forgetDevices(userId, tx);
        await notices.newSignIn(userId, { ip, userAgent }, tx);
      }
      return inserted;
    };
    if (on !== undefined) return storeOnDevice(on);
    const onKnown = await storeOnce(session, () =>
      repository.insertOnDevice({ ...onDevice, onlyIfKnown: true }, event),
    );
    return onKnown ?? storeOnce(session, () => db.transaction(storeOnDevice));
  }

  /**
   * Runs a statement or transaction that stores a session, and again if its answer was lost. The id is random: if it is there, the first
   * attempt stored it.
   */
  function storeOnce(
    session: NewSession,
    insert: () => Promise<StoredSession | undefined>,
  ): Promise<StoredSession | undefined> {
    return repeatIfLost((isRepeated) =>
      insert().catch(async (error) => {
        if (!isRepeated || !violatesUnique(error, 'sessions_pkey')) throw error;
        const { userId, sessionId, maxLifetime, refreshTokenHash } = session;
        const stored = await repository.find(userId, sessionId, maxLifetime);
        if (!stored?.refreshTokenHash.equals(refreshTokenHash)) throw error;
        await untilReplicated(db);
        // How many it counted is lost with the answer, so `endExcess` has to count again.
        return { others: session.countUpTo, authTime: stored.authTime };
      }),
    );
  }

  /**
   * Ends the account's oldest sessions beyond MAX_SESSIONS_PER_USER. The new session is stored before the others are counted, so that of
   * concurrent logins the last one to count sees all sessions. Far below the limit, the count of the storing statement is enough. The
   * number of rows read is bounded, however many the account has.
   */
  async function endExcess(session: NewSession, { others }: StoredSession, origin: Origin): Promise<void> {
    const limit = session.countUpTo;
    if (limit === 0 || others + CONCURRENT_LOGINS < limit) return;
    const { userId, sessionId } = session;
    const considered = limit + MARKED_SESSIONS;
    if ((await repository.findOthers(session, considered)).ids.length < limit) return;
    const ended = await db.transaction(async (tx) => {
      // Of two logins that both found too many, the second counts again after the first has ended some.
      await repository.lockAccount(userId, tx);
      const { ids, hasMore } = await repository.findOthers(session, considered, tx);
      const [kept, excess] = [ids.slice(0, limit - 1), ids.slice(limit - 1)];
      if (excess.length === 0) return 0;
      const act = byUser(session, origin);
      // Sessions older than those considered are beyond the limit too.
      if (hasMore) return revokeAll(userId, [sessionId, ...kept], 'too_many_sessions', act, tx);
      const count = await repository.revokeByIds(userId, excess, 'too_many_sessions', tx);
      const details = { reason: 'too_many_sessions', ended: count };
      await audit.record({ ...act, event: 'sessions.ended', target: { type: 'user', id: userId }, details }, tx);
      return count;
    });
    if (ended !== 0)
      log.info({ event: 'too_many_sessions', userId, sessionId, ended }, 'oldest sessions ended by a login');
  }

  return { start, startOnce };
}
