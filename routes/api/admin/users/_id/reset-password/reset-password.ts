// POST /api/admin/users/{id}/reset-password/: gives an account another password.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { EXAMPLE_TEMPORARY_PASSWORD, ResetPassword, UserId, userIdOf } from '#schemas/admin/user.js';
import { databaseErrors, passwordErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: { access: 'users:write', errors: ['user_not_found', ...databaseErrors, ...passwordErrors] },
      schema: {
        operationId: 'resetPassword',
        tags: ['Admin'],
        summary: 'Reset a password',
        description:
          "Puts a random password in the place of the one that the account has, tells it in this answer and never again, and ends all sessions of the account. One's own is changed with `PUT /api/me/`.",
        params: Type.Object({ id: UserId }),
        response: {
          200: success('The new password.', ResetPassword, {
            'no body': { temporary_password: EXAMPLE_TEMPORARY_PASSWORD },
          }),
        },
      },
    },
    async (request) => {
      const { act } = request;
      const id = userIdOf(request.params.id);
      const temporaryPassword = await app.userAdministration.resetPassword(id, act, request.permissions);
      request.log.info({ event: 'password_reset', userId: id, by: request.user.userId }, 'password reset');
      return { temporary_password: temporaryPassword };
    },
  );
};

export default route;
