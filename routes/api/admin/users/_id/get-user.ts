// GET /api/admin/users/{id}/: returns an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { exampleUser, parseUserId, User, UserId, user } from '#schemas/admin/user.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'users:read', errors: ['user_not_found', ...databaseErrors] },
      schema: {
        operationId: 'getUser',
        summary: 'Get an account',
        description: 'Returns one account.',
        params: Type.Object({ id: UserId }),
        response: {
          200: success('The account.', User, { user: exampleUser }),
        },
      },
    },
    async (request) => user(await app.userAdministration.find(parseUserId(request.params.id))),
  );
};

export default route;
