// GET /api/admin/instances/: the processes that serve, and which of them act on the last change of the settings.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleInstanceList, InstanceList, instanceList } from '#schemas/admin/instance.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'settings:read', errors: [...databaseErrors] },
      schema: {
        operationId: 'listInstances',
        tags: ['Admin'],
        summary: 'List the instances',
        description:
          'The processes that have been seen in the last 30 seconds, the oldest first, each with the last change of the settings that it acts on. A change has reached everybody when all of them are `current`.',
        response: {
          200: success('The instances.', InstanceList, { instances: exampleInstanceList }),
        },
      },
    },
    async () => instanceList(await app.instances.list()),
  );
};

export default route;
