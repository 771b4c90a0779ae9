// GET /api/me/: returns the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Problem } from '#platform/errors/problem.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';
import { exampleProfile, Profile } from '#schemas/user.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'user', enrolment: true, deadline: 'none', errors: [...databaseErrors] },
      schema: {
        operationId: 'getMe',
        summary: 'Get my account',
        description: 'Returns the account that the access token was issued for.',
        response: {
          200: success('Your account.', Profile, { me: exampleProfile }),
        },
      },
    },
    async (request) => {
      const user = await app.users.find(request.user.userId);
      if (user === undefined) throw new Problem('invalid_token');
      return user;
    },
  );
};

export default route;
