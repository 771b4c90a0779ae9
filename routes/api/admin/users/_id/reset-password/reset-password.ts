// POST /api/admin/users/{id}/reset-password/: replaces the password of an account with a random one.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { EXAMPLE_TEMPORARY_PASSWORD, parseUserId, ResetPassword, UserId } from '#schemas/admin/user.js';
import { databaseErrors, passwordErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: { access: 'users:write', errors: ['user_not_found', ...databaseErrors, ...passwordErrors] },
      schema: {
        operationId: 'resetPassword',
        summary: 'Reset a password',
        description:
          'Replaces the password of an account with a random one and ends all its sessions. Only this response contains the new password. To change your own password, use `PUT /api/me/`.',
        params: Type.Object({ id: UserId }),
        response: {
          200: success('The new password.', ResetPassword, {
            'no body': { temporary_password: EXAMPLE_TEMPORARY_PASSWORD },
          }),
        },
      },
    },
    async (request) => {
      const id = parseUserId(request.params.id);
      const temporaryPassword = await app.userAdministration.resetPassword(id, request.operator);
      request.log.info({ event: 'password_reset', userId: id, by: request.user.userId }, 'password reset');
      return { temporary_password: temporaryPassword };
    },
  );
};

export default route;
