// POST /api/admin/users/: creates an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { CreateUserBody, EXAMPLE_TEMPORARY_PASSWORD, exampleUser, NewUser, user } from '#schemas/admin/user.js';
import { databaseErrors, passwordErrors, refusal } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'users:write',
        errors: [
          refusal('not_an_address', '/email', 'must be an e-mail address'),
          refusal('not_a_role', '/roles', 'must exist: there is no role "nobody"'),
          'email_taken',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'createUser',
        summary: 'Create an account',
        description:
          'Creates an account with a random password. Only this response contains the password. You cannot grant a role with permissions that you do not have.',
        body: CreateUserBody,
        response: {
          201: success('The new account and its temporary password.', NewUser, {
            address: {
              user: { ...exampleUser, id: 2, email: 'jane.smith@example.com' },
              temporary_password: EXAMPLE_TEMPORARY_PASSWORD,
            },
            admin: {
              user: {
                ...exampleUser,
                id: 2,
                email: 'jane.smith@example.com',
                username: 'Jane Smith',
                roles: ['admin'],
              },
              temporary_password: EXAMPLE_TEMPORARY_PASSWORD,
            },
          }),
        },
      },
    },
    async (request, reply) => {
      const created = await app.userAdministration.create(request.body, request.operator);
      request.log.info({ event: 'user_created', userId: created.user.id, by: request.user.userId }, 'user created');
      return reply.code(201).send({ user: user(created.user), temporary_password: created.temporaryPassword });
    },
  );
};

export default route;
