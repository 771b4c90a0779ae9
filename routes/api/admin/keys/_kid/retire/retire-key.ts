// POST /api/admin/keys/{kid}/retire/: ends a signing key at once.
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
        tags: ['Admin'],
        summary: 'Retire a signing key',
        description:
          'Ends a key at once, and with it every access token that it has signed; when it was the active one the next one takes its place. For a key that somebody else may have. Other instances follow within seconds; verifiers elsewhere when they ask for the key set again.',
        params: Type.Object({ kid: Kid }),
        response: {
          200: success('The signing keys, without that one.', SigningKeyList, { 'no body': exampleKeyList }),
        },
      },
    },
    async (request) => {
      await app.keys.retire(request.params.kid, request.act);
      // What is missing now is made, and this instance believes the key no more, before the answer says so.
      await app.keys.reload();
      return keyList(await app.keys.list());
    },
  );
};

export default route;
