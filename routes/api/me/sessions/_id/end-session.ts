// DELETE /api/me/sessions/{id}/: ends one session of the bearer's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';
import { SessionId } from '#schemas/session.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: { access: 'user', refreshCookie: 'ends-one', errors: ['session_not_found', ...databaseErrors] },
      schema: {
        operationId: 'endSession',
        tags: ['Session'],
        summary: 'End a session of mine',
        description:
          'Ends a session of the account for good, the one that asks too. Its access tokens can read until they expire, and change nothing. An id that is not that of a living session of the account answers 404, whatever it is.',
        params: Type.Object({ id: SessionId }),
        response: {
          204: noContent('No refresh token of that session works any more.'),
        },
      },
    },
    async (request, reply) => {
      const ended = await app.sessions.endOne(request.user, request.params.id, request.origin);
      request.log.info(
        { event: 'session_ended', ...ended, by: request.user.sessionId, ip: request.ip },
        'session ended',
      );
      return reply.code(204).send();
    },
  );
};

export default route;
