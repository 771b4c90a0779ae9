// POST /api/login/: starts a session with an e-mail address and a password.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { Problem } from '#platform/errors/problem.js';
import { Email, Password } from '#schemas/fields.js';
import { databaseErrors, passwordErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { exampleTokenPair, RefreshTokenModeHeader, tokenPair } from '#schemas/token-pair.js';
import { exampleCredentials } from '#schemas/user.js';

const LoginBody = Type.Object({ email: Email, password: Password }, body('LoginBody', { login: exampleCredentials }));

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        limit: 'LOGIN_ATTEMPTS_PER_MINUTE',
        passwordQueue: 'joins',
        outcome: { of: 'login', method: 'password' },
        refreshCookie: 'begins',
        errors: [
          refusal('missing_password', '/password', 'is required'),
          'invalid_credentials',
          'email_not_verified',
          'second_factor_required',
          ...app.refreshCookie.loginErrors,
          'too_many_attempts',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'login',
        summary: 'Log in',
        description:
          'Starts a session and returns its token pair. An unknown address, a wrong password and a disabled account get the same response after the same time. The right password of an account with a second factor gets a 401 `second_factor_required` with a `challenge` for `POST /api/login/second-factor/`, and, while the live setting `REQUIRE_VERIFIED_EMAIL` is on, that of an account whose address is not verified a 403. After five wrong passwords in a row (the live setting `LOGIN_FAILURES_BEFORE_DELAY`) the account has to wait 1 second, then 2, 4 and so on; until then even the right password gets a 429.',
        headers: Type.Object({ 'x-refresh-token-mode': RefreshTokenModeHeader }),
        body: LoginBody,
        response: {
          200: success('The session has started.', app.refreshCookie.pairSchema, { login: exampleTokenPair }),
        },
      },
    },
    async (request, reply) => {
      const { body, origin } = request;
      const session = await app.users.authenticate(body, origin, (user) => app.secondFactorLogin.start(user, origin));
      // Not thrown inside, where it would release the attempt, as if no password had been verified.
      if (session instanceof Problem) throw session;
      const { userId, sessionId } = session;
      request.log.info({ event: 'logged_in', userId, sessionId, ip: request.ip }, 'logged in');
      app.outcomes.login('password');
      return app.refreshCookie.answerLogin(request, reply, tokenPair(session));
    },
  );
};

export default route;
