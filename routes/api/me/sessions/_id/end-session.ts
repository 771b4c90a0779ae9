// DELETE /api/me/sessions/{id}/: ends one session of the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';
import { SessionId } from '#schemas/session.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: {
        access: 'user',
        deadline: 'none',
        refreshCookie: 'ends-one',
        errors: ['session_not_found', ...databaseErrors],
      },
      schema: {
        operationId: 'endSession',
        summary: 'End one of my sessions',
        description:
          'Permanently ends a session of your account, which may be the current one. Any id that does not belong to an active session of your account gets a 404.',
        params: Type.Object({ id: SessionId }),
        response: {
          204: noContent('The session has ended; none of its refresh tokens is valid.'),
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
