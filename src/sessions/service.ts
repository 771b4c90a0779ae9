// Sessions: started by a login, continued by rotating refresh tokens, ended by logout, token reuse or expiry.
import { byUser, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { JobsRepository } from '#jobs/repository.js';
import type { Notices } from '#mail/notices.js';
import { createKeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import type { Db } from '#platform/database/database.js';
import { untilReplicated } from '#platform/database/replicated.js';
import { Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import type { Tracer } from '#platform/tracing/tracer.js';
import type { Roles } from '#roles/service.js';
import type { Settings } from '#settings/service.js';
import { amrOf } from '#tokens/authentication.js';
import type { AccessTokens } from '#tokens/service.js';
import { createAccountSessions, parseSessionId } from './account-sessions.js';
import type { KnownDevices } from './known-devices.js';
import { createLogins } from './logins.js';
import { createLogouts } from './logouts.js';
import { decodeAddresses, type RefreshTokenCodecs } from './refresh-token.js';
import { createRefreshes } from './refreshes.js';
import type { ListedSession, Reauthentication, SessionsRepository } from './repository.js';
import type { SecondFactorPolicy } from './second-factor-policy.js';
import { type AuthenticatedUser, type SessionRef, sessionKeyOf } from './session.js';
import { createSessionTokens } from './session-tokens.js';

export type { AuthenticatedUser, SessionRef, TokenPair } from './session.js';

/** A session, as its owner sees it. */
export interface OwnSession extends ListedSession {
  /** Whether the request was made with this session. */
  readonly current: boolean;
}

interface Dependencies {
  readonly repository: SessionsRepository;
  readonly accessTokens: AccessTokens;
  readonly codecs: RefreshTokenCodecs;
  readonly roles: Pick<Roles, 'permissionsOf' | 'withoutRemoved'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly jobs: Pick<JobsRepository, 'enqueue'>;
  readonly devices: KnownDevices;
  readonly notices: Pick<Notices, 'reportsNewSignIns' | 'newSignIn' | 'refreshTokenReused'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly policy: SecondFactorPolicy;
  readonly db: Pick<Db, 'transaction' | 'execute'>;
  /**
   * How long a refresh waits for earlier ones of the same session, and a change for earlier ones of the same account, in milliseconds: as
   * long as a caller waits for the database.
   */
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
  const tokens = createSessionTokens({ repository, accessTokens, roles, policy, log, now });
  const { revokeAll, revokeOne, listByUser } = createAccountSessions({ repository, audit, jobs, settings });
  const shared = { repository, tokens, notices, settings, db, log };
  const { start, startOnce } = createLogins({ ...shared, codec, revokeAll, audit, devices });
  const { refresh } = createRefreshes({ ...shared, codecs, databaseDeadline, tracer });
  const logouts = createLogouts({ repository, tracer });
  // Concurrent changes of one account would only wait for its row, each on a connection that other requests need.
  const limiter = createKeyedLimiter({
    deadline: databaseDeadline,
    refuse: () => new Problem('database_unavailable'),
  });

  /** Ends the session of a refresh token of any generation. Undefined if no session was ended. */
  async function end(token: string, origin: Origin): Promise<SessionRef | undefined> {
    const addresses = decodeAddresses(codecs, token);
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

  /** Throws `invalid_token` unless the caller's session is live. Enough for reads; a write needs `withLiveSession`. */
  async function assertLive({ userId, sessionId }: SessionRef): Promise<void> {
    const session = await repository.find(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'));
    if (!session?.isLive) throw new Problem('invalid_token');
  }

  /** When the caller's account has to have a second factor: see SecondFactorPolicy. */
  async function secondFactorDueAt({ userId, sessionId }: SessionRef): Promise<number | undefined> {
    const session = await repository.find(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'));
    return session && tokens.secondFactorDueAt(session);
  }

  /**
   * Runs `work` in a transaction that has locked the caller's session and account: the session cannot end before the transaction commits, and
   * other transactions on the account wait; in this process, before they take a connection. Throws `invalid_token` if the session is over.
   */
  function withLiveSession<T>({ userId, sessionId }: SessionRef, work: (on: Db) => Promise<T>): Promise<T> {
    return oneOfAccount(userId, () =>
      db.transaction(async (tx) => {
        const isLive = await repository.lockLive(userId, sessionId, settings.get('SESSION_MAX_LIFETIME'), tx);
        if (!isLive) throw new Problem('invalid_token');
        return work(tx);
      }),
    );
  }

  function oneOfAccount<T>(userId: number, change: () => Promise<T>): Promise<T> {
    return limiter.run(String(userId), 1, change);
  }

  /**
   * Renews the proof of identity of the caller's session, which the transaction has locked: its owner has just proved it again, by
   * `methods`. Returns an access token that says so. Throws `invalid_token` if the password has changed since.
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
    return tokens.issue(user, caller).accessToken;
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
    const outcome = await oneOfAccount(caller.userId, () =>
      repository.revokeOwn(caller, sessionId, 'ended_by_user', event, maxLifetime),
    );
    if (outcome === 'refused') throw new Problem('invalid_token');
    if (outcome === 'not_found') throw new Problem('session_not_found');
    return { userId: caller.userId, sessionId };
  }

  /** Ends all sessions of the caller's account except its own. Returns the same as `revokeAll`. Throws `invalid_token`. */
  function endOthers(caller: SessionRef, origin: Origin): Promise<number | undefined> {
    return withLiveSession(caller, (tx) =>
      revokeAll(caller.userId, [caller.sessionId], 'ended_by_user', byUser(caller, origin), tx),
    );
  }

  /** Ends all sessions of the caller's account. Returns the same as `revokeAll`. Throws `invalid_token`. */
  function endAll(caller: SessionRef, origin: Origin): Promise<number | undefined> {
    return withLiveSession(caller, (tx) =>
      revokeAll(caller.userId, [], 'logout_everywhere', byUser(caller, origin), tx),
    );
  }

  /** A key that identifies the session of a refresh token, without a query. Undefined for a token that this service did not issue. */
  function keyOfToken(token: string): string | undefined {
    const [address] = decodeAddresses(codecs, token);
    return address && sessionKeyOf(address);
  }

  return {
    start,
    startOnce,
    refresh,
    end,
    list,
    sessionKeyOf: keyOfToken,
    assertLive,
    reauthenticate,
    secondFactorDueAt,
    withLiveSession,
    endOne,
    endOthers,
    endAll,
    revokeAll,
    revokeOne,
    listByUser,
  };
}

export type Sessions = ReturnType<typeof createSessions>;
