// Sessions: begun by a login, carried on by rotating refresh tokens, ended by logout, reuse, or time.
import { randomBytes } from 'node:crypto';
import DataLoader from 'dataloader';
import { anonymous, byUser, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { JobsRepository } from '#jobs/repository.js';
import { createKeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import type { Db } from '#platform/database/database.js';
import { MAX_INTEGER } from '#platform/database/integer.js';
import { Problem } from '#platform/errors/problem.js';
import { MAX_USER_AGENT_LENGTH } from '#platform/http/user-agent.js';
import type { Log } from '#platform/log/log.js';
import type { Roles } from '#roles/service.js';
import type { Settings } from '#settings/service.js';
import type { AccessTokens } from '#tokens/service.js';
import { createAccountSessions, sessionIdOf } from './account-sessions.js';
import { MARKED_SESSIONS } from './limits.js';
import { hashRefreshToken, MAX_GENERATION, type RefreshTokenAddress, type RefreshTokenCodec } from './refresh-token.js';
import { judge } from './refused-refresh.js';
import type { Lifetimes, ListedSession, NewSession, Rotation, SessionsRepository } from './repository.js';
import { hashRetryKey } from './retry-keys.js';

/** An access token and the refresh token that goes with it. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Whose and which session an operation acted on; for the log. */
export interface SessionRef {
  readonly userId: number;
  readonly sessionId: number;
}

/** An account whose password has just been verified. */
export interface AuthenticatedUser {
  readonly id: number;
  readonly username: string;
  readonly roles: readonly string[];
  /** The hash that the password was verified against. */
  readonly passwordHash: string;
}

/** One of the sessions of whoever asks. */
export interface OwnSession extends ListedSession {
  /** Whether it is the one that asks. */
  readonly current: boolean;
}

interface Dependencies {
  readonly repository: SessionsRepository;
  readonly accessTokens: AccessTokens;
  /** One for each secret: the first makes tokens, all read them. */
  readonly codecs: readonly [RefreshTokenCodec, ...RefreshTokenCodec[]];
  readonly roles: Pick<Roles, 'permissionsOf' | 'withoutRemoved'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly jobs: Pick<JobsRepository, 'enqueue'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly db: Pick<Db, 'transaction'>;
  readonly log: Log;
}

/** How long a refresh waits for those before it of the same session, in milliseconds: as long as for an answer of the database. */
const LINE_MILLISECONDS = 900;

/** Sessions, which begin, go on and end as docs/decisions.md says. A refusal is a Problem. */
export function createSessions({
  repository,
  accessTokens,
  codecs,
  roles,
  audit,
  jobs,
  settings,
  db,
  log,
}: Dependencies) {
  const [codec] = codecs;
  // Refreshes of one session that come together would only wait for its row, each on a connection that others need.
  const { inTurn } = createKeyedLimiter({
    deadline: LINE_MILLISECONDS,
    refuse: () => new Problem('database_unavailable'),
  });
  const { endAllBecause, endOneBecause, listOf } = createAccountSessions({ repository, audit, jobs, settings });

  const lifetimes = (): Lifetimes => ({
    lifetime: settings.get('REFRESH_TOKEN_LIFETIME'),
    maxLifetime: settings.get('SESSION_MAX_LIFETIME'),
  });

  // The refreshes that come in one turn of the event loop are one statement and one commit. No session is in it twice: they take turns.
  const rotations = new DataLoader(rotateTogether, { cache: false, maxBatchSize: 64, batchScheduleFn: setImmediate });

  /** Whose each session is; null: refused; undefined: somebody else holds it, or it is refused. */
  async function rotateTogether(all: readonly Rotation[]) {
    const [first] = all;
    if (first !== undefined && all.length === 1) return [(await repository.rotate(first, lifetimes())) ?? null];
    return repository.rotateEach(all, lifetimes());
  }

  /** Begins a session. Throws `invalid_credentials` when the account has changed since its password was verified. */
  async function start(user: AuthenticatedUser, origin: Origin): Promise<TokenPair & SessionRef> {
    // Unique for its user; that two of one user's meet is a chance of one in 10^12, and the second login fails.
    const sessionId = randomBytes(5).readUIntBE(0, 5);
    const refreshToken = codec.encode({ userId: user.id, sessionId, generation: 0 });
    const session = {
      userId: user.id,
      passwordHash: user.passwordHash,
      sessionId,
      refreshTokenHash: hashRefreshToken(refreshToken),
      ip: origin.ip,
      userAgent: origin.userAgent?.slice(0, MAX_USER_AGENT_LENGTH),
      ...lifetimes(),
    };
    if (!(await repository.insert(session, { ...byUser(session, origin), event: 'login.succeeded' }))) {
      throw new Problem('invalid_credentials');
    }
    await endExcess(session, origin);
    return {
      userId: user.id,
      sessionId,
      refreshToken,
      accessToken: issueAccessToken(user, { userId: user.id, sessionId }),
    };
  }

  /**
   * Ends the account's oldest sessions beyond MAX_SESSIONS_PER_USER. The new one is stored before the others are counted: of logins at
   * the same time the last one to count sees them all. It looks at a bounded number of rows, whatever the account has.
   */
  async function endExcess(session: NewSession, origin: Origin): Promise<void> {
    const limit = settings.get('MAX_SESSIONS_PER_USER');
    if (limit === 0) return;
    const { userId, sessionId } = session;
    const window = limit + MARKED_SESSIONS;
    if ((await repository.findOthers(session, window)).ids.length < limit) return;
    const ended = await db.transaction(async (tx) => {
      // Of two logins that both count too many, the second one counts again what the first has left.
      await repository.lockAccount(userId, tx);
      const { ids, more } = await repository.findOthers(session, window, tx);
      const [kept, excess] = [ids.slice(0, limit - 1), ids.slice(limit - 1)];
      if (excess.length === 0) return 0;
      // Older ones than were looked at are beyond the limit too.
      const act = byUser(session, origin);
      if (more) return endAllBecause(userId, [sessionId, ...kept], 'too_many_sessions', act, tx);
      const count = await repository.revokeSome(userId, excess, 'too_many_sessions', tx);
      const details = { reason: 'too_many_sessions', ended: count };
      await audit.record({ ...act, event: 'sessions.ended', target: userOf(session), details }, tx);
      return count;
    });
    if (ended !== 0)
      log.info({ event: 'too_many_sessions', userId, sessionId, ended }, 'oldest sessions ended by a login');
  }

  /**
   * Exchanges a refresh token for its successor and a fresh access token. `idempotencyKey` lets the same request be sent
   * again when its answer was lost. Throws `invalid_refresh_token`, `refresh_token_used` or, after ending the session,
   * `refresh_token_reused`.
   */
  async function refresh(token: string, idempotencyKey?: string, origin: Origin = {}): Promise<TokenPair & SessionRef> {
    for (const address of addresses(token)) {
      const pair = await inTurn(nameOf(address), 1, () => rotate(address, token, idempotencyKey, origin));
      if (pair !== undefined) return pair;
    }
    throw new Problem('invalid_refresh_token');
  }

  /** Undefined when the address leads to no session or no further: then another secret may have made the token. */
  async function rotate(
    address: RefreshTokenAddress,
    token: string,
    idempotencyKey: string | undefined,
    origin: Origin,
  ): Promise<(TokenPair & SessionRef) | undefined> {
    // No token can carry what comes after the last generation: the session has to end, and the user to log in again.
    if (address.generation >= MAX_GENERATION) return undefined;
    const successor = { ...address, generation: address.generation + 1 };
    const refreshToken = codec.encode(successor);
    const rotation = {
      address,
      currentHash: hashRefreshToken(token),
      nextHash: hashRefreshToken(refreshToken),
      retryKey: hashRetryKey(idempotencyKey),
    };
    const together = await rotations.load(rotation);
    const user = together === undefined ? await repository.rotate(rotation, lifetimes()) : together;
    if (user != null) return { ...address, refreshToken, accessToken: issueAccessToken(user, address) };
    return explain(address, successor, idempotencyKey, origin);
  }

  /** Says why a token was refused, or hands out its successor once more. */
  async function explain(
    address: RefreshTokenAddress,
    successor: RefreshTokenAddress,
    idempotencyKey: string | undefined,
    origin: Origin,
  ): Promise<(TokenPair & SessionRef) | undefined> {
    const { userId, sessionId, generation } = address;
    const session = await repository.find(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'));
    if (session === undefined) return undefined;
    const verdict = judge(session, generation, idempotencyKey, settings.get('REFRESH_GRACE_SECONDS'));
    if (verdict === 'repeat') {
      // While the secret is being changed either may have made it: the one whose hash is stored is the successor.
      const refreshToken = codecs
        .map((each) => each.encode(successor))
        .find((candidate) => hashRefreshToken(candidate).equals(session.refreshTokenHash));
      if (refreshToken === undefined) throw new Problem('invalid_refresh_token');
      return { ...address, refreshToken, accessToken: issueAccessToken(session, address) };
    }
    if (verdict === 'reused') {
      // Committed before the caller hears of it: whoever holds the current token must not get another one.
      // Whoever it is: perhaps the user, perhaps a thief. On the user, so that what is personal goes when they do.
      const details = { session_id: String(sessionId) };
      const event = { ...anonymous(origin), event: 'session.refresh_token_reused', details } as const;
      await repository.revoke(address, 'refresh_token_reused', event, 'user');
      log.warn(
        { event: 'refresh_token_reused', userId, sessionId, generation },
        'used refresh token came again: session ended',
      );
      throw new Problem('refresh_token_reused');
    }
    throw new Problem(verdict === 'used' ? 'refresh_token_used' : 'invalid_refresh_token');
  }

  /** Ends the session of a refresh token of any generation; undefined when none was ended. */
  async function end(token: string, origin: Origin = {}): Promise<SessionRef | undefined> {
    for (const { userId, sessionId } of addresses(token)) {
      const event = { ...byUser({ userId, sessionId }, origin), event: 'session.logged_out' } as const;
      const ended = await repository.revoke({ userId, sessionId }, 'logout', event, 'session');
      if (ended) return { userId, sessionId };
    }
    return undefined;
  }

  /** The living sessions of the bearer's account. Throws `invalid_token` when the account is gone or disabled. */
  async function list(bearer: SessionRef): Promise<OwnSession[]> {
    const found = await repository.list(bearer.userId, settings.get('SESSION_MAX_LIFETIME'));
    if (found === undefined) throw new Problem('invalid_token');
    return found.map((session) => ({ ...session, current: session.id === bearer.sessionId }));
  }

  /** Throws `invalid_token` unless the bearer's session lives; for what only looks. What acts needs `hold`. */
  async function assertAlive({ userId, sessionId }: SessionRef): Promise<void> {
    const session = await repository.find(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'));
    if (!session?.alive) throw new Problem('invalid_token');
  }

  /**
   * Keeps the bearer's session alive until the caller's transaction has ended: nothing ends it before what the transaction
   * does has been committed. Others that act for the account wait. Throws `invalid_token` when the session is over.
   */
  async function hold({ userId, sessionId }: SessionRef, on: Db): Promise<void> {
    const alive = await repository.hold(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'), on);
    if (!alive) throw new Problem('invalid_token');
  }

  /**
   * Ends a session of the bearer's account, its own too. `id` is as in `sid` of its access tokens; anything else is the id of
   * no session. Throws `session_not_found` and `invalid_token`.
   */
  async function endOne(bearer: SessionRef, id: string, origin: Origin = {}): Promise<SessionRef> {
    const ended = { userId: bearer.userId, sessionId: sessionIdOf(id) };
    const found = await db.transaction(async (tx) => {
      await hold(bearer, tx);
      return endOneBecause(bearer.userId, id, 'ended_by_user', byUser(bearer, origin), tx);
    });
    if (!found) throw new Problem('session_not_found');
    return ended;
  }

  /** Ends all sessions of the bearer's account but its own; returns how many, as `endAllBecause`. Throws `invalid_token`. */
  function endOthers(bearer: SessionRef, origin: Origin = {}): Promise<number | undefined> {
    return db.transaction(async (tx) => {
      await hold(bearer, tx);
      return endAllBecause(bearer.userId, [bearer.sessionId], 'ended_by_user', byUser(bearer, origin), tx);
    });
  }

  /** Ends all sessions of the bearer's account; returns how many, as `endAllBecause`. Throws `invalid_token`. */
  function endAll(bearer: SessionRef, origin: Origin = {}): Promise<number | undefined> {
    return db.transaction(async (tx) => {
      await hold(bearer, tx);
      return endAllBecause(bearer.userId, [], 'logout_everywhere', byUser(bearer, origin), tx);
    });
  }

  /** A name of the session that a refresh token belongs to, without the database; undefined for a token that is none of ours. */
  function sessionOf(token: string): string | undefined {
    const [address] = addresses(token);
    return address && nameOf(address);
  }

  /** What a token may be the address of: at most one for each secret. */
  function addresses(token: string): RefreshTokenAddress[] {
    return codecs
      .map((each) => each.decode(token))
      .filter((address) => address !== undefined && address.userId <= MAX_INTEGER) as RefreshTokenAddress[];
  }

  function issueAccessToken(
    user: { username: string; roles: readonly string[] },
    { userId, sessionId }: SessionRef,
  ): string {
    const permissions = roles.permissionsOf(user.roles);
    const names = roles.withoutRemoved(user.roles);
    return accessTokens.issue({ userId, sessionId, username: user.username, roles: names, permissions });
  }

  return {
    start,
    refresh,
    end,
    list,
    sessionOf,
    assertAlive,
    hold,
    endOne,
    endOthers,
    endAll,
    endAllBecause,
    endOneBecause,
    listOf,
  };
}

export type Sessions = ReturnType<typeof createSessions>;

/** Unlike the id, unique among the sessions of all users. */
function nameOf({ userId, sessionId }: SessionRef): string {
  return `${userId}/${sessionId}`;
}

function userOf({ userId }: { userId: number }) {
  return { type: 'user' as const, id: userId };
}
