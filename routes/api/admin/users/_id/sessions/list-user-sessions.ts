// GET /api/admin/users/{id}/sessions/: the living sessions of an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { exampleUserSessionList, UserId, UserSessionList, userIdOf, userSessionList } from '#schemas/admin/user.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'users:read', errors: ['user_not_found', ...databaseErrors] },
      schema: {
        operationId: 'listUserSessions',
        tags: ['Admin'],
        summary: 'List sessions of an account',
        description: 'The sessions of the account that can be refreshed, the one refreshed last first, at most 100.',
        params: Type.Object({ id: UserId }),
        response: {
          200: success('The living sessions.', UserSessionList, { sessions: exampleUserSessionList }),
        },
      },
    },
    async (request) => userSessionList(await app.userAdministration.listSessions(userIdOf(request.params.id))),
  );
};

export default route;
