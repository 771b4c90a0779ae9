// Queries on roles, and the notification that tells every instance of a change.
import { and, eq, inArray, isNull, ne, type SQL, sql } from 'drizzle-orm';
import { jobs, roles, users } from '#drizzle/schema.js';
import type { DeletedBatch } from '#platform/database/batch.js';
import type { Db } from '#platform/database/database.js';

/** The channel on which a change is announced. */
export const ROLES_CHANNEL = 'latchkey_roles';

/** The kind of the job that takes a deleted role away from its holders. */
const REMOVAL = 'remove_role';

/** A role as it is stored. */
export interface StoredRole {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
}

// Any fixed name: whoever takes a role away from somebody, or somebody away, holds this advisory lock.
const ADMINS_LOCK = 'latchkey_admins';

/** Prepares the statements on `db`; a method that takes `on` runs in the transaction it is given. */
export function createRolesRepository(db: Db) {
  const all = db.select().from(roles).orderBy(roles.name).prepare('roles_all');
  const rolesOf = db
    .select({ roles: users.roles })
    .from(users)
    .where(and(eq(users.id, sql.placeholder('id')), isNull(users.disabledAt)))
    .prepare('user_roles');

  /** Sent by Postgres when, and only when, the transaction commits. */
  const announce = (on: Db, name: string) => on.execute(sql`select pg_notify(${ROLES_CHANNEL}, ${name})`);

  return {
    /** Every role that an operator has made, by name. */
    findAll: () => all.execute(),

    /**
     * Those of `names` that there are. None of them changes or is deleted before the transaction ends, so that none is given
     * when it is just being taken away from everybody.
     */
    hold: (names: readonly string[], on: Db) =>
      on
        .select()
        .from(roles)
        .where(inArray(roles.name, [...names]))
        .orderBy(roles.name)
        .for('share'),

    /** The same as they are now, held by nobody. */
    findSome: (names: readonly string[], on: Db) =>
      on
        .select()
        .from(roles)
        .where(inArray(roles.name, [...names])),

    /** The role, kept as it is for this transaction alone; undefined when there is none of this name. */
    lock: async (name: string, on: Db): Promise<StoredRole | undefined> =>
      (await on.select().from(roles).where(eq(roles.name, name)).for('update'))[0],

    /** The names of the roles of an account that is not disabled; undefined when there is none. */
    findRolesOf: async (userId: number): Promise<readonly string[] | undefined> =>
      (await rolesOf.execute({ id: userId }))[0]?.roles,

    /** False when there is one of this name. */
    insert: async ({ name, description, permissions }: StoredRole, on: Db): Promise<boolean> => {
      const made = await on
        .insert(roles)
        .values({ name, description, permissions: [...permissions] })
        .onConflictDoNothing()
        .returning({ name: roles.name });
      if (made.length > 0) await announce(on, name);
      return made.length > 0;
    },

    /** False when there is none of this name. */
    update: async ({ name, description, permissions }: StoredRole, on: Db): Promise<boolean> => {
      const changed = await on
        .update(roles)
        .set({ description, permissions: [...permissions], updatedAt: sql`now()` })
        .where(eq(roles.name, name))
        .returning({ name: roles.name });
      if (changed.length > 0) await announce(on, name);
      return changed.length > 0;
    },

    delete: async (name: string, on: Db): Promise<void> => {
      await on.delete(roles).where(eq(roles.name, name));
      await announce(on, name);
    },

    /** Whether more than `count` accounts have the role. */
    isHeldByMoreThan: async (name: string, count: number, on: Db): Promise<boolean> => {
      const found = await on.select({ id: users.id }).from(users).where(hasRole(name)).offset(count).limit(1);
      return found.length > 0;
    },

    /** Takes the role away from every account that has it; from how many. */
    removeFromAll: async (name: string, on: Db): Promise<number> => {
      const changed = await on
        .update(users)
        .set({ roles: sql`array_remove(${users.roles}, ${name})`, updatedAt: sql`now()` })
        .where(hasRole(name))
        .returning({ id: users.id });
      return changed.length;
    },

    /**
     * Takes the role away from those of the `size` accounts that follow `after` by their ids. Waits for no lock: an account that somebody
     * holds keeps the role until the next walk.
     */
    removeFromWindow: async (name: string, after: number, size: number, on: Db): Promise<DeletedBatch<number>> => {
      const [row] = await on.execute<{ changed: number; seen: number; last: number | null }>(sql`
        with page as (
          select id from ${users} where id > ${after}::int order by id limit ${size}::int
        ), holders as (
          select u.id from ${users} u join page using (id)
          where u.roles @> array[${name}]::text[]
          for no key update of u skip locked
        ), changed as (
          update ${users} u set roles = array_remove(u.roles, ${name}), updated_at = now()
          from holders where u.id = holders.id returning 1
        )
        select
          (select count(*)::int from changed) as changed,
          (select count(*)::int from page) as seen,
          (select max(id) from page) as last`);
      if (row === undefined) throw new Error('a SELECT without FROM gave no row');
      return { deleted: row.changed, last: row.seen === size && row.last !== null ? row.last : undefined };
    },

    /** Tells every instance that the role is gone for good. */
    announceRemoval: async (name: string, on: Db): Promise<void> => {
      await announce(on, name);
    },

    /** Whether the role is deleted, and some accounts may still have it. */
    isBeingRemoved: async (name: string, on: Db): Promise<boolean> => {
      const [row] = await on.execute<{ pending: boolean }>(sql`select ${isBeingRemoved(name)} as pending`);
      return row?.pending === true;
    },

    /** The names of the roles that are deleted, and that some accounts may still have. */
    findBeingRemoved: async (): Promise<string[]> => {
      const found = await db
        .select({ name: jobs.subject })
        .from(jobs)
        .where(eq(jobs.kind, REMOVAL))
        .orderBy(jobs.subject);
      return found.map(({ name }) => name);
    },

    /**
     * Whether somebody else than `userId` (undefined: anybody) has the role and is not disabled. Until the transaction ends
     * nobody else is told the same: of two who would each be the last but one, the second sees that the first is gone.
     */
    hasOthers: async (name: string, userId: number | undefined, on: Db): Promise<boolean> => {
      await on.execute(sql`select pg_advisory_xact_lock(hashtextextended(${ADMINS_LOCK}, 0))`);
      const others = await on
        .select({ id: users.id })
        .from(users)
        .where(and(hasRole(name), userId === undefined ? undefined : ne(users.id, userId), isNull(users.disabledAt)))
        .limit(1);
      return others.length > 0;
    },
  };
}

/** For a statement: whether a role is deleted, and some accounts may still have it. */
export function isBeingRemoved(name: string): SQL<boolean> {
  return sql`exists (select 1 from ${jobs} where ${jobs.kind} = ${REMOVAL} and ${jobs.subject} = ${name})`;
}

/** For a statement on accounts: their roles but for those that are deleted and still being taken away. */
export function withoutRemoved(names: typeof users.roles): SQL<string[]> {
  return sql`array(
    select held.name from unnest(${names}) with ordinality as held (name, place)
    where not exists (select 1 from ${jobs} removal where removal.kind = ${REMOVAL} and removal.subject = held.name)
    order by held.place)`.mapWith(users.roles) as SQL<string[]>;
}

/** Whether an account has a role; as the index users_roles_idx, which holds only accounts that have some, is asked. */
export function hasRole(name: string): SQL | undefined {
  return and(sql`${users.roles} @> array[${name}]::text[]`, sql`${users.roles} <> '{}'::text[]`);
}

export type RolesRepository = ReturnType<typeof createRolesRepository>;
