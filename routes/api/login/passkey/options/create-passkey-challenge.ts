// POST /api/login/passkey/options/: what a browser needs to use a passkey.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { examplePasskeyRequestOptions, PasskeyRequestOptions } from '#schemas/passkey.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: { access: 'public', deadline: 'none', errors: ['passkeys_unavailable'] },
      schema: {
        operationId: 'createPasskeyChallenge',
        summary: 'Request a passkey challenge',
        description:
          'Returns the options of `navigator.credentials.get()`: for one login, second factor or step-up within five minutes.',
        response: {
          200: success('The options.', PasskeyRequestOptions, { options: examplePasskeyRequestOptions }),
        },
      },
    },
    async () => app.passkeys.requestOptions(),
  );
};

export default route;
