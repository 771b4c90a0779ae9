// DELETE /api/admin/users/{id}/: deletes an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { parseUserId, UserId } from '#schemas/admin/user.js';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: { access: 'users:write', errors: ['user_not_found', 'last_admin', ...databaseErrors] },
      schema: {
        operationId: 'deleteUser',
        summary: 'Delete an account',
        description:
          'Permanently deletes an account, all its sessions, and its personal data in the audit log. To delete your own account, use `DELETE /api/me/`.',
        params: Type.Object({ id: UserId }),
        response: {
          204: noContent('The account is deleted.'),
        },
      },
    },
    async (request, reply) => {
      const id = parseUserId(request.params.id);
      await app.userAdministration.remove(id, request.operator);
      request.log.info({ event: 'user_deleted', userId: id, by: request.user.userId }, 'user deleted');
      return reply.code(204).send();
    },
  );
};

export default route;
