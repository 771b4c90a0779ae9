// GET /readyz: readiness probe.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Ready } from '#schemas/health.js';
import type { ProbeFailure } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const failures: readonly ProbeFailure[] = [
  { code: 'shutting_down', reason: 'draining' },
  { code: 'database_unavailable', reason: 'database' },
];

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'public', limit: 'none', trace: false, errors: [...failures, 'internal_error'] },
      schema: {
        operationId: 'readyz',
        summary: 'Check readiness',
        description:
          'Returns 200 if this instance should receive traffic. Otherwise `reason` names what is wrong: `database` (no answer), `read-only` (it accepts no writes), `keys` (none to sign with) or `draining` (the process is about to stop). A 200 with `degraded` names what does not work although the instance serves.',
        response: {
          200: success('The instance is ready.', Ready, {
            ready: { status: 'ok' },
          }),
        },
      },
    },
    async () => {
      const degraded = await app.readiness.check();
      return { status: 'ok' as const, ...(degraded.length > 0 && { degraded }) };
    },
  );
};

export default route;
