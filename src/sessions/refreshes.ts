// Refreshes: rotating the refresh token of a session, and what a token that was used before means.
import DataLoader from 'dataloader';
import { anonymous, type Origin } from '#audit/events.js';
import type { Notices } from '#mail/notices.js';
import { afterTwoTurns } from '#platform/concurrency/event-loop.js';
import { createKeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import type { Db } from '#platform/database/database.js';
import { repeatIfLost } from '#platform/database/lost-answer.js';
import { untilReplicated } from '#platform/database/replicated.js';
import { Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import type { Tracer } from '#platform/tracing/tracer.js';
import type { Settings } from '#settings/service.js';
import { currentLifetimes } from './lifetimes.js';
import {
  decodeAddresses,
  hashRefreshToken,
  MAX_GENERATION,
  type RefreshTokenAddress,
  type RefreshTokenCodecs,
} from './refresh-token.js';
import { classifyRefusedRefresh } from './refused-refresh.js';
import type { Rotation, RotationOutcome, SessionsRepository } from './repository.js';
import { isLastRetryKey, retryKeyOf } from './retry-keys.js';
import { type SessionRef, sessionKeyOf, type TokenPair } from './session.js';
import type { SessionTokens } from './session-tokens.js';

/** The result of trying one address that a refresh token may contain. */
type RefreshOutcome =
  | { readonly type: 'refreshed'; readonly session: TokenPair & SessionRef }
  /** No session has this address, or it cannot be refreshed again. Another secret may have made the token. */
  | { readonly type: 'not_found' };

type FoundSession = NonNullable<Awaited<ReturnType<SessionsRepository['find']>>>;

interface Dependencies {
  readonly repository: Pick<SessionsRepository, 'find' | 'rotate' | 'rotateEach' | 'revoke'>;
  readonly tokens: SessionTokens;
  readonly codecs: RefreshTokenCodecs;
  readonly notices: Pick<Notices, 'refreshTokenReused'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly db: Pick<Db, 'transaction' | 'execute'>;
  /** How long a refresh waits for earlier ones of the same session, in milliseconds: as long as a caller waits for the database. */
  readonly databaseDeadline: number;
  readonly log: Log;
  readonly tracer: Tracer;
}

/** Refreshes sessions. */
export function createRefreshes({
  repository,
  tokens,
  codecs,
  notices,
  settings,
  db,
  databaseDeadline,
  log,
  tracer,
}: Dependencies) {
  const [codec] = codecs;
  // Concurrent refreshes of one session would only wait for its row, each on a connection that other requests need.
  const limiter = createKeyedLimiter({
    deadline: databaseDeadline,
    refuse: () => new Problem('database_unavailable'),
  });

  // Refreshes that arrive within two turns of the event loop share one statement and one commit. The keyed limiter above makes sure that no
  // session occurs in it twice.
  const rotations = new DataLoader(rotateBatch, { cache: false, maxBatchSize: 64, batchScheduleFn: afterTwoTurns });

  async function rotateBatch(batch: readonly Rotation[]): Promise<RotationOutcome[]> {
    const [first] = batch;
    // A single rotation waits for a locked row; a batch skips it, and leaves it undecided.
    if (first !== undefined && batch.length === 1) return [await repository.rotate(first, currentLifetimes(settings))];
    return repository.rotateEach(batch, currentLifetimes(settings));
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
    for (const address of decodeAddresses(codecs, token)) {
      const outcome = await limiter.run(sessionKeyOf(address), 1, () =>
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
    const { userId, sessionId } = address;
    const successor = { userId, sessionId, generation: address.generation + 1 };
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
    const { accessToken, beginsGracePeriod } = tokens.issue(outcome.user, address);
    if (beginsGracePeriod) await tokens.beginGracePeriod(address);
    return refreshed(address, { refreshToken, accessToken, isRepeated: false });
  }

  async function rotate(rotation: Rotation): Promise<Exclude<RotationOutcome, { type: 'undecided' }>> {
    const batched = await tracer.trace('refresh batch', () => rotations.load(rotation));
    return batched.type === 'undecided' ? repository.rotate(rotation, currentLifetimes(settings)) : batched;
  }

  /**
   * Sends the successor of a token again if its response may have been lost; otherwise throws the reason for the refusal. `lost`: a
   * rotation of this request whose answer was lost, and which was therefore tried again.
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
      const { accessToken } = tokens.issue(session, address);
      return refreshed(address, { refreshToken, accessToken, isRepeated: false });
    }
    switch (classifyRefusedRefresh(session, generation, idempotencyKey, settings.get('REFRESH_GRACE_SECONDS'))) {
      case 'repeat': {
        // While the secret is being changed, either secret may have made the successor. Its hash shows which one.
        const refreshToken = codecs
          .map((each) => each.encode(successor))
          .find((candidate) => hashRefreshToken(candidate).equals(session.refreshTokenHash));
        if (refreshToken === undefined) throw new Problem('invalid_refresh_token');
        await untilReplicated(db);
        const { accessToken } = tokens.issue(session, address);
        return refreshed(address, { refreshToken, accessToken, isRepeated: true });
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

  return { refresh };
}

/** Members are named, not spread: V8 would add those after the spread in its runtime. */
function refreshed(
  { userId, sessionId }: SessionRef,
  { refreshToken, accessToken, isRepeated }: Required<TokenPair>,
): RefreshOutcome {
  return { type: 'refreshed', session: { userId, sessionId, refreshToken, accessToken, isRepeated } };
}

/**
 * Whether a session is as the rotation left it. The hash alone would not tell: another request with the same token writes the same one, but
 * not the same retry key.
 */
function isResultOf({ address, nextHash, retryKey }: Rotation, session: FoundSession): boolean {
  const { isLive, generation, refreshTokenHash, retryKeys } = session;
  const isNext = generation === address.generation + 1 && refreshTokenHash.equals(nextHash);
  return isLive && isNext && isLastRetryKey(retryKeys, retryKey);
}
