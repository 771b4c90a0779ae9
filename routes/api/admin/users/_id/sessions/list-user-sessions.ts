// GET /api/admin/users/{id}/sessions/: lists the active sessions of an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { exampleUserSessionList, parseUserId, UserId, UserSessionList, userSessionList } from '#schemas/admin/user.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'users:read', errors: ['user_not_found', ...databaseErrors] },
      schema: {
        operationId: 'listUserSessions',
        summary: 'List the sessions of an account',
        description: 'Lists the active sessions of an account, most recently refreshed first, at most 100.',
        params: Type.Object({ id: UserId }),
        response: {
          200: success('The active sessions.', UserSessionList, { sessions: exampleUserSessionList }),
        },
      },
    },
    async (request) => userSessionList(await app.userAdministration.listSessions(parseUserId(request.params.id))),
  );
};

export default route;
