// Roles, as operators see and change them.
import { type Static, Type } from '@sinclair/typebox';
import { ADMIN_ROLE, ownPermissions, PERMISSION_PATTERN, ROLE_NAME_PATTERN } from '#roles/permissions.js';
import type { Role as StoredRole } from '#roles/service.js';
import { Username } from '../fields.js';
import { body } from '../responses.js';

export { ownPermissions };

const Description = Type.String({
  title: 'RoleDescription',
  maxLength: 500,
  pattern: Username.pattern as string,
  description: 'At most 500 characters.',
});
const Permissions = Type.Array(Type.String({ pattern: PERMISSION_PATTERN }), {
  title: 'Permissions',
  maxItems: 100,
  description: 'Permissions of Latchkey, and any that your applications check.',
});
/** The name of a role in a body, which must have the right form. */
export const NewRoleName = Type.String({
  pattern: ROLE_NAME_PATTERN,
  description: 'The name of the role, as it appears in access tokens.',
});

/** The name of a role in a path. */
export const RoleName = Type.String({ description: 'The name of a role.', examples: ['support'] });

export const Role = Type.Object(
  {
    name: NewRoleName,
    description: Description,
    permissions: Permissions,
    built_in: Type.Boolean({
      description: 'A built-in role cannot be changed or deleted.',
    }),
  },
  { title: 'Role', description: 'A named set of permissions.', additionalProperties: false },
);
export type Role = Static<typeof Role>;

export const RoleList = Type.Object(
  {
    roles: Type.Array(Role),
    own_permissions: Type.Record(Type.String(), Type.String(), {
      description: 'The permissions that Latchkey checks, and what each allows.',
    }),
  },
  { title: 'RoleList', additionalProperties: false },
);
export type RoleList = Static<typeof RoleList>;

export const CreateRoleBody = Type.Object(
  { name: NewRoleName, description: Type.Optional(Description), permissions: Permissions },
  body('CreateRoleBody', {
    support: { name: 'support', description: 'Helps users.', permissions: ['users:read', 'invoices:read'] },
  }),
);

export const UpdateRoleBody = Type.Object(
  { description: Description, permissions: Permissions },
  body('UpdateRoleBody', {
    support: { description: 'Helps users.', permissions: ['users:read'] },
  }),
);

/** The role that the examples create. */
export const exampleRole: Role = {
  name: 'support',
  description: 'Helps users.',
  permissions: ['invoices:read', 'users:read'],
  built_in: false,
};

/** The roles of a new service. */
export const exampleRoleList: RoleList = {
  roles: [
    {
      name: ADMIN_ROLE,
      description: 'Has every permission of Latchkey.',
      permissions: Object.keys(ownPermissions),
      built_in: true,
    },
  ],
  own_permissions: ownPermissions,
};

/** The API form of a role. */
export function role({ name, description, permissions, builtIn }: StoredRole): Role {
  return { name, description, permissions: [...permissions], built_in: builtIn };
}
