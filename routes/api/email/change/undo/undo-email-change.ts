// POST /api/email/change/undo/: gives an account its old address again, with the token from a mail to that address.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { tokenBody, tokenErrors } from '#schemas/email-token.js';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';

const UndoEmailChangeBody = tokenBody('UndoEmailChangeBody', 'undo');

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        errors: [...tokenErrors, 'email_taken', ...databaseErrors],
      },
      schema: {
        operationId: 'undoEmailChange',
        summary: 'Undo a change of the e-mail address',
        description:
          'Gives an account the verified address back that it had before a change, within 72 hours (the live setting `EMAIL_CHANGE_UNDO_LIFETIME`). All sessions end, the password is removed, and later changes of the address are invalid. The address gets a link that sets a new password. An account that was registered with the old address meanwhile is deleted, unless it has verified it (`email_taken`).',
        body: UndoEmailChangeBody,
        response: {
          204: noContent('The account has its old address again.'),
        },
      },
    },
    async (request, reply) => {
      await app.emailProofs.undoChange(request.body.token, request.origin);
      request.log.info({ event: 'email_change_undone', ip: request.ip }, 'change of the e-mail address undone');
      return reply.code(204).send();
    },
  );
};

export default route;
