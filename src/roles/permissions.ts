// What the operator's operations ask for, and who has it.

/** Permissions of Latchkey itself, with what each lets its bearer do. Applications may give roles any others. */
export const ownPermissions = {
  'settings:read': 'See the live settings, their history, and which instances have taken them on.',
  'settings:write': 'Change live settings.',
  'users:read': 'See accounts and their sessions.',
  'users:write': 'Make, change, disable and delete accounts, and end their sessions.',
  'roles:read': 'See roles.',
  'roles:write': 'Make and change roles, and give them to accounts.',
  'keys:read': 'See the signing keys.',
  'keys:write': 'Rotate and retire signing keys.',
  'audit:read': 'See what was done, when and by whom.',
} as const;

/** A permission of Latchkey itself. */
export type Permission = keyof typeof ownPermissions;

/** The role that may do everything here. It is no row, so that it can be neither changed nor deleted. */
export const ADMIN_ROLE = 'admin';

/** For text from outside: a permission, ours or an application's. */
export const PERMISSION_PATTERN = '^[a-z][a-z0-9_.-]{0,31}(:[a-z0-9_.-]{1,32}){0,3}$';

/** For text from outside: the name of a role. */
export const ROLE_NAME_PATTERN = '^[a-z][a-z0-9_.-]{0,63}$';

/**
 * Whether `one` may do all that `other` may: nobody gives, or acts on, more than they have. Who has every permission of
 * Latchkey has those of the applications too: the operator, who gives them, need not have them himself.
 */
export function covers(one: readonly string[], other: readonly string[]): boolean {
  const all = Object.keys(ownPermissions).every((permission) => one.includes(permission));
  return all || other.every((permission) => one.includes(permission));
}
