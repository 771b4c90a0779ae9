// GET /api/admin/users/{id}/: one account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { exampleUser, User, UserId, user, userIdOf } from '#schemas/admin/user.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'users:read', errors: ['user_not_found', ...databaseErrors] },
      schema: {
        operationId: 'getUser',
        tags: ['Admin'],
        summary: 'Read an account',
        description: 'The account as it is now.',
        params: Type.Object({ id: UserId }),
        response: {
          200: success('The account.', User, { user: exampleUser }),
        },
      },
    },
    async (request) => user(await app.userAdministration.find(userIdOf(request.params.id))),
  );
};

export default route;
