// GET /api/admin/instances/: lists the running instances, and which of them have applied the latest change of the settings.
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
        summary: 'List the running instances',
        description:
          'Returns the instances that were seen within the last 30 seconds, oldest first. A change of a setting is in effect everywhere when all are `current`.',
        response: {
          200: success('The instances.', InstanceList, { instances: exampleInstanceList }),
        },
      },
    },
    async () => instanceList(await app.instances.list()),
  );
};

export default route;
