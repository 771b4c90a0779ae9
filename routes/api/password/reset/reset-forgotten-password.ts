// POST /api/password/reset/: sets a new password with the token from a mail.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { EmailToken, EXAMPLE_EMAIL_TOKEN } from '#schemas/email-token.js';
import { NewPassword } from '#schemas/fields.js';
import { commonPasswordRefusal, databaseErrors, passwordErrors, refusal } from '#schemas/problem.js';
import { body, noContent } from '#schemas/responses.js';

const ResetForgottenPasswordBody = Type.Object(
  { token: EmailToken, password: NewPassword },
  body('ResetForgottenPasswordBody', {
    reset: { token: EXAMPLE_EMAIL_TOKEN, password: 'seven wandering turtles' },
  }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        errors: [
          refusal('missing_email_token', '/token', 'is required'),
          refusal('short_password', '/password', 'must have at least 8 characters'),
          commonPasswordRefusal,
          'invalid_email_token',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'resetForgottenPassword',
        summary: 'Set a new password',
        description:
          'Sets a new password with a token from `POST /api/password/forgot/`. Ends all sessions of the account and verifies its address. A token works once; a change of the password or the address makes it invalid. It does not log the user in.',
        body: ResetForgottenPasswordBody,
        response: {
          204: noContent('The account has the new password.'),
        },
      },
    },
    async (request, reply) => {
      const { token, password } = request.body;
      await app.emailProofs.resetPassword(token, password, request.origin);
      request.log.info({ event: 'password_recovered', ip: request.ip }, 'forgotten password reset');
      return reply.code(204).send();
    },
  );
};

export default route;
