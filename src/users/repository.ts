// Queries on users.
import { and, eq, gt, isNotNull, isNull, like, type SQL, sql } from 'drizzle-orm';
import { type AuditedAct, placeholdersOf, recordEach } from '#audit/repository.js';
import { sessions, users } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';
import { hasRole, isBeingRemoved, withoutRemoved } from '#roles/repository.js';
import { isLiving, isOfEpoch, isSession } from '#sessions/repository.js';

const profile = { id: users.id, email: users.email, username: users.username };

const account = {
  id: users.id,
  email: users.email,
  username: users.username,
  roles: withoutRemoved(users.roles),
  disabledAt: users.disabledAt,
  disabledReason: users.disabledReason,
  createdAt: users.createdAt,
  updatedAt: users.updatedAt,
  hasPassword: sql<boolean>`${users.passwordHash} is not null`,
};

/** An account as operators see it: all but the hash of its password. */
export interface Account {
  readonly id: number;
  readonly email: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly disabledAt: Date | null;
  readonly disabledReason: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly hasPassword: boolean;
}

/** Which accounts are asked for; undefined: whatever it is. */
export interface AccountFilter {
  /** What the canonical address begins with. */
  readonly emailPrefix?: string | undefined;
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
}

/** What of a user may change; undefined leaves a column as it is. */
interface UserChanges {
  readonly email?: string | undefined;
  readonly username?: string | undefined;
  readonly passwordHash?: string | undefined;
}

