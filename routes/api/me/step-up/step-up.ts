// POST /api/me/step-up/: renews the proof of identity of the caller's session.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { Password } from '#schemas/fields.js';
import { databaseErrors, passwordErrors } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { passwordProofErrors, SecondProofBody, secondProofOf } from '#schemas/second-factor.js';
import { AccessToken, exampleTokenPair } from '#schemas/token-pair.js';

const StepUpBody = Type.Partial(
  Type.Object({ current_password: Password, ...SecondProofBody.properties }),
  body('StepUpBody', { password: { current_password: 'password' } }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'user',
        enrolment: true,
        limit: 'LOGIN_ATTEMPTS_PER_MINUTE',
        errors: [
          ...passwordProofErrors,
          'factor_code_wrong',
          'factor_passkey_refused',
          'passkeys_unavailable',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'stepUp',
        summary: 'Prove my identity again',
        description:
          'For `insufficient_user_authentication` (RFC 9470). Send the `current_password`; for an account with a second factor, a `code`, `recovery_code` or `passkey`. The refresh token stays the same.',
        body: StepUpBody,
        response: {
          200: success('The identity is proved.', AccessToken, {
            password: { access_token: exampleTokenPair.access_token },
          }),
        },
      },
    },
    async (request) => {
      const { current_password: currentPassword } = request.body;
      const accessToken = await app.stepUp.stepUp(
        request.user,
        { currentPassword, second: secondProofOf(request.body) },
        request.origin,
      );
      const { userId, sessionId } = request.user;
      request.log.info({ event: 'stepped_up', userId, sessionId, ip: request.ip }, 'identity proved again');
      return { access_token: accessToken };
    },
  );
};

export default route;
