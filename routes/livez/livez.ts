// GET /livez: liveness probe.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Healthy } from '#schemas/health.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'public', limit: 'none', trace: false },
      schema: {
        operationId: 'livez',
        summary: 'Check liveness',
        description:
          'Returns 200 as long as the process runs, regardless of the database. Restart the process if it does not respond.',
        response: { 200: success('The process is alive.', Healthy, { alive: { status: 'ok' } }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
};

export default route;
