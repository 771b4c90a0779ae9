// POST /api/me/factors/recovery-codes/: makes a new set of recovery codes.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { databaseErrors, passwordErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';
import {
  CurrentPasswordBody,
  exampleRecoveryCodes,
  passwordProofErrors,
  RecoveryCodeSet,
} from '#schemas/second-factor.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'user',
        enrolment: true,
        stepUp: 'always',
        errors: [...passwordProofErrors, 'second_factor_missing', ...databaseErrors, ...passwordErrors],
      },
      schema: {
        operationId: 'createRecoveryCodes',
        summary: 'Make recovery codes',
        description:
          'Makes ten recovery codes, each of which takes the place of a second factor once, and makes all older ones invalid. Only this response contains them.',
        body: CurrentPasswordBody,
        response: {
          201: success('The new codes.', RecoveryCodeSet, { proof: exampleRecoveryCodes }),
        },
      },
    },
    async (request, reply) => {
      const codes = await app.secondFactors.createRecoveryCodes(
        request.user,
        request.body.current_password,
        request.origin,
      );
      request.log.info(
        { event: 'recovery_codes_created', userId: request.user.userId, ip: request.ip },
        'recovery codes made',
      );
      return reply.code(201).send({ recovery_codes: codes });
    },
  );
};

export default route;
