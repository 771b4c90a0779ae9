// GET /api/me/factors/: lists the second factors of the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';
import { exampleFactorList, FactorList, factorList } from '#schemas/second-factor.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'user', enrolment: true, errors: [...databaseErrors] },
      schema: {
        operationId: 'listFactors',
        summary: 'List my second factors',
        description: 'Lists the confirmed second factors of your account, and how many recovery codes are left.',
        response: {
          200: success('The second factors.', FactorList, { factors: exampleFactorList }),
        },
      },
    },
    async (request) => {
      return factorList(await app.secondFactors.list(request.user));
    },
  );
};

export default route;
