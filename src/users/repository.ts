// Queries on users.
import { and, eq, isNull, sql } from 'drizzle-orm';
import { sessions, users } from '../../drizzle/schema.js';
import type { Db } from '../database/database.js';
import { isLiving, isSession } from '../sessions/repository.js';

const profile = { id: users.id, email: users.email, username: users.username };

/** What of a user may change; undefined leaves a column as it is. */
interface UserChanges {
  readonly email?: string | undefined;
  readonly username?: string | undefined;
  readonly passwordHash?: string | undefined;
}

/** Prepares the statements on `db`; a method that takes `on` runs in the transaction it is given. */
export function createUsersRepository(db: Db) {
  const active = isNull(users.disabledAt);
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
    .select({ email: users.email, passwordHash: users.passwordHash })
    .from(users)
    .innerJoin(sessions, eq(sessions.userId, users.id))
    .where(and(isSession, isLiving, active))
    .prepare('user_credentials');
  const insert = db
    .insert(users)
    .values({ email: sql.placeholder('email'), passwordHash: sql.placeholder('passwordHash') })
    .onConflictDoNothing({ target: users.email })
    .returning({ id: users.id, email: users.email })
    .prepare('user_insert');

  return {
    /** The account and its credentials, disabled or not. */
    findByEmail: async (email: string) => (await byEmail.execute({ email }))[0],

    /** The profiles of those of `ids` that exist and are not disabled, in no order. */
    findActive: (ids: readonly number[]) => byIds.execute({ ids: `{${ids.join(',')}}` }),

    /** Address and credentials of an account that is not disabled, for one of its sessions that lives. */
    findCredentials: async (userId: number, sessionId: number, maxLifetime: number) =>
      (await credentialsOf.execute({ userId, sessionId, maxLifetime }))[0],

    /** The new account; undefined when its address is taken. */
    insert: async (email: string, passwordHash: string) => (await insert.execute({ email, passwordHash }))[0],

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

    /** Deletes an account and, by the foreign key, its sessions; false when its password is no longer the one of `passwordHash`. */
    delete: async (id: number, passwordHash: string, on: Db): Promise<boolean> => {
      const deleted = await on
        .delete(users)
        .where(and(eq(users.id, id), eq(users.passwordHash, passwordHash)))
        .returning({ id: users.id });
      return deleted.length > 0;
    },
  };
}

export type UsersRepository = ReturnType<typeof createUsersRepository>;
