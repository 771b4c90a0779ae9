// GET /api/me/sessions/: lists the active sessions of the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';
import { exampleSessionList, SessionList, sessionList } from '#schemas/session.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'user', deadline: 'none', errors: [...databaseErrors] },
      schema: {
        operationId: 'listSessions',
        summary: 'List my sessions',
        description: 'Lists the active sessions of your account, most recently refreshed first, at most 100.',
        response: {
          200: success('The active sessions.', SessionList, { sessions: exampleSessionList }),
        },
      },
    },
    async (request) => sessionList(await app.sessions.list(request.user)),
  );
};

export default route;
