// GET /startupz: startup probe.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Healthy } from '#schemas/health.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'public', limit: 'none', trace: false },
      schema: {
        operationId: 'startupz',
        summary: 'Check startup',
        description:
          'Returns 200 as soon as settings and signing keys are loaded; before that the port is closed. Unlike `/readyz` it does not ask the database.',
        response: { 200: success('The instance has started.', Healthy, { started: { status: 'ok' } }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
};

export default route;
