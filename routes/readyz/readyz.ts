// GET /readyz: this instance should get traffic.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Problem } from '../../src/errors/problem.js';
import { Healthy } from '../../src/schemas/health.js';
import { databaseErrors, problems } from '../../src/schemas/problem.js';
import { success } from '../../src/schemas/success.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'public', limit: 'none' },
      schema: {
        operationId: 'readyz',
        tags: ['Operation'],
        summary: 'Is the service ready',
        description:
          'Whether this instance should get traffic: the database answers and takes writes, and the process is not about to stop.',
        response: {
          200: success('It should.', Healthy, { ready: { status: 'ok' } }),
          ...problems('shutting_down', ...databaseErrors),
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
