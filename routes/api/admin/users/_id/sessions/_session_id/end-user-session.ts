// DELETE /api/admin/users/{id}/sessions/{session_id}/: ends one session of an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { parseUserId, UserId } from '#schemas/admin/user.js';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';
import { SessionId } from '#schemas/session.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: { access: 'users:write', errors: ['user_not_found', 'session_not_found', ...databaseErrors] },
      schema: {
        operationId: 'endUserSession',
        summary: 'End a session of an account',
        description: 'Permanently ends one session of an account.',
        params: Type.Object({ id: UserId, session_id: SessionId }),
        response: {
          204: noContent('The session has ended; none of its refresh tokens is valid.'),
        },
      },
    },
    async (request, reply) => {
      const id = parseUserId(request.params.id);
      const sessionId = request.params.session_id;
      await app.userAdministration.endSession(id, sessionId, request.operator);
      const fields = { event: 'user_session_ended', userId: id, sessionId: Number(sessionId), by: request.user.userId };
      request.log.info(fields, 'session ended');
      return reply.code(204).send();
    },
  );
};

export default route;
