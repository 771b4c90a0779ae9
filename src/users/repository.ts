// Queries on users.
import { and, eq, gt, inArray, isNotNull, isNull, like, lte, type SQL, sql } from 'drizzle-orm';
import { passwordDigestOf } from '#account-tokens/conditions.js';
import { type AuditedAct, placeholdersOf, recordEach } from '#audit/repository.js';
import { accountTokens, knownDevices, passkeys, recoveryCodes, sessions, totpFactors, users } from '#drizzle/schema.js';
import { createCitusCheck } from '#platform/database/citus.js';
import type { Db } from '#platform/database/database.js';
import { hasRole, isBeingRemoved, withoutRemoved } from '#roles/repository.js';
import { isAllowedByAccount, isLive, isSession } from '#sessions/conditions.js';
import { type CountKeys, claimOn, claimValues, type ThrottleRule } from '#throttles/repository.js';
import { canLogIn, type LoginAccount, loginAccount } from './conditions.js';

const profile = { id: users.id, email: users.email, username: users.username };

/** Whether the address is verified: a user of the account has shown that they can read its mails. */
const isVerified = sql<boolean>`${users.emailVerifiedAt} is not null`;

// The columns of `users` are written out: in a statement on one table Drizzle would leave out the name of the table.
const pendingEmail = sql<string | null>`(
  select pending.email from ${accountTokens} pending
  where pending.user_id = "users"."id" and pending.purpose = 'change_email' and pending.used_at is null
    and pending.expires_at > now() and pending.account_email = "users"."email"
    and pending.password_digest = ${passwordDigestOf(sql`"users"."password_hash"`)}
  order by pending.id desc limit 1)`;

const account = {
  id: users.id,
  email: users.email,
  username: users.username,
  roles: withoutRemoved(users.roles),
  disabledAt: users.disabledAt,
  disabledReason: users.disabledReason,
  deletionDueAt: users.deletionDueAt,
  locale: users.locale,
  emailVerified: isVerified.mapWith(Boolean),
  pendingEmail,
  createdAt: users.createdAt,
  updatedAt: users.updatedAt,
  hasPassword: sql<boolean>`${users.passwordHash} is not null`,
  hasSecondFactor: users.hasSecondFactor,
};

/** An account, as operators see it: everything except the password hash. */
export interface Account {
  readonly id: number;
  readonly email: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly disabledAt: Date | null;
  readonly disabledReason: string | null;
  /** If set, the owner has asked to leave. Without `disabledReason` that is why the account is disabled, and a login restores it. */
  readonly deletionDueAt: Date | null;
  readonly locale: string | null;
  readonly emailVerified: boolean;
  /** The address that the account gets when it is confirmed. */
  readonly pendingEmail: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly hasPassword: boolean;
  /** Whether a login needs a second factor. */
  readonly hasSecondFactor: boolean;
}

/** Selects accounts; an omitted field matches all. */
export interface AccountFilter {
  /** The beginning of the canonical address. */
  readonly emailPrefix?: string | undefined;
  /** Any part of the address or of the username, in any letter case. */
  readonly search?: string | undefined;
  readonly role?: string | undefined;
  readonly disabled?: boolean | undefined;
}

interface NewAccount {
  readonly email: string;
  readonly username: string;
  readonly passwordHash: string;
  readonly roles: readonly string[];
}

interface AccountChanges extends UserChanges {
  readonly roles?: readonly string[] | undefined;
  readonly disabledAt?: null;
  readonly disabledReason?: null;
  readonly deletionDueAt?: null;
}

/** Changes to a user; undefined leaves a column unchanged. */
interface UserChanges {
  readonly email?: string | undefined;
  readonly username?: string | undefined;
  /** Null: the account can no longer log in with a password. */
  readonly passwordHash?: string | null | undefined;
  readonly locale?: string | null | undefined;
  /** True: verified at the time of the transaction. */
  readonly emailVerified?: boolean | undefined;
}

