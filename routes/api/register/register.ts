// POST /api/register/: makes an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { bodyErrors, databaseErrors, problems } from '../../../src/schemas/problem.js';
import { Email, NewPassword } from '../../../src/schemas/text.js';

const RegisterBody = Type.Object({ email: Email, password: NewPassword });
const Registered = Type.Object({ id: Type.Integer({ minimum: 1 }), email: Type.String() });

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'register',
        tags: ['Account'],
        summary: 'Register',
        description:
          'Makes an account. The answer has the e-mail address in its canonical form. Registering does not log in. An address that is taken answers 409, also when it is spelled in another letter case.',
        body: RegisterBody,
        response: {
          201: {
            description: 'The account exists, and is durable.',
            content: { 'application/json': { schema: Registered } },
          },
          ...problems(...bodyErrors, 'email_taken', 'overloaded', ...databaseErrors),
        },
      },
    },
    async (request, reply) => {
      const user = await app.users.register(request.body);
      request.log.info({ event: 'registered', userId: user.id, ip: request.ip }, 'account registered');
      return reply.code(201).send(user);
    },
  );
};

export default route;
