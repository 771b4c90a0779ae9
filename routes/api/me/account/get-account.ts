// GET /api/me/account/: everything about the caller's account except its history.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { AccountDetails, accountDetails, exampleAccountDetails } from '#schemas/personal-data.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'user', enrolment: true, deadline: 'none', errors: [...databaseErrors] },
      schema: {
        operationId: 'getMyAccount',
        summary: 'Get the details of my account',
        description: 'Returns everything about your account except its history.',
        response: { 200: success('Your account.', AccountDetails, { account: exampleAccountDetails }) },
      },
    },
    async (request) => accountDetails(await app.personalData.summarize(request.user.userId)),
  );
};

export default route;
