// PUT /api/admin/roles/{name}/: changes what a role may do.
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
        tags: ['Admin'],
        summary: 'Change a role',
        description:
          "Puts another description and other permissions in the place of those of the role. It acts at once on the operator's operations, and elsewhere from the next access token on. Nobody adds or takes away permissions that they do not have.",
        params: Type.Object({ name: RoleName }),
        body: UpdateRoleBody,
        response: {
          200: success('The role, changed.', Role, { support: { ...exampleRole, permissions: ['users:read'] } }),
        },
      },
    },
    async (request) => {
      const { act } = request;
      const { name } = request.params;
      const { description, permissions } = request.body;
      const changed = await app.roles.update({ name, description, permissions }, act, request.permissions);
      request.log.info({ event: 'role_changed', role: name, by: request.user.userId }, 'role changed');
      return role(changed);
    },
  );
};

export default route;
