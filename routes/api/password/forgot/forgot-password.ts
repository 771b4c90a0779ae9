// POST /api/password/forgot/: sends a link that resets a forgotten password.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Accepted, accepted, addressBody, addressErrors } from '#schemas/email-token.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const ForgotPasswordBody = addressBody('ForgotPasswordBody');

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        limit: 'MAIL_REQUESTS_PER_HOUR',
        errors: [...addressErrors, ...databaseErrors],
      },
      schema: {
        operationId: 'forgotPassword',
        summary: 'Request a password reset',
        description:
          'Sends an e-mail with a link that sets a new password; it is valid for 30 minutes (the live setting `PASSWORD_RESET_LIFETIME`). The response and its time are the same whether or not an account has the address, is disabled, or has been sent too many e-mails (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).',
        body: ForgotPasswordBody,
        response: {
          202: success('The request is stored.', Accepted, { ask: accepted }),
        },
      },
    },
    async (request, reply) => {
      await app.linkRequests.request('reset_password', request.body.email, request.origin);
      request.log.info({ event: 'password_reset_requested', ip: request.ip }, 'password reset requested');
      return reply.code(202).send(accepted);
    },
  );
};

export default route;
