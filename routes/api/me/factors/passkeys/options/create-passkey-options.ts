// POST /api/me/factors/passkeys/options/: what a browser needs to make a passkey for the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { examplePasskeyCreationOptions, PasskeyCreationOptions } from '#schemas/passkey.js';
import { databaseErrors, passwordErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';
import { CurrentPasswordBody, passwordProofErrors } from '#schemas/second-factor.js';

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
          'passkeys_unavailable',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'createPasskeyOptions',
        summary: 'Request passkey options',
        description:
          'Returns the options of `navigator.credentials.create()`, for five minutes and this session. An account can have five second factors. While this service sends mail, your address must be verified.',
        body: CurrentPasswordBody,
        response: {
          200: success('The options.', PasskeyCreationOptions, { proof: examplePasskeyCreationOptions }),
        },
      },
    },
    async (request) => app.secondFactors.beginPasskey(request.user, request.body.current_password, request.origin),
  );
};

export default route;
