// POST /api/admin/keys/{kid}/retire/: deletes a signing key at once.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { exampleKeyList, Kid, keyList, SigningKeyList } from '#schemas/admin/key.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: { access: 'keys:write', errors: ['key_not_found', ...databaseErrors] },
      schema: {
        operationId: 'retireKey',
        summary: 'Retire a signing key',
        description:
          'Deletes a key, which invalidates every access token that it has signed. If it was the active key, the next key becomes active. Use this for a key that may be compromised. Other instances follow within seconds, other verifiers when they fetch the key set again.',
        params: Type.Object({ kid: Kid }),
        response: {
          200: success('The remaining signing keys.', SigningKeyList, { 'no body': exampleKeyList }),
        },
      },
    },
    async (request) => {
      await app.keys.retire(request.params.kid, request.act);
      // Creates the missing key, and makes this instance reject tokens of the deleted key before the response is sent.
      await app.keys.reload();
      return keyList(await app.keys.list());
    },
  );
};

export default route;
