// Roles: named sets of permissions, granted to accounts. Access tokens use the copy in memory; administrative operations read the database.
import type { AuditRepository } from '#audit/repository.js';
import type { JobsRepository } from '#jobs/repository.js';
import { singleFlight } from '#platform/concurrency/single-flight.js';
import type { Db } from '#platform/database/database.js';
import { invalidField, Problem } from '#platform/errors/problem.js';
import type { Operator } from './operator.js';
import { ADMIN_ROLE, covers, ownPermissions, PERMISSION_PATTERN, ROLE_NAME_PATTERN } from './permissions.js';
import type { RolesRepository, StoredRole } from './repository.js';

/** A role; it may be the built-in one. */
export interface Role extends StoredRole {
  readonly builtIn: boolean;
}

interface Dependencies {
  readonly repository: RolesRepository;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly jobs: Pick<JobsRepository, 'enqueue'>;
  readonly db: Db;
}

/** The most accounts from which one request takes a role away itself. */
const CHANGED_ACCOUNTS = 200;

const ROLE_NAME = new RegExp(ROLE_NAME_PATTERN, 'u');
const PERMISSION = new RegExp(PERMISSION_PATTERN, 'u');

const admin: Role = {
  name: ADMIN_ROLE,
  description: 'Has every permission of Latchkey.',
  permissions: Object.keys(ownPermissions),
  builtIn: true,
};

