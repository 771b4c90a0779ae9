// POST /api/login/email/verify/: starts a session with the code or the link of a mail.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { invalidField } from '#platform/errors/problem.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { EXAMPLE_SIGN_IN_TOKEN, LinkToken, SignInCode, SignInToken } from '#schemas/sign-in.js';
import { exampleTokenPair, RefreshTokenModeHeader, tokenPair } from '#schemas/token-pair.js';

const VerifySignInBody = Type.Object(
  {
    sign_in_token: Type.Optional(SignInToken),
    code: Type.Optional(SignInCode),
    token: Type.Optional(LinkToken),
  },
  body(
    'VerifySignInBody',
    {
      code: { sign_in_token: EXAMPLE_SIGN_IN_TOKEN, code: '271828' },
      link: { token: 'V7mBq0Yt3sKxJ9d2ZrUeLh5oWcNgPa8iRf1TyXuE4vA' },
    },
    'Either `sign_in_token` and `code`, or `token`.',
  ),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        deadline: 'none',
        limit: 'LOGIN_ATTEMPTS_PER_MINUTE',
        outcome: { of: 'login', method: 'email' },
        refreshCookie: 'begins',
        errors: [
          refusal('missing_code', '/code', 'is required'),
          'invalid_email_token',
          'sign_in_by_email_disabled',
          'second_factor_required',
          ...app.refreshCookie.loginErrors,
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'verifySignIn',
        summary: 'Sign in by e-mail',
        description:
          'Starts a session and returns its token pair. Send the code that the user types in with the `sign_in_token` of this device; or, in a page of your own to which `LINK_URL_SIGN_IN` leads, the `token` of the link. One `sign_in_token` allows five codes. A code or link works once, and makes all others of the account invalid. An account with a second factor gets a 401 with a `challenge` for `POST /api/login/second-factor/`. Signing in verifies the address; if it was not verified before, the account loses its password, second factors and other sessions, because another person may have registered it.',
        headers: Type.Object({ 'x-refresh-token-mode': RefreshTokenModeHeader }),
        body: VerifySignInBody,
        response: {
          200: success('The session has started.', app.refreshCookie.pairSchema, {
            code: exampleTokenPair,
            link: exampleTokenPair,
          }),
        },
      },
    },
    async (request, reply) => {
      const { token, sign_in_token: signInToken, code } = request.body;
      const session = await app.signIn.verify(proofOf(token, signInToken, code), request.origin);
      const { userId, sessionId } = session;
      const by = token === undefined ? 'mail_code' : 'mail_link';
      request.log.info({ event: 'logged_in', userId, sessionId, by, ip: request.ip }, 'logged in');
      app.outcomes.login('email');
      return app.refreshCookie.answerLogin(request, reply, tokenPair(session));
    },
  );
};

function proofOf(token: string | undefined, signInToken: string | undefined, code: string | undefined) {
  if (token !== undefined) {
    if (signInToken !== undefined || code !== undefined) {
      throw invalidField('/token', 'must not be sent together with sign_in_token or code');
    }
    return { token };
  }
  if (signInToken === undefined) throw invalidField('/sign_in_token', 'is required');
  if (code === undefined) throw invalidField('/code', 'is required');
  return { signInToken, code: code.replace(/[ -]/, '') };
}

export default route;
