// POST /api/me/factors/passkeys/: adds a passkey to the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { examplePasskeyRegistration, PasskeyRegistration } from '#schemas/passkey.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { examplePasskey, Factor, FactorName, factor } from '#schemas/second-factor.js';

const AddPasskeyBody = Type.Object(
  { name: Type.Optional(FactorName), credential: PasskeyRegistration },
  body('AddPasskeyBody', { add: { name: 'Phone', credential: examplePasskeyRegistration } }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'user',
        enrolment: true,
        errors: [
          refusal('missing_credential', '/credential', 'is required'),
          'factor_passkey_refused',
          'too_many_factors',
          'passkeys_unavailable',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'addPasskey',
        summary: 'Add a passkey',
        description:
          'Adds a passkey. It logs in without address and password, and is a second factor after a password; the first factor ends your other sessions.',
        body: AddPasskeyBody,
        response: {
          201: success('The passkey can be used.', Factor, { add: examplePasskey }),
        },
      },
    },
    async (request, reply) => {
      const { name = '', credential } = request.body;
      const added = await app.secondFactors.addPasskey(request.user, { name, credential }, request.origin);
      request.log.info(
        { event: 'second_factor_added', userId: request.user.userId, factorId: added.id, ip: request.ip },
        'second factor added',
      );
      return reply.code(201).send(factor(added));
    },
  );
};

export default route;