/** Roles. A refusal is a Problem. */
export function createRoles({ repository, audit, jobs, db }: Dependencies) {
  let rolesByName = new Map<string, Role>([[ADMIN_ROLE, admin]]);
  /** Names of roles that are deleted but still being taken away from accounts. */
  let removedNames: ReadonlySet<string> = new Set();
  let loaded = '';

  /** Reads the roles again. Resolves to whether they have changed; rejects when the database does not respond. */
  const reload = singleFlight(async () => {
    const [stored, removals] = await Promise.all([repository.findAll(), repository.findBeingRemoved()]);
    rolesByName = byName(stored);
    removedNames = new Set(removals);
    const current = JSON.stringify([stored, removals]);
    const hasChanged = current !== loaded;
    loaded = current;
    return hasChanged;
  });

  /** The permissions that these roles grant, sorted. Read from memory; unknown roles grant nothing. */
  function permissionsOf(names: readonly string[]): string[] {
    return permissionsIn(names, rolesByName);
  }

  /** The given roles without those that are deleted and still being taken away. Read from memory. */
  function withoutRemoved(names: readonly string[]): readonly string[] {
    return removedNames.size === 0 ? names : names.filter((name) => !removedNames.has(name));
  }

  /** The current permissions of an account, read from the database. Undefined if it is deleted or disabled. */
  async function permissionsNow(userId: number): Promise<string[] | undefined> {
    const [names, stored] = await Promise.all([repository.findRolesOf(userId), repository.findAll()]);
    return names === undefined ? undefined : permissionsIn(names, byName(stored));
  }

  /** Throws `role_exists`, `role_being_removed`, `validation_failed`, and `forbidden` for permissions that the operator lacks. */
  async function create(input: StoredRole, operator: Operator): Promise<Role> {
    const role = canonicalRole(input);
    assertCovers(operator, role.permissions);
    if (role.name === ADMIN_ROLE) throw new Problem('role_exists');
    await db.transaction(async (tx) => {
      if (!(await repository.insert(role, tx))) throw new Problem('role_exists');
      // Checked after the insertion, which waits for a concurrent deletion to commit.
      if (await repository.isBeingRemoved(role.name, tx)) throw new Problem('role_being_removed');
      const details = { permissions: role.permissions };
      const target = targetOf(role.name);
      await audit.record({ ...operator.act, event: 'role.created', target, details }, tx);
    });
    await reload();
    return role;
  }

  /**
   * Replaces the description and the permissions of a role. Throws `role_not_found`, `role_built_in`, `validation_failed`, and `forbidden`
   * when the operator lacks a permission that the role had before or would have afterwards.
   */
  async function update(input: StoredRole, operator: Operator): Promise<Role> {
    if (!ROLE_NAME.test(input.name)) throw new Problem('role_not_found');
    const role = canonicalRole(input);
    await db.transaction(async (tx) => {
      const before = await lock(role.name, operator, tx);
      assertCovers(operator, role.permissions);
      await repository.update(role, tx);
      const details = { from: before.permissions, to: role.permissions };
      await audit.record({ ...operator.act, event: 'role.changed', target: targetOf(role.name), details }, tx);
    });
    await reload();
    return role;
  }

  /**
   * Deletes a role and takes it away from all accounts. If more than CHANGED_ACCOUNTS have it, a job does that; until the job has finished,
   * the role grants nothing and no account is shown to have it. Throws the same as `update`.
   */
  async function remove(name: string, operator: Operator): Promise<void> {
    await db.transaction(async (tx) => {
      const { permissions } = await lock(name, operator, tx);
      await repository.delete(name, tx);
      const isTooMany = await repository.isHeldByMoreThan(name, CHANGED_ACCOUNTS, tx);
      if (isTooMany) await jobs.enqueue('remove_role', name, tx);
      const details = { permissions, taken_from: isTooMany ? undefined : await repository.removeFromAll(name, tx) };
      await audit.record({ ...operator.act, event: 'role.deleted', target: targetOf(name), details }, tx);
    });
    await reload();
  }

  /** Locks a role for a change. Reads it from the database: the copy in memory may be older and have fewer permissions. */
  async function lock(name: string, operator: Operator, on: Db): Promise<StoredRole> {
    // No role has such a name, and Postgres cannot take every text as a parameter.
    if (!ROLE_NAME.test(name)) throw new Problem('role_not_found');
    const role = name === ADMIN_ROLE ? admin : await repository.lock(name, on);
    if (role === undefined) throw new Problem('role_not_found');
    assertCovers(operator, role.permissions);
    if (name === ADMIN_ROLE) throw new Problem('role_built_in');
    return role;
  }

  function find(name: string): Role {
    const role = rolesByName.get(name);
    if (role === undefined) throw new Problem('role_not_found');
    return role;
  }

  /**
   * Call it in the transaction that grants the roles, before that locks an account. Throws `validation_failed` if one of the names is not a
   * role, and `forbidden` if the roles grant permissions that the operator lacks.
   */
  async function assertCanGrant(names: readonly string[], operator: Operator, on: Db): Promise<void> {
    const existing = byName(await repository.lockShared(names, on));
    const unknown = names.find((name) => !existing.has(name));
    if (unknown !== undefined) throw invalidField('/roles', `must exist: there is no role "${unknown}"`);
    assertCovers(operator, permissionsIn(names, existing));
  }

  /** Throws `forbidden` if an account with these roles has permissions that the operator lacks. Reads the roles from the database. */
  async function assertMayActOn(names: readonly string[], operator: Operator, on: Db): Promise<void> {
    assertCovers(operator, permissionsIn(names, byName(await repository.findByNames(names, on))));
  }

  /**
   * Call it in the transaction that takes the role `admin` from an account, or disables or deletes the account. Throws `last_admin` if no
   * other active account has the role.
   */
  async function assertNotLastAdmin(userId: number, roles: readonly string[], on: Db): Promise<void> {
    if (!roles.includes(ADMIN_ROLE)) return;
    if (!(await repository.hasActiveHolder(ADMIN_ROLE, userId, on))) throw new Problem('last_admin');
  }

  /**
   * Whether no active account is an administrator. Call it in the transaction that creates the first one: concurrent calls wait until that
   * transaction ends.
   */
  async function isWithoutAdmin(on: Db): Promise<boolean> {
    return !(await repository.hasActiveHolder(ADMIN_ROLE, undefined, on));
  }

  return {
    reload,
    permissionsOf,
    withoutRemoved,
    permissionsNow,
    /** All roles as the table has them now: another instance may have answered the change that the caller has just made. */
    findAll: async (): Promise<Role[]> => {
      await reload();
      return [...rolesByName.values()];
    },
    find,
    create,
    update,
    remove,
    assertCanGrant,
    assertMayActOn,
    assertNotLastAdmin,
    isWithoutAdmin,
  };
}

export type Roles = ReturnType<typeof createRoles>;

function byName(stored: readonly StoredRole[]): Map<string, Role> {
  const all = stored.map(
    ({ name, description, permissions }): Role => ({ name, description, permissions, builtIn: false }),
  );
  return new Map([...all, admin].map((role) => [role.name, role]));
}

function permissionsIn(names: readonly string[], roles: ReadonlyMap<string, Role>): string[] {
  return [...new Set(names.flatMap((name) => roles.get(name)?.permissions ?? []))].sort();
}

/** A role in its canonical form. Throws `validation_failed`: callers other than the API have no schema in front of this. */
function canonicalRole({ name, description, permissions }: StoredRole): Role {
  if (!ROLE_NAME.test(name)) throw invalidField('/name', 'is not a valid role name');
  const invalid = permissions.findIndex((permission) => !PERMISSION.test(permission));
  if (invalid >= 0) throw invalidField(`/permissions/${invalid}`, 'is not a valid permission');
  return { name, description, permissions: [...new Set(permissions)].sort(), builtIn: false };
}

function assertCovers(operator: Operator, permissions: readonly string[]): void {
  if (!covers(operator.permissions, permissions)) throw new Problem('forbidden');
}

function targetOf(name: string) {
  return { type: 'role' as const, id: name };
}
