// PUT /api/me/factors/{id}/: renames a second factor of the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { exampleFactor, Factor, FactorId, FactorName, factor, parseFactorId } from '#schemas/second-factor.js';

const RenameFactorBody = Type.Object({ name: FactorName }, body('RenameFactorBody', { rename: { name: 'Phone' } }));

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.put(
    '/',
    {
      config: {
        access: 'user',
        errors: [refusal('missing_name', '/name', 'is required'), 'factor_not_found', ...databaseErrors],
      },
      schema: {
        operationId: 'renameFactor',
        summary: 'Rename a second factor',
        description: 'Changes what you call a second factor.',
        params: Type.Object({ id: FactorId }),
        body: RenameFactorBody,
        response: {
          200: success('The factor with its new name.', Factor, { rename: exampleFactor }),
        },
      },
    },
    async (request) => {
      const id = parseFactorId(request.params.id);
      return factor(await app.secondFactors.rename(request.user, id, request.body.name));
    },
  );
};

export default route;
