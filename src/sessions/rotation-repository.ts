// Queries of refreshes. Part of the sessions repository.
import { and, eq, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { sessions, users } from '#drizzle/schema.js';
import type { CitusCheck } from '#platform/database/citus.js';
import type { Db } from '#platform/database/database.js';
import { isAllowedByAccount, isLive, newExpiry } from './conditions.js';
import type { Lifetimes } from './lifetimes.js';
import type { RefreshTokenAddress } from './refresh-token.js';
import { RETRY_KEYS_KEPT_BYTES } from './retry-keys.js';
import { authTime, type TokenSubject, tokenSubject } from './token-subject.js';

/** The replacement of a session's current refresh token by its successor. */
export interface Rotation {
  /** The address in the presented token. */
  readonly address: RefreshTokenAddress;
  readonly currentHash: Buffer;
  readonly nextHash: Buffer;
  readonly retryKey: Buffer;
}

/** The result of a rotation. */
export type RotationOutcome =
  | { readonly type: 'rotated'; readonly user: TokenSubject }
  /** The token is not the session's current one, or the session is not live. */
  | { readonly type: 'refused' }
  /**
   * Only from `rotateEach`: the rotation was refused, another transaction had locked the session, or the database is distributed. `rotate`
   * can tell which.
   */
  | { readonly type: 'undecided' };

const ph = sql.placeholder;

/** The values that a rotation compares with the stored session. */
interface PresentedToken {
  readonly userId: SQLWrapper;
  readonly sessionId: SQLWrapper;
  readonly generation: SQLWrapper;
  readonly currentHash: SQLWrapper;
}

/** The rule of rotation, for the session: it is live, and the presented token is its current one. */
const isCurrentToken = ({ userId, sessionId, generation, currentHash }: PresentedToken) =>
  and(
    eq(sessions.userId, userId),
    eq(sessions.id, sessionId),
    eq(sessions.generation, generation),
    eq(sessions.refreshTokenHash, currentHash),
    isLive,
  );

/** What a rotation writes. */
const rotatedTo = ({ nextHash, retryKey }: { nextHash: SQL; retryKey: SQL }) => ({
  generation: sql`${sessions.generation} + 1`,
  refreshTokenHash: nextHash,
  retryKeys: sql`${retryKey} || substring(${sessions.retryKeys} from 1 for ${sql.raw(String(RETRY_KEYS_KEPT_BYTES))})`,
  refreshedAt: sql`now()`,
  expiresAt: newExpiry(sessions.createdAt),
});

/** Prepares the statements on `db`. */
export function createRotationRepository(db: Db, hasCitus: CitusCheck) {
  const presented = {
    userId: ph('userId'),
    sessionId: ph('sessionId'),
    generation: ph('generation'),
    currentHash: ph('currentHash'),
  };
  const rotate = db
    .update(sessions)
    .set(rotatedTo({ nextHash: sql`${ph('nextHash')}::bytea`, retryKey: sql`${ph('retryKey')}::bytea` }))
    .from(users)
    .where(and(isCurrentToken(presented), eq(users.id, sessions.userId), isAllowedByAccount(sessions, users)))
    .returning(tokenSubject)
    .prepare('session_rotate');

  // Sessions that another transaction has locked are skipped: a refresh never waits for the session of another user, and two of these
  // statements never wait for each other.
  const [s, u, presentedUser] = [alias(sessions, 's'), alias(users, 'u'), alias(users, 'presented')];
  const rotateEach = db
    .update(sessions)
    .set(rotatedTo({ nextHash: sql`presented.next_hash`, retryKey: sql`presented.retry_key` }))
    .from(sql`(
      select presented.*, u.username, u.email_verified_at is not null as email_verified, u.roles, u.has_second_factor,
        extract(epoch from u.second_factor_asked_at)::float8 as second_factor_asked_at
      from json_to_recordset(${ph('rotations')}::json) as presented (
        position int, user_id int, id bigint, generation int, current_hash bytea, next_hash bytea, retry_key bytea
      )
      join ${sessions} s on s.user_id = presented.user_id and s.id = presented.id
      join ${users} u on u.id = presented.user_id
      where ${isAllowedByAccount(s, u)}
      for no key update of s skip locked
    ) as presented`)
    .where(
      isCurrentToken({
        userId: sql`presented.user_id`,
        sessionId: sql`presented.id`,
        generation: sql`presented.generation`,
        currentHash: sql`presented.current_hash`,
      }),
    )
    .returning({
      position: sql<number>`presented.position`,
      username: presentedUser.username,
      emailVerified: sql<boolean>`presented.email_verified`,
      roles: presentedUser.roles,
      amr: sessions.amr,
      authTime,
      hasSecondFactor: presentedUser.hasSecondFactor,
      secondFactorAskedAt: sql<number | null>`presented.second_factor_asked_at`,
    })
    .prepare('session_rotate_each');

  return {
    /**
     * Replaces the session's refresh token, if the presented one is the current one and session and user are active. This is one
     * statement, so of any number of concurrent attempts with one token exactly one succeeds.
     */
    rotate: async (
      { address, ...rotation }: Rotation,
      lifetimes: Lifetimes,
    ): Promise<Exclude<RotationOutcome, { type: 'undecided' }>> => {
      const [user] = await rotate.execute({ ...address, ...rotation, ...lifetimes });
      return user === undefined ? { type: 'refused' } : { type: 'rotated', user };
    },

    /**
     * Rotates many sessions in one statement and one commit, by the same rule as `rotate`. No session may occur twice. Citus does not lock
     * rows of several accounts, so nothing is decided there.
     */
    rotateEach: async (rotations: readonly Rotation[], lifetimes: Lifetimes): Promise<RotationOutcome[]> => {
      if (await hasCitus()) return rotations.map(() => ({ type: 'undecided' }));
      const tokens = rotations.map(({ address, currentHash, nextHash, retryKey }, position) => ({
        position,
        user_id: address.userId,
        id: address.sessionId,
        generation: address.generation,
        current_hash: `\\x${currentHash.toString('hex')}`,
        next_hash: `\\x${nextHash.toString('hex')}`,
        retry_key: `\\x${retryKey.toString('hex')}`,
      }));
      const rows = await rotateEach.execute({ rotations: JSON.stringify(tokens), ...lifetimes });
      const outcomes = rotations.map((): RotationOutcome => ({ type: 'undecided' }));
      for (const user of rows) outcomes[user.position] = { type: 'rotated', user };
      return outcomes;
    },
  };
}
