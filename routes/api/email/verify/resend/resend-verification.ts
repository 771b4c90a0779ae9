// POST /api/email/verify/resend/: sends the mail that asks to verify an address again.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Accepted, accepted, addressBody, addressErrors } from '#schemas/email-token.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const ResendVerificationBody = addressBody('ResendVerificationBody');

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
        operationId: 'resendVerification',
        summary: 'Send the verification e-mail again',
        description:
          'Sends another e-mail with a link that verifies the address of an account. The response and its time are the same whether or not an account has the address, is verified already, or has been sent too many e-mails (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).',
        body: ResendVerificationBody,
        response: {
          202: success('The request is stored.', Accepted, { ask: accepted }),
        },
      },
    },
    async (request, reply) => {
      await app.linkRequests.request('verify_email', request.body.email, request.origin);
      request.log.info({ event: 'verification_requested', ip: request.ip }, 'verification mail requested');
      return reply.code(202).send(accepted);
    },
  );
};

export default route;
