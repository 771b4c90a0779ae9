// POST /api/admin/setup/: creates the first administrator, with the token from the link that the service prints at start.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { CreateFirstAdminBody, exampleFirstAdmin, User, user } from '#schemas/admin/user.js';
import { commonPasswordRefusal, databaseErrors, passwordErrors, refusal } from '#schemas/problem.js';
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
          commonPasswordRefusal,
          'setup_closed',
          'email_taken',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'createFirstAdmin',
        summary: 'Create the first administrator',
        description:
          'Creates an account with the role `admin`, if no account has that role yet. The token is in the link that the service prints when it starts on its embedded database without an administrator, and is valid until that process ends. In all other cases use `latchkey users create --role admin`.',
        body: CreateFirstAdminBody,
        response: {
          201: success('The first administrator, who can now log in.', User, { first: exampleFirstAdmin }),
        },
      },
    },
    async (request, reply) => {
      const created = await app.setup.createFirstAdmin(request.body, request.origin);
      request.log.info({ event: 'first_admin_created', userId: created.id, ip: request.ip }, 'first admin created');
      return reply.code(201).send(user(created));
    },
  );
};

export default route;
