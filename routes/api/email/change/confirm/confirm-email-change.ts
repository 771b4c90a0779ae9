// POST /api/email/change/confirm/: gives an account its new address, with the token from a mail to that address.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { tokenBody, tokenErrors } from '#schemas/email-token.js';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';

const ConfirmEmailChangeBody = tokenBody('ConfirmEmailChangeBody', 'confirm');

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        errors: [...tokenErrors, 'email_taken', ...databaseErrors],
      },
      schema: {
        operationId: 'confirmEmailChange',
        summary: 'Confirm a new e-mail address',
        description:
          'Completes a change of the e-mail address that `PUT /api/me/` has begun while the live setting `REQUIRE_VERIFIED_EMAIL` is on. The new address is verified, and all sessions of the account end. The old address gets a mail with a link that undoes the change.',
        body: ConfirmEmailChangeBody,
        response: {
          204: noContent('The account has the new address.'),
        },
      },
    },
    async (request, reply) => {
      await app.emailProofs.confirmChange(request.body.token, request.origin);
      request.log.info({ event: 'email_changed', ip: request.ip }, 'new e-mail address confirmed');
      return reply.code(204).send();
    },
  );
};

export default route;
