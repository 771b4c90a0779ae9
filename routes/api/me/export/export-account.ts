// GET /api/me/export/: everything that is stored about the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { AccountExport, accountExport, exampleAccountExport } from '#schemas/personal-data.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'user', stepUp: 'always', deadline: 'none', errors: [...databaseErrors] },
      // HEAD would record an export that was never sent.
      exposeHeadRoute: false,
      schema: {
        operationId: 'exportMyAccount',
        summary: 'Export my data',
        description:
          'Returns everything that is stored about your account, except credentials, as a JSON file. The response is streamed and can be large. If it breaks off, the JSON is incomplete; request it again. One export of an account runs at a time; another one gets a 429.',
        response: {
          200: success(
            'Your data.',
            AccountExport,
            { export: exampleAccountExport },
            {
              headers: {
                'Content-Disposition': Type.String({
                  description: 'Suggests a name for the file.',
                  pattern: '^attachment; filename="account-[0-9]+\\.json"$',
                }),
              },
            },
          ),
        },
      },
    },
    async (request, reply) => {
      const { userId, sessionId } = request.user;
      const exported = await app.personalData.begin(request.user, request.origin);
      request.log.info({ event: 'account_exported', userId, sessionId, ip: request.ip }, 'account exported');
      reply.header('content-disposition', `attachment; filename="account-${userId}.json"`);
      return reply.type('application/json; charset=utf-8').send(accountExport(exported, new Date()) as never);
    },
  );
};

export default route;
