// GET /readyz: readiness probe.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Problem } from '#platform/errors/problem.js';
import { Healthy } from '#schemas/health.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'public', limit: 'none', errors: ['shutting_down', ...databaseErrors] },
      schema: {
        operationId: 'readyz',
        summary: 'Check readiness',
        description:
          'Returns 200 if this instance should receive traffic: the database responds and accepts writes, and the process is not shutting down.',
        response: {
          200: success('The instance is ready.', Healthy, { ready: { status: 'ok' } }),
        },
      },
    },
    async () => {
      if (!(await app.readiness.check())) throw new Problem('shutting_down');
      return { status: 'ok' as const };
    },
  );
};

export default route;
