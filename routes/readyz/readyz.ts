// GET /readyz: this instance should get traffic.
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
        tags: ['Operation'],
        summary: 'Is the service ready',
        description:
          'Whether this instance should get traffic: the database answers and takes writes, and the process is not about to stop.',
        response: {
          200: success('It should.', Healthy, { ready: { status: 'ok' } }),
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
