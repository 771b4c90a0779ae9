// POST /api/admin/keys/rotate/: makes the next key the active one.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleRotatedKeyList, keyList, RotateKeysBody, SigningKeyList } from '#schemas/admin/key.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'keys:write',
        errors: [refusal('now_not_boolean', '/now', 'must be a boolean'), 'key_too_young', ...databaseErrors],
      },
      schema: {
        operationId: 'rotateKeys',
        summary: 'Rotate the signing keys',
        description:
          'Makes the next key the active one, and creates and publishes a new next key. Tokens signed with the previous key stay valid until they expire.',
        body: RotateKeysBody,
        response: {
          200: success('The signing keys after the rotation.', SigningKeyList, { rotate: exampleRotatedKeyList }),
        },
      },
    },
    async (request) => {
      const { act } = request;
      await app.keys.rotate({ early: request.body.now ?? false, act });
      return keyList(await app.keys.list());
    },
  );
};

export default route;
