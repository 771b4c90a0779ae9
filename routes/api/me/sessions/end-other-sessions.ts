// DELETE /api/me/sessions/: ends all sessions of the caller's account except the current one.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: { access: 'user', deadline: 'none', refreshCookie: 'ends-others', errors: [...databaseErrors] },
      schema: {
        operationId: 'endOtherSessions',
        summary: 'End my other sessions',
        description:
          'Permanently ends all sessions of your account except the current one. To end the current session too, use `POST /api/logout/all/`.',
        response: {
          204: noContent('All other sessions have ended.'),
        },
      },
    },
    async (request, reply) => {
      const { userId, sessionId } = request.user;
      const ended = await app.sessions.endOthers(request.user, request.origin);
      request.log.info({ event: 'other_sessions_ended', userId, sessionId, ended, ip: request.ip }, 'sessions ended');
      return reply.code(204).send();
    },
  );
};

export default route;
