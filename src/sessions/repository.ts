// Queries on sessions. Every decision is made inside the statement, by Postgres's clock.
import { and, desc, eq, inArray, isNull, ne, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import {
  type AuditedAct,
  placeholdersOf,
  recordEach,
  recordedColumns,
  recordedFields,
  recordedValues,
  recordRows,
} from '#audit/repository.js';
import { knownDevices, sessions, users } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';
import { type CountedKeys, resetValues, resetWith } from '#throttles/repository.js';
import { createBulkRepository, type RevocationReason } from './bulk-repository.js';
import {
  expiresAt,
  isAllowedByAccount,
  isInCurrentEpoch,
  isInCurrentEpochOfAccount,
  isLive,
  isSession,
  newExpiry,
} from './conditions.js';
import type { Fingerprints } from './known-devices.js';
import { CONSIDERED_SESSIONS, LISTED_SESSIONS, MAX_KNOWN_DEVICES } from './limits.js';
import type { RefreshTokenAddress } from './refresh-token.js';
import { NO_RETRY_KEYS, RETRY_KEYS_KEPT_BYTES } from './retry-keys.js';
import type { SecondFactorState } from './second-factor-policy.js';

export type { RevocationReason, SessionKey } from './bulk-repository.js';

/** The limits of a session's life, in seconds. */
export interface Lifetimes {
  /** From now until the session expires, unless it is refreshed. */
  readonly lifetime: number;
  /** From the login until the session expires in any case; 0: no such limit. */
  readonly maxLifetime: number;
}

/** What a login stores. */
export interface NewSession extends Lifetimes {
  readonly userId: number;
  /** The hash that the account must still have; null: it must still have no password. */
  readonly passwordHash: string | null;
  readonly sessionId: number;
  readonly refreshTokenHash: Buffer;
  readonly ip: string | undefined;
  readonly userAgent: string | undefined;
  /** Up to how many other sessions of the account are counted. */
  readonly countUpTo: number;
  /** How the owner has proved their identity: see src/tokens/authentication.ts. */
  readonly amr: string;
  /** The attempt whose count is reset if the session is stored. Undefined: there is none. */
  readonly attempt: CountedKeys | undefined;
}

/** A session that has been stored. */
export interface StoredSession extends Pick<StoredAuthentication, 'authTime'> {
  /** How many other sessions that are not marked as ended the account had, at most `countUpTo`. Concurrent logins may not be counted. */
  readonly others: number;
}

/** How and when the owner of a session last proved their identity. */
export interface StoredAuthentication {
  /** Values of `amr`, separated by spaces; null: not known. */
  readonly amr: string | null;
  /** In seconds since 1970, by the clock of the database. */
  readonly authTime: number;
}

/** What a login stores, and the device it comes from. */
export interface NewSessionOnDevice extends NewSession {
  readonly fingerprints: Fingerprints;
  /** Whether the session is stored only if the account has logged in from this device before. */
  readonly onlyIfKnown: boolean;
}

/** How long an account remembers a device that it does not log in from (Postgres interval). */
const DEVICE_MEMORY = sql.raw("interval '180 days'");

/** A live session, as lists show it. */
export interface ListedSession {
  readonly id: number;
  readonly createdAt: Date;
  readonly refreshedAt: Date;
  /** When the session ends unless it is refreshed, by the current SESSION_MAX_LIFETIME. */
  readonly expiresAt: Date;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** The other sessions of an account, as a login counts them. */
export interface OtherSessions {
  /** Live ones, the newest first. */
  readonly ids: readonly number[];
  /** Whether there may be older ones that were not looked at. */
  readonly hasMore: boolean;
}

/** The replacement of a session's current refresh token by its successor. */
export interface Rotation {
  /** The address in the presented token. */
  readonly address: RefreshTokenAddress;
  readonly currentHash: Buffer;
  readonly nextHash: Buffer;
  readonly retryKey: Buffer;
}

/** The user of a session that was rotated. */
export interface RotatedUser extends StoredAuthentication, SecondFactorState {
  readonly username: string;
  readonly emailVerified: boolean;
  readonly roles: readonly string[];
}

/** The result of a rotation. */
export type RotationOutcome =
  | { readonly type: 'rotated'; readonly user: RotatedUser }
  /** The token is not the session's current one, or the session is not live. */
  | { readonly type: 'refused' }
  /** Only from `rotateEach`: the rotation was refused, or another transaction had locked the session. `rotate` can tell which. */
  | { readonly type: 'undecided' };

/** A new proof of identity in a session. */
export interface Reauthentication {
  readonly userId: number;
  readonly sessionId: number;
  /** All methods of the session, the new ones included. */
  readonly amr: string;
  /** The hash that the account must still have; null: it must still have no password. Undefined: any. */
  readonly passwordHash: string | null | undefined;
}

/** The end of a session, and the event that records it. */
export interface Revocation {
  readonly userId: number;
  readonly sessionId: number;
  readonly event: AuditedAct;
}

/**
 * The result of ending one session of several. `undecided`: there is no such session, it was ended before, or another transaction had locked
 * it. `revoke` can tell which.
 */
export type RevocationOutcome = 'ended' | 'undecided';

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

/** Of the account. */
const isEmailVerified = sql<boolean>`${users.emailVerifiedAt} is not null`;

/** When the owner of the session last proved their identity. Whole seconds, as in tokens; a float, which the driver returns as a number. */
const authTime = sql<number>`floor(extract(epoch from coalesce(${sessions.authenticatedAt}, ${sessions.createdAt})))::float8`;

/** What an access token says about the account and its session, or depends on. */
const tokenSubject = {
  username: users.username,
  emailVerified: isEmailVerified,
  roles: users.roles,
  amr: sessions.amr,
  authTime,
  hasSecondFactor: users.hasSecondFactor,
  secondFactorAskedAt: sql<number | null>`extract(epoch from ${users.secondFactorAskedAt})::float8`,
};

/** Prepares the statements on `db`; a method that takes `on` runs in the transaction it is given. */
export function createSessionsRepository(db: Db) {
  // Not `=`: an account without a password must still have none.
  const hasPasswordHash = sql`${users.passwordHash} is not distinct from ${ph('passwordHash')}::text`;
  const insertion = (on: Db, ...conditions: SQL[]) =>
    on
      .insert(sessions)
      .select(
        on
          .select({
            userId: users.id,
            id: sql<number>`${ph('sessionId')}::bigint`.as('id'),
            refreshTokenHash: sql<Buffer>`${ph('refreshTokenHash')}::bytea`.as('refresh_token_hash'),
            generation: sql<number>`0`.as('generation'),
            retryKeys: sql<Buffer>`${ph('retryKeys')}::bytea`.as('retry_keys'),
            createdAt: sql<Date>`now()`.as('created_at'),
            refreshedAt: sql<Date>`now()`.as('refreshed_at'),
            expiresAt: newExpiry(sql`now()`).as('expires_at'),
            ip: sql<string | null>`${ph('ip')}::text`.as('ip'),
            userAgent: sql<string | null>`${ph('userAgent')}::text`.as('user_agent'),
            revokedAt: sql<Date | null>`null::timestamptz`.as('revoked_at'),
            revokedReason: sql<string | null>`null::text`.as('revoked_reason'),
            amr: sql<string>`${ph('amr')}::text`.as('amr'),
            authenticatedAt: sql<Date | null>`null::timestamptz`.as('authenticated_at'),
            // Read from the locked row: if this statement waited for a change of the password, the epoch is the one after the change.
            epoch: sql<number>`${users.sessionEpoch}`.as('epoch'),
          })
          .from(users)
          .where(and(eq(users.id, ph('userId')), hasPasswordHash, isNull(users.disabledAt), ...conditions))
          // A concurrent change of the password, or disabling of the account, either comes first, so that this statement finds no row,
          // or waits for this session and then ends it.
          .for('share'),
      )
      .returning({ id: sessions.id, authTime: authTime.as('auth_time') });
  // All parts of a statement read the table as it was before, so this does not count the new session.
  const others = sql<number>`(
    select count(*)::int from (
      select 1 from ${sessions} other
      where other.user_id = ${ph('userId')}::int and other.revoked_at is null
        and other.epoch = (select account.session_epoch from ${users} account where account.id = ${ph('userId')}::int)
      order by other.created_at desc limit ${ph('countUpTo')}::int) as counted)`;
  const insertOn = (on: Db) => {
    const inserted = on.$with('inserted').as(insertion(on));
    return on
      .with(inserted, recordEach(on, inserted, { type: 'session', id: inserted.id }), ...resetWith(on, inserted))
      .select({ others, authTime: inserted.authTime })
      .from(inserted)
      .prepare('session_insert');
  };
  const insert = insertOn(db);

  // The same, and remembers the device.
  const insertOnDeviceOn = (on: Db) => {
    const known = sql`select 1 from ${knownDevices} where user_id = ${ph('userId')}::int`;
    const isKnown = sql`exists (${known} and fingerprint = any(${ph('fingerprints')}::bytea[]))`;
    const inserted = on.$with('inserted').as(insertion(on, sql`(not ${ph('onlyIfKnown')}::boolean or ${isKnown})`));
    const remembered = on.$with('remembered', {}).as(sql`
      insert into ${knownDevices} (user_id, fingerprint)
      select ${ph('userId')}::int, ${ph('fingerprint')}::bytea from ${inserted}
      on conflict (user_id, fingerprint) do update set seen_at = now()
      returning (xmax = 0) as is_new`);
    return on
      .with(
        inserted,
        recordEach(on, inserted, { type: 'session', id: inserted.id }),
        remembered,
        ...resetWith(on, inserted),
      )
      .select({
        isNew: sql<boolean>`(select is_new from remembered) and not ${isKnown}`,
        knowsOthers: sql<boolean>`exists (${known})`,
        others,
        authTime: inserted.authTime,
      })
      .from(inserted)
      .prepare('session_insert_on_device');
  };

  const insertOnDevice = insertOnDeviceOn(db);

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
  const [s, u] = [alias(sessions, 's'), alias(users, 'u')];
  const rotateEach = db
    .update(sessions)
    .set(rotatedTo({ nextHash: sql`presented.next_hash`, retryKey: sql`presented.retry_key` }))
    .from(sql`(
      select presented.*, u.username, u.email_verified_at is not null as email_verified, u.roles, u.has_second_factor,
        extract(epoch from u.second_factor_asked_at)::float8 as second_factor_asked_at
      from json_to_recordset(${ph('rotations')}::json) as presented (
        user_id int, id bigint, generation int, current_hash bytea, next_hash bytea, retry_key bytea
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
      userId: sessions.userId,
      sessionId: sessions.id,
      username: sql<string>`presented.username`,
      emailVerified: sql<boolean>`presented.email_verified`,
      roles: sql`presented.roles`.mapWith(users.roles),
      amr: sessions.amr,
      authTime,
      hasSecondFactor: sql<boolean>`presented.has_second_factor`,
      secondFactorAskedAt: sql<number | null>`presented.second_factor_asked_at`,
    })
    .prepare('session_rotate_each');

  const find = db
    .select({
      generation: sessions.generation,
      refreshTokenHash: sessions.refreshTokenHash,
      retryKeys: sessions.retryKeys,
      isLive: sql<boolean>`${and(isLive, isAllowedByAccount(sessions, users))}`,
      secondsSinceRefresh: sql<number>`extract(epoch from now() - ${sessions.refreshedAt})::float8`,
      ...tokenSubject,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(isSession)
    .prepare('session_find');

  const reauthenticateOn = (on: Db) =>
    on
      .update(sessions)
      .set({ authenticatedAt: sql`now()`, amr: sql`${ph('amr')}::text` })
      .from(users)
      .where(
        and(
          isSession,
          isLive,
          eq(users.id, sessions.userId),
          sql`(${ph('isAnyPassword')}::boolean or ${hasPasswordHash})`,
          isAllowedByAccount(sessions, users),
        ),
      )
      .returning(tokenSubject)
      .prepare('session_reauthenticate');

  const revokeOn = (on: Db) => {
    const revoked = on.$with('revoked').as(
      on
        .update(sessions)
        .set({ revokedAt: sql`now()`, revokedReason: sql`${ph('reason')}::text` })
        .where(and(isSession, isNull(sessions.revokedAt), isInCurrentEpochOfAccount))
        .returning({ id: sessions.id, userId: sessions.userId }),
    );
    return {
      session: on
        .with(revoked, recordEach(on, revoked, { type: 'session', id: revoked.id }))
        .select()
        .from(revoked)
        .prepare('session_revoke'),
      user: on
        .with(revoked, recordEach(on, revoked, { type: 'user', id: revoked.userId }))
        .select()
        .from(revoked)
        .prepare('session_revoke_of_user'),
    };
  };
  const revoke = revokeOn(db);

  // As `rotateEach`, this skips the sessions that another transaction has locked.
  const revokedEach = db.$with('revoked').as(
    db
      .update(sessions)
      .set({ revokedAt: sql`now()`, revokedReason: sql`${ph('reason')}::text` })
      .from(sql`(
        select asked.*
        from json_to_recordset(${ph('revocations')}::json) as asked (user_id int, session_id bigint, ${recordedColumns()})
        join ${sessions} s on s.user_id = asked.user_id and s.id = asked.session_id
        join ${users} u on u.id = asked.user_id
        where ${and(isNull(s.revokedAt), isInCurrentEpoch(s, u))}
        for no key update of s skip locked
      ) as asked`)
      .where(
        and(
          eq(sessions.userId, sql`asked.user_id`),
          eq(sessions.id, sql`asked.session_id`),
          isNull(sessions.revokedAt),
        ),
      )
      .returning({ id: sessions.id, userId: sessions.userId, recorded: recordedFields('asked') }),
  );
  const revokeEach = db
    .with(revokedEach, recordRows(db, revokedEach, { type: 'session', id: revokedEach.id }))
    .select({ id: revokedEach.id, userId: revokedEach.userId })
    .from(revokedEach)
    .prepare('session_revoke_each');

  // Uses the index on sessions that are not revoked: listing costs the same for an account with a million sessions as for one with hundreds.
  const newest = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(
      and(
        eq(sessions.userId, ph('userId')),
        isNull(sessions.revokedAt),
        sql`${sessions.epoch} = (select account.session_epoch from ${users} account where account.id = ${ph('userId')})`,
      ),
    )
    .orderBy(desc(sessions.createdAt))
    .limit(CONSIDERED_SESSIONS);
  const list = db
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      refreshedAt: sessions.refreshedAt,
      expiresAt: expiresAt.mapWith(sessions.expiresAt),
      ip: sessions.ip,
      userAgent: sessions.userAgent,
    })
    .from(users)
    .leftJoin(
      sessions,
      and(eq(sessions.userId, users.id), inArray(sessions.id, newest), isLive, isInCurrentEpoch(sessions, users)),
    )
    .where(and(eq(users.id, ph('userId')), isNull(users.disabledAt)))
    .orderBy(desc(sessions.refreshedAt), desc(sessions.id))
    .limit(LISTED_SESSIONS)
    .prepare('session_list');

  // Locks the account's row first, then the session's. Every other statement that locks both takes them in that order.
  const lockLiveOn = (on: Db) =>
    on
      .select({ id: sessions.id })
      .from(users)
      .innerJoin(sessions, eq(sessions.userId, users.id))
      .where(and(eq(users.id, ph('userId')), isSession, isLive, isAllowedByAccount(sessions, users)))
      .for('no key update')
      .prepare('session_lock_live');

  const revokeLiveOn = (on: Db) =>
    on
      .update(sessions)
      .set({ revokedAt: sql`now()`, revokedReason: sql`${ph('reason')}::text` })
      .where(and(isSession, isLive, isInCurrentEpochOfAccount))
      .returning({ id: sessions.id })
      .prepare('session_revoke_live');

  // `lockLive`, `revokeLive` and the event as one statement.
  const caller = db.$with('caller').as(
    db
      .select({ id: sessions.id })
      .from(users)
      .innerJoin(sessions, eq(sessions.userId, users.id))
      .where(
        and(eq(users.id, ph('userId')), eq(sessions.id, ph('callerId')), isLive, isAllowedByAccount(sessions, users)),
      )
      .for('no key update'),
  );
  const revokedOwn = db.$with('revoked').as(
    db
      .update(sessions)
      .set({ revokedAt: sql`now()`, revokedReason: sql`${ph('reason')}::text` })
      .where(and(isSession, isLive, isInCurrentEpochOfAccount, sql`exists (select 1 from ${caller})`))
      .returning({ userId: sessions.userId }),
  );
  const revokeOwn = db
    .with(caller, revokedOwn, recordEach(db, revokedOwn, { type: 'user', id: revokedOwn.userId }))
    .select({ ended: sql<boolean>`exists (select 1 from ${revokedOwn})` })
    .from(caller)
    .prepare('session_revoke_own');

  // The newest sessions of the account except the given one, with a flag for those that are live. No rows if the given session is itself
  // over.
  const findOthersOn = (on: Db) =>
    on
      .select({ id: sessions.id, isLive: sql<boolean>`${isLive}` })
      .from(sessions)
      .where(
        and(
          eq(sessions.userId, ph('userId')),
          ne(sessions.id, ph('sessionId')),
          isNull(sessions.revokedAt),
          sql`${sessions.epoch} = (
            select account.session_epoch from ${users} account
            join ${sessions} own on own.user_id = account.id and own.epoch >= account.session_epoch
            where account.id = ${ph('userId')} and own.id = ${ph('sessionId')} and own.revoked_at is null)`,
        ),
      )
      .orderBy(desc(sessions.createdAt), desc(sessions.id))
      .limit(ph('limit'))
      .prepare('session_find_others');
  const findOthers = findOthersOn(db);

  const insertValues = ({ attempt, ...session }: NewSession) => ({
    ...session,
    ...resetValues(attempt),
    retryKeys: NO_RETRY_KEYS,
    ip: session.ip ?? null,
    userAgent: session.userAgent ?? null,
  });

  return {
    /**
     * Stores a new session, records `event` and resets the count of the attempt. Undefined when the account is deleted or disabled, or no
     * longer has the password. Runs in a transaction if given `on`.
     */
    insert: async (session: NewSession, event: AuditedAct, on?: Db): Promise<StoredSession | undefined> => {
      const statement = on === undefined ? insert : insertOn(on);
      return (await statement.execute({ ...insertValues(session), ...placeholdersOf(event) }))[0];
    },

    /**
     * The same, and remembers the device; also undefined if the device is not known but has to be. `isNewDevice`: the account has logged in
     * before, since it remembers devices, but not from this one.
     */
    insertOnDevice: async (
      { fingerprints, ...session }: NewSessionOnDevice,
      event: AuditedAct,
      on?: Db,
    ): Promise<(StoredSession & { isNewDevice: boolean }) | undefined> => {
      const statement = on === undefined ? insertOnDevice : insertOnDeviceOn(on);
      const [row] = await statement.execute({
        ...insertValues(session),
        onlyIfKnown: session.onlyIfKnown,
        ...placeholdersOf(event),
        fingerprint: fingerprints[0],
        fingerprints: `{${fingerprints.map((each) => `"\\\\x${each.toString('hex')}"`).join()}}`,
      });
      return row && { isNewDevice: row.isNew && row.knowsOthers, others: row.others, authTime: row.authTime };
    },

    /** The time of grace of an account begins, unless it has begun before. */
    askForSecondFactor: async (userId: number): Promise<boolean> =>
      (
        await db
          .update(users)
          .set({ secondFactorAskedAt: sql`now()` })
          .where(and(eq(users.id, userId), isNull(users.secondFactorAskedAt)))
          .returning({ id: users.id })
      ).length > 0,

    /** Forgets the devices that an account has not used for long, and those beyond MAX_KNOWN_DEVICES. */
    forgetDevices: async (userId: number, on: Db): Promise<void> => {
      await on.execute(sql`
        delete from ${knownDevices} where user_id = ${userId}::int and (
          seen_at < now() - ${DEVICE_MEMORY}
          or fingerprint in (
            select fingerprint from ${knownDevices} where user_id = ${userId}::int
            order by seen_at desc, fingerprint offset ${MAX_KNOWN_DEVICES}::int))`);
    },

    /** Locks an account. No other login to it succeeds before the transaction ends. */
    lockAccount: async (userId: number, on: Db): Promise<void> => {
      await on.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update');
    },

    /**
     * The live sessions of the account except the given one, among the newest `limit` that were not revoked. None if the given session has
     * ended in the meantime.
     */
    findOthers: async (
      { userId, sessionId, maxLifetime }: NewSession,
      limit: number,
      on?: Db,
    ): Promise<OtherSessions> => {
      const statement = on === undefined ? findOthers : findOthersOn(on);
      const rows = await statement.execute({ userId, sessionId, maxLifetime, limit });
      return { ids: rows.filter((row) => row.isLive).map(({ id }) => id), hasMore: rows.length === limit };
    },

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

    /** Rotates many sessions in one statement and one commit, by the same rule as `rotate`. No session may occur twice. */
    rotateEach: async (rotations: readonly Rotation[], lifetimes: Lifetimes): Promise<RotationOutcome[]> => {
      const tokens = rotations.map(({ address, currentHash, nextHash, retryKey }) => ({
        user_id: address.userId,
        id: address.sessionId,
        generation: address.generation,
        current_hash: `\\x${currentHash.toString('hex')}`,
        next_hash: `\\x${nextHash.toString('hex')}`,
        retry_key: `\\x${retryKey.toString('hex')}`,
      }));
      const rows = await rotateEach.execute({ rotations: JSON.stringify(tokens), ...lifetimes });
      const users = new Map(rows.map(({ userId, sessionId, ...user }) => [`${userId}/${sessionId}`, user]));
      return rotations.map(({ address: { userId, sessionId } }) => {
        const user = users.get(`${userId}/${sessionId}`);
        return user === undefined ? { type: 'undecided' } : { type: 'rotated', user };
      });
    },

    /** A session, live or not, and its user. `maxLifetime`: see Lifetimes. */
    find: async (userId: number, sessionId: number, maxLifetime: number) =>
      (await find.execute({ userId, sessionId, maxLifetime }))[0],

    /** How the owner of a session has proved their identity: see StoredAuthentication. */
    amrOf: async ({ userId, sessionId }: Pick<NewSession, 'userId' | 'sessionId'>, on: Db): Promise<string | null> => {
      const found = await on
        .select({ amr: sessions.amr })
        .from(sessions)
        .where(and(eq(sessions.userId, userId), eq(sessions.id, sessionId)));
      return found[0]?.amr ?? null;
    },

    /**
     * Renews the proof of identity of a live session that the transaction has locked. Undefined if the session is over, or the account no
     * longer has the password.
     */
    reauthenticate: async (
      { passwordHash, ...values }: Reauthentication,
      maxLifetime: number,
      on: Db,
    ): Promise<RotatedUser | undefined> => {
      const password = { passwordHash: passwordHash ?? null, isAnyPassword: passwordHash === undefined };
      return (await reauthenticateOn(on).execute({ ...values, ...password, maxLifetime }))[0];
    },

    /**
     * Ends a session and records `event`, whose target is the session or its user. False if there is none, or it was ended before. Runs in a
     * transaction if given `on`.
     */
    revoke: async (
      { userId, sessionId }: Pick<NewSession, 'userId' | 'sessionId'>,
      reason: RevocationReason,
      event: AuditedAct,
      target: 'session' | 'user',
      on?: Db,
    ): Promise<boolean> =>
      (
        await (on === undefined ? revoke : revokeOn(on))[target].execute({
          userId,
          sessionId,
          reason,
          ...placeholdersOf(event),
        })
      ).length > 0,

    /**
     * Ends many sessions in one statement and one commit, by the same rule as `revoke`, and records the event of each, whose target is the
     * session. No session may occur twice.
     */
    revokeEach: async (revocations: readonly Revocation[], reason: RevocationReason): Promise<RevocationOutcome[]> => {
      const asked = revocations.map(({ userId, sessionId, event }) => ({
        user_id: userId,
        session_id: sessionId,
        ...recordedValues(event),
      }));
      const rows = await revokeEach.execute({ revocations: JSON.stringify(asked), reason });
      const ended = new Set(rows.map(({ userId, id }) => `${userId}/${id}`));
      return revocations.map(({ userId, sessionId }) => (ended.has(`${userId}/${sessionId}`) ? 'ended' : 'undecided'));
    },

    /**
     * The live sessions of a user, most recently refreshed first, at most LISTED_SESSIONS. Undefined if the account is deleted or disabled.
     * `maxLifetime`: see Lifetimes.
     */
    list: async (userId: number, maxLifetime: number): Promise<ListedSession[] | undefined> => {
      const rows = await list.execute({ userId, maxLifetime });
      return rows.length === 0 ? undefined : rows.filter((row): row is ListedSession => row.id !== null);
    },

    /**
     * Locks a live session and its account until the end of the transaction. False if the session is over or the account is disabled.
     * Other transactions that end the session or lock the account have to wait.
     */
    lockLive: async (userId: number, sessionId: number, maxLifetime: number, on: Db): Promise<boolean> =>
      (await lockLiveOn(on).execute({ userId, sessionId, maxLifetime })).length > 0,

    /**
     * Ends a live session of the account of `caller`, and records `event`, whose target is the user. `not_found`: there is none; `refused`:
     * the caller's own session is over, or the account is disabled.
     */
    revokeOwn: async (
      caller: Pick<NewSession, 'userId' | 'sessionId'>,
      sessionId: number,
      reason: RevocationReason,
      event: AuditedAct,
      maxLifetime: number,
    ): Promise<'ended' | 'not_found' | 'refused'> => {
      const { userId, sessionId: callerId } = caller;
      const values = { userId, callerId, sessionId, reason, maxLifetime };
      const [row] = await revokeOwn.execute({ ...values, ...placeholdersOf(event) });
      if (row === undefined) return 'refused';
      return row.ended ? 'ended' : 'not_found';
    },

    /** Ends a live session. False if there is none. */
    revokeLive: async (
      userId: number,
      sessionId: number,
      reason: RevocationReason,
      maxLifetime: number,
      on: Db,
    ): Promise<boolean> => (await revokeLiveOn(on).execute({ userId, sessionId, reason, maxLifetime })).length > 0,

    ...createBulkRepository(db),
  };
}

export type SessionsRepository = ReturnType<typeof createSessionsRepository>;
