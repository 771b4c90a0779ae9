// Sessions: started by a login, continued by rotating refresh tokens, ended by logout, token reuse or expiry.
import { randomBytes } from 'node:crypto';
import DataLoader from 'dataloader';
import { anonymous, byUser, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { JobsRepository } from '#jobs/repository.js';
import type { Notices } from '#mail/notices.js';
import { createKeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import type { Db } from '#platform/database/database.js';
import { MAX_INTEGER } from '#platform/database/integer.js';
import { repeatIfLost } from '#platform/database/lost-answer.js';
import { untilReplicated } from '#platform/database/replicated.js';
import { violatesForeignKey, violatesUnique } from '#platform/errors/database-errors.js';
import { Problem } from '#platform/errors/problem.js';
import { MAX_USER_AGENT_LENGTH } from '#platform/http/user-agent.js';
import type { Log } from '#platform/log/log.js';
import type { Tracer } from '#platform/tracing/tracer.js';
import { isOperator } from '#roles/permissions.js';
import type { Roles } from '#roles/service.js';
import type { Settings } from '#settings/service.js';
import type { CountedAttempt } from '#throttles/service.js';
import { type AuthenticationMethod, amrOf, methodsOf } from '#tokens/authentication.js';
import type { AccessTokens } from '#tokens/service.js';
import { createAccountSessions, parseSessionId } from './account-sessions.js';
import type { KnownDevices } from './known-devices.js';
import { CONCURRENT_LOGINS, MARKED_SESSIONS } from './limits.js';
import { createLogouts } from './logouts.js';
import { hashRefreshToken, MAX_GENERATION, type RefreshTokenAddress, type RefreshTokenCodec } from './refresh-token.js';
import { classifyRefusedRefresh } from './refused-refresh.js';
import type {
  Lifetimes,
  ListedSession,
  NewSession,
  Reauthentication,
  Rotation,
  RotationOutcome,
  SessionsRepository,
  StoredSession,
} from './repository.js';
import { isLastRetryKey, retryKeyOf } from './retry-keys.js';
import type { SecondFactorPolicy, SecondFactorState } from './second-factor-policy.js';
import type { TokenSubject } from './token-subject.js';
import { unlessDistributed } from './unless-distributed.js';

/** An access token and the refresh token that goes with it. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Whether a refresh sent this token again, because the first response may have been lost. */
  readonly isRepeated?: boolean;
}

/** Identifies a session. */
export interface SessionRef {
  readonly userId: number;
  readonly sessionId: number;
}

/** An account whose owner has just proved their identity, with a password or in another way. */
export interface AuthenticatedUser extends SecondFactorState {
  readonly id: number;
  readonly username: string;
  readonly emailVerified: boolean;
  readonly roles: readonly string[];
  /** The account's hash at that time; null: it had no password. If it is another one now, the proof is worth nothing any more. */
  readonly passwordHash: string | null;
  /** How the owner has done so. */
  readonly methods: readonly AuthenticationMethod[];
  /** The attempt that has verified the password, still counted: `start` resets the count. */
  readonly attempt?: CountedAttempt | undefined;
}

/** A session that has just been stored. */
interface OpenedSession {
  readonly pair: TokenPair & SessionRef;
  readonly user: AuthenticatedUser;
  readonly session: NewSession;
  readonly stored: StoredSession;
}

/** A session, as its owner sees it. */
export interface OwnSession extends ListedSession {
  /** Whether the request was made with this session. */
  readonly current: boolean;
}

/** The result of trying one address that a refresh token may stand for. */
type RefreshOutcome =
  | { readonly type: 'refreshed'; readonly session: TokenPair & SessionRef }
  /** No session has this address, or it cannot be refreshed again. Another secret may have made the token. */
  | { readonly type: 'not_found' };

type FoundSession = NonNullable<Awaited<ReturnType<SessionsRepository['find']>>>;

interface Dependencies {
  readonly repository: SessionsRepository;
  readonly accessTokens: AccessTokens;
  /** One per secret. The first encodes tokens; all of them decode. */
  readonly codecs: readonly [RefreshTokenCodec, ...RefreshTokenCodec[]];
  readonly roles: Pick<Roles, 'permissionsOf' | 'withoutRemoved'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly jobs: Pick<JobsRepository, 'enqueue'>;
  readonly devices: KnownDevices;
  readonly notices: Pick<Notices, 'reportsNewSignIns' | 'newSignIn' | 'refreshTokenReused'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly policy: SecondFactorPolicy;
  readonly db: Pick<Db, 'transaction' | 'execute'>;
  /** How long a refresh waits for earlier ones of the same session, in milliseconds: as long as a caller waits for the database. */
  readonly databaseDeadline: number;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly tracer: Tracer;
}

/** The life of sessions, as docs/decisions.md describes it. A refusal is a Problem. */
export function createSessions({
  repository,
  accessTokens,
  codecs,
  roles,
  audit,
  jobs,
  devices,
  notices,
  settings,
  policy,
  db,
  databaseDeadline,
  log,
  now,
  tracer,
}: Dependencies) {
  const [codec] = codecs;
  // Concurrent refreshes of one session would only wait for its row, each on a connection that other requests need.
  const refreshLimiter = createKeyedLimiter({
    deadline: databaseDeadline,
    refuse: () => new Problem('database_unavailable'),
  });
  const { revokeAll, revokeOne, listByUser } = createAccountSessions({ repository, audit, jobs, settings });

  const logouts = createLogouts({ repository, tracer });

  const lifetimes = (): Lifetimes => ({
    lifetime: settings.get('REFRESH_TOKEN_LIFETIME'),
    maxLifetime: settings.get('SESSION_MAX_LIFETIME'),
  });

  // Refreshes that arrive in one turn of the event loop share one statement and one commit. The keyed limiter above makes sure that no
  // session occurs in it twice.
  const rotateEach = unlessDistributed(repository.rotateEach);
  const rotations = new DataLoader(rotateBatch, { cache: false, maxBatchSize: 64, batchScheduleFn: setImmediate });

  async function rotateBatch(batch: readonly Rotation[]): Promise<RotationOutcome[]> {
    const [first] = batch;
    // A single rotation waits for a locked row; a batch skips it, and leaves it undecided.
    if (first !== undefined && batch.length === 1) return [await repository.rotate(first, lifetimes())];
    return (await rotateEach(batch, lifetimes())) ?? batch.map(() => ({ type: 'undecided' }));
  }

  /** Starts a session. Throws `invalid_credentials` if the account has changed since its owner proved their identity. */
  async function start(user: AuthenticatedUser, origin: Origin): Promise<TokenPair & SessionRef> {
    const { pair, session, stored } = await open(user, origin);
    if (session.attempt !== undefined) user.attempt?.markReset();
    await noteDue(user, pair);
    await endExcess(session, stored, origin);
    return pair;
  }

  /**
   * The same for a proof that can be given only once: `prove` uses it up in the transaction that stores the session. If it resolves to
   * undefined, no session starts, but its changes are kept; if it throws, they are not.
   */
  async function startOnce(
    prove: (on: Db) => Promise<AuthenticatedUser | undefined>,
    origin: Origin,
  ): Promise<(TokenPair & SessionRef) | undefined> {
    const opened = await db.transaction(async (tx) => {
      const user = await prove(tx);
      return user && open(user, origin, tx);
    });
    if (opened === undefined) return undefined;
    await noteDue(opened.user, opened.pair);
    await endExcess(opened.session, opened.stored, origin);
    return opened.pair;
  }

  async function open(user: AuthenticatedUser, origin: Origin, on?: Db): Promise<OpenedSession> {
    // The id only has to be unique within the account. Two of an account collide with a probability of 10^-12; the second login then fails.
    const sessionId = randomBytes(5).readUIntBE(0, 5);
    const refreshToken = codec.encode({ userId: user.id, sessionId, generation: 0 });
    const session = {
      userId: user.id,
      passwordHash: user.passwordHash,
      sessionId,
      refreshTokenHash: hashRefreshToken(refreshToken),
      ip: origin.ip,
      userAgent: origin.userAgent?.slice(0, MAX_USER_AGENT_LENGTH),
      countUpTo: settings.get('MAX_SESSIONS_PER_USER'),
      amr: amrOf(user.methods),
      attempt: user.attempt?.keys,
      ...lifetimes(),
    };
    const stored = await store(session, origin, on).catch((error) => {
      // The account has just been deleted, and was not locked (see login-repository.ts).
      throw violatesForeignKey(error, 'sessions_user_id_users_id_fk') ? new Problem('invalid_credentials') : error;
    });
    if (stored === undefined) throw new Problem('invalid_credentials');
    const ref = { userId: user.id, sessionId };
    return {
      pair: {
        ...ref,
        refreshToken,
        accessToken: issueAccessToken({ ...user, amr: session.amr, authTime: stored.authTime }, ref),
      },
      user,
      session,
      stored,
    };
  }

  /** Undefined when the account has changed. One statement, unless logins from new devices are reported and this is one: a transaction then. */
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
    return onKnown ?? db.transaction(storeOnDevice);
  }

  /** Runs a statement that stores a session, and again if its answer was lost. The id is random: if it is there, the first attempt stored it. */
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
   * concurrent logins the last one to count sees all sessions. Far below the limit, the count of the storing statement is enough. The number of rows read is bounded, however many the account has.
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

  /**
   * Exchanges a refresh token for its successor and a new access token. With an `idempotencyKey` the same request can be sent again when
   * its response was lost. Throws `invalid_refresh_token`, `refresh_token_used` or, after ending the session, `refresh_token_reused`.
   */
  async function refresh(
    token: string,
    idempotencyKey: string | undefined,
    origin: Origin,
  ): Promise<TokenPair & SessionRef> {
    for (const address of decodeAddresses(token)) {
      const outcome = await refreshLimiter.run(keyOf(address), 1, () =>
        refreshAt(address, token, idempotencyKey, origin),
      );
      if (outcome.type === 'refreshed') return outcome.session;
    }
    throw new Problem('invalid_refresh_token');
  }

  async function refreshAt(
    address: RefreshTokenAddress,
    token: string,
    idempotencyKey: string | undefined,
    origin: Origin,
  ): Promise<RefreshOutcome> {
    // No token can carry a generation beyond the last one. The session expires, and the user has to log in again.
    if (address.generation >= MAX_GENERATION) return { type: 'not_found' };
    const successor = { ...address, generation: address.generation + 1 };
    const refreshToken = codec.encode(successor);
    const rotation = {
      address,
      currentHash: hashRefreshToken(token),
      nextHash: hashRefreshToken(refreshToken),
      retryKey: retryKeyOf(idempotencyKey),
    };
    let wasLost = false;
    const outcome = await repeatIfLost((isRepeated) => {
      wasLost = isRepeated;
      return rotate(rotation);
    });
    if (outcome.type === 'refused') {
      return handleRefusedRefresh(address, successor, idempotencyKey, origin, wasLost ? rotation : undefined);
    }
    await noteDue(outcome.user, address);
    const accessToken = issueAccessToken(outcome.user, address);
    return { type: 'refreshed', session: { ...address, refreshToken, accessToken } };
  }

  async function rotate(rotation: Rotation): Promise<Exclude<RotationOutcome, { type: 'undecided' }>> {
    const batched = await tracer.trace('refresh batch', () => rotations.load(rotation));
    return batched.type === 'undecided' ? repository.rotate(rotation, lifetimes()) : batched;
  }

  /**
   * Sends the successor of a token again if its response may have been lost; otherwise throws the reason for the refusal. `lost`: a rotation of
   * this request whose answer was lost, and which was therefore tried again.
   */
  async function handleRefusedRefresh(
    address: RefreshTokenAddress,
    successor: RefreshTokenAddress,
    idempotencyKey: string | undefined,
    origin: Origin,
    lost: Rotation | undefined,
  ): Promise<RefreshOutcome> {
    const { userId, sessionId, generation } = address;
    const session = await repository.find(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'));
    if (session === undefined) return { type: 'not_found' };
    if (lost !== undefined && isResultOf(lost, session)) {
      await untilReplicated(db);
      const refreshToken = codec.encode(successor);
      const accessToken = issueAccessToken(session, address);
      return { type: 'refreshed', session: { ...address, refreshToken, accessToken } };
    }
    switch (classifyRefusedRefresh(session, generation, idempotencyKey, settings.get('REFRESH_GRACE_SECONDS'))) {
      case 'repeat': {
        // While the secret is being changed, either secret may have made the successor. Its hash shows which one.
        const refreshToken = codecs
          .map((each) => each.encode(successor))
          .find((candidate) => hashRefreshToken(candidate).equals(session.refreshTokenHash));
        if (refreshToken === undefined) throw new Problem('invalid_refresh_token');
        await untilReplicated(db);
        const accessToken = issueAccessToken(session, address);
        return { type: 'refreshed', session: { ...address, refreshToken, accessToken, isRepeated: true } };
      }
      case 'reused': {
        // Committed before the response is sent, so that the holder of the current token gets no further one. The actor is anonymous,
        // since it may be the user or a thief. The target is the user, so that personal data is removed with the account.
        const details = { session_id: String(sessionId) };
        const event = { ...anonymous(origin), event: 'session.refresh_token_reused', details } as const;
        await db.transaction(async (tx) => {
          const ended = await repository.revoke(address, 'refresh_token_reused', event, 'user', tx);
          if (ended) await notices.refreshTokenReused(userId, origin, tx);
        });
        log.warn(
          { event: 'refresh_token_reused', userId, sessionId, generation },
          'a used refresh token was presented again: session ended',
        );
        throw new Problem('refresh_token_reused');
      }
      case 'used':
        throw new Problem('refresh_token_used');
      case 'invalid':
        throw new Problem('invalid_refresh_token');
    }
  }

  /** Ends the session of a refresh token of any generation. Undefined if no session was ended. */
  async function end(token: string, origin: Origin): Promise<SessionRef | undefined> {
    const addresses = decodeAddresses(token);
    for (const { userId, sessionId } of addresses) {
      const event = { ...byUser({ userId, sessionId }, origin), event: 'session.logged_out' } as const;
      if (await logouts.end({ userId, sessionId, event })) return { userId, sessionId };
    }
    // The response says that the session has ended, even if an earlier logout ended it.
    if (addresses.length > 0) await untilReplicated(db);
    return undefined;
  }

  /** The live sessions of the caller's account. Throws `invalid_token` if the account is deleted or disabled. */
  async function list(caller: SessionRef): Promise<OwnSession[]> {
    const found = await repository.list(caller.userId, settings.get('SESSION_MAX_LIFETIME'));
    if (found === undefined) throw new Problem('invalid_token');
    return found.map((session) => ({ ...session, current: session.id === caller.sessionId }));
  }

  /** Throws `invalid_token` unless the caller's session is live. Enough for reads; a write needs `lockLiveSession`. */
  async function assertLive({ userId, sessionId }: SessionRef): Promise<void> {
    const session = await repository.find(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'));
    if (!session?.isLive) throw new Problem('invalid_token');
  }

  /** When the caller's account has to have a second factor: see SecondFactorPolicy. */
  async function secondFactorDueAt({ userId, sessionId }: SessionRef): Promise<number | undefined> {
    const session = await repository.find(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'));
    return session && policy.dueAt(session, () => isOperator(roles.permissionsOf(session.roles)));
  }

  /**
   * Locks the caller's session and account until the end of the transaction: the session cannot end before the transaction commits, and
   * other transactions on the account wait. Throws `invalid_token` if the session is over.
   */
  async function lockLiveSession({ userId, sessionId }: SessionRef, on: Db): Promise<void> {
    const isLive = await repository.lockLive(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'), on);
    if (!isLive) throw new Problem('invalid_token');
  }

  /**
   * Renews the proof of identity of the caller's session, which the transaction has locked: its owner has just proved it again, by `methods`.
   * Returns an access token that says so. Throws `invalid_token` if the password has changed since.
   */
  async function reauthenticate(
    caller: SessionRef,
    { methods, passwordHash }: Pick<AuthenticatedUser, 'methods'> & Pick<Reauthentication, 'passwordHash'>,
    origin: Origin,
    on: Db,
  ): Promise<string> {
    const { userId, sessionId } = caller;
    const maxLifetime = settings.get('SESSION_MAX_LIFETIME');
    const amr = amrOf(methods, await repository.amrOf(caller, on));
    const user = await repository.reauthenticate({ userId, sessionId, amr, passwordHash }, maxLifetime, on);
    if (user === undefined) throw new Problem('invalid_token');
    const target = { type: 'user', id: userId } as const;
    await audit.record(
      { ...byUser(caller, origin), event: 'session.reauthenticated', target, details: { methods } },
      on,
    );
    return issueAccessToken(user, caller);
  }

  /**
   * Ends a session of the caller's account; it may be the caller's own. `id` is the `sid` of its access tokens. Throws `session_not_found`,
   * also for text that cannot be an id, and `invalid_token`.
   */
  async function endOne(caller: SessionRef, id: string, origin: Origin): Promise<SessionRef> {
    const sessionId = parseSessionId(id);
    const details = { reason: 'ended_by_user', session_id: String(sessionId) };
    const event = { ...byUser(caller, origin), event: 'session.ended', details } as const;
    const maxLifetime = settings.get('SESSION_MAX_LIFETIME');
    const outcome = await repository.revokeOwn(caller, sessionId, 'ended_by_user', event, maxLifetime);
    if (outcome === 'refused') throw new Problem('invalid_token');
    if (outcome === 'not_found') throw new Problem('session_not_found');
    return { userId: caller.userId, sessionId };
  }

  /** Ends all sessions of the caller's account except its own. Returns the same as `revokeAll`. Throws `invalid_token`. */
  function endOthers(caller: SessionRef, origin: Origin): Promise<number | undefined> {
    return db.transaction(async (tx) => {
      await lockLiveSession(caller, tx);
      return revokeAll(caller.userId, [caller.sessionId], 'ended_by_user', byUser(caller, origin), tx);
    });
  }

  /** Ends all sessions of the caller's account. Returns the same as `revokeAll`. Throws `invalid_token`. */
  function endAll(caller: SessionRef, origin: Origin): Promise<number | undefined> {
    return db.transaction(async (tx) => {
      await lockLiveSession(caller, tx);
      return revokeAll(caller.userId, [], 'logout_everywhere', byUser(caller, origin), tx);
    });
  }

  /** A key that identifies the session of a refresh token, without a query. Undefined for a token that this service did not issue. */
  function sessionKeyOf(token: string): string | undefined {
    const [address] = decodeAddresses(token);
    return address && keyOf(address);
  }

  /** The addresses that a token may stand for: at most one per secret. */
  function decodeAddresses(token: string): RefreshTokenAddress[] {
    return codecs
      .map((each) => each.decode(token))
      .filter((address) => address !== undefined && address.userId <= MAX_INTEGER) as RefreshTokenAddress[];
  }

  function issueAccessToken(user: TokenSubject, { userId, sessionId }: SessionRef): string {
    const permissions = roles.permissionsOf(user.roles);
    const names = roles.withoutRemoved(user.roles);
    const { username, emailVerified, authTime } = user;
    const methods = methodsOf(user.amr);
    const dueAt = policy.dueAt(user, () => isOperator(permissions));
    const mustEnrol = dueAt !== undefined && now() / 1000 >= dueAt;
    return accessTokens.issue({
      userId,
      sessionId,
      username,
      emailVerified,
      authTime,
      methods,
      roles: names,
      permissions,
      mustEnrol,
    });
  }

  /** Begins the time of grace of an account that has to have a second factor. One statement, once for each account; usually none. */
  async function noteDue(
    user: SecondFactorState & { readonly roles: readonly string[] },
    { userId, sessionId }: SessionRef,
  ): Promise<void> {
    if (user.secondFactorAskedAt !== null) return;
    if (policy.dueAt(user, () => isOperator(roles.permissionsOf(user.roles))) === undefined) return;
    // The session is stored by now, and must not be lost with this: the next refresh does it again.
    const begun = await repository.askForSecondFactor(userId).catch((err: unknown) => {
      log.warn({ err, userId, sessionId }, 'the time of grace for a second factor was not recorded');
      return false;
    });
    if (begun)
      log.info({ event: 'second_factor_asked', userId, sessionId }, 'an account was asked for a second factor');
  }

  return {
    start,
    startOnce,
    refresh,
    end,
    list,
    sessionKeyOf,
    assertLive,
    reauthenticate,
    secondFactorDueAt,
    lockLiveSession,
    endOne,
    endOthers,
    endAll,
    revokeAll,
    revokeOne,
    listByUser,
  };
}

export type Sessions = ReturnType<typeof createSessions>;

/**
 * Whether a session is as the rotation left it. The hash alone would not tell: another request with the same token writes the same one, but not
 * the same retry key.
 */
function isResultOf({ address, nextHash, retryKey }: Rotation, session: FoundSession): boolean {
  const { isLive, generation, refreshTokenHash, retryKeys } = session;
  const isNext = generation === address.generation + 1 && refreshTokenHash.equals(nextHash);
  return isLive && isNext && isLastRetryKey(retryKeys, retryKey);
}

/** Unlike the id alone, unique across accounts. */
function keyOf({ userId, sessionId }: SessionRef): string {
  return `${userId}/${sessionId}`;
}