/** The owner has asked to leave, can still change their mind, and no operator has disabled the account: only operators give a reason. */
const isLeaving = sql<boolean>`(
  ${users.deletionDueAt} > now() and ${users.disabledReason} is null and ${users.deletedAt} is null)`;

/** Prepares the statements on `db`; a method that takes `on` runs in the transaction it is given. */
export function createUsersRepository(db: Db) {
  // An account that is deleted, but whose data is still being removed, is also disabled.
  const isActive = isNull(users.disabledAt);
  const isNotDeleted = isNull(users.deletedAt);
  const credentials = {
    id: users.id,
    username: users.username,
    roles: users.roles,
    passwordHash: users.passwordHash,
    emailVerified: isVerified.mapWith(Boolean),
    disabledAt: users.disabledAt,
    isLeaving: isLeaving.mapWith(Boolean),
    hasSecondFactor: users.hasSecondFactor,
    secondFactorAskedAt: sql<number | null>`extract(epoch from ${users.secondFactorAskedAt})::float8`,
  };
  const hasEmail = eq(users.email, sql.placeholder('email'));
  const byEmail = db.select(credentials).from(users).where(hasEmail).prepare('user_by_email');
  const hasCitus = createCitusCheck(db);
  // One row, whether or not the attempt was counted, and whether or not there is an account.
  const counted = db.$with('counted').as(claimOn(db));
  const countAndFind = db
    .with(counted)
    .select({ key: counted.key, user: credentials })
    .from(sql`(select) as attempt`)
    .leftJoin(counted, sql`true`)
    .leftJoin(users, hasEmail)
    .prepare('user_count_and_find');
  const byIds = db
    .select(profile)
    .from(users)
    .where(and(sql`${users.id} = any(${sql.placeholder('ids')}::int[])`, isActive))
    .prepare('users_by_ids');
  const credentialsOf = db
    .select({
      email: users.email,
      username: users.username,
      passwordHash: users.passwordHash,
      hasSecondFactor: users.hasSecondFactor,
    })
    .from(users)
    .innerJoin(sessions, eq(sessions.userId, users.id))
    .where(and(isSession, isLive, isAllowedByAccount(sessions, users)))
    .prepare('user_credentials');
  const insertOn = (on: Db, isOnCitus: boolean) => {
    const row = on.insert(users).values({
      email: sql.placeholder('email'),
      passwordHash: sql.placeholder('passwordHash'),
      locale: sql.placeholder('locale'),
    });
    // Citus runs statements with a conflict clause on a copied table one after the other, each until its transaction has ended on all
    // nodes. Plain ones it runs at once, and they visit the nodes in one order, so that those with equal addresses cannot deadlock.
    const unlessTaken = isOnCitus ? row : row.onConflictDoNothing({ target: users.email });
    const inserted = on.$with('inserted').as(unlessTaken.returning({ id: users.id, email: users.email }));
    return on
      .with(inserted, recordEach(on, inserted, { type: 'user', id: inserted.id }))
      .select()
      .from(inserted)
      .prepare('user_insert');
  };
  const insert = insertOn(db, false);
  /** An account that the transaction has written. Not by `returning`: Citus changes a copied table without looking at tables of one node. */
  const read = async (id: number, on: Db): Promise<Account> => {
    const [found] = await on.select(account).from(users).where(eq(users.id, id));
    return found as Account;
  };

  return {
    /** The account and its credentials, even if it is disabled. */
    findByEmail: async (email: string) => (await byEmail.execute({ email }))[0],

    /**
     * Counts an attempt, and finds the account with this address as `findByEmail` does, in one statement. `key` is that under which the attempt
     * is counted; undefined if it has to wait. Citus runs such a statement only while all nodes are available, but each of its parts by itself.
     */
    countAndFind: async (email: string | undefined, keys: CountKeys, rule: ThrottleRule) => {
      if (await hasCitus()) {
        const [counted] = await claimOn(db).prepare('user_count').execute(claimValues(keys, rule));
        return { key: counted?.key, user: (await byEmail.execute({ email: email ?? null }))[0] };
      }
      const [row] = await countAndFind.execute({ email: email ?? null, ...claimValues(keys, rule) });
      return { key: row?.key ?? undefined, user: row?.user ?? undefined };
    },

    /** The profiles of the accounts among `ids` that exist and are not disabled, in no particular order. */
    findActive: (ids: readonly number[]) => byIds.execute({ ids: `{${ids.join(',')}}` }),

    /** The address and credentials of an account, if it is not disabled and the given session is live. */
    findCredentials: async (userId: number, sessionId: number, maxLifetime: number) =>
      (await credentialsOf.execute({ userId, sessionId, maxLifetime }))[0],

    /**
     * Creates an account and records `event`. Runs in a transaction if given `on`. If the address is taken, it resolves to undefined, or, on
     * Citus, rejects with a violation of `users_email_key`.
     */
    insert: async (
      values: { readonly email: string; readonly passwordHash: string; readonly locale: string | null },
      event: AuditedAct,
      on?: Db,
    ) => {
      const isOnCitus = await hasCitus(on);
      const execute = async (statement: typeof insert) =>
        (await statement.execute({ ...values, ...placeholdersOf(event) }))[0];
      if (on !== undefined) return execute(insertOn(on, isOnCitus));
      // The transaction has the connection to itself: between an error of Citus and the end of its rollback, PgBouncer can lose what another
      // request sends (its issue 759).
      return isOnCitus ? db.transaction((tx) => execute(insertOn(tx, true))) : execute(insert);
    },

    /** An account, as operators see it, even if it is disabled. */
    findAccount: async (id: number): Promise<Account | undefined> =>
      (
        await db
          .select(account)
          .from(users)
          .where(and(eq(users.id, id), isNotDeleted))
      )[0],

    /** Accounts with an id greater than `after`, ordered by id. */
    findAccounts: (
      { emailPrefix, search, role, disabled }: AccountFilter,
      after: number,
      limit: number,
    ): Promise<Account[]> =>
      db
        .select(account)
        .from(users)
        .where(
          and(
            gt(users.id, after),
            isNotDeleted,
            emailPrefix === undefined ? undefined : like(users.email, `${escapeLike(emailPrefix)}%`),
            search === undefined ? undefined : sql`${searchText} like lower(${`%${escapeLike(search)}%`}::text)`,
            role === undefined ? undefined : and(hasRole(role), sql`not ${isBeingRemoved(role)}`),
            disabled === undefined ? undefined : disabled ? isNotNull(users.disabledAt) : isActive,
          ),
        )
        .orderBy(users.id)
        .limit(limit)
        .execute(),

    /** Locks an account: until the transaction ends, no other one can change or delete it or start a session for it. */
    lock: async (id: number, on: Db): Promise<Account | undefined> =>
      (
        await on
          .select(account)
          .from(users)
          .where(and(eq(users.id, id), isNotDeleted))
          .for('no key update')
      )[0],

    /** Locks an account that can be logged in to. Undefined for any other. */
    lockForLogin: async (id: number, on: Db): Promise<LoginAccount | undefined> =>
      (
        await on
          .select(loginAccount)
          .from(users)
          .where(and(eq(users.id, id), canLogIn))
          .for('no key update')
      )[0],

    /** Locks the accounts with these addresses, as `lock` does, in the order of their ids. */
    lockByEmails: (emails: readonly string[], on: Db): Promise<Account[]> =>
      on
        .select(account)
        .from(users)
        .where(inArray(users.email, [...emails]))
        .orderBy(users.id)
        .for('no key update')
        .execute(),

    /** The hash of an account's password; null if it has none. Undefined if the account does not exist. */
    findPasswordHash: async (id: number): Promise<string | null | undefined> =>
      (
        await db
          .select({ passwordHash: users.passwordHash })
          .from(users)
          .where(and(eq(users.id, id), isNotDeleted))
      )[0]?.passwordHash,

    /** The id of the account with this address, even if it is disabled. */
    findId: async (email: string, on: Db): Promise<number | undefined> =>
      (await on.select({ id: users.id }).from(users).where(eq(users.email, email)))[0]?.id,

    /** Whether an account has the address. Only a unique violation can tell later. */
    isTaken: async (email: string, on: Db): Promise<boolean> =>
      (await on.select({ id: users.id }).from(users).where(eq(users.email, email))).length > 0,

    /** Creates an account. Undefined if its address is taken. */
    insertAccount: async (
      { email, username, passwordHash, roles }: NewAccount,
      on: Db,
    ): Promise<Account | undefined> => {
      const values = { email, username, passwordHash, roles: [...roles] };
      const [created] = await on
        .insert(users)
        .values(values)
        .onConflictDoNothing({ target: users.email })
        .returning({ id: users.id });
      return created && read(created.id, on);
    },

    /** Changes an account that the transaction has locked. */
    updateAccount: async (
      id: number,
      { roles, emailVerified, ...changes }: AccountChanges,
      on: Db,
    ): Promise<Account> => {
      await on
        .update(users)
        .set({
          ...changes,
          ...(roles && { roles: [...roles] }),
          ...verifiedAt(emailVerified),
          updatedAt: sql`now()`,
        })
        .where(eq(users.id, id));
      return read(id, on);
    },

    /** Disables an account that the transaction has locked. If it is disabled already, only the reason changes. */
    disable: async (id: number, reason: string, on: Db): Promise<Account> => {
      await on
        .update(users)
        .set({
          // Not `coalesce`, with which Citus accepts no current time.
          disabledAt: sql`least(${users.disabledAt}, now())`,
          disabledReason: reason,
          updatedAt: sql`now()`,
        })
        .where(eq(users.id, id));
      return read(id, on);
    },

    /**
     * Deletes an account and, by the foreign key, its sessions. Does nothing and returns false if `ifPasswordHash` is given and is no longer
     * the account's hash.
     */
    delete: async (id: number, ifPasswordHash: string | null | undefined, on: Db): Promise<boolean> => {
      const deleted = await on.delete(users).where(hasIdAndHash(id, ifPasswordHash)).returning({ id: users.id });
      return deleted.length > 0;
    },

    /**
     * Marks an account as deleted that has too much data to delete at once. It is not found any more, its address is free, and its row, which
     * the sessions still refer to, has no personal data left. Instances of a version without `deleted_at` see a disabled account without a
     * password.
     */
    markDeleted: async (id: number, ifPasswordHash: string | null | undefined, on: Db): Promise<boolean> => {
      const marked = await on
        .update(users)
        .set({
          // Cannot collide with an address: it has no @.
          email: sql`'deleted:' || ${users.id}`,
          username: '',
          passwordHash: null,
          roles: [],
          emailVerifiedAt: null,
          disabledAt: sql`now()`,
          disabledReason: null,
          deletionDueAt: null,
          locale: null,
          hasSecondFactor: false,
          deletedAt: sql`now()`,
          sessionEpoch: sql`${users.sessionEpoch} + 1`,
          updatedAt: sql`now()`,
        })
        .where(hasIdAndHash(id, ifPasswordHash))
        .returning({ id: users.id });
      if (marked.length === 0) return false;
      // They refer to the row, which stays for now. Sessions and single-use tokens are left to the job: they can be many.
      await on.delete(knownDevices).where(eq(knownDevices.userId, id));
      await on.delete(totpFactors).where(eq(totpFactors.userId, id));
      await on.delete(passkeys).where(eq(passkeys.userId, id));
      await on.delete(recoveryCodes).where(eq(recoveryCodes.userId, id));
      return true;
    },

    /** Removes the second factors and recovery codes of an account that the transaction has locked. Returns how many factors it had. */
    removeSecondFactors: async (id: number, on: Db): Promise<number> => {
      await on.update(users).set({ hasSecondFactor: false, updatedAt: sql`now()` }).where(eq(users.id, id));
      await on.delete(recoveryCodes).where(eq(recoveryCodes.userId, id));
      const removed = await on
        .delete(totpFactors)
        .where(eq(totpFactors.userId, id))
        .returning({
          isConfirmed: sql<boolean>`${totpFactors.confirmedAt} is not null`,
        });
      const removedPasskeys = await on.delete(passkeys).where(eq(passkeys.userId, id)).returning({ id: passkeys.id });
      return removed.filter(({ isConfirmed }) => isConfirmed).length + removedPasskeys.length;
    },

    /**
     * Disables an account because its owner asks to leave. Returns when it is to be deleted, `grace` seconds from now. Undefined if it is
     * disabled already or deleted, or if `ifPasswordHash` is no longer its hash.
     */
    scheduleDeletion: async (
      id: number,
      ifPasswordHash: string | null,
      grace: number,
      on: Db,
    ): Promise<Date | undefined> => {
      const [row] = await on
        .update(users)
        .set({
          disabledAt: sql`now()`,
          // A reason would say that an operator has disabled the account. Older imports could give one to an active account.
          disabledReason: null,
          deletionDueAt: sql`now() + make_interval(secs => ${grace})`,
          updatedAt: sql`now()`,
        })
        .where(and(hasIdAndHash(id, ifPasswordHash), isActive))
        .returning({ dueAt: users.deletionDueAt });
      return row?.dueAt ?? undefined;
    },

    /** Enables an account whose owner comes back in time. False if an operator has disabled it, if it is too late, or if its hash changed. */
    restore: async (id: number, ifPasswordHash: string | null, on: Db): Promise<boolean> => {
      const restored = await on
        .update(users)
        .set({ disabledAt: null, deletionDueAt: null, updatedAt: sql`now()` })
        .where(and(hasIdAndHash(id, ifPasswordHash), isLeaving))
        .returning({ id: users.id });
      return restored.length > 0;
    },

    /** Locks an account whose deletion is due, unless another transaction has it. Returns its id. */
    lockDue: async (on: Db): Promise<number | undefined> =>
      (
        await on
          .select({ id: users.id })
          .from(users)
          .where(and(lte(users.deletionDueAt, sql`now()`), isNotDeleted))
          .orderBy(users.deletionDueAt)
          .limit(1)
          .for('update', { skipLocked: true })
      )[0]?.id,

    /**
     * Replaces a hash by another one of the same password, and stores the language of an account that has none. False if the stored hash has
     * changed in the meantime.
     */
    replaceHash: async (
      id: number,
      previous: string,
      { passwordHash, locale }: { readonly passwordHash: string; readonly locale: string | null },
    ): Promise<boolean> => {
      const changed = await db
        .update(users)
        .set({ passwordHash, locale: sql`coalesce(${users.locale}, ${locale}::text)` })
        .where(and(eq(users.id, id), eq(users.passwordHash, previous)))
        .returning({ id: users.id });
      return changed.length > 0;
    },

    /**
     * Changes an account and returns its profile. Undefined if it does not exist or is disabled, or if `ifPasswordHash` is given and is no
     * longer its hash.
     */
    updateProfile: async (
      id: number,
      { emailVerified, ...changes }: UserChanges,
      ifPasswordHash: string | undefined,
      on: Db,
    ) => {
      const [user] = await on
        .update(users)
        .set({ ...changes, ...verifiedAt(emailVerified), updatedAt: sql`now()` })
        .where(and(hasIdAndHash(id, ifPasswordHash), isActive))
        .returning(profile);
      return user;
    },
  };
}

function verifiedAt(emailVerified: boolean | undefined) {
  if (emailVerified === undefined) return {};
  return { emailVerifiedAt: emailVerified ? sql`now()` : null };
}

/** Null: the account must still have no password. Undefined: the password does not matter. */
function hasIdAndHash(id: number, passwordHash: string | null | undefined): SQL | undefined {
  const hasHash = sql`${users.passwordHash} is not distinct from ${passwordHash}::text`;
  return and(eq(users.id, id), passwordHash === undefined ? undefined : hasHash);
}

/** The text in which `search` looks. docs/database.md has an index on this expression, which the operator of many accounts can add. */
const searchText = sql<string>`lower(${users.email} || ' ' || ${users.username})`;

/** Escapes text for a LIKE pattern. */
function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}

export type UsersRepository = ReturnType<typeof createUsersRepository>;
