// POST /api/admin/users/{id}/unblock/: forgets the wrong passwords that were entered for an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { exampleUser, parseUserId, User, UserId, user } from '#schemas/admin/user.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: { access: 'users:write', errors: ['user_not_found', ...databaseErrors] },
      schema: {
        operationId: 'unblockUser',
        summary: 'Unblock an account',
        description:
          'Forgets the wrong passwords and codes that were entered for an account, so that its next login need not wait. Does not enable a disabled account.',
        params: Type.Object({ id: UserId }),
        response: {
          200: success('The account.', User, { unblock: exampleUser }),
        },
      },
    },
    async (request) => {
      const id = parseUserId(request.params.id);
      const account = await app.userAdministration.unblock(id, request.operator);
      request.log.info({ event: 'user_unblocked', userId: id, by: request.user.userId }, 'user unblocked');
      return user(account);
    },
  );
};

export default route;
