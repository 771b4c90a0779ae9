// GET /api/admin/keys/: the signing keys.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleKeyList, keyList, SigningKeyList } from '#schemas/admin/key.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'keys:read', errors: [...databaseErrors] },
      schema: {
        operationId: 'listKeys',
        tags: ['Admin'],
        summary: 'List signing keys',
        description:
          'All signing keys, the oldest first, without the keys themselves. `/.well-known/jwks.json` has what verifiers need.',
        response: {
          200: success('The signing keys.', SigningKeyList, { keys: exampleKeyList }),
        },
      },
    },
    async () => keyList(await app.keys.list()),
  );
};

export default route;
