// DELETE /api/me/sessions/: ends all sessions of the bearer's account but the one that asks.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: { access: 'user', refreshCookie: 'ends-others', errors: [...databaseErrors] },
      schema: {
        operationId: 'endOtherSessions',
        tags: ['Session'],
        summary: 'End my other sessions',
        description:
          'Ends all sessions of the account but the one that asks, for good. Their access tokens can read until they expire, and change nothing. `POST /api/logout/all/` ends this one too.',
        response: {
          204: noContent('No refresh token of another session works any more.'),
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
