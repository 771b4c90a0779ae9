// POST /api/email/change/confirm/: gives an account its new address, with the token from a mail to that address.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { EmailToken, EXAMPLE_EMAIL_TOKEN, tokenErrors } from '#schemas/email-token.js';
import { Password } from '#schemas/fields.js';
import { databaseErrors, passwordErrors, refusal } from '#schemas/problem.js';
import { body, noContent } from '#schemas/responses.js';

const ConfirmEmailChangeBody = Type.Object(
  { token: EmailToken, current_password: Password },
  body('ConfirmEmailChangeBody', {
    confirm: { token: EXAMPLE_EMAIL_TOKEN, current_password: 'password' },
  }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        errors: [
          ...tokenErrors,
          refusal('missing_current_password', '/current_password', 'is required'),
          'current_password_wrong',
          'too_many_attempts',
          'email_taken',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'confirmEmailChange',
        summary: 'Confirm a new e-mail address',
        description:
          'Completes a change of the e-mail address that `PUT /api/me/` has begun, verifies the new address, and ends all sessions. The password shows that the e-mail did not reach a stranger; wrong ones count like failed logins. Offer such a reader `POST /api/email/change/cancel/`. An account without a password sets one first, with `POST /api/password/forgot/`. If the old address was verified, it gets a link that undoes the change. An account that was registered with the new address meanwhile is deleted, unless it has verified it (`email_taken`).',
        body: ConfirmEmailChangeBody,
        response: {
          204: noContent('The account has the new address.'),
        },
      },
    },
    async (request, reply) => {
      const { token, current_password: password } = request.body;
      await app.emailProofs.confirmChange(token, password, request.origin);
      request.log.info({ event: 'email_changed', ip: request.ip }, 'new e-mail address confirmed');
      return reply.code(204).send();
    },
  );
};

export default route;
