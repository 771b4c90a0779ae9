// POST /api/admin/users/{id}/disable/: lets an account log in no more.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { DisableUserBody, exampleUser, User, UserId, user, userIdOf } from '#schemas/admin/user.js';
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
        tags: ['Admin'],
        summary: 'Disable an account',
        description:
          'Ends all sessions of the account, and lets it begin none until it is enabled. Access tokens that are out can read until they expire. Nobody disables the account that they act with.',
        params: Type.Object({ id: UserId }),
        body: DisableUserBody,
        response: {
          200: success('The account, disabled.', User, {
            disable: { ...exampleUser, disabled_at: exampleUser.created_at, disabled_reason: 'Reported as stolen.' },
          }),
        },
      },
    },
    async (request) => {
      const { act } = request;
      const id = userIdOf(request.params.id);
      const disabled = await app.userAdministration.disable(id, request.body.reason, act, request.permissions);
      request.log.info({ event: 'user_disabled', userId: id, by: request.user.userId }, 'user disabled');
      return user(disabled);
    },
  );
};

export default route;
