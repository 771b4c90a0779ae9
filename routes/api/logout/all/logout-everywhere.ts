// POST /api/logout/all/: ends all sessions of the bearer's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const LoggedOutEverywhere = Type.Object(
  { success: Type.Literal('User logged out everywhere.') },
  { title: 'LoggedOutEverywhere', description: 'All sessions have ended.', additionalProperties: false },
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: { access: 'user', refreshCookie: 'ends-all', errors: [...databaseErrors] },
      schema: {
        operationId: 'logoutEverywhere',
        tags: ['Session'],
        summary: 'Log out everywhere',
        description:
          'Ends all sessions of the account for good, the one that asks too. Their access tokens can read until they expire, and change nothing.',
        response: {
          200: success('No refresh token of the account works any more.', LoggedOutEverywhere, {
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
