// POST /api/email/change/cancel/: the owner of a new address says that it belongs to no account of theirs.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { tokenBody, tokenErrors } from '#schemas/email-token.js';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';

const CancelEmailChangeBody = tokenBody('CancelEmailChangeBody', 'cancel');

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: { access: 'public', errors: [...tokenErrors, ...databaseErrors] },
      schema: {
        operationId: 'cancelEmailChange',
        summary: 'Cancel a change of the e-mail address',
        description:
          'For the owner of an address that was entered for the account of another person. Takes the token of the e-mail that asks to confirm the address. The account keeps its address, password and sessions.',
        body: CancelEmailChangeBody,
        response: {
          204: noContent('The account does not get the address.'),
        },
      },
    },
    async (request, reply) => {
      await app.emailProofs.cancelChange(request.body.token, request.origin);
      request.log.info({ event: 'email_change_cancelled', ip: request.ip }, 'change of the e-mail address cancelled');
      return reply.code(204).send();
    },
  );
};

export default route;
