// Roles: names for sets of permissions, given to accounts. In memory for access tokens, read anew for the operator's operations.
import type { Act } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { JobsRepository } from '#jobs/repository.js';
import { singleFlight } from '#platform/concurrency/single-flight.js';
import type { Db } from '#platform/database/database.js';
import { invalidField, Problem } from '#platform/errors/problem.js';
import { ADMIN_ROLE, covers, ownPermissions, PERMISSION_PATTERN, ROLE_NAME_PATTERN } from './permissions.js';
import type { RolesRepository, StoredRole } from './repository.js';

/** A role, the built-in one too. */
export interface Role extends StoredRole {
  readonly builtIn: boolean;
}

interface Dependencies {
  readonly repository: RolesRepository;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly jobs: Pick<JobsRepository, 'enqueue'>;
  readonly db: Db;
}

/** From how many accounts a request takes a role itself, at most. */
const CHANGED_ACCOUNTS = 200;

const ROLE_NAME = new RegExp(ROLE_NAME_PATTERN, 'u');
const PERMISSION = new RegExp(PERMISSION_PATTERN, 'u');

const admin: Role = {
  name: ADMIN_ROLE,
  description: 'May do everything here.',
  permissions: Object.keys(ownPermissions),
  builtIn: true,
};

/** Roles. A refusal is a Problem. */
export function createRoles({ repository, audit, jobs, db }: Dependencies) {
  let known = new Map<string, Role>([[ADMIN_ROLE, admin]]);
  /** Deleted, and some accounts may still have them. */
  let removed: ReadonlySet<string> = new Set();
  let seen = '';

  /** Reads the roles again; resolves to whether they had changed. Rejects when the database does not answer. */
  const reload = singleFlight(async () => {
    const [stored, removals] = await Promise.all([repository.findAll(), repository.findBeingRemoved()]);
    known = byName(stored);
    removed = new Set(removals);
    const now = JSON.stringify([stored, removals]);
    const changed = now !== seen;
    seen = now;
    return changed;
  });

  /** What the bearers of these roles may do, in the order of the alphabet. From memory; unknown roles give nothing. */
  function permissionsOf(names: readonly string[]): string[] {
    return union(names, known);
  }

  /** The names of the roles of an account but for those that are deleted and still being taken away. From memory. */
  function withoutRemoved(names: readonly string[]): readonly string[] {
    return removed.size === 0 ? names : names.filter((name) => !removed.has(name));
  }

  /** What an account may do, as the database says now; undefined when it is gone or disabled. */
  async function permissionsNow(userId: number): Promise<string[] | undefined> {
    const [names, stored] = await Promise.all([repository.findRolesOf(userId), repository.findAll()]);
    return names === undefined ? undefined : union(names, byName(stored));
  }

  /** Throws `role_exists`, `role_being_removed`, `validation_failed`, and `forbidden` for permissions that the maker has not. */
  async function create(input: StoredRole, act: Act, held: readonly string[]): Promise<Role> {
    const role = accepted(input);
    assertCovered(role.permissions, held);
    if (role.name === ADMIN_ROLE) throw new Problem('role_exists');
    await db.transaction(async (tx) => {
      if (!(await repository.insert(role, tx))) throw new Problem('role_exists');
      // Asked after the insertion, which waits for the transaction of a deletion.
      if (await repository.isBeingRemoved(role.name, tx)) throw new Problem('role_being_removed');
      const { permissions } = role;
      await audit.record({ ...act, event: 'role.created', target: targetOf(role.name), details: { permissions } }, tx);
    });
    await reload();
    return role;
  }

  /**
   * Puts another description and other permissions in the place of those that there are. Throws `role_not_found`,
   * `role_built_in`, `validation_failed`, and `forbidden` for permissions, before or after, that the changer has not.
   */
  async function update(input: StoredRole, act: Act, held: readonly string[]): Promise<Role> {
    if (!ROLE_NAME.test(input.name)) throw new Problem('role_not_found');
    const role = accepted(input);
    await db.transaction(async (tx) => {
      const before = await lock(role.name, held, tx);
      assertCovered(role.permissions, held);
      await repository.update(role, tx);
      const details = { from: before.permissions, to: role.permissions };
      await audit.record({ ...act, event: 'role.changed', target: targetOf(role.name), details }, tx);
    });
    await reload();
    return role;
  }

  /**
   * Takes the role away from everybody too: from more than CHANGED_ACCOUNTS by a job, until which is done it gives nothing, and nobody is
   * shown to have it. Throws as `update`.
   */
  async function remove(name: string, act: Act, held: readonly string[]): Promise<void> {
    await db.transaction(async (tx) => {
      const { permissions } = await lock(name, held, tx);
      await repository.delete(name, tx);
      const isMany = await repository.isHeldByMoreThan(name, CHANGED_ACCOUNTS, tx);
      if (isMany) await jobs.enqueue('remove_role', name, tx);
      const details = { permissions, taken_from: isMany ? undefined : await repository.removeFromAll(name, tx) };
      await audit.record({ ...act, event: 'role.deleted', target: targetOf(name), details }, tx);
    });
    await reload();
  }

  /** The role as it is now, before it changes: from memory it could be one that gave less. */
  async function lock(name: string, held: readonly string[], on: Db): Promise<StoredRole> {
    // No role has another name, and not every text can be asked for.
    if (!ROLE_NAME.test(name)) throw new Problem('role_not_found');
    const role = name === ADMIN_ROLE ? admin : await repository.lock(name, on);
    if (role === undefined) throw new Problem('role_not_found');
    assertCovered(role.permissions, held);
    if (name === ADMIN_ROLE) throw new Problem('role_built_in');
    return role;
  }

  function find(name: string): Role {
    const role = known.get(name);
    if (role === undefined) throw new Problem('role_not_found');
    return role;
  }

  /**
   * To be called in the transaction that gives the roles, before it locks an account. Throws `validation_failed` when one of
   * the names is no role, and `forbidden` when they give more than is held.
   */
  async function assertCanGrant(names: readonly string[], held: readonly string[], on: Db): Promise<void> {
    const there = byName(await repository.hold(names, on));
    const unknown = names.find((name) => !there.has(name));
    if (unknown !== undefined) throw invalidField('/roles', `${unknown} is not a role`);
    assertCovered(union(names, there), held);
  }

  /** Throws `forbidden` when somebody with these roles may do, as the database says now, what is not held. */
  async function assertMayActOn(names: readonly string[], held: readonly string[], on: Db): Promise<void> {
    assertCovered(union(names, byName(await repository.findSome(names, on))), held);
  }

  /**
   * To be called in the transaction that takes the role `admin` from an account, disables or deletes it: throws `last_admin`
   * when nobody else would have it.
   */
  async function assertNotLastAdmin(userId: number, roles: readonly string[], on: Db): Promise<void> {
    if (!roles.includes(ADMIN_ROLE)) return;
    if (!(await repository.hasOthers(ADMIN_ROLE, userId, on))) throw new Problem('last_admin');
  }

  /**
   * Whether nobody is admin. To be called in the transaction that makes the first one: until it ends, nobody else is told
   * the same.
   */
  async function lockWithoutAdmin(on: Db): Promise<boolean> {
    return !(await repository.hasOthers(ADMIN_ROLE, undefined, on));
  }

  return {
    reload,
    permissionsOf,
    withoutRemoved,
    permissionsNow,
    list: (): Role[] => [...known.values()],
    find,
    create,
    update,
    remove,
    assertCanGrant,
    assertMayActOn,
    assertNotLastAdmin,
    lockWithoutAdmin,
  };
}

export type Roles = ReturnType<typeof createRoles>;

function byName(stored: readonly StoredRole[]): Map<string, Role> {
  const all = stored.map(
    ({ name, description, permissions }): Role => ({ name, description, permissions, builtIn: false }),
  );
  return new Map([...all, admin].map((role) => [role.name, role]));
}

function union(names: readonly string[], roles: ReadonlyMap<string, Role>): string[] {
  return [...new Set(names.flatMap((name) => roles.get(name)?.permissions ?? []))].sort();
}

/** A role in its canonical form; the command line has no schema before this. */
function accepted({ name, description, permissions }: StoredRole): Role {
  if (!ROLE_NAME.test(name)) throw invalidField('/name', 'has an invalid format');
  const wrong = permissions.findIndex((permission) => !PERMISSION.test(permission));
  if (wrong >= 0) throw invalidField(`/permissions/${wrong}`, 'has an invalid format');
  return { name, description, permissions: [...new Set(permissions)].sort(), builtIn: false };
}

function assertCovered(permissions: readonly string[], held: readonly string[]): void {
  if (!covers(held, permissions)) throw new Problem('forbidden');
}

function targetOf(name: string) {
  return { type: 'role' as const, id: name };
}
