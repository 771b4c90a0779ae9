// POST /api/email/verify/: verifies the address of an account with the token from a mail.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { EmailToken, EXAMPLE_EMAIL_TOKEN, tokenErrors } from '#schemas/email-token.js';
import { Password } from '#schemas/fields.js';
import { databaseErrors, passwordErrors } from '#schemas/problem.js';
import { body, noContent } from '#schemas/responses.js';

const VerifyEmailBody = Type.Object(
  { token: EmailToken, current_password: Type.Optional(Password) },
  body('VerifyEmailBody', {
    verify: { token: EXAMPLE_EMAIL_TOKEN, current_password: 'password' },
    'token only': { token: EXAMPLE_EMAIL_TOKEN },
  }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        errors: [...tokenErrors, 'current_password_wrong', 'too_many_attempts', ...databaseErrors, ...passwordErrors],
      },
      schema: {
        operationId: 'verifyEmail',
        summary: 'Verify an e-mail address',
        description:
          'Verifies the address of an account. Access tokens that are issued from then on contain `"email_verified": true`. A token works once. If your page asks for `current_password`, it must be right, and wrong ones count like failed logins, so that no reader confirms by mistake an account that a stranger registered with their address. Offer such a reader `POST /api/email/verify/disown/`.',
        body: VerifyEmailBody,
        response: {
          204: noContent('The address is verified.'),
        },
      },
    },
    async (request, reply) => {
      const { token, current_password: password } = request.body;
      await app.emailProofs.verify(token, password, request.origin);
      request.log.info({ event: 'email_verified', ip: request.ip }, 'e-mail address verified');
      return reply.code(204).send();
    },
  );
};

export default route;
