// DELETE /api/admin/users/{id}/factors/: removes the second factors of an account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { parseUserId, UserId } from '#schemas/admin/user.js';
import { databaseErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: { access: 'users:write', errors: ['user_not_found', 'second_factor_missing', ...databaseErrors] },
      schema: {
        operationId: 'resetUserFactors',
        summary: "Reset a user's second factors",
        description:
          'Removes all second factors of an account and ends its sessions. The owner gets an e-mail. First make sure that the request comes from the owner. To remove your own, use `DELETE /api/me/factors/{id}/`.',
        params: Type.Object({ id: UserId }),
        response: {
          204: noContent('The account has no second factor any more.'),
        },
      },
    },
    async (request, reply) => {
      const id = parseUserId(request.params.id);
      await app.userAdministration.resetSecondFactors(id, request.operator);
      request.log.info({ event: 'second_factors_reset', userId: id, by: request.user.userId }, 'second factors reset');
      return reply.code(204).send();
    },
  );
};

export default route;
