// DELETE /api/admin/users/{id}/sessions/: ends all sessions of an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { parseUserId, UserId } from '#schemas/admin/user.js';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: { access: 'users:write', errors: ['user_not_found', ...databaseErrors] },
      schema: {
        operationId: 'endUserSessions',
        summary: 'End all sessions of an account',
        description: 'Permanently ends all sessions of an account.',
        params: Type.Object({ id: UserId }),
        response: {
          204: noContent('All sessions of the account have ended.'),
        },
      },
    },
    async (request, reply) => {
      const id = parseUserId(request.params.id);
      const ended = await app.userAdministration.endSessions(id, request.operator);
      request.log.info({ event: 'user_sessions_ended', userId: id, ended, by: request.user.userId }, 'sessions ended');
      return reply.code(204).send();
    },
  );
};

export default route;
