// POST /api/admin/users/{id}/disable/: blocks the logins of an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { DisableUserBody, exampleUser, parseUserId, User, UserId, user } from '#schemas/admin/user.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'users:write',
        errors: [
          refusal('missing_reason', '/reason', 'is required'),
          'user_not_found',
          'last_admin',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'disableUser',
        summary: 'Disable an account',
        description:
          'Ends all sessions of an account and blocks its logins until it is enabled again. You cannot disable your own account.',
        params: Type.Object({ id: UserId }),
        body: DisableUserBody,
        response: {
          200: success('The disabled account.', User, {
            disable: { ...exampleUser, disabled_at: exampleUser.created_at, disabled_reason: 'Reported as stolen.' },
          }),
        },
      },
    },
    async (request) => {
      const id = parseUserId(request.params.id);
      const disabled = await app.userAdministration.disable(id, request.body.reason, request.operator);
      request.log.info({ event: 'user_disabled', userId: id, by: request.user.userId }, 'user disabled');
      return user(disabled);
    },
  );
};

export default route;
