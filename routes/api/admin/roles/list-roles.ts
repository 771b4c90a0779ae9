// GET /api/admin/roles/: all roles, and the permissions of Latchkey itself.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleRoleList, ownPermissions, RoleList, role } from '../../../../src/schemas/admin/role.js';
import { databaseErrors, permissionErrors, problems, tokenErrors } from '../../../../src/schemas/problem.js';
import { success } from '../../../../src/schemas/success.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'roles:read' },
      schema: {
        operationId: 'listRoles',
        tags: ['Admin'],
        summary: 'List roles',
        description: 'All roles, and the permissions of Latchkey itself that they can give.',
        response: {
          200: success('The roles.', RoleList, { roles: exampleRoleList }),
          ...problems(...tokenErrors, ...permissionErrors, ...databaseErrors),
        },
      },
    },
    async () => ({ roles: app.roles.list().map(role), own_permissions: ownPermissions }),
  );
};

export default route;
