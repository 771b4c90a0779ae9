// DELETE /api/admin/users/{id}/sessions/: ends all sessions of an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { UserId, userIdOf } from '#schemas/admin/user.js';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: { access: 'users:write', errors: ['user_not_found', ...databaseErrors] },
      schema: {
        operationId: 'endUserSessions',
        tags: ['Admin'],
        summary: 'End all sessions of an account',
        description:
          'Ends all sessions of the account for good. Their access tokens can read until they expire, and change nothing.',
        params: Type.Object({ id: UserId }),
        response: {
          204: noContent('No refresh token of the account works any more.'),
        },
      },
    },
    async (request, reply) => {
      const { act } = request;
      const id = userIdOf(request.params.id);
      const ended = await app.userAdministration.endSessions(id, act, request.permissions);
      request.log.info({ event: 'user_sessions_ended', userId: id, ended, by: request.user.userId }, 'sessions ended');
      return reply.code(204).send();
    },
  );
};

export default route;
