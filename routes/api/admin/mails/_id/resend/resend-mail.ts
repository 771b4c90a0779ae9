// POST /api/admin/mails/{id}/resend/: sends a mail again.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { exampleMail, Mail, MailId, mail } from '#schemas/admin/mail.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'mails:write',
        errors: ['mail_not_found', 'mail_not_sendable', ...databaseErrors],
      },
      schema: {
        operationId: 'resendMail',
        summary: 'Send an e-mail again',
        description:
          'Sends an e-mail that was given up or waits for its next attempt. It is tried as often as a new one. An e-mail that was sent, is being sent, or has expired is refused.',
        params: Type.Object({ id: MailId }),
        response: {
          200: success('The e-mail, which waits to be sent.', Mail, {
            mail: { ...exampleMail, attempts: 0, next_attempt_at: '2026-11-24T02:35:05.730Z' },
          }),
        },
      },
    },
    async (request) => {
      const resent = await app.mailAdministration.resend(request.params.id, request.act);
      request.log.info({ event: 'mail_resent', mailId: resent.id, by: request.user.userId }, 'mail to be sent again');
      return mail(resent);
    },
  );
};

export default route;