/** Prepares the statements on `db`; a method that takes `on` runs in the transaction it is given. */
export function createUsersRepository(db: Db) {
  // A deleted account that is still being removed is disabled, too.
  const active = isNull(users.disabledAt);
  const isThere = isNull(users.deletedAt);
  const byEmail = db
    .select({
      id: users.id,
      username: users.username,
      roles: users.roles,
      passwordHash: users.passwordHash,
      disabledAt: users.disabledAt,
    })
    .from(users)
    .where(eq(users.email, sql.placeholder('email')))
    .prepare('user_by_email');
  const byIds = db
    .select(profile)
    .from(users)
    .where(and(sql`${users.id} = any(${sql.placeholder('ids')}::int[])`, active))
    .prepare('users_by_ids');
  const credentialsOf = db
    .select({ email: users.email, username: users.username, passwordHash: users.passwordHash })
    .from(users)
    .innerJoin(sessions, eq(sessions.userId, users.id))
    .where(and(isSession, isLiving, isOfEpoch, active))
    .prepare('user_credentials');
  const made = db.$with('made').as(
    db
      .insert(users)
      .values({ email: sql.placeholder('email'), passwordHash: sql.placeholder('passwordHash') })
      .onConflictDoNothing({ target: users.email })
      .returning({ id: users.id, email: users.email }),
  );
  const insert = db
    .with(made, recordEach(db, made, { type: 'user', id: made.id }))
    .select()
    .from(made)
    .prepare('user_insert');

  return {
    /** The account and its credentials, disabled or not. */
    findByEmail: async (email: string) => (await byEmail.execute({ email }))[0],

    /** The profiles of those of `ids` that exist and are not disabled, in no order. */
    findActive: (ids: readonly number[]) => byIds.execute({ ids: `{${ids.join(',')}}` }),

    /** Address and credentials of an account that is not disabled, for one of its sessions that lives. */
    findCredentials: async (userId: number, sessionId: number, maxLifetime: number) =>
      (await credentialsOf.execute({ userId, sessionId, maxLifetime }))[0],

    /** The new account, with `event` written down; undefined when its address is taken. */
    insert: async (email: string, passwordHash: string, event: AuditedAct) =>
      (await insert.execute({ email, passwordHash, ...placeholdersOf(event) }))[0],

    /** The account as operators see it, disabled or not. */
    findAccount: async (id: number): Promise<Account | undefined> =>
      (
        await db
          .select(account)
          .from(users)
          .where(and(eq(users.id, id), isThere))
      )[0],

    /** Accounts whose id is greater than `after`, in the order of their ids. */
    findAccounts: ({ emailPrefix, role, disabled }: AccountFilter, after: number, limit: number): Promise<Account[]> =>
      db
        .select(account)
        .from(users)
        .where(
          and(
            gt(users.id, after),
            isThere,
            emailPrefix === undefined ? undefined : like(users.email, `${escapeLike(emailPrefix)}%`),
            role === undefined ? undefined : and(hasRole(role), sql`not ${isBeingRemoved(role)}`),
            disabled === undefined ? undefined : disabled ? isNotNull(users.disabledAt) : active,
          ),
        )
        .orderBy(users.id)
        .limit(limit)
        .execute(),

    /** The account, which nobody else changes, deletes or logs in to before the transaction ends. */
    lock: async (id: number, on: Db): Promise<Account | undefined> =>
      (
        await on
          .select(account)
          .from(users)
          .where(and(eq(users.id, id), isThere))
          .for('no key update')
      )[0],

    /** The new account; undefined when its address is taken. */
    insertAccount: async (
      { email, username, passwordHash, roles }: NewAccount,
      on: Db,
    ): Promise<Account | undefined> => {
      const values = { email, username, passwordHash, roles: [...roles] };
      const [made] = await on
        .insert(users)
        .values(values)
        .onConflictDoNothing({ target: users.email })
        .returning(account);
      return made;
    },

    /** Changes an account that is locked. */
    change: async (id: number, { roles, ...changes }: AccountChanges, on: Db): Promise<Account> => {
      const [changed] = await on
        .update(users)
        .set({ ...changes, ...(roles && { roles: [...roles] }), updatedAt: sql`now()` })
        .where(eq(users.id, id))
        .returning(account);
      return changed as Account;
    },

    /** The account can log in no more; since when stays as it is when that is so already. */
    disable: async (id: number, reason: string, on: Db): Promise<Account> => {
      const [changed] = await on
        .update(users)
        .set({
          disabledAt: sql`coalesce(${users.disabledAt}, now())`,
          disabledReason: reason,
          updatedAt: sql`now()`,
        })
        .where(eq(users.id, id))
        .returning(account);
      return changed as Account;
    },

    /**
     * Deletes an account and, by the foreign key, its sessions. `ifPasswordHash`: false, and nothing happens, when its password is no longer
     * that (undefined: whatever it is).
     */
    delete: async (id: number, ifPasswordHash: string | undefined, on: Db): Promise<boolean> => {
      const deleted = await on.delete(users).where(withHash(id, ifPasswordHash)).returning({ id: users.id });
      return deleted.length > 0;
    },

    /**
     * The same for an account of which too much is stored to delete it at once: nobody finds it any more, its address is free, and nothing
     * personal is left in its row, which keeps the sessions from being nobody's. An instance that does not know `deleted_at` sees a
     * disabled account without a password.
     */
    markDeleted: async (id: number, ifPasswordHash: string | undefined, on: Db): Promise<boolean> => {
      const marked = await on
        .update(users)
        .set({
          // No address: those have an @.
          email: sql`'deleted:' || ${users.id}`,
          username: '',
          passwordHash: null,
          roles: [],
          emailVerifiedAt: null,
          disabledAt: sql`now()`,
          disabledReason: null,
          deletedAt: sql`now()`,
          sessionEpoch: sql`${users.sessionEpoch} + 1`,
          updatedAt: sql`now()`,
        })
        .where(withHash(id, ifPasswordHash))
        .returning({ id: users.id });
      return marked.length > 0;
    },

    /** Replaces a hash by one of the same password, unless the password has been changed meanwhile. */
    replaceHash: async (id: number, previous: string, next: string): Promise<boolean> => {
      const changed = await db
        .update(users)
        .set({ passwordHash: next })
        .where(and(eq(users.id, id), eq(users.passwordHash, previous)))
        .returning({ id: users.id });
      return changed.length > 0;
    },

    /**
     * The changed profile; undefined when there is no such account, it is disabled, or its password is no longer the one of
     * `ifPasswordHash` (undefined: whatever it is).
     */
    update: async (id: number, changes: UserChanges, ifPasswordHash: string | undefined, on: Db) => {
      const unchanged = ifPasswordHash === undefined ? undefined : eq(users.passwordHash, ifPasswordHash);
      const [user] = await on
        .update(users)
        .set({ ...changes, updatedAt: sql`now()` })
        .where(and(eq(users.id, id), active, unchanged))
        .returning(profile);
      return user;
    },
  };
}

function withHash(id: number, passwordHash: string | undefined): SQL | undefined {
  return and(eq(users.id, id), passwordHash === undefined ? undefined : eq(users.passwordHash, passwordHash));
}

/** A text as a pattern of LIKE that matches nothing else. */
function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}

export type UsersRepository = ReturnType<typeof createUsersRepository>;
