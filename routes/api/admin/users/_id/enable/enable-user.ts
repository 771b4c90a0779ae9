// POST /api/admin/users/{id}/enable/: lets an account log in again.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { EnableUserBody, exampleUser, User, UserId, user, userIdOf } from '#schemas/admin/user.js';
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
        tags: ['Admin'],
        summary: 'Enable an account',
        description:
          'Lets the account log in again. Sessions that have ended stay ended. An account that is not disabled stays as it is.',
        params: Type.Object({ id: UserId }),
        body: EnableUserBody,
        response: {
          200: success('The account, enabled.', User, { enable: exampleUser }),
        },
      },
    },
    async (request) => {
      const { act } = request;
      const id = userIdOf(request.params.id);
      const enabled = await app.userAdministration.enable(id, request.body.reason, act, request.permissions);
      request.log.info({ event: 'user_enabled', userId: id, by: request.user.userId }, 'user enabled');
      return user(enabled);
    },
  );
};

export default route;
