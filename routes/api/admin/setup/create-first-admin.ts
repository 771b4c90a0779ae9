// POST /api/admin/setup/: makes the first administrator, for whoever has the token that the start of the service has printed.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { CreateFirstAdminBody, exampleFirstAdmin, User, user } from '#schemas/admin/user.js';
import { databaseErrors, passwordErrors, refusal } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        errors: [
          refusal('missing_password', '/password', 'is required'),
          refusal('short_password', '/password', 'must have at least 8 characters'),
          refusal('not_an_address', '/email', 'must be an e-mail address'),
          refusal(
            'common_password',
            '/password',
            'is among the most common passwords; choose several unrelated words, or let a password manager make one',
          ),
          'setup_closed',
          'email_taken',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'createFirstAdmin',
        tags: ['Admin'],
        summary: 'Make the first administrator',
        description:
          'Makes an account with the role `admin`, once, and only while no account has it. The token is in the link that a service on its embedded database prints when it starts without an administrator; it ends with that process, and is kept nowhere. Everywhere else the answer is 403, for every token: there, `latchkey users create --role admin` makes the first administrator.',
        body: CreateFirstAdminBody,
        response: {
          201: success('The first administrator, who can log in.', User, { first: exampleFirstAdmin }),
        },
      },
    },
    async (request, reply) => {
      const made = await app.setup.createFirstAdmin(request.body, request.origin);
      request.log.info({ event: 'first_admin_created', userId: made.id, ip: request.ip }, 'first admin created');
      return reply.code(201).send(user(made));
    },
  );
};

export default route;
