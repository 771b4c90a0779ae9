// POST /api/login/second-factor/: starts the session of a login that waits for its second factor.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { invalidField } from '#platform/errors/problem.js';
import { databaseErrors, EXAMPLE_CHALLENGE, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { SecondProofBody, secondProofOf } from '#schemas/second-factor.js';
import { exampleTokenPair, RefreshTokenModeHeader, tokenPair } from '#schemas/token-pair.js';

const SecondFactorBody = Type.Object(
  {
    challenge: Type.String({ maxLength: 256, description: 'The `challenge` of the `second_factor_required`.' }),
    ...SecondProofBody.properties,
  },
  body(
    'SecondFactorBody',
    {
      code: { challenge: EXAMPLE_CHALLENGE, code: '287082' },
      'recovery code': { challenge: EXAMPLE_CHALLENGE, recovery_code: '7Q2M-0XKD-9RTA-W3HF' },
    },
    'The `challenge`, and one of the others.',
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
        outcome: { of: 'login', method: 'second_factor' },
        refreshCookie: 'begins',
        errors: [
          refusal('missing_challenge', '/challenge', 'is required'),
          'second_factor_wrong',
          'passkey_refused',
          'invalid_challenge',
          ...app.refreshCookie.loginErrors,
          'too_many_attempts',
          'passkeys_unavailable',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'completeLogin',
        summary: 'Log in with a second factor',
        description:
          'Starts the session of a login that got `second_factor_required`, and returns its token pair. A code works once; those of 30 seconds before and after are accepted. One challenge allows five codes, and after five wrong ones in a row for an account the next has to wait.',
        headers: Type.Object({ 'x-refresh-token-mode': RefreshTokenModeHeader }),
        body: SecondFactorBody,
        response: {
          200: success('The session has started.', app.refreshCookie.pairSchema, {
            code: exampleTokenPair,
            'recovery code': exampleTokenPair,
          }),
        },
      },
    },
    async (request, reply) => {
      const { challenge, code, passkey } = request.body;
      const proof = secondProofOf(request.body);
      if (proof === undefined) throw invalidField('/code', 'is required, or recovery_code, or passkey');
      const session = await app.secondFactorLogin.complete(challenge, proof, request.origin);
      const { userId, sessionId } = session;
      const by = code !== undefined ? 'totp' : passkey !== undefined ? 'passkey' : 'recovery_code';
      request.log.info({ event: 'logged_in', userId, sessionId, by, ip: request.ip }, 'logged in');
      app.outcomes.login('second_factor');
      return app.refreshCookie.answerLogin(request, reply, tokenPair(session));
    },
  );
};

export default route;
