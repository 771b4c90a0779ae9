// Queries of logins: storing a session, the devices of the account, and the sessions beyond the limit. Part of the sessions repository.
import { and, desc, eq, isNull, ne, type SQL, sql } from 'drizzle-orm';
import { type AuditedAct, placeholdersOf, recordEach } from '#audit/repository.js';
import { knownDevices, sessions, users } from '#drizzle/schema.js';
import type { CitusCheck } from '#platform/database/citus.js';
import type { Db } from '#platform/database/database.js';
import { type CountedKeys, resetValues, resetWith } from '#throttles/repository.js';
import { hasPasswordHash, isLive, newExpiry } from './conditions.js';
import type { Fingerprints } from './known-devices.js';
import type { Lifetimes } from './lifetimes.js';
import { MAX_KNOWN_DEVICES } from './limits.js';
import { NO_RETRY_KEYS } from './retry-keys.js';
import { authTime, type StoredAuthentication } from './token-subject.js';

/** What a login stores. */
export interface NewSession extends Lifetimes {
  readonly userId: number;
  /** The hash that the account must still have; null: it must still have no password. */
  readonly passwordHash: string | null;
  /** Whether the account had a second factor when its owner proved their identity, and it was part of the proof. */
  readonly hasSecondFactor: boolean;
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

/** What a login stores, and the device it comes from. */
export interface NewSessionOnDevice extends NewSession {
  readonly fingerprints: Fingerprints;
  /** Whether the session is stored only if the account has logged in from this device before. */
  readonly onlyIfKnown: boolean;
}

/** How long an account remembers a device that it does not log in from (Postgres interval). */
const DEVICE_MEMORY = sql.raw("interval '180 days'");

/** The other sessions of an account, as a login counts them. */
export interface OtherSessions {
  /** Live ones, the newest first. */
  readonly ids: readonly number[];
  /** Whether there may be older ones that were not looked at. */
  readonly hasMore: boolean;
}

const ph = sql.placeholder;

/** Prepares the statements on `db`; a method that takes `on` runs in the transaction it is given. */
export function createLoginRepository(db: Db, hasCitus: CitusCheck) {
  /** No second factor was added since the password was read. */
  const needsNothingMore = sql`(${ph('hasSecondFactor')}::boolean or not ${users.hasSecondFactor})`;
  const insertion = (on: Db, locksAccount: boolean, ...conditions: SQL[]) => {
    const account = on
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
      .where(
        and(eq(users.id, ph('userId')), hasPasswordHash, needsNothingMore, isNull(users.disabledAt), ...conditions),
      );
    // A concurrent change of the password, disabling of the account, or first second factor either comes first, so that this statement
    // finds no row, or waits for this session and then ends it. Without the lock the session may begin in the epoch before that change, and
    // is over at once. Citus would lock all accounts: two logins at the same time would deadlock.
    return on
      .insert(sessions)
      .select(locksAccount ? account.for('share') : account)
      .returning({ id: sessions.id, authTime: authTime.as('auth_time') });
  };
  // All parts of a statement read the table as it was before, so this does not count the new session.
  const others = sql<number>`(
    select count(*)::int from (
      select 1 from ${sessions} other
      where other.user_id = ${ph('userId')}::int and other.revoked_at is null
        and other.epoch = (select account.session_epoch from ${users} account where account.id = ${ph('userId')}::int)
      order by other.created_at desc limit ${ph('countUpTo')}::int) as counted)`;
  const insertOn = (on: Db, locksAccount: boolean) => {
    const inserted = on.$with('inserted').as(insertion(on, locksAccount));
    return on
      .with(inserted, recordEach(on, inserted, { type: 'session', id: inserted.id }), ...resetWith(on, inserted))
      .select({ others, authTime: inserted.authTime })
      .from(inserted)
      .prepare(locksAccount ? 'session_insert' : 'session_insert_unlocked');
  };
  const insert = insertOn(db, true);

  // The same, and remembers the device.
  const insertOnDeviceOn = (on: Db) => {
    const known = sql`select 1 from ${knownDevices} where user_id = ${ph('userId')}::int`;
    const isKnown = sql`exists (${known} and fingerprint = any(${ph('fingerprints')}::bytea[]))`;
    const inserted = on
      .$with('inserted')
      .as(insertion(on, true, sql`(not ${ph('onlyIfKnown')}::boolean or ${isKnown})`));
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

  /** The same, one statement after the other: in Citus, each part of a statement sees what the parts before it have written. */
  async function insertThenRemember(
    { fingerprints, onlyIfKnown, ...session }: NewSessionOnDevice,
    event: AuditedAct,
    on: Db,
  ): Promise<(StoredSession & { isNewDevice: boolean }) | undefined> {
    const isOfAccount = eq(knownDevices.userId, session.userId);
    const known = await on.select({ fingerprint: knownDevices.fingerprint }).from(knownDevices).where(isOfAccount);
    const isKnown = known.some(({ fingerprint }) => fingerprints.some((each) => each.equals(fingerprint)));
    if (onlyIfKnown && !isKnown) return undefined;
    const [stored] = await insertOn(on, false).execute({ ...insertValues(session), ...placeholdersOf(event) });
    if (stored === undefined) return undefined;
    const [fingerprint] = fingerprints;
    const added = await on
      .insert(knownDevices)
      .values({ userId: session.userId, fingerprint })
      .onConflictDoNothing()
      .returning({ userId: knownDevices.userId });
    if (added.length === 0) {
      await on
        .update(knownDevices)
        .set({ seenAt: sql`now()` })
        .where(and(isOfAccount, eq(knownDevices.fingerprint, fingerprint)));
    }
    return { ...stored, isNewDevice: added.length > 0 && !isKnown && known.length > 0 };
  }

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
      const locksAccount = !(await hasCitus(on));
      // The statement for Citus is not prepared at the start, because other databases never run it.
      const statement = on === undefined && locksAccount ? insert : insertOn(on ?? db, locksAccount);
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
      if (await hasCitus(on)) return insertThenRemember({ fingerprints, ...session }, event, on ?? db);
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
  };
}
