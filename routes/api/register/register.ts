// POST /api/register/: creates an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { Problem } from '#platform/errors/problem.js';
import { Email, NewPassword } from '#schemas/fields.js';
import { commonPasswordRefusal, databaseErrors, passwordErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { exampleCredentials, RegisteredUser } from '#schemas/user.js';

const RegisterBody = Type.Object(
  { email: Email, password: NewPassword },
  body('RegisterBody', { register: exampleCredentials }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        limit: 'REGISTRATIONS_PER_HOUR',
        passwordQueue: 'joins',
        outcome: { of: 'registration' },
        errors: [
          refusal('missing_password', '/password', 'is required'),
          refusal('short_password', '/password', 'must have at least 8 characters'),
          refusal('not_an_address', '/email', 'must be an e-mail address'),
          commonPasswordRefusal,
          'registration_closed',
          'email_taken',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'register',
        summary: 'Register an account',
        description:
          'Creates an account. Registration does not log the user in. An address that is already registered gets a 409. While the live setting `REGISTRATION_OPEN` is off, every request gets a 403.',
        body: RegisterBody,
        response: {
          201: success('The account is created.', RegisteredUser, {
            register: { id: 1, email: 'user@example.com' },
          }),
        },
      },
    },
    async (request, reply) => {
      if (!app.settings.get('REGISTRATION_OPEN')) throw new Problem('registration_closed');
      const user = await app.users.register(request.body, request.origin);
      request.log.info({ event: 'registered', userId: user.id, ip: request.ip }, 'account registered');
      app.outcomes.registration();
      return reply.code(201).send(user);
    },
  );
};

export default route;
