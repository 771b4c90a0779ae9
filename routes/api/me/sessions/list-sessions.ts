// GET /api/me/sessions/: the living sessions of the bearer's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';
import { exampleSessionList, SessionList, sessionList } from '#schemas/session.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'user', errors: [...databaseErrors] },
      schema: {
        operationId: 'listSessions',
        tags: ['Session'],
        summary: 'List my sessions',
        description:
          'The sessions of the account that can be refreshed, the one refreshed last first, at most 100. `ip` and `user_agent` are those of the login; `expires_at` is the end unless the session is refreshed before.',
        response: {
          200: success('The living sessions.', SessionList, { sessions: exampleSessionList }),
        },
      },
    },
    async (request) => sessionList(await app.sessions.list(request.user)),
  );
};

export default route;
