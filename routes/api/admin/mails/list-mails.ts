// GET /api/admin/mails/: lists the mails of the outbox.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { exampleMail, MailList, mail, mailFilters } from '#schemas/admin/mail.js';
import { cursorRefusal, pageRequest, paginationQuery } from '#schemas/admin/pagination.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'mails:read', errors: [cursorRefusal, ...databaseErrors] },
      schema: {
        operationId: 'listMails',
        summary: 'List e-mails',
        description:
          'Lists the e-mails that wait, were sent in the last 7 days, or were given up in the last 30 days, newest first, without their content. An e-mail must match all filters.',
        querystring: Type.Object({ ...mailFilters, ...paginationQuery }),
        response: {
          200: success('A page of e-mails.', MailList, { mails: { mails: [exampleMail], next_cursor: null } }),
        },
      },
    },
    async (request) => {
      const { state, kind } = request.query;
      const found = await app.mailAdministration.list({ state, kind }, pageRequest(request.query));
      return { mails: found.rows.map(mail), next_cursor: found.nextCursor };
    },
  );
};

export default route;
