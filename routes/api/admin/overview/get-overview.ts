// GET /api/admin/overview/: the state of the whole service.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleOverview, Overview, overview } from '#schemas/admin/overview.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'settings:read', errors: [...databaseErrors] },
      schema: {
        operationId: 'getOverview',
        summary: 'Get the state of the service',
        description:
          'Counts of the last 48 hours, sizes and findings, at most five seconds old. Counts of other processes follow within half a minute.',
        response: {
          200: success('The overview.', Overview, { overview: exampleOverview }),
        },
      },
    },
    async () => overview(await app.overview.read()),
  );
};

export default route;
