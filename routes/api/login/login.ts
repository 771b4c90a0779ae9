// POST /api/login/: a password begins a session.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { Email, Password } from '#schemas/fields.js';
import { databaseErrors, passwordErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { exampleTokenPair, TokenPair, tokenPair } from '#schemas/token-pair.js';
import { exampleCredentials } from '#schemas/user.js';

const LoginBody = Type.Object(
  { email: Email, password: Password },
  body('LoginBody', 'The address and password of an account.', { login: exampleCredentials }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        limit: 'LOGIN_ATTEMPTS_PER_MINUTE',
        errors: [
          refusal('missing_password', '/password', 'is required'),
          'invalid_credentials',
          'too_many_attempts',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'login',
        tags: ['Session'],
        summary: 'Log in',
        description:
          'Exchanges e-mail address and password for a token pair, and begins a session. Unknown address, wrong password and disabled account get the same answer after the same time. After five wrong passwords in a row (a live setting) an account has to wait before the next attempt, 1 second, then 2, 4 …: until then the answer is 429 to the right password too.',
        body: LoginBody,
        response: {
          200: success('A session has begun.', TokenPair, { login: exampleTokenPair }),
        },
      },
    },
    async (request) => {
      const user = await app.users.authenticate(request.body, request.origin);
      const session = await app.sessions.start(user, request.origin);
      const { userId, sessionId } = session;
      request.log.info({ event: 'logged_in', userId, sessionId, ip: request.ip }, 'logged in');
      return tokenPair(session);
    },
  );
};

export default route;
