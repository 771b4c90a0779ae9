// POST /api/logout/all/: ends all sessions of the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const LoggedOutEverywhere = Type.Object(
  { success: Type.Literal('User logged out everywhere.') },
  { title: 'LoggedOutEverywhere', additionalProperties: false },
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: { access: 'user', deadline: 'none', refreshCookie: 'ends-all', errors: [...databaseErrors] },
      schema: {
        operationId: 'logoutEverywhere',
        summary: 'Log out everywhere',
        description: 'Permanently ends all sessions of your account, including the current one.',
        response: {
          200: success('All sessions have ended.', LoggedOutEverywhere, {
            logout: { success: 'User logged out everywhere.' },
          }),
        },
      },
    },
    async (request) => {
      const { userId, sessionId } = request.user;
      const ended = await app.sessions.endAll(request.user, request.origin);
      request.log.info(
        { event: 'logged_out_everywhere', userId, sessionId, ended, ip: request.ip },
        'logged out everywhere',
      );
      return { success: 'User logged out everywhere.' as const };
    },
  );
};

export default route;
