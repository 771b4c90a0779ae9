// POST /api/admin/users/{id}/send-reset-link/: sends the owner of an account a link to set a new password.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { parseUserId, UserId } from '#schemas/admin/user.js';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'users:write',
        errors: ['user_not_found', 'account_disabled', 'mail_unavailable', ...databaseErrors],
      },
      schema: {
        operationId: 'sendResetLink',
        summary: 'Send a reset link',
        description:
          'Sends the owner of an account an e-mail with a link that sets a new password. Until it is used, the account stays as it is. To lock out a person who knows the password, use `POST /api/admin/users/{id}/reset-password/`.',
        params: Type.Object({ id: UserId }),
        response: {
          204: noContent('The e-mail is stored.'),
        },
      },
    },
    async (request, reply) => {
      const id = parseUserId(request.params.id);
      await app.userAdministration.sendPasswordReset(id, request.operator);
      request.log.info({ event: 'reset_link_sent', userId: id, by: request.user.userId }, 'reset link sent');
      return reply.code(204).send();
    },
  );
};

export default route;
