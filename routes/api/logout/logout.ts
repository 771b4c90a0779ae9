// POST /api/logout/: ends the session of a refresh token.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { RefreshToken } from '#schemas/fields.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { exampleTokenPair, RefreshTokenModeHeader } from '#schemas/token-pair.js';

const LogoutBody = Type.Object(
  { refresh_token: RefreshToken },
  body(
    'LogoutBody',
    {
      logout: { refresh_token: exampleTokenPair.refresh_token },
    },
    'Any refresh token of the session.',
  ),
);
const LoggedOut = Type.Object(
  { success: Type.Literal('User logged out.') },
  { title: 'LoggedOut', additionalProperties: false },
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        deadline: 'none',
        refreshCookie: 'ends',
        errors: [
          refusal('not_a_uuid', '/refresh_token', 'has an invalid format'),
          ...app.refreshCookie.errors,
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'logout',
        summary: 'Log out',
        description:
          'Permanently ends the session of a refresh token. Any refresh token of the session works, even a used one. An unknown token, or one of an ended session, gets the same response (RFC 7009), so the request can be repeated. Access tokens of the session stay valid until they expire.',
        headers: Type.Object({ 'x-refresh-token-mode': RefreshTokenModeHeader }),
        body: LogoutBody,
        response: {
          200: success('The session has ended; none of its refresh tokens is valid.', LoggedOut, {
            logout: { success: 'User logged out.' },
          }),
        },
      },
    },
    async (request) => {
      const ended = await app.sessions.end(request.body.refresh_token, request.origin);
      if (ended !== undefined) request.log.info({ event: 'logged_out', ...ended, ip: request.ip }, 'logged out');
      return { success: 'User logged out.' as const };
    },
  );
};

export default route;
