// Queries on roles, and the notification by which all instances learn of a change.
import { and, eq, inArray, isNull, ne, type SQL, sql } from 'drizzle-orm';
import { jobs, roles, users } from '#drizzle/schema.js';
import { type BatchRow, batchOf, type DeletedBatch } from '#platform/database/batch.js';
import type { Db } from '#platform/database/database.js';

/** The NOTIFY channel for changes of roles. */
export const ROLES_CHANNEL = 'latchkey_roles';

/** The kind of the job that takes a deleted role away from its holders. */
const REMOVAL = 'remove_role';

/** A role as it is stored. */
export interface StoredRole {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
}

// Transactions that may remove the last administrator take this advisory lock. The name is arbitrary, but must not change.
const ADMINS_LOCK = 'latchkey_admins';

/** Prepares the statements on `db`; a method that takes `on` runs in the transaction it is given. */
export function createRolesRepository(db: Db) {
  const all = db.select().from(roles).orderBy(roles.name).prepare('roles_all');
  const rolesOf = db
    .select({ roles: users.roles })
    .from(users)
    .where(and(eq(users.id, sql.placeholder('id')), isNull(users.disabledAt)))
    .prepare('user_roles');

  /** Postgres delivers the notification if and when the transaction commits. */
  const notifyChanged = (on: Db, name: string) => on.execute(sql`select pg_notify(${ROLES_CHANNEL}, ${name})`);

  return {
    /** All roles except the built-in one, by name. */
    findAll: () => all.execute(),

    /**
     * The existing roles among `names`, locked for sharing: none of them can be changed or deleted before the transaction ends. A role that
     * is granted can therefore not be in the process of being deleted.
     */
    lockShared: (names: readonly string[], on: Db) =>
      on
        .select()
        .from(roles)
        .where(inArray(roles.name, [...names]))
        .orderBy(roles.name)
        .for('share'),

    /** The existing roles among `names`, without a lock. */
    findByNames: (names: readonly string[], on: Db) =>
      on
        .select()
        .from(roles)
        .where(inArray(roles.name, [...names])),

    /** A role, locked exclusively until the transaction ends; undefined if there is none of this name. */
    lock: async (name: string, on: Db): Promise<StoredRole | undefined> =>
      (await on.select().from(roles).where(eq(roles.name, name)).for('update'))[0],

    /** The names of the roles of an account; undefined if it is disabled or does not exist. */
    findRolesOf: async (userId: number): Promise<readonly string[] | undefined> =>
      (await rolesOf.execute({ id: userId }))[0]?.roles,

    /** False if there is a role of this name already. */
    insert: async ({ name, description, permissions }: StoredRole, on: Db): Promise<boolean> => {
      const inserted = await on
        .insert(roles)
        .values({ name, description, permissions: [...permissions] })
        .onConflictDoNothing()
        .returning({ name: roles.name });
      if (inserted.length > 0) await notifyChanged(on, name);
      return inserted.length > 0;
    },

    /** False if there is no role of this name. */
    update: async ({ name, description, permissions }: StoredRole, on: Db): Promise<boolean> => {
      const changed = await on
        .update(roles)
        .set({ description, permissions: [...permissions], updatedAt: sql`now()` })
        .where(eq(roles.name, name))
        .returning({ name: roles.name });
      if (changed.length > 0) await notifyChanged(on, name);
      return changed.length > 0;
    },

    delete: async (name: string, on: Db): Promise<void> => {
      await on.delete(roles).where(eq(roles.name, name));
      await notifyChanged(on, name);
    },

    /** Whether more than `count` accounts have the role. */
    isHeldByMoreThan: async (name: string, count: number, on: Db): Promise<boolean> => {
      const found = await on.select({ id: users.id }).from(users).where(hasRole(name)).offset(count).limit(1);
      return found.length > 0;
    },

    /** Takes the role away from all accounts that have it. Returns how many had it. */
    removeFromAll: async (name: string, on: Db): Promise<number> => {
      const changed = await on
        .update(users)
        .set({ roles: sql`array_remove(${users.roles}, ${name})`, updatedAt: sql`now()` })
        .where(hasRole(name))
        .returning({ id: users.id });
      return changed.length;
    },

    /**
     * Looks at the `size` accounts that follow `after` by id, and takes the role away from those that have it. Skips locked accounts
     * instead of waiting for them: those keep the role until the next pass.
     */
    removeFromBatch: async (name: string, after: number, size: number, on: Db): Promise<DeletedBatch<number>> => {
      const rows = await on.execute<BatchRow<{ last: number }>>(sql`
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
          (select count(*)::int from changed) as deleted,
          (select count(*)::int from page) as seen,
          (select max(id) from page) as last`);
      return batchOf(rows, size, ({ last }) => Number(last));
    },

    /** Notifies all instances that no account has the deleted role any more. */
    notifyRemoved: async (name: string, on: Db): Promise<void> => {
      await notifyChanged(on, name);
    },

    /** Whether the role is deleted but still being taken away from accounts. */
    isBeingRemoved: async (name: string, on: Db): Promise<boolean> => {
      const [row] = await on.execute<{ pending: boolean }>(sql`select ${isBeingRemoved(name)} as pending`);
      return row?.pending === true;
    },

    /** The names of the roles that are deleted but still being taken away from accounts. */
    findBeingRemoved: async (): Promise<string[]> => {
      const found = await db
        .select({ name: jobs.subject })
        .from(jobs)
        .where(eq(jobs.kind, REMOVAL))
        .orderBy(jobs.subject);
      return found.map(({ name }) => name);
    },

    /**
     * Whether an account that is not disabled has the role; `exceptUserId` is not counted. Takes an advisory lock until the transaction
     * ends: of two transactions that each remove one of the last two holders, the second sees that the first holder is gone.
     */
    hasActiveHolder: async (name: string, exceptUserId: number | undefined, on: Db): Promise<boolean> => {
      await on.execute(sql`select pg_advisory_xact_lock(hashtextextended(${ADMINS_LOCK}, 0))`);
      const holders = await on
        .select({ id: users.id })
        .from(users)
        .where(
          and(
            hasRole(name),
            exceptUserId === undefined ? undefined : ne(users.id, exceptUserId),
            isNull(users.disabledAt),
          ),
        )
        .limit(1);
      return holders.length > 0;
    },
  };
}

/** SQL condition: a role is deleted but still being taken away from accounts. */
export function isBeingRemoved(name: string): SQL<boolean> {
  return sql`exists (select 1 from ${jobs} where ${jobs.kind} = ${REMOVAL} and ${jobs.subject} = ${name})`;
}

/** SQL expression: the roles of an account without those that are deleted and still being taken away. */
export function withoutRemoved(names: typeof users.roles): SQL<string[]> {
  return sql`array(
    select held.name from unnest(${names}) with ordinality as held (name, place)
    where not exists (select 1 from ${jobs} removal where removal.kind = ${REMOVAL} and removal.subject = held.name)
    order by held.place)`.mapWith(users.roles) as SQL<string[]>;
}

/** SQL condition: an account has a role. Worded so that Postgres can use users_roles_idx, a partial index on accounts with roles. */
export function hasRole(name: string): SQL | undefined {
  return and(sql`${users.roles} @> array[${name}]::text[]`, sql`${users.roles} <> '{}'::text[]`);
}

export type RolesRepository = ReturnType<typeof createRolesRepository>;
