// POST /api/me/factors/totp/{id}/confirm/: confirms an authenticator app with its first code.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { digitsOf, exampleFactor, Factor, FactorId, factor, parseFactorId, TotpCode } from '#schemas/second-factor.js';

const ConfirmTotpBody = Type.Object({ code: TotpCode }, body('ConfirmTotpBody', { confirm: { code: '287082' } }));

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'user',
        enrolment: true,
        errors: [
          refusal('missing_code', '/code', 'is required'),
          'factor_code_wrong',
          'factor_clock_off',
          'factor_not_found',
          'too_many_factors',
          'too_many_attempts',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'confirmTotp',
        summary: 'Confirm an authenticator app',
        description:
          'Confirms an authenticator app with its first code, within an hour. From then on a login asks for one. The first second factor ends your other sessions. Make recovery codes next. The code of another time gets `factor_clock_off`.',
        params: Type.Object({ id: FactorId }),
        body: ConfirmTotpBody,
        response: {
          200: success('Logins need the app from now on.', Factor, { confirm: exampleFactor }),
        },
      },
    },
    async (request) => {
      const id = parseFactorId(request.params.id);
      const confirmed = await app.secondFactors.confirm(request.user, id, digitsOf(request.body.code), request.origin);
      request.log.info(
        { event: 'second_factor_added', userId: request.user.userId, factorId: id, ip: request.ip },
        'second factor added',
      );
      return factor(confirmed);
    },
  );
};

export default route;
