// DELETE /api/admin/users/{id}/: deletes somebody else's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { UserId, userIdOf } from '#schemas/admin/user.js';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: { access: 'users:write', errors: ['user_not_found', 'last_admin', ...databaseErrors] },
      schema: {
        operationId: 'deleteUser',
        tags: ['Admin'],
        summary: 'Delete an account',
        description:
          "Deletes the account and all its sessions for good, and what is personal in the audit log. One's own is deleted with `DELETE /api/me/`.",
        params: Type.Object({ id: UserId }),
        response: {
          204: noContent('The account is gone.'),
        },
      },
    },
    async (request, reply) => {
      const { act } = request;
      const id = userIdOf(request.params.id);
      await app.userAdministration.remove(id, act, request.permissions);
      request.log.info({ event: 'user_deleted', userId: id, by: request.user.userId }, 'user deleted');
      return reply.code(204).send();
    },
  );
};

export default route;
