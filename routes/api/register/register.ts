// POST /api/register/: makes an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { Problem } from '#platform/errors/problem.js';
import { Email, NewPassword } from '#schemas/fields.js';
import { databaseErrors, passwordErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { exampleCredentials, RegisteredUser } from '#schemas/user.js';

const RegisterBody = Type.Object(
  { email: Email, password: NewPassword },
  body('RegisterBody', 'The address and password of the new account.', { register: exampleCredentials }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        limit: 'REGISTRATIONS_PER_HOUR',
        errors: [
          refusal('missing_password', '/password', 'is required'),
          refusal('short_password', '/password', 'must have at least 8 characters'),
          refusal('not_an_address', '/email', 'must be an e-mail address'),
          refusal(
            'common_password',
            '/password',
            'is among the most common passwords; choose several unrelated words, or let a password manager make one',
          ),
          'registration_closed',
          'email_taken',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'register',
        tags: ['Account'],
        summary: 'Register',
        description:
          'Makes an account. The answer has the e-mail address in its canonical form. Registering does not log in. An address that is taken answers 409, also when it is spelled in another letter case. While the live setting `REGISTRATION_OPEN` is off, the answer is 403.',
        body: RegisterBody,
        response: {
          201: success('The account exists, and is durable.', RegisteredUser, {
            register: { id: 1, email: 'user@example.com' },
          }),
        },
      },
    },
    async (request, reply) => {
      if (!app.settings.get('REGISTRATION_OPEN')) throw new Problem('registration_closed');
      const user = await app.users.register(request.body, request.origin);
      request.log.info({ event: 'registered', userId: user.id, ip: request.ip }, 'account registered');
      return reply.code(201).send(user);
    },
  );
};

export default route;
