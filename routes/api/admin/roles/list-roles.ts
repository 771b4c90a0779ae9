// GET /api/admin/roles/: all roles, and the permissions of Latchkey itself.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleRoleList, ownPermissions, RoleList, role } from '#schemas/admin/role.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'roles:read', errors: [...databaseErrors] },
      schema: {
        operationId: 'listRoles',
        summary: 'List roles',
        description: 'Lists all roles, and the permissions that Latchkey itself checks.',
        response: {
          200: success('All roles.', RoleList, { roles: exampleRoleList }),
        },
      },
    },
    async () => ({ roles: (await app.roles.findAll()).map(role), own_permissions: ownPermissions }),
  );
};

export default route;
