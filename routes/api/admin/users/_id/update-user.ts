// PUT /api/admin/users/{id}/: changes somebody else's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { exampleUser, UpdateUserBody, User, UserId, user, userIdOf } from '#schemas/admin/user.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.put(
    '/',
    {
      config: {
        access: 'users:write',
        errors: [
          refusal('wrong_type', '/username', 'must be string'),
          refusal('not_a_role', '/roles', 'nobody is not a role'),
          'user_not_found',
          'email_taken',
          'last_admin',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'updateUser',
        tags: ['Admin'],
        summary: 'Change an account',
        description:
          "Changes address, username or roles of an account; members left out keep their value. A new address ends all its sessions; new roles act at once on the operator's operations, and elsewhere from its next access token on. Nobody gives roles with permissions that they do not have, or changes an account that has such permissions, or the address of their own account here.",
        params: Type.Object({ id: UserId }),
        body: UpdateUserBody,
        response: {
          200: success('The account, changed.', User, {
            username: { ...exampleUser, username: 'John Smith' },
            email: { ...exampleUser, email: 'john.smith@example.com' },
            roles: { ...exampleUser, roles: ['admin'] },
          }),
        },
      },
    },
    async (request) => {
      const { act } = request;
      const id = userIdOf(request.params.id);
      const changed = await app.userAdministration.update(id, request.body, act, request.permissions);
      request.log.info({ event: 'user_changed', userId: id, by: request.user.userId }, 'user changed');
      return user(changed);
    },
  );
};

export default route;
