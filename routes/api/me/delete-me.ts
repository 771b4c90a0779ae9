// DELETE /api/me/: deletes the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { databaseErrors, passwordErrors } from '#schemas/problem.js';
import { noContent } from '#schemas/responses.js';
import { CurrentPasswordBody, passwordProofErrors } from '#schemas/second-factor.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: {
        access: 'user',
        stepUp: 'always',
        refreshCookie: 'ends-all',
        errors: [...passwordProofErrors, 'last_admin', ...databaseErrors, ...passwordErrors],
      },
      schema: {
        operationId: 'deleteMe',
        summary: 'Delete my account',
        description:
          'Permanently deletes your account and all its sessions. The e-mail address can be registered again, as a new account with a new id. If the operator has set `ACCOUNT_DELETION_GRACE`, all sessions end and the account is disabled at once; it is deleted after that time, and a login before restores it.',
        body: CurrentPasswordBody,
        response: {
          204: noContent('The account is deleted, or will be after `ACCOUNT_DELETION_GRACE`.'),
        },
      },
    },
    async (request, reply) => {
      const { userId, sessionId } = request.user;
      const deletesAt = await app.users.remove(
        request.user,
        request.body.current_password,
        () => app.stepUp.assertRecentWithoutPassword(request.user),
        request.origin,
      );
      const who = { userId, sessionId, ip: request.ip };
      if (deletesAt === undefined) request.log.info({ event: 'account_deleted', ...who }, 'account deleted');
      else request.log.info({ event: 'deletion_scheduled', ...who, deletesAt }, 'account disabled until its deletion');
      return reply.code(204).send();
    },
  );
};

export default route;
