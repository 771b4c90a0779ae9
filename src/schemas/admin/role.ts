// Roles, as operators see and change them.
import { type Static, Type } from '@sinclair/typebox';
import { ADMIN_ROLE, ownPermissions, PERMISSION_PATTERN, ROLE_NAME_PATTERN } from '#roles/permissions.js';
import type { Role as StoredRole } from '#roles/service.js';
import { Username } from '../fields.js';
import { body } from '../responses.js';

export { ownPermissions };

const Description = Type.String({
  maxLength: 500,
  pattern: Username.pattern as string,
  description: 'What it is for, for people; at most 500 characters.',
});
const Permissions = Type.Array(Type.String({ pattern: PERMISSION_PATTERN }), {
  maxItems: 100,
  description: 'What its bearers may do: permissions of Latchkey, and any that your applications ask for.',
});
/** The name of a role, where it is made or given. */
export const NewRoleName = Type.String({
  pattern: ROLE_NAME_PATTERN,
  description: 'Names the role, in access tokens too.',
});

/** The name of a role, in a path. */
export const RoleName = Type.String({ description: 'The name of a role.', examples: ['support'] });

export const Role = Type.Object(
  {
    name: NewRoleName,
    description: Description,
    permissions: Permissions,
    built_in: Type.Boolean({ description: 'Whether it can be neither changed nor deleted.' }),
  },
  { title: 'Role', description: 'A name for a set of permissions.', additionalProperties: false },
);
export type Role = Static<typeof Role>;

export const RoleList = Type.Object(
  {
    roles: Type.Array(Role),
    own_permissions: Type.Record(Type.String(), Type.String(), {
      description: 'The permissions of Latchkey itself, with what each lets its bearer do.',
    }),
  },
  { title: 'RoleList', description: 'All roles, and what they can be made of.', additionalProperties: false },
);
export type RoleList = Static<typeof RoleList>;

export const CreateRoleBody = Type.Object(
  { name: NewRoleName, description: Type.Optional(Description), permissions: Permissions },
  body('CreateRoleBody', 'The role to make.', {
    support: { name: 'support', description: 'Helps users.', permissions: ['users:read', 'invoices:read'] },
  }),
);

export const UpdateRoleBody = Type.Object(
  { description: Description, permissions: Permissions },
  body('UpdateRoleBody', 'What the role is from now on.', {
    support: { description: 'Helps users.', permissions: ['users:read'] },
  }),
);

/** What the example makes. */
export const exampleRole: Role = {
  name: 'support',
  description: 'Helps users.',
  permissions: ['invoices:read', 'users:read'],
  built_in: false,
};

/** The roles of a fresh service. */
export const exampleRoleList: RoleList = {
  roles: [
    {
      name: ADMIN_ROLE,
      description: 'May do everything here.',
      permissions: Object.keys(ownPermissions),
      built_in: true,
    },
  ],
  own_permissions: ownPermissions,
};

/** Puts a role into the words of the API. */
export function role({ name, description, permissions, builtIn }: StoredRole): Role {
  return { name, description, permissions: [...permissions], built_in: builtIn };
}
