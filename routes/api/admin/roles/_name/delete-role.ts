// DELETE /api/admin/roles/{name}/: deletes a role.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { RoleName } from '#schemas/admin/role.js';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: { access: 'roles:write', errors: ['role_not_found', 'role_built_in', ...databaseErrors] },
      schema: {
        operationId: 'deleteRole',
        summary: 'Delete a role',
        description:
          'Deletes a role and takes it away from all accounts. You cannot delete a role with permissions that you do not have.',
        params: Type.Object({ name: RoleName }),
        response: {
          204: noContent('The role is deleted.'),
        },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      await app.roles.remove(name, request.operator);
      request.log.info({ event: 'role_deleted', role: name, by: request.user.userId }, 'role deleted');
      return reply.code(204).send();
    },
  );
};

export default route;
