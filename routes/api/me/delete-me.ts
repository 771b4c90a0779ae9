// DELETE /api/me/: deletes the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { Password } from '#schemas/fields.js';
import { databaseErrors, passwordErrors, refusal } from '#schemas/problem.js';
import { body, noContent } from '#schemas/responses.js';

const DeleteMeBody = Type.Object(
  { current_password: Password },
  body('DeleteMeBody', { delete: { current_password: 'password' } }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: {
        access: 'user',
        stepUp: 'always',
        refreshCookie: 'ends-all',
        errors: [
          refusal('missing_current_password', '/current_password', 'is required'),
          'current_password_wrong',
          'too_many_attempts',
          'last_admin',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'deleteMe',
        summary: 'Delete my account',
        description:
          'Permanently deletes your account and all its sessions. The e-mail address can be registered again, as a new account with a new id. If the operator has set `ACCOUNT_DELETION_GRACE`, all sessions end and the account is disabled at once; it is deleted after that time, and a login before restores it.',
        body: DeleteMeBody,
        response: {
          204: noContent('The account is deleted, or will be after `ACCOUNT_DELETION_GRACE`.'),
        },
      },
    },
    async (request, reply) => {
      const { userId, sessionId } = request.user;
      const deletesAt = await app.users.remove(request.user, request.body.current_password, request.origin);
      const who = { userId, sessionId, ip: request.ip };
      if (deletesAt === undefined) request.log.info({ event: 'account_deleted', ...who }, 'account deleted');
      else request.log.info({ event: 'deletion_scheduled', ...who, deletesAt }, 'account disabled until its deletion');
      return reply.code(204).send();
    },
  );
};

export default route;
