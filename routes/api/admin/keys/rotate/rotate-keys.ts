// POST /api/admin/keys/rotate/: lets the next key sign from now on.
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
        errors: [refusal('now_not_boolean', '/now', 'must be boolean'), 'key_too_young', ...databaseErrors],
      },
      schema: {
        operationId: 'rotateKeys',
        tags: ['Admin'],
        summary: 'Rotate the signing keys',
        description:
          'The next key signs from now on, and another next one is made and published. What the last one has signed stays good.',
        body: RotateKeysBody,
        response: {
          200: success('The signing keys, rotated.', SigningKeyList, { rotate: exampleRotatedKeyList }),
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
