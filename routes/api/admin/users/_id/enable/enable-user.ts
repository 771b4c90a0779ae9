// POST /api/admin/users/{id}/enable/: allows a disabled account to log in again.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { EnableUserBody, exampleUser, parseUserId, User, UserId, user } from '#schemas/admin/user.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'users:write',
        errors: [refusal('missing_reason', '/reason', 'is required'), 'user_not_found', ...databaseErrors],
      },
      schema: {
        operationId: 'enableUser',
        summary: 'Enable an account',
        description: 'Allows a disabled account to log in again. Its ended sessions stay ended.',
        params: Type.Object({ id: UserId }),
        body: EnableUserBody,
        response: {
          200: success('The enabled account.', User, { enable: exampleUser }),
        },
      },
    },
    async (request) => {
      const id = parseUserId(request.params.id);
      const enabled = await app.userAdministration.enable(id, request.body.reason, request.operator);
      request.log.info({ event: 'user_enabled', userId: id, by: request.user.userId }, 'user enabled');
      return user(enabled);
    },
  );
};

export default route;
