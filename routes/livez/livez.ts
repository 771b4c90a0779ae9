// GET /livez: the process runs.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Healthy } from '#schemas/health.js';

import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'public', limit: 'none' },
      schema: {
        operationId: 'livez',
        tags: ['Operation'],
        summary: 'Is the process alive',
        description:
          'Answers as long as the process runs, whatever the database does. Restart the process when it does not.',
        response: { 200: success('It is.', Healthy, { alive: { status: 'ok' } }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
};

export default route;
