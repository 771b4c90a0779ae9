// DELETE /api/me/factors/{id}/: removes a second factor from the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { databaseErrors, passwordErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';
import { CurrentPasswordBody, FactorId, parseFactorId, passwordProofErrors } from '#schemas/second-factor.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: {
        access: 'user',
        stepUp: 'always',
        errors: [...passwordProofErrors, 'factor_not_found', ...databaseErrors, ...passwordErrors],
      },
      schema: {
        operationId: 'removeFactor',
        summary: 'Remove a second factor',
        description:
          'Removes a second factor and ends your other sessions. Removing the last one also removes the recovery codes; a login then needs only the password.',
        params: Type.Object({ id: FactorId }),
        body: CurrentPasswordBody,
        response: {
          204: noContent('The factor is removed.'),
        },
      },
    },
    async (request, reply) => {
      const id = parseFactorId(request.params.id);
      await app.secondFactors.remove(request.user, id, request.body.current_password, request.origin);
      request.log.info(
        { event: 'second_factor_removed', userId: request.user.userId, factorId: id, ip: request.ip },
        'second factor removed',
      );
      return reply.code(204).send();
    },
  );
};

export default route;
