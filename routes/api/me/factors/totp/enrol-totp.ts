// POST /api/me/factors/totp/: begins to add an authenticator app to the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { databaseErrors, passwordErrors } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import {
  exampleEnrolment,
  FactorName,
  OptionalPassword,
  passwordProofErrors,
  TotpEnrolment,
  totpEnrolment,
} from '#schemas/second-factor.js';

const EnrolTotpBody = Type.Object(
  { current_password: OptionalPassword, name: Type.Optional(FactorName) },
  body('EnrolTotpBody', {
    enrol: { current_password: 'password', name: 'Phone' },
  }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'user',
        enrolment: true,
        stepUp: 'always',
        errors: [
          ...passwordProofErrors,
          'email_not_verified',
          'too_many_factors',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'enrolTotp',
        summary: 'Add an authenticator app',
        description:
          'Begins to add an authenticator app (TOTP, RFC 6238); confirm it with the first code. A new request replaces one that was not confirmed. An account can have five second factors. While this service sends mail, your address must be verified.',
        body: EnrolTotpBody,
        response: {
          201: success('The app waits for its first code.', TotpEnrolment, { enrol: exampleEnrolment }),
        },
      },
    },
    async (request, reply) => {
      const { current_password: currentPassword, name = '' } = request.body;
      const pending = await app.secondFactors.enrol(request.user, { name, currentPassword }, request.origin);
      request.log.info(
        { event: 'totp_enrolment_begun', userId: request.user.userId, factorId: pending.id },
        'an authenticator app waits for its first code',
      );
      return reply.code(201).send(totpEnrolment(pending));
    },
  );
};

export default route;
