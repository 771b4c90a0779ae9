// POST /api/admin/users/: makes an account for somebody else.
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
          refusal('not_a_role', '/roles', 'nobody is not a role'),
          'email_taken',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'createUser',
        tags: ['Admin'],
        summary: 'Make an account',
        description:
          'Makes an account with a random password, which is told in this answer and never again. Nobody gives a role with permissions that they do not have.',
        body: CreateUserBody,
        response: {
          201: success('The new account.', NewUser, {
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
      const { act } = request;
      const made = await app.userAdministration.create(request.body, act, request.permissions);
      request.log.info({ event: 'user_created', userId: made.user.id, by: request.user.userId }, 'user created');
      return reply.code(201).send({ user: user(made.user), temporary_password: made.temporaryPassword });
    },
  );
};

export default route;
