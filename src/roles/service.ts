// Roles: names for sets of permissions, given to accounts. In memory for access tokens, read anew for the operator's operations.
import type { Act } from '../audit/events.js';
import type { AuditRepository } from '../audit/repository.js';
import { coalesce } from '../database/coalesce.js';
import type { Db } from '../database/database.js';
import { invalidField, Problem } from '../errors/problem.js';
import { ADMIN_ROLE, covers, ownPermissions } from './permissions.js';
import type { RolesRepository, StoredRole } from './repository.js';

/** A role, the built-in one too. */
export interface Role extends StoredRole {
  readonly builtIn: boolean;
}

interface Dependencies {
  readonly repository: RolesRepository;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly db: Db;
}

const admin: Role = {
  name: ADMIN_ROLE,
  description: 'May do everything here.',
  permissions: Object.keys(ownPermissions),
  builtIn: true,
};

/** Roles. A refusal is a Problem. */
export function createRoles({ repository, audit, db }: Dependencies) {
  let known = new Map<string, Role>([[ADMIN_ROLE, admin]]);
  let seen = '';

  /** Reads the roles again; resolves to whether they had changed. Rejects when the database does not answer. */
  const reload = coalesce(async () => {
    const stored = await repository.findAll();
    known = byName(stored);
    const now = JSON.stringify(stored);
    const changed = now !== seen;
    seen = now;
    return changed;
  });

  /** What the bearers of these roles may do, in the order of the alphabet. From memory; unknown roles give nothing. */
  function permissionsOf(names: readonly string[]): string[] {
    return union(names, known);
  }

  /** What an account may do, as the database says now; undefined when it is gone or disabled. */
  async function permissionsNow(userId: number): Promise<string[] | undefined> {
    const [names, stored] = await Promise.all([repository.findRolesOf(userId), repository.findAll()]);
    return names === undefined ? undefined : union(names, byName(stored));
  }

  /** Throws `role_exists`, `validation_failed`, and `forbidden` for permissions that the maker has not. */
  async function create(role: StoredRole, act: Act, held: readonly string[]): Promise<void> {
    assertGivable(role.permissions, held);
    if (role.name === ADMIN_ROLE) throw new Problem('role_exists');
    await db.transaction(async (tx) => {
      if (!(await repository.insert(role, tx))) throw new Problem('role_exists');
      const { permissions } = role;
      await audit.record({ ...act, event: 'role.created', target: targetOf(role.name), details: { permissions } }, tx);
    });
    await reload();
  }

  /** Throws `role_not_found`, `role_built_in`, and `forbidden` for permissions, before or after, that the changer has not. */
  async function update(role: StoredRole, act: Act, held: readonly string[]): Promise<void> {
    const before = find(role.name);
    assertGivable([...before.permissions, ...role.permissions], held);
    if (before.builtIn) throw new Problem('role_built_in');
    await db.transaction(async (tx) => {
      if (!(await repository.update(role, tx))) throw new Problem('role_not_found');
      const details = { from: before.permissions, to: role.permissions };
      await audit.record({ ...act, event: 'role.changed', target: targetOf(role.name), details }, tx);
    });
    await reload();
  }

  /** Takes the role away from everybody too. Throws as `update`. */
  async function remove(name: string, act: Act, held: readonly string[]): Promise<void> {
    const before = find(name);
    assertGivable(before.permissions, held);
    if (before.builtIn) throw new Problem('role_built_in');
    await db.transaction(async (tx) => {
      if (!(await repository.delete(name, tx))) throw new Problem('role_not_found');
      await audit.record({ ...act, event: 'role.deleted', target: targetOf(name) }, tx);
    });
    await reload();
  }

  function find(name: string): Role {
    const role = known.get(name);
    if (role === undefined) throw new Problem('role_not_found');
    return role;
  }

  /** Throws `validation_failed` when one of the names is no role, and `forbidden` for one that gives more than is held. */
  function assertRolesGivable(names: readonly string[], held: readonly string[]): void {
    const unknown = names.find((name) => !known.has(name));
    if (unknown !== undefined) throw invalidField('/roles', `${unknown} is not a role`);
    assertGivable(permissionsOf(names), held);
  }

  /**
   * To be called in the transaction that takes the role `admin` from an account, disables or deletes it: throws `last_admin`
   * when nobody else would have it.
   */
  async function assertNotLastAdmin(userId: number, roles: readonly string[], on: Db): Promise<void> {
    if (!roles.includes(ADMIN_ROLE)) return;
    if (!(await repository.hasOthers(ADMIN_ROLE, userId, on))) throw new Problem('last_admin');
  }

  return {
    reload,
    permissionsOf,
    permissionsNow,
    list: (): Role[] => [...known.values()],
    find,
    create,
    update,
    remove,
    assertRolesGivable,
    assertNotLastAdmin,
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

function assertGivable(permissions: readonly string[], held: readonly string[]): void {
  if (!covers(held, permissions)) throw new Problem('forbidden');
}

function targetOf(name: string) {
  return { type: 'role' as const, id: name };
}
