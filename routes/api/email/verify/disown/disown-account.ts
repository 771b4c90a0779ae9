// POST /api/email/verify/disown/: the owner of an address says that they did not create the account that has it.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { tokenBody } from '#schemas/email-token.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';

const DisownAccountBody = tokenBody('DisownAccountBody', 'disown');

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        errors: [refusal('missing_email_token', '/token', 'is required'), 'invalid_email_token', ...databaseErrors],
      },
      schema: {
        operationId: 'disownAccount',
        summary: 'Disown an account',
        description:
          'For the owner of an address who did not create the account that has it. Takes the token of the e-mail that asks to verify the address, removes the password and ends all sessions. The address stays unverified; its owner can take the account over with `POST /api/password/forgot/`.',
        body: DisownAccountBody,
        response: {
          204: noContent('Nobody can log in to the account until its password is reset.'),
        },
      },
    },
    async (request, reply) => {
      await app.emailProofs.disown(request.body.token, request.origin);
      request.log.info({ event: 'account_disowned', ip: request.ip }, 'account disowned by the owner of its address');
      return reply.code(204).send();
    },
  );
};

export default route;
