// GET /api/admin/keys/: lists the signing keys.
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
        summary: 'List signing keys',
        description:
          'Returns all signing keys, oldest first, without the key material. For the public keys, see `/.well-known/jwks.json`.',
        response: {
          200: success('The signing keys.', SigningKeyList, { keys: exampleKeyList }),
        },
      },
    },
    async () => keyList(await app.keys.list()),
  );
};

export default route;
