// POST /api/me/step-up/: renews the proof of identity of the caller's session.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { invalidField } from '#platform/errors/problem.js';
import { Password } from '#schemas/fields.js';
import { databaseErrors, passwordErrors } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { digitsOf, passwordProofErrors, RecoveryCode, TotpCode } from '#schemas/second-factor.js';
import { AccessToken, exampleTokenPair } from '#schemas/token-pair.js';

const StepUpBody = Type.Partial(
  Type.Object({ current_password: Password, code: TotpCode, recovery_code: RecoveryCode }),
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
        errors: [...passwordProofErrors, 'factor_code_wrong', ...databaseErrors, ...passwordErrors],
      },
      schema: {
        operationId: 'stepUp',
        summary: 'Prove my identity again',
        description:
          'For `insufficient_user_authentication` (RFC 9470). Send the `current_password`; for an account with a second factor, a `code` or `recovery_code`. Only the access token is new.',
        body: StepUpBody,
        response: {
          200: success('The identity is proved.', AccessToken, {
            password: { access_token: exampleTokenPair.access_token },
          }),
        },
      },
    },
    async (request) => {
      const { current_password: currentPassword, code, recovery_code: recoveryCode } = request.body;
      const accessToken = await app.stepUp.stepUp(
        request.user,
        { currentPassword, second: secondProofOf(code, recoveryCode) },
        request.origin,
      );
      const { userId, sessionId } = request.user;
      request.log.info({ event: 'stepped_up', userId, sessionId, ip: request.ip }, 'identity proved again');
      return { access_token: accessToken };
    },
  );
};

function secondProofOf(code: string | undefined, recoveryCode: string | undefined) {
  if (code !== undefined && recoveryCode !== undefined)
    throw invalidField('/code', 'must not be sent together with recovery_code');
  if (code !== undefined) return { code: digitsOf(code) };
  return recoveryCode === undefined ? undefined : { recoveryCode };
}

export default route;
