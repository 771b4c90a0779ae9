// The permissions of Latchkey itself, and the rule that an operator can grant only permissions that they have.

/** Permissions that Latchkey itself checks, with what each one allows. Roles may contain any others that applications check. */
export const ownPermissions = {
  'settings:read': 'View live settings, their history, and which instances have applied them.',
  'settings:write': 'Change live settings.',
  'users:read': 'View accounts and their sessions.',
  'users:write': 'Create, change, disable and delete accounts, and end their sessions.',
  'roles:read': 'View roles.',
  'roles:write': 'Create, change and delete roles, and grant them to accounts.',
  'keys:read': 'View signing keys.',
  'keys:write': 'Rotate and retire signing keys.',
  'audit:read': 'View the audit log.',
  'mails:read': 'View which e-mails wait, were sent or failed, with their recipients.',
  'mails:write': 'Send e-mails again.',
} as const;

/** A permission of Latchkey itself. */
export type Permission = keyof typeof ownPermissions;

/** Whether an account with these permissions is an operator: it has one of Latchkey, not only of applications. */
export function isOperator(permissions: readonly string[]): boolean {
  return permissions.some((permission) => Object.hasOwn(ownPermissions, permission));
}

/** The built-in role with every permission of Latchkey. It has no row in the database, so it can be neither changed nor deleted. */
export const ADMIN_ROLE = 'admin';

/** Matches permissions in input: those of Latchkey and those of applications. */
export const PERMISSION_PATTERN = '^[a-z][a-z0-9_.-]{0,31}(:[a-z0-9_.-]{1,32}){0,3}$';

/** Matches names of roles in input. */
export const ROLE_NAME_PATTERN = '^[a-z][a-z0-9_.-]{0,63}$';

/**
 * Whether the permissions `held` include all of `needed`. Holding every permission of Latchkey implies those of applications, too: an
 * administrator can grant them without having them.
 */
export function covers(held: readonly string[], needed: readonly string[]): boolean {
  const hasAllOwn = Object.keys(ownPermissions).every((permission) => held.includes(permission));
  return hasAllOwn || needed.every((permission) => held.includes(permission));
}
