// POST /api/login/passkey/: starts a session with a passkey.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { examplePasskeyAssertion, PasskeyAssertion } from '#schemas/passkey.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { exampleTokenPair, RefreshTokenModeHeader, tokenPair } from '#schemas/token-pair.js';

const PasskeyLoginBody = Type.Object(
  { credential: PasskeyAssertion },
  body('PasskeyLoginBody', { login: { credential: examplePasskeyAssertion } }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        deadline: 'none',
        limit: 'LOGIN_ATTEMPTS_PER_MINUTE',
        outcome: { of: 'login', method: 'passkey' },
        refreshCookie: 'begins',
        errors: [
          refusal('missing_credential', '/credential', 'is required'),
          'passkey_refused',
          'email_not_verified',
          ...app.refreshCookie.loginErrors,
          'too_many_attempts',
          'passkeys_unavailable',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'logInWithPasskey',
        summary: 'Log in with a passkey',
        description:
          'Starts a session and returns its token pair. Needs neither address, password nor second factor. Whatever is wrong, the response is the same.',
        headers: Type.Object({ 'x-refresh-token-mode': RefreshTokenModeHeader }),
        body: PasskeyLoginBody,
        response: {
          200: success('The session has started.', app.refreshCookie.pairSchema, { login: exampleTokenPair }),
        },
      },
    },
    async (request, reply) => {
      const session = await app.secondFactorLogin.withPasskey(request.body.credential, request.origin);
      const { userId, sessionId } = session;
      request.log.info({ event: 'logged_in', userId, sessionId, by: 'passkey', ip: request.ip }, 'logged in');
      app.outcomes.login('passkey');
      return app.refreshCookie.answerLogin(request, reply, tokenPair(session));
    },
  );
};

export default route;
