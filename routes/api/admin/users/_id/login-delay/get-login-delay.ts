// GET /api/admin/users/{id}/login-delay/: whether an account has to wait before it can log in.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { LoginDelay, parseUserId, UserId } from '#schemas/admin/user.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'users:read', errors: ['user_not_found', ...databaseErrors] },
      schema: {
        operationId: 'getLoginDelay',
        summary: 'Get the login delay of an account',
        description:
          'Returns how long the account has to wait before it can log in, because wrong passwords or codes were entered for it. `unblockUser` ends the delay.',
        params: Type.Object({ id: UserId }),
        response: {
          200: success('The longest delay.', LoginDelay, { none: { seconds: 0 } }),
        },
      },
    },
    async (request) => ({ seconds: await app.userAdministration.loginDelay(parseUserId(request.params.id)) }),
  );
};

export default route;
