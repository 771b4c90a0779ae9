// PUT /api/admin/users/{id}/: changes an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { exampleUser, parseUserId, UpdateUserBody, User, UserId, user } from '#schemas/admin/user.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.put(
    '/',
    {
      config: {
        access: 'users:write',
        errors: [
          refusal('wrong_type', '/username', 'must be a string'),
          refusal('not_a_role', '/roles', 'must exist: there is no role "nobody"'),
          'user_not_found',
          'email_taken',
          'last_admin',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'updateUser',
        summary: 'Update an account',
        description:
          'Changes the e-mail address, username or roles of an account; omitted fields keep their value. A new address ends all sessions of the account, and is not verified until its owner follows the link that is mailed to it. The administrative operations apply new roles at once, your applications from the next access token. You cannot grant permissions that you do not have, or change an account that has such permissions. To change your own address, use `PUT /api/me/`.',
        params: Type.Object({ id: UserId }),
        body: UpdateUserBody,
        response: {
          200: success('The updated account.', User, {
            username: { ...exampleUser, username: 'John Smith' },
            email: { ...exampleUser, email: 'john.smith@example.com' },
            roles: { ...exampleUser, roles: ['admin'] },
          }),
        },
      },
    },
    async (request) => {
      const id = parseUserId(request.params.id);
      const changed = await app.userAdministration.update(id, request.body, request.operator);
      request.log.info({ event: 'user_changed', userId: id, by: request.user.userId }, 'user changed');
      return user(changed);
    },
  );
};

export default route;
