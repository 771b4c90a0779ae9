// PUT /api/admin/roles/{name}/: changes the description and permissions of a role.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { exampleRole, Role, RoleName, role, UpdateRoleBody } from '#schemas/admin/role.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.put(
    '/',
    {
      config: {
        access: 'roles:write',
        errors: [
          refusal('missing_permissions', '/permissions', 'is required'),
          'role_not_found',
          'role_built_in',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'updateRole',
        summary: 'Update a role',
        description:
          'Replaces the description and the permissions of a role. The administrative operations apply the change at once, your applications from the next access token. You cannot add or remove permissions that you do not have.',
        params: Type.Object({ name: RoleName }),
        body: UpdateRoleBody,
        response: {
          200: success('The updated role.', Role, { support: { ...exampleRole, permissions: ['users:read'] } }),
        },
      },
    },
    async (request) => {
      const { name } = request.params;
      const { description, permissions } = request.body;
      const changed = await app.roles.update({ name, description, permissions }, request.operator);
      request.log.info({ event: 'role_changed', role: name, by: request.user.userId }, 'role changed');
      return role(changed);
    },
  );
};

export default route;
